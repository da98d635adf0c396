"""Pure: how the output of a command that was run again differs from what it was."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

_MOST_LINES = 60
_LINE_CHARS = 200
_MOST_COMPARED = 2_000
"""Lines on either side; comparing more of them in order takes too long."""
_CONTEXT = 1

_AGES = frozenset({"AGE", "LAST SEEN", "FIRST SEEN", "LAST SCHEDULE", "DURATION"})
_HEADER = re.compile(
    r"[A-Z][A-Z0-9%()/_.-]*(?: [A-Z0-9%()/_.-]+)*(?: {2,}[A-Z][A-Z0-9%()/_. -]*)+\s*"
)
_HEADER_OF_EVENTS = re.compile(r"\s*Type\s+Reason\s+Age\s+From\s+Message\s*")
_COLUMN = re.compile(r"\S+(?: \S+)*")
_DURATION = r"(?:\d+[ydhms])+"
_AGO = re.compile(rf"\(?\b{_DURATION} ago\)?")
_OF_EVENT = re.compile(rf"^{_DURATION}(?: \(x\d+ over {_DURATION}\))?$")
_DASHES = re.compile(r"[ -]*-{3}[ -]*")


class _Line(NamedTuple):
    key: str
    """What is compared: no ages, no padding."""
    text: str


def differing(before: str, after: str) -> str:
    """Markdown: that it is the same, or what was there (-) and is there now (+). Bounded."""
    then, now = _lines(before), _lines(after)
    is_aged = any(line.key != _flat(line.text) for line in (*then, *now))
    note = "Ages were left out of the comparison." if is_aged else ""
    if [line.key for line in then] == [line.key for line in now]:
        return _spaced("The output is the same.", note)
    shown, is_in_order = _difference(then, now)
    counted = _counted(shown)
    order = (
        "" if is_in_order else "It is too long to compare in order: lines that moved are not seen."
    )
    fence = "\n".join(["```diff", *map(_short, _bounded(shown)), "```"])
    return _spaced("The output differs:", counted, order, note) + f"\n{fence}"


def _spaced(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _counted(shown: Sequence[str]) -> str:
    signs = Counter(line[:1] for line in shown)
    return f"{_lines_of(signs['-'])} gone, {_lines_of(signs['+'])} new."


def _lines_of(count: int) -> str:
    return f"{count} line{'' if count == 1 else 's'}"


def _lines(output: str) -> list[_Line]:
    """Tables are read by their header, column by column, until a line is blank."""
    lines: list[_Line] = []
    columns: list[tuple[int, int | None]] = []
    for text in output.rstrip().split("\n") if output.strip() else ():
        if not text.strip():
            columns = []
        elif _HEADER.fullmatch(text) or _HEADER_OF_EVENTS.fullmatch(text):
            columns = list(_columns_of_ages(text))
        lines.append(_Line(_key(text, columns), text.rstrip()))
    return lines


def _columns_of_ages(header: str) -> Iterator[tuple[int, int | None]]:
    columns = [(found.start(), found[0].upper()) for found in _COLUMN.finditer(header)]
    for (start, name), (end, _) in pairwise([*columns, (-1, "")]):
        if name in _AGES:
            yield start, None if end < 0 else end


def _key(text: str, columns: Sequence[tuple[int, int | None]]) -> str:
    for start, end in reversed(columns):
        cell = text[start:end].strip()
        if _is_age(cell) and text[start - 1 : start].strip() == "":
            text = text[:start] + " " + (text[end:] if end is not None else "")
    # The dashes below a header are as long as the longest age.
    return _flat("---" if columns and _DASHES.fullmatch(text) else _AGO.sub("", text))


def _is_age(cell: str) -> bool:
    return bool(_OF_EVENT.match(cell)) or cell in {"<none>", "<unknown>", "<invalid>"}


def _flat(text: str) -> str:
    return " ".join(text.split())


def _difference(then: Sequence[_Line], now: Sequence[_Line]) -> tuple[list[str], bool]:
    """Marked lines, and whether they stand in their order."""
    start = _alike(then, now)
    end = _alike(then[start:][::-1], now[start:][::-1])
    middle_then, middle_now = then[start : len(then) - end], now[start : len(now) - end]
    if max(len(middle_then), len(middle_now)) > _MOST_COMPARED:
        return [
            *_unmatched("-", middle_then, middle_now),
            *_unmatched("+", middle_now, middle_then),
        ], False
    begin = max(0, start - _CONTEXT)
    until = max(0, end - _CONTEXT)
    return list(_in_order(then[begin : len(then) - until], now[begin : len(now) - until])), True


def _alike(one: Sequence[_Line], other: Sequence[_Line]) -> int:
    """How many lines at the beginning are the same."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a.key != b.key), min(len(one), len(other)))


def _unmatched(sign: str, lines: Sequence[_Line], others: Sequence[_Line]) -> Iterator[str]:
    left = Counter(line.key for line in others)
    for line in lines:
        if left[line.key] > 0:
            left[line.key] -= 1
        else:
            yield sign + line.text


def _in_order(then: Sequence[_Line], now: Sequence[_Line]) -> Iterator[str]:
    keys = [line.key for line in then], [line.key for line in now]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        if number:
            yield "…"
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from (f" {line.text}" for line in now[c:d])
            else:
                yield from (f"-{line.text}" for line in then[a:b])
                yield from (f"+{line.text}" for line in now[c:d])


def _bounded(shown: Sequence[str]) -> Iterable[str]:
    if len(shown) <= _MOST_LINES:
        return shown
    return [*shown[:_MOST_LINES], f"… {_lines_of(len(shown) - _MOST_LINES)} more …"]


def _short(line: str) -> str:
    """Three backticks in a row would end the fence early."""
    line = re.sub("`{3,}", lambda ticks: "'" * len(ticks[0]), line)
    return line if len(line) <= _LINE_CHARS else f"{line[: _LINE_CHARS - 1]}…"
