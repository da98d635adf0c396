"""What programs and people say in objects, redacted before any of it is quoted; judges nothing.

A check quotes the beginning of a long text, and half a secret is not recognised as one.
"""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from bot.cluster.scene import Scene
from bot.plaintext import clean

_SAID = frozenset({"message", "note"})
_GIVEN = frozenset({"command", "args"})
_LONGEST_WHOLE = 60
"""What is not longer is quoted as a whole, and redacted then."""

Redact = Callable[[str], str]


def hide_in_sayings(scene: Scene, redact: Redact) -> None:
    """In messages of events and states, and in what containers are started with."""
    redact = functools.cache(redact)  # events say the same again and again
    for found in (*scene.lists.values(), *scene.answers.values()):
        for each in found:
            _hide_in(each, redact)


def _hide_in(found: Any, redact: Redact) -> None:
    _hide_in_strings(found, _SAID, redact)
    _hide_below(found.get("status"), _SAID, redact)
    if found.get("kind") == "Pod":
        _hide_below(found.get("spec"), _GIVEN, redact)


def _hide_below(part: Any, keys: Iterable[str], redact: Redact) -> None:
    match part:
        case dict():
            _hide_in_strings(part, keys, redact)
            for each in part.values():
                _hide_below(each, keys, redact)
        case list():
            for each in part:
                _hide_below(each, keys, redact)


def _hide_in_strings(part: dict[str, Any], keys: Iterable[str], redact: Redact) -> None:
    for key in keys:
        match part.get(key):
            case str() as said if len(said) > _LONGEST_WHOLE:
                part[key] = redact(clean(said))
            case list() as given if sum(len(str(each)) for each in given) > _LONGEST_WHOLE:
                part[key] = _redacted_words(given, redact)


def _redacted_words(given: list[Any], redact: Redact) -> list[Any]:
    """Each by itself: a word that only the one before it tells is not hidden here."""
    return [redact(clean(each)) if isinstance(each, str) else each for each in given]
