"""Output that fits a budget, saying what was left out; pure, and it never drops a line silently."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_GAP_CHARS = 40
"""The longest mark of a gap, its line feed included."""
_END_SHARE = 0.3
"""Of the budget, for beginning and end each; the rest is for what looks like trouble."""
_SHORTEST_LINE_CHARS = 120
_LONGEST_LINE_CHARS = 2_000
_SHORTEST_RUN_LINES = 3

_TROUBLE = (
    re.compile(
        r"panic|fatal|exception|traceback|segfault|segmentation|oom|out of memory|crashloop"
        r"|critical|evicted|core dumped",
        re.IGNORECASE,
    ),
    re.compile(
        r"err(?:or|\b)|fail|denied|refused|forbidden|unauthorized|not found|time[d-]? ?out|unable"
        r"|cannot|can't|back-?off|unhealthy|killed|invalid|no such|unreachable|exceeded|x509",
        re.IGNORECASE,
    ),
    re.compile(r"warn|retry|pending|unschedul|notready|not ready|\b0/[1-9]\d*\b", re.IGNORECASE),
)

_TIMESTAMP = re.compile(
    r"\[?\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?\]?\s*|[EWIF]\d{4} [\d:.]+\s+"
)
_VARYING = re.compile(r"[0-9a-f]{6,}|\d+")


@dataclass(frozen=True, slots=True)
class Compacted:
    """Text within its budget, and how much of the whole it is."""

    text: str
    shown_lines: int
    """Lines of the original that can be read here, whole or shortened."""
    total_lines: int
    cut: bool
    """Something was left out, and the text says where."""


@dataclass(frozen=True, slots=True)
class _Unit:
    """A line, with the lines that repeat it at once."""

    text: str
    lines: int
    until: str = ""
    """When the last of them was written, where they say."""
    is_shortened: bool = False

    @property
    def chars(self) -> int:
        return len(self.text) + 1


def compact(text: str, budget_chars: int) -> Compacted:
    """At most `budget_chars` of `text`: its beginning, its end, and what looks like trouble.

    What fits is given back whole. Otherwise runs of one line are folded, long lines are cut in
    the middle, and then lines are chosen.
    """
    lines = split_lines(text)
    whole = "\n".join(lines)
    if len(whole) <= budget_chars:
        return Compacted(whole, len(lines), len(lines), cut=False)
    line_chars = min(max(budget_chars // 6, _SHORTEST_LINE_CHARS), _LONGEST_LINE_CHARS)
    units = [_shorten(unit, line_chars) for unit in _fold(lines)]
    kept = _choose(units, budget_chars)
    shown = "\n".join(_render(units, kept))[:budget_chars]
    cut = len(kept) < len(lines) or any(units[at].is_shortened for at in kept)
    return Compacted(shown, len(kept), len(lines), cut=cut)


def split_lines(text: str) -> list[str]:
    """Lines as a reader counts them: the last line feed begins no further line."""
    return text.removesuffix("\n").split("\n") if text else []


def _fold(lines: Sequence[str]) -> Iterator[_Unit]:
    for _, alike in itertools.groupby(lines, key=_untimed):
        run = list(alike)
        if len(run) >= _SHORTEST_RUN_LINES:
            yield _Unit(run[0], len(run), until=_time_of(run[-1]))
        else:
            yield from (_Unit(line, 1) for line in run)


def _untimed(line: str) -> str:
    return _TIMESTAMP.sub("", line, count=1) if _TIMESTAMP.match(line) else line


def _time_of(line: str) -> str:
    found = _TIMESTAMP.match(line)
    return found[0].strip() if found else ""


def _shorten(unit: _Unit, most_chars: int) -> _Unit:
    text, is_shortened = unit.text, len(unit.text) > most_chars
    if is_shortened:
        end_chars = most_chars // 2 - 20
        left_out = len(text) - 2 * end_chars
        text = f"{text[:end_chars]}[… {left_out} characters left out …]{text[-end_chars:]}"
    if unit.lines > 1:
        until = f", the last at {unit.until}" if unit.until else ""
        text += f"\n… {unit.lines - 1} more lines like it{until}"
    return _Unit(text, unit.lines, is_shortened=is_shortened)


def _choose(units: Sequence[_Unit], budget_chars: int) -> set[int]:
    if sum(unit.chars for unit in units) <= budget_chars:
        return set(range(len(units)))
    selection = _Selection(units, budget_chars - _GAP_CHARS)
    end_chars = int(budget_chars * _END_SHARE)
    selection.take(range(len(units)), end_chars)
    selection.take(range(len(units) - 1, -1, -1), end_chars)
    selection.take_scattered(_by_trouble(units))
    selection.take(range(len(units) - 1, -1, -1), budget_chars)
    selection.take(range(len(units)), budget_chars)
    return selection.kept


class _Selection:
    """Which units are kept within a budget that every choice makes smaller."""

    def __init__(self, units: Sequence[_Unit], room_chars: int) -> None:
        self.kept: set[int] = set()
        self._units = units
        self._room_chars = room_chars

    def take(self, order: Iterable[int], most_chars: int) -> None:
        """Takes neighbours from one end on, as far as they fit, so that no new gap opens."""
        most_chars = min(most_chars, self._room_chars)
        for at in order:
            if at in self.kept:
                continue
            most_chars -= self._units[at].chars
            if most_chars < 0:
                return
            self._keep(at, self._units[at].chars)

    def take_scattered(self, order: Iterable[int]) -> None:
        """Takes what fits; each may open a gap of its own."""
        for at in order:
            chars = self._units[at].chars + _GAP_CHARS
            if at not in self.kept and chars <= self._room_chars:
                self._keep(at, chars)

    def _keep(self, at: int, chars: int) -> None:
        self.kept.add(at)
        self._room_chars -= chars


def _by_trouble(units: Sequence[_Unit]) -> list[int]:
    """Worst first, each kind once before any again, the latest before the earlier."""
    seen: set[str] = set()
    ranked: list[tuple[bool, int, int]] = []
    for at in range(len(units) - 1, -1, -1):
        severity = next((n for n, rx in enumerate(_TROUBLE) if rx.search(units[at].text)), None)
        if severity is None:
            continue
        kind = _VARYING.sub("#", units[at].text)
        ranked.append((kind in seen, severity, -at))
        seen.add(kind)
    return [-position for _, _, position in sorted(ranked)]


def _render(units: Sequence[_Unit], kept: set[int]) -> Iterator[str]:
    left_out = 0
    for at, unit in enumerate(units):
        if at not in kept:
            left_out += unit.lines
            continue
        yield from _mark(left_out)
        left_out = 0
        yield unit.text
    yield from _mark(left_out)


def _mark(left_out: int) -> Iterator[str]:
    if left_out:
        yield f"[… {left_out} line{'s' if left_out > 1 else ''} left out …]"
