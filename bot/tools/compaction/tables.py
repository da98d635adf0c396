"""Tables of kubectl within a budget: what is unwell is shown, what is well is counted; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.tools.compaction.lines import Compacted, compact_lines, longest_line, shorten
from bot.tools.compaction.notes import split_notes
from bot.tools.compaction.rows import Columns, Row, is_header, read_columns, read_row, say_counts

_MARK_CHARS = 260
"""The longest mark below a table, its line feed included."""
_WELL_SHARE = 0.3
"""Of the budget, for rows that are well where others are not."""
_MOST_TABLES = 12
_NOTES_SHARE = 4


@dataclass(frozen=True, slots=True)
class _Table:
    header: str
    """Empty where the command left it out."""
    rows: tuple[Row, ...]


def compact_table(lines: Sequence[str], budget_chars: int) -> Compacted:
    """Header, unwell rows, and well ones as far as they fit; the rest is counted by status."""
    body, notes = split_notes(lines)
    tables = list(_read(body))
    told = compact_lines(notes, budget_chars // _NOTES_SHARE) if notes else None
    heads = sum(len(table.header) + 2 for table in tables)
    room_chars = budget_chars - heads - _MARK_CHARS * len(tables)
    room_chars -= len(told.text) + 1 if told else 0
    if room_chars <= 0 or not tables or len(tables) > _MOST_TABLES:
        return _with_header(lines, budget_chars)
    kept = _choose([row for table in tables for row in table.rows], room_chars, budget_chars)
    shown = list(_render(tables, kept, longest_line(budget_chars)))
    text = "\n".join([*shown, told.text] if told else shown)
    count = len(kept) + sum(bool(table.header) for table in tables) + _blanks(tables)
    count += told.shown_lines if told else 0
    return Compacted(text[:budget_chars], min(count, len(lines)), len(lines), cut=True)


def _with_header(lines: Sequence[str], budget_chars: int) -> Compacted:
    """The way out where marks alone would fill the budget: the header, then any lines."""
    header = lines[0] if lines and is_header(lines[0]) else ""
    room_chars = budget_chars - len(header) - 1
    if not header or room_chars <= 0:
        return compact_lines(lines, budget_chars)
    rest = compact_lines(lines[1:], room_chars)
    return Compacted(f"{header}\n{rest.text}", rest.shown_lines + 1, len(lines), cut=True)


def _read(lines: Sequence[str]) -> Iterator[_Table]:
    """Tables follow each other with an empty line between them."""
    section: list[str] = []
    for line in [*lines, ""]:
        if line:
            section.append(line)
        elif section:
            yield _read_one(section)
            section = []


def _read_one(section: Sequence[str]) -> _Table:
    if not is_header(section[0]):
        return _Table("", tuple(read_row(line, Columns()) for line in section))
    columns = read_columns(section[0])
    return _Table(section[0], tuple(read_row(line, columns) for line in section[1:]))


def _choose(rows: Sequence[Row], room_chars: int, budget_chars: int) -> set[int]:
    kept: set[int] = set()
    most_chars = longest_line(budget_chars)
    unwell = _worst_first(rows)
    room_chars -= _take(unwell, rows, kept, room_chars, most_chars)
    well = [at for at, row in enumerate(rows) if row.severity is None]
    well.sort(key=lambda at: -rows[at].load)
    share = min(room_chars, int(budget_chars * _WELL_SHARE)) if unwell else room_chars
    _take(well, rows, kept, share, most_chars)
    return kept


def _take(
    order: Iterable[int], rows: Sequence[Row], kept: set[int], room_chars: int, most_chars: int
) -> int:
    """Takes rows as they come until one does not fit, and says how much room they took."""
    taken = 0
    for at in order:
        chars = min(len(rows[at].text), most_chars) + 1
        if taken + chars > room_chars:
            break
        taken += chars
        kept.add(at)
    return taken


def _worst_first(rows: Sequence[Row]) -> list[int]:
    """Each kind once before any a second time; within that by how bad it is."""
    seen: dict[str, int] = {}
    ranked: list[tuple[int, int, int]] = []
    for at, row in enumerate(rows):
        if row.severity is not None:
            nth = seen[row.kind] = seen.get(row.kind, 0) + 1
            ranked.append((nth > 1, row.severity, at))
    return [at for _, _, at in sorted(ranked)]


def _render(tables: Sequence[_Table], kept: set[int], most_chars: int) -> Iterator[str]:
    at = 0
    for number, table in enumerate(tables):
        if number:
            yield ""
        if table.header:
            yield table.header
        left_out = []
        for row in table.rows:
            if at in kept:
                yield shorten(row.text, most_chars)
            else:
                left_out.append(row)
            at += 1
        if left_out:
            yield say_left_out(left_out)


def say_left_out(rows: Sequence[Row]) -> str:
    """`[… 412 more rows: 398 Running, 14 Completed …]`"""
    return f"[… {len(rows)} more row{'' if len(rows) == 1 else 's'}{say_counts(rows)} …]"


def _blanks(tables: Sequence[_Table]) -> int:
    return len(tables) - 1
