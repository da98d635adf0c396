"""The front matter of a runbook: what it is for, in YAML between two lines of dashes; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.cluster.likeness import did_you_mean
from bot.plaintext import clean
from bot.redaction import Redactor

_FRONT = re.compile(
    r"\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_MOST_YAML_CHARS = 4_000
_MOST_VALUES = 100
_LISTS = ("namespaces", "labels", "kinds", "causes")
_KNOWN = (*_LISTS, "title", "always")


class Broken(ValueError):
    """A runbook that cannot be used; `str()` of it is a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """All that is named has to fit; of one list, any."""

    title: str = ""
    namespaces: tuple[str, ...] = ()
    """Globs are allowed: `pay-*`."""
    labels: tuple[Mapping[str, str | None], ...] = ()
    """Each a set of labels that all have to be there; None for any value."""
    kinds: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    """Reasons of findings: `OOMKilled`, in any case."""
    is_always: bool = False

    @property
    def names_any(self) -> bool:
        return bool(self.namespaces or self.labels or self.kinds or self.causes)

    @property
    def can_match(self) -> bool:
        return self.is_always or self.names_any


def parsed(written: str) -> tuple[Criteria, str]:
    """Criteria and body of a runbook. Raises Broken."""
    text = Redactor().redact(clean(written))
    found = _FRONT.match(text)
    if found is None:
        if text.lstrip().startswith("---\n"):
            raise Broken("Its front matter has no end: a line of three dashes is missing.")
        return Criteria(), text.strip()
    return _criteria(_loaded(found["yaml"])), text[found.end() :].strip()


def _loaded(text: str) -> Mapping[str, Any]:
    if len(text) > _MOST_YAML_CHARS:
        raise Broken(f"Its front matter is longer than {_MOST_YAML_CHARS:,} characters.")
    try:
        found = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise Broken(f"Its front matter is no YAML (line {line}: {error.problem}).") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Broken("Its front matter is no YAML.") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Broken("Its front matter has to be names with values, such as `causes: OOMKilled`.")
    return {str(name): value for name, value in found.items()}


def _criteria(given: Mapping[str, Any]) -> Criteria:
    for name in given:
        # A misspelt criterion would make the runbook fit more than was meant.
        likely = did_you_mean(name, _KNOWN, most=1) if name not in _KNOWN else ()
        if likely:
            raise Broken(f"`{name}` means nothing in its front matter. Did you mean `{likely[0]}`?")
    always = given.get("always", False)
    if not isinstance(always, bool):
        raise Broken("`always` has to be true or false.")
    return Criteria(
        title=" ".join(str(given.get("title") or "").split()),
        namespaces=_words(given, "namespaces"),
        labels=tuple(_labels(given.get("labels"))),
        kinds=_words(given, "kinds"),
        causes=_words(given, "causes"),
        is_always=always,
    )


def _words(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(_each_word(given.get(name), name))


def _each_word(value: Any, name: str) -> Iterator[str]:
    match value:
        case None:
            return
        case str() | int() | float() if not isinstance(value, bool):
            if word := str(value).strip():
                yield word
        case list() if len(value) <= _MOST_VALUES and not any(isinstance(v, list) for v in value):
            for each in value:
                yield from _each_word(each, name)
        case _:
            raise Broken(f"`{name}` has to be a word or a list of words.")


def _labels(value: Any) -> Iterator[Mapping[str, str | None]]:
    """`app=checkout`, `app=checkout,tier=web`, `app`, or a mapping; or a list of these."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            words = [f"{name}={_label_value(found)}" for name, found in each.items()]
            alternatives = [words]
        else:
            alternatives = [word.split(",") for word in _each_word(each, "labels")]
        yield from (pairs for words in alternatives if (pairs := dict(_pairs(words))))


def _label_value(found: Any) -> str:
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        raise Broken("The value of a label has to be a word; put quotation marks around it.")
    return str(found)


def _pairs(words: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    for word in words:
        name, mark, value = (part.strip() for part in word.partition("="))
        if name:
            yield name, value.removeprefix("=").strip() if mark else None
