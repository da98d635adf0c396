"""The values of the chart as a tree of paths, and its schema."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import yaml

from tests.chart.rendering import CHART, Values

Path = tuple[str | int, ...]


def defaults() -> dict[str, Any]:
    return copy.deepcopy(_defaults())


@cache
def schema() -> dict[str, Any]:
    held: dict[str, Any] = json.loads((CHART / "values.schema.json").read_text())
    return held


def branches(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every mapping in it, itself too."""
    if isinstance(value, dict):
        yield path, value
        for key, held in value.items():
            yield from branches(held, (*path, key))


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything that is no mapping with keys."""
    if isinstance(value, dict) and value:
        for key, held in value.items():
            yield from leaves(held, (*path, key))
    else:
        yield path, value


def merged(below: Values, above: Values) -> dict[str, Any]:
    """As Helm merges values: mappings by key, everything else as a whole."""
    result = copy.deepcopy(dict(below))
    for key, value in above.items():
        held = result.get(key)
        both = isinstance(held, dict) and isinstance(value, dict)
        result[key] = merged(held, value) if both else copy.deepcopy(value)  # type: ignore[arg-type]
    return result


def at(path: Path, value: Any) -> dict[str, Any]:
    """Values that hold this at the path and nothing else."""
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    held: dict[str, Any] = value
    return held


def complaint(values: Values) -> str:
    """What the schema says of these above the defaults, or nothing."""
    errors = _validator().iter_errors(merged(defaults(), values))
    return next((error.message for error in errors), "")


@cache
def _defaults() -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
    return held


@cache
def _validator() -> jsonschema.Draft7Validator:
    return jsonschema.Draft7Validator(schema())
