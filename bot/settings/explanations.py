"""Pure: what was wrong with settings, in sentences; never in pydantic's own words."""

from collections.abc import Mapping, Sequence
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bot.settings.values import WrongValue, nearest


def explained(
    error: ValidationError, model: type[BaseModel], names: Mapping[str, str]
) -> list[str]:
    """One sentence for each place. Pydantic's own words may hold the value, which may be secret."""
    sentences: dict[str, str] = {}
    for problem in error.errors(include_input=False, include_url=False):
        loc = [str(part) for part in problem["loc"] if part != "[key]"]
        path, field, keys = _found(model, loc)
        name = ".".join([names.get(path[0], path[0]), *path[1:]])
        cause = problem.get("ctx", {}).get("error")
        if problem["type"] == "extra_forbidden" and keys:
            likely = nearest(path[-1], keys)[0]
            sentences[name] = f"{name} is not known there; the nearest is {likely}."
        else:
            how = f"{name} has to be {field.description if field else 'left out'}."
            sentences[name] = f"{name} {cause}. {how}" if isinstance(cause, WrongValue) else how
    return list(sentences.values())


def _found(
    model: type[BaseModel], loc: Sequence[str]
) -> tuple[list[str], FieldInfo | None, tuple[str, ...]]:
    """The path as far as it has names, the innermost field on it, and the keys known at its end."""
    field: FieldInfo | None = None
    inner: type[BaseModel] | None = model
    is_key = False
    for depth, part in enumerate(loc):
        if inner is None:
            return list(loc[:depth]), field, ()
        if is_key:
            is_key = False
        elif part not in inner.model_fields:
            return list(loc[: depth + 1]), field, tuple(inner.model_fields)
        else:
            field = inner.model_fields[part]
            is_key = get_origin(field.annotation) is dict
            inner = _model_of(field)
    return list(loc), field, ()


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model a field's value is made of: itself, an optional one, or a mapping's values."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None
