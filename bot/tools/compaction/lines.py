"""Any text within a budget: its beginning, its end, and what looks like trouble; pure."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.tools.compaction.trouble import kind_of, severity_of, time_of, untimed

GAP_CHARS = 40
"""The longest mark of a gap, its line feed included."""
_END_SHARE = 0.3
"""Of the budget, for beginning and end each; the rest is for what looks like trouble."""
_SHORTEST_LINE_CHARS = 120
_LONGEST_LINE_CHARS = 2_000
_SHORTEST_RUN_LINES = 3


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
class Unit:
    """A line or a few that belong together, with the lines that only repeat them."""

    text: str
    lines: int
    """Of the original, told here or repeated."""
    shown: int = 1
    """Of these, the lines that can be read."""
    until: str = ""
    """When the last of them was written, where they say."""
    is_shortened: bool = False

    @property
    def chars(self) -> int:
        return len(self.text) + 1


def compact_lines(lines: Sequence[str], budget_chars: int) -> Compacted:
    """Runs of one line are folded, long lines cut in the middle, and then lines are chosen."""
    most_chars = longest_line(budget_chars)
    units = [_shorten(unit, most_chars) for unit in _fold(lines)]
    kept = _choose(units, budget_chars)
    return assemble(units, kept, len(lines), budget_chars)


def assemble(
    units: Sequence[Unit], kept: set[int], total_lines: int, budget_chars: int
) -> Compacted:
    """The kept units in their order, with a mark wherever some are missing between them."""
    text = "\n".join(_render(units, kept))[:budget_chars]
    shown = sum(units[at].shown for at in kept)
    cut = shown < total_lines or any(units[at].is_shortened for at in kept)
    return Compacted(text, shown, total_lines, cut=cut)


def split_lines(text: str) -> list[str]:
    """Lines as a reader counts them: the last line feed begins no further line."""
    return text.removesuffix("\n").split("\n") if text else []


def longest_line(budget_chars: int) -> int:
    """Characters of a line beyond which it is cut in its middle."""
    return min(max(budget_chars // 6, _SHORTEST_LINE_CHARS), _LONGEST_LINE_CHARS)


def shorten(text: str, most_chars: int) -> str:
    """The line, cut in its middle where it is longer."""
    if len(text) <= most_chars:
        return text
    end_chars = most_chars // 2 - 20
    left_out = len(text) - 2 * end_chars
    return f"{text[:end_chars]}[… {left_out} characters left out …]{text[-end_chars:]}"


def _fold(lines: Sequence[str]) -> Iterator[Unit]:
    for _, alike in itertools.groupby(lines, key=untimed):
        run = list(alike)
        if len(run) >= _SHORTEST_RUN_LINES:
            yield Unit(run[0], len(run), until=time_of(run[-1]))
        else:
            yield from (Unit(line, 1) for line in run)


def _shorten(unit: Unit, most_chars: int) -> Unit:
    text, is_shortened = shorten(unit.text, most_chars), len(unit.text) > most_chars
    if unit.lines > 1:
        until = f", the last at {unit.until}" if unit.until else ""
        text += f"\n… {unit.lines - 1} more lines like it{until}"
    return Unit(text, unit.lines, is_shortened=is_shortened)


def _choose(units: Sequence[Unit], budget_chars: int) -> set[int]:
    if sum(unit.chars for unit in units) <= budget_chars:
        return set(range(len(units)))
    selection = Selection(units, budget_chars - GAP_CHARS)
    end_chars = int(budget_chars * _END_SHARE)
    selection.take(range(len(units)), end_chars)
    selection.take(range(len(units) - 1, -1, -1), end_chars)
    selection.take_scattered(by_trouble(units))
    selection.take(range(len(units) - 1, -1, -1), budget_chars)
    selection.take(range(len(units)), budget_chars)
    return selection.kept


class Selection:
    """Which units are kept within a budget that every choice makes smaller."""

    def __init__(self, units: Sequence[Unit], room_chars: int) -> None:
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

    def take_scattered(self, order: Iterable[int], *, gap_chars: int = GAP_CHARS) -> None:
        """Takes what fits; each may open a gap of its own."""
        for at in order:
            chars = self._units[at].chars + gap_chars
            if at not in self.kept and chars <= self._room_chars:
                self._keep(at, chars)

    def _keep(self, at: int, chars: int) -> None:
        self.kept.add(at)
        self._room_chars -= chars


def by_trouble(units: Sequence[Unit]) -> list[int]:
    """Worst first, each kind once before any again, the latest before the earlier."""
    seen: set[str] = set()
    ranked: list[tuple[bool, int, int]] = []
    for at in range(len(units) - 1, -1, -1):
        severity = severity_of(units[at].text)
        if severity is None:
            continue
        kind = kind_of(units[at].text)
        ranked.append((kind in seen, severity, -at))
        seen.add(kind)
    return [-position for _, _, position in sorted(ranked)]


def _render(units: Sequence[Unit], kept: set[int]) -> Iterator[str]:
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
