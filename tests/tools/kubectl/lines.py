"""The tables of kubectl command lines that policy and differential tests share."""

import shlex
from pathlib import Path

_HERE = Path(__file__).parent


def needed() -> list[str]:
    """Commands that an investigation needs."""
    return _rows("permitted.txt")


def permitted() -> list[str]:
    """Those, and every way to ask that the table knows."""
    return needed() + [line for line, _ in rebuilt()]


def rebuilt() -> list[tuple[str, tuple[str, ...]]]:
    """Commands, and the arguments that must reach kubectl instead."""
    rows = (row.split("\t") for row in _rows("rebuilt.tsv"))
    return [(line, tuple(shlex.split(argv))) for line, argv in rows]


def refused() -> list[str]:
    """Commands that must never start."""
    return [row.split("\t")[0] for row in _rows("refused.tsv") + _rows("hostile.tsv")]


def changes() -> list[tuple[str, str, tuple[str, ...]]]:
    """Commands that may be proposed, what they change, and the arguments that run instead."""
    rows = (row.split("\t") for row in _rows("changes.tsv"))
    return [(line, change, tuple(shlex.split(argv))) for line, change, argv in rows]


def refused_changes() -> list[str]:
    """Commands that must not even be proposed."""
    return [row.split("\t")[0] for row in _rows("changes_refused.tsv")]


def _rows(name: str) -> list[str]:
    lines = (_HERE / name).read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line.strip() and not line.startswith("#")]
