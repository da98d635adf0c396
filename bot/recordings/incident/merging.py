"""What two looks of one conversation saw, as one; pure.

Of each namespace it is as the first of them saw it. The bounds are those of one look.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TypeVar

from bot.cluster.needs import LogOf
from bot.cluster.objects import namespace_of
from bot.recordings.files import Json
from bot.recordings.incident.keeping import LOGS_BYTES, MOST_ROWS, bounded, size_of
from bot.recordings.incident.kept import Kept, place_of

_Any = TypeVar("_Any")
_Lines = tuple[LogOf, tuple[str, ...]]


def merged(earlier: Kept, later: Kept) -> Kept:
    """The earlier one alone where there is no room for both."""
    known = {_key(each) for each in earlier.objects}
    seen = {*earlier.namespaces}
    objects = [
        each for each in later.objects if _key(each) not in known and namespace_of(each) not in seen
    ]
    rows = (*earlier.rows, *(row for row in later.rows if row.namespace not in seen))
    both = Kept(
        later.at,
        tuple(dict.fromkeys((*earlier.namespaces, *later.namespaces))),
        tuple(_in_turn(earlier.objects, objects)),
        dict(_listed(earlier, later)),
        rows[:MOST_ROWS],
        {**_outside(later.labels.items(), seen), **earlier.labels},
        dict(_logs(earlier, later)),
        earlier.left_out + later.left_out,
    )
    fitting = bounded(both)
    return fitting if fitting.objects else earlier


def _key(found: Json) -> tuple[str, str, str]:
    return str(found.get("apiVersion")), str(found.get("kind")), place_of(found)


def _in_turn(first: Sequence[_Any], second: Sequence[_Any]) -> Iterator[_Any]:
    """Each has what matters most in front, and what is last is left out first."""
    for pair in zip_longest(first, second):
        yield from (each for each in pair if each is not None)


def _listed(earlier: Kept, later: Kept) -> Iterator[tuple[str, frozenset[str]]]:
    """Only of what both have read, so that what is not among it was not there."""
    for plural in earlier.listed.keys() & later.listed.keys():
        more = (each for each in later.listed[plural] if _namespace(each) not in earlier.namespaces)
        yield plural, earlier.listed[plural] | {*more}


def _namespace(place: str) -> str:
    return place.partition("/")[0]


def _outside(found: Iterable[tuple[str, _Any]], seen: set[str]) -> dict[str, _Any]:
    return {place: each for place, each in found if _namespace(place) not in seen}


def _logs(earlier: Kept, later: Kept) -> Iterator[_Lines]:
    more = [each for each in later.logs.items() if each[0].namespace not in earlier.namespaces]
    left = LOGS_BYTES
    for log, lines in _in_turn([*earlier.logs.items()], more):
        left -= size_of(lines)
        if left >= 0:
            yield log, lines
