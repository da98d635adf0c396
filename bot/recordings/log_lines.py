"""The lines of a log after their times, without the secrets that only several of them together are.

A key stands on many lines, and what names a password may stand on the one before: both are looked
for without the times between.
"""

import bisect
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.plaintext import clean
from bot.redaction import Redactor
from bot.redaction.spans import Span, replace

_STAMPED = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?(?P<said>.*)", re.DOTALL
)
_MOST_PASSES = 12


class Line(NamedTuple):
    time: str
    said: str

    def __str__(self) -> str:
        return f"{self.time} {self.said}\n"


def lines_in(stamped: str) -> Iterator[Line]:
    """What is no line after its time is left out; one that a terminal shows as several is these."""
    for each in stamped.split("\n"):
        if found := _STAMPED.fullmatch(each):
            for said in clean(found["said"]).rstrip("\n").split("\n"):
                yield Line(found["time"], said)


def hidden(lines: Sequence[Line], redactor: Redactor) -> tuple[list[Line], int]:
    """As many lines with marks, and how many. Raises what `redact` withholds a text for."""
    said, count = [line.said for line in lines], 0
    for _ in range(_MOST_PASSES):
        found = 0
        for number, spans in _by_line(said, redactor.spans_in("\n".join(said))).items():
            said[number], more = replace(said[number], spans, redactor.key)
            found += more
        if not found:
            return [Line(line.time, each) for line, each in zip(lines, said, strict=True)], count
        count += found
    raise ValueError("The log shows another secret whenever one is replaced.")


def _by_line(said: Sequence[str], spans: Sequence[Span]) -> dict[int, list[Span]]:
    """Each span in pieces, as they stand in the lines that it reaches over."""
    found: dict[int, list[Span]] = {}
    starts = _starts(said)
    for span in spans:
        number = bisect.bisect_right(starts, span.start) - 1
        while number < len(said) and starts[number] < span.end:
            piece = _piece(said[number], starts[number], span)
            if piece is not None:
                found.setdefault(number, []).append(piece)
            number += 1
    return found


def _starts(said: Sequence[str]) -> list[int]:
    starts, at = [], 0
    for each in said:
        starts.append(at)
        at += len(each) + 1
    return starts


def _piece(line: str, start: int, span: Span) -> Span | None:
    """Without the spaces around it; None where there is nothing else."""
    first, last = max(span.start - start, 0), min(span.end - start, len(line))
    inside = line[first:last]
    if not inside.strip():
        return None
    first += len(inside) - len(inside.lstrip())
    return Span(first, first + len(inside.strip()), span.kind)
