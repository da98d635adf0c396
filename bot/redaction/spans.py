"""Pieces of a text that are to be replaced, and replacing them once; it finds none itself."""

import bisect
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from bot.redaction.marks import MARK, is_redacted, mark


class Span(NamedTuple):
    """`text[start:end]` is a secret of this kind."""

    start: int
    end: int
    kind: str


Finder = Callable[[str], Iterable[Span]]


def replace(text: str, spans: Iterable[Span], key: bytes = b"") -> tuple[str, int]:
    """The text with a mark for each span, overlapping ones as one, and how many there are."""
    pieces: list[str] = []
    at = count = 0
    for span in _merge(text, spans):
        pieces += (text[at : span.start], mark(span.kind, text[span.start : span.end], key))
        at = span.end
        count += 1
    return "".join((*pieces, text[at:])), count


def _merge(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    marks = [found.span() for found in MARK.finditer(text)]
    starts = [start for start, _ in marks]
    current: Span | None = None
    longest = 0
    for span in sorted(_widen(span, marks, starts) for span in spans if span.start < span.end):
        if is_redacted(text[span.start : span.end]):
            continue
        if current is None or span.start >= current.end:
            if current is not None:
                yield current
            current, longest = span, span.end - span.start
            continue
        if span.end - span.start > longest:
            longest = span.end - span.start
            current = current._replace(kind=span.kind)
        current = current._replace(end=max(current.end, span.end))
    if current is not None:
        yield current


def _widen(span: Span, marks: list[tuple[int, int]], starts: list[int]) -> Span:
    """A mark is replaced as a whole or not at all."""
    start, end = span.start, span.end
    before = bisect.bisect_right(starts, start) - 1
    if before >= 0 and start < marks[before][1]:
        start = marks[before][0]
    last = bisect.bisect_left(starts, end) - 1
    if last >= 0 and end < marks[last][1]:
        end = marks[last][1]
    return Span(start, end, span.kind)
