"""One row of a kubectl table: its cells by column, and whether it looks well; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cluster.objects import quantity
from bot.tools.compaction.trouble import kind_of, severity_of

_HEADING = re.compile(r"[A-Z][A-Z0-9()%/_.:#-]*(?:\((?:cores|bytes)\))?")
_COLUMN = re.compile(r"\S+(?: \S+)*")
_RATIO = re.compile(r"(\d+)/(\d+)")
_RECENT = re.compile(r"\((?:\d+m)?(?:\d+s)? ago\)")
"""A restart less than an hour ago."""
_GENERATED = re.compile(r"(?:-[a-z0-9]{5,10})?-[a-z0-9]{5}$|-\d+$")

_WELL = frozenset({
    "Running", "Completed", "Complete", "Succeeded", "Bound", "Active", "Ready", "True",
    "Available", "Healthy", "Synced", "Established", "Approved,Issued", "Normal", "Deployed",
})  # fmt: skip
_STATES = ("STATUS", "PHASE", "TYPE", "READY", "AVAILABLE")
"""Columns that may say how a row is, the most telling first."""
_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    label: str
    """What it is counted under: its status, or nothing."""
    severity: int | None
    """0 is worst, 2 is odd; None for a row that looks well."""
    kind: str
    """The same for rows that say the same of different replicas."""
    load: float
    """Of `top`: memory or CPU, for the largest first; 0 elsewhere."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table begin, by its header."""

    names: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()

    def cells(self, line: str) -> dict[str, str]:
        ends = (*self.starts[1:], len(line))
        spans = zip(self.names, self.starts, ends, strict=False)
        return {name: line[start:end].strip() for name, start, end in spans}


def is_header(line: str) -> bool:
    """Names in upper case alone, which no row has: names of objects are in lower case."""
    return line[:1].isalpha() and all(map(_is_heading, line.split()))


def _is_heading(word: str) -> bool:
    return _HEADING.fullmatch(word) is not None or word.startswith("(")


def read_columns(header: str) -> Columns:
    found = list(_COLUMN.finditer(header))
    return Columns(tuple(each[0] for each in found), tuple(each.start() for each in found))


def read_row(line: str, columns: Columns) -> Row:
    cells = columns.cells(line)
    label = _label(cells)
    severity = _severity(cells, line) if cells else severity_of(line)
    return Row(line, label, severity, _kind(cells, label, line), _load(cells))


def _label(cells: Mapping[str, str]) -> str:
    state = next((cells[name] for name in _STATES[:2] if cells.get(name)), "")
    if not state and cells.get("TYPE") in ("Normal", "Warning"):
        state = cells["TYPE"]
    return state[:_LONGEST_LABEL]


def _severity(cells: Mapping[str, str], line: str) -> int | None:
    if (state := _label(cells)) and not _is_well(state):
        return 1 if state.startswith("Ready,") else 0
    if _lacks(cells) or "False" in (cells.get("READY"), cells.get("AVAILABLE")):
        return 0
    if _RECENT.search(cells.get("RESTARTS", "")):
        return 1
    is_odd = "<pending>" in line or "<unknown>" in line or cells.get("ENDPOINTS") == "<none>"
    return 2 if is_odd else None


def _is_well(state: str) -> bool:
    # A hook's or a custom resource's own word for it may be in lower case.
    return state.capitalize() in _WELL or state in _WELL or state in ("<none>", "0")


def _lacks(cells: Mapping[str, str]) -> bool:
    """Fewer are ready than wanted; a pod that has completed is not expected to be."""
    found = _RATIO.match(cells.get("READY", ""))
    if found:
        return int(found[1]) < int(found[2]) and cells.get("STATUS") not in (
            "Completed",
            "Succeeded",
        )
    wanted, ready = cells.get("DESIRED", ""), cells.get("READY", "")
    return wanted.isdigit() and ready.isdigit() and int(ready) < int(wanted)


def _kind(cells: Mapping[str, str], label: str, line: str) -> str:
    if not cells:
        return kind_of(line)
    name = _GENERATED.sub("", cells.get("NAME") or cells.get("OBJECT", ""))
    about = (cells.get("NAMESPACE", ""), label, cells.get("REASON", ""), name)
    return kind_of(" ".join(about)) if any(about) else kind_of(line)


def _load(cells: Mapping[str, str]) -> float:
    for name, written in cells.items():
        if name.startswith(("MEMORY(", "CPU(")) and written:
            amount = quantity(written.rstrip("%")) or 0.0
            if name == "MEMORY(bytes)":
                return amount
    return 0.0


def say_counts(rows: Sequence[Row]) -> str:
    """`: 398 Running, 14 Completed`, the commonest first; nothing where no row has a status."""
    counts: dict[str, int] = {}
    for row in rows:
        if row.label:
            counts[row.label] = counts.get(row.label, 0) + 1
    commonest = sorted(counts.items(), key=lambda each: -each[1])
    said = [f"{count} {label}" for label, count in commonest[:4]]
    if len(commonest) > 4:
        said.append(f"{sum(count for _, count in commonest[4:])} others")
    return f": {', '.join(said)}" if said else ""
