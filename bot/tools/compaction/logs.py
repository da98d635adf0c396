"""Logs within a budget: repeats counted, errors with what stands around them; pure.

Lines are alike if they differ in numbers and ids alone. All of a kind are told once, where the
first stands; the last lines of a log are always told as they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.tools.compaction.lines import (
    GAP_CHARS,
    Compacted,
    Selection,
    Unit,
    assemble,
    longest_line,
    shorten,
)
from bot.tools.compaction.trouble import TIMESTAMP, kind_of, severity_of

_PREFIX = re.compile(r"\[pod/[^\]\s]+\] ")
"""Before each line of several containers."""
_CONTINUED = re.compile(r"\s+\S|at [\w$.<]|Caused by:|\.\.\. \d+ (?:more|common)|goroutine \d+ \[")
_OPENS_TRACE = re.compile(r"Traceback \(most recent call last\)|panic: |fatal error: ")
_GO_FRAME = re.compile(r"[\w./*()\[\]{}·-]+\(.*\)$|created by |exit status |\[signal ")
_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)|[EWIF]\d{4} (\d\d:\d\d:\d\d)")

_FEWEST_ALIKE = 3
_TAIL_BLOCKS = 8
"""Told as they are: how a log ends is often the answer."""
_HEAD_SHARE, _TAIL_SHARE = 0.12, 0.25
_TRACE_SHARE = 3
"""A trace may take this part of the budget."""
_LONGEST_TRACE_LINES = 400
_LONGEST_FRAME_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class _Block:
    """One line of a log, or a line with the stack trace below it."""

    lines: tuple[str, ...]
    kind: str
    source: str
    """The prefix that names pod and container, where there is one."""


def compact_log(lines: Sequence[str], budget_chars: int) -> Compacted:
    blocks = list(_group(lines))
    units = list(_fold(blocks, budget_chars))
    kept = _choose(units, budget_chars)
    return assemble(units, kept, len(lines), budget_chars)


def _group(lines: Sequence[str]) -> Iterator[_Block]:
    """Puts the lines of a stack trace with the line they belong to."""
    open_lines: list[str] = []
    is_trace = False
    for line in lines:
        bare = _bare(line)
        if open_lines and _belongs(bare, open_lines, is_trace=is_trace):
            open_lines.append(line)
            continue
        if open_lines:
            yield _block(open_lines)
        open_lines, is_trace = [line], _OPENS_TRACE.search(bare) is not None
    if open_lines:
        yield _block(open_lines)


def _belongs(bare: str, open_lines: Sequence[str], *, is_trace: bool) -> bool:
    if len(open_lines) >= _LONGEST_TRACE_LINES:
        return False
    return _CONTINUED.match(bare) is not None or (is_trace and _goes_on(bare, open_lines))


def _goes_on(bare: str, open_lines: Sequence[str]) -> bool:
    """Of a Python trace one more line, its error; of a Go panic frames and empty lines."""
    last = _bare(open_lines[-1])
    if "Traceback" in open_lines[0]:
        return last[:1].isspace() and bare != ""
    return len(bare) <= _LONGEST_FRAME_CHARS and (bare == "" or _GO_FRAME.match(bare) is not None)


def _bare(line: str) -> str:
    """The line without the container's name and the time before it."""
    if line[:5] == "[pod/" and (found := _PREFIX.match(line)):
        line = line[found.end() :]
    found = TIMESTAMP.match(line)
    if found is None:
        return line
    # The blanks behind a time may be the indentation of a trace: one belongs to the time.
    return line[len(found[0].rstrip()) :].removeprefix(" ")


def _block(lines: Sequence[str]) -> _Block:
    found = _PREFIX.match(lines[0])
    kind = kind_of("\n".join(map(_bare, lines)))
    return _Block(tuple(lines), kind, found[0] if found else "")


def _fold(blocks: Sequence[_Block], budget_chars: int) -> Iterator[Unit]:
    """One unit for all blocks of a kind that is there often; the last blocks stay themselves."""
    alike: dict[str, list[_Block]] = {}
    tail_from = max(len(blocks) - _TAIL_BLOCKS, 0)
    for block in blocks[:tail_from]:
        alike.setdefault(block.kind, []).append(block)
    for block in blocks[:tail_from]:
        same = alike[block.kind]
        if len(same) < _FEWEST_ALIKE:
            yield _unit([block], budget_chars)
        elif same[0] is block:
            yield _unit(same, budget_chars)
    yield from (_unit([block], budget_chars) for block in blocks[tail_from:])


