"""Which complaints of a log may be the cause of what ails its container. Pure; follows no line."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.cluster.checks.logs.complaints import Complaint, complaint_of, is_of_known_kind
from bot.cluster.checks.logs.records import Gravity, Record, records_in

_IS_OVER = re.compile(
    r"\b(?:(?:re)?connected\b(?! to .*fail)|recovered|connection established|succeeded"
    r"|successfully|is up\b|now available|ready to accept|listening on|server started)",
    re.IGNORECASE,
)
_LATE_LINES = 20

Counts = Callable[[Complaint], bool]
_Place = tuple[int, int]


def complaints_in(
    lines: Sequence[str], *, has_crashed: bool, counts: Counts = lambda _: True
) -> list[Complaint]:
    """The latest first, each once; of a running container only what is still going on.

    What `counts` denies is an error like any other. Of a container that has crashed, only what no
    graver or later error contradicts.
    """
    records = _still_going_on(records_in(lines if has_crashed else lines[-_LATE_LINES:]))
    said = [line for record in records for line in record.lines]
    heard = [list(_complaints(each, said, counts)) for each in records]
    found: dict[tuple[str, str, int, str], Complaint] = {}
    for place in reversed(range(len(records))):
        if has_crashed and _is_outdone(records, heard, place):
            continue
        for each in heard[place]:
            known = (each.reason, each.host, each.port, each.name or each.path)
            aside = has_crashed and records[place].gravity is Gravity.ASIDE
            found.setdefault(known, replace(each, is_aside=aside))
    return sorted(found.values(), key=lambda each: each.is_aside)


def _still_going_on(records: Sequence[Record]) -> list[Record]:
    """After the last that says that all is well again."""
    for place in reversed(range(len(records))):
        lines = records[place].lines
        if any(_IS_OVER.search(each) and not is_of_known_kind(each) for each in lines):
            return list(records[place + 1 :])
    return list(records)


def _complaints(record: Record, said: Sequence[str], counts: Counts) -> Iterator[Complaint]:
    for line in reversed(record.lines):
        each = complaint_of(line, said)
        if each is not None and counts(each):
            yield each


def _is_outdone(
    records: Sequence[Record], heard: Sequence[Sequence[Complaint]], place: int
) -> bool:
    mine = records[place]
    if mine.gravity is Gravity.ASIDE:
        return any(each.is_grave for each in records)
    own = (max(mine.gravity, Gravity.ERROR), place)
    return any(own < rival for rival in _rivals(records, heard))


def _rivals(records: Sequence[Record], heard: Sequence[Sequence[Complaint]]) -> Iterator[_Place]:
    """Grave, and about something that is not known here."""
    for place, (record, known) in enumerate(zip(records, heard, strict=True)):
        if record.is_grave and not known and not any(map(is_of_known_kind, record.lines)):
            yield record.gravity, place