def _unit(same: Sequence[_Block], budget_chars: int) -> Unit:
    first = same[0].lines
    text, shown, is_shortened = _tell(first, budget_chars)
    total = sum(len(block.lines) for block in same)
    if len(same) > 1:
        text += f"\n{_count(same)}"
    return Unit(text, total, shown, is_shortened=is_shortened or shown < len(first))


def _tell(lines: Sequence[str], budget_chars: int) -> tuple[str, int, bool]:
    """A block's text, its lines that can be read, and whether one of them was cut."""
    most_chars = longest_line(budget_chars)
    told = [shorten(line, most_chars) for line in lines]
    is_shortened = any(map(str.__ne__, told, lines))
    room_chars = max(budget_chars // _TRACE_SHARE, 2 * most_chars)
    if sum(map(len, told)) + len(told) <= room_chars or len(told) == 1:
        return "\n".join(told), len(told), is_shortened
    head, tail = _ends(told, room_chars - GAP_CHARS)
    mark = f"[… {len(told) - len(head) - len(tail)} lines of it left out …]"
    return "\n".join([*head, mark, *tail]), len(head) + len(tail), is_shortened


def _ends(told: Sequence[str], room_chars: int) -> tuple[list[str], list[str]]:
    """As many lines from either end as fit: what was thrown, and its innermost cause."""
    head, tail = [told[0]], list[str]()
    room_chars -= len(told[0]) + 1
    for n in range(1, len(told)):
        at = -(n + 1) // 2 if n % 2 else n // 2
        room_chars -= len(told[at]) + 1
        if room_chars < 0:
            break
        if n % 2:
            tail.insert(0, told[at])
        else:
            head.append(told[at])
    return head, tail


def _count(same: Sequence[_Block]) -> str:
    """`… 1,204 more lines like it, 10:01:02 to 10:14:55`."""
    what = "lines" if all(len(block.lines) == 1 for block in same) else "traces"
    span = _span(same[0].lines[0], same[-1].lines[0])
    sources = len({block.source for block in same})
    origin = f", from {sources} containers" if sources > 1 else ""
    return f"… {len(same) - 1:,} more {what} like it{span}{origin}"


def _span(first: str, last: str) -> str:
    begun, ended = _CLOCK.search(first, 0, 400), _CLOCK.search(last, 0, 400)
    if begun is None or ended is None:
        return ""
    if begun[1] != ended[1]:
        return f", {begun[1]} {begun[2] or begun[3]} to {ended[1]} {ended[2] or ended[3]}"
    return f", {begun[2] or begun[3]} to {ended[2] or ended[3]}"


def _choose(units: Sequence[Unit], budget_chars: int) -> set[int]:
    everything = range(len(units))
    if sum(unit.chars for unit in units) <= budget_chars:
        return set(everything)
    selection = Selection(units, budget_chars - GAP_CHARS)
    selection.take(everything, int(budget_chars * _HEAD_SHARE))
    selection.take(reversed(everything), int(budget_chars * _TAIL_SHARE))
    worst = [at for at, severity in _by_severity(units) if severity < 2]
    selection.take_scattered(worst)
    selection.take_scattered(_neighbours(worst, selection.kept, len(units)), gap_chars=0)
    selection.take_scattered(at for at, severity in _by_severity(units) if severity == 2)
    selection.take(reversed(everything), budget_chars)
    selection.take(everything, budget_chars)
    return selection.kept


def _by_severity(units: Sequence[Unit]) -> list[tuple[int, int]]:
    """Each unit that looks like trouble, with how bad it is: worst first, then the latest."""
    ranked = ((severity_of(unit.text), -at) for at, unit in enumerate(units))
    worst_first = sorted((severity, at) for severity, at in ranked if severity is not None)
    return [(-at, severity) for severity, at in worst_first]


def _neighbours(worst: Sequence[int], kept: set[int], count: int) -> list[int]:
    """The lines beside each error that is told: first those before it, they led there."""
    told = [at for at in worst if at in kept]
    around = [at + step for step in (-1, 1) for at in told]
    return [at for at in around if 0 <= at < count]
