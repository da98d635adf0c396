"""YAML whose long texts were folded, each on one line again; pure, and it means the same.

kubectl breaks them at spaces, also between a name and its value: `-----BEGIN` on one line and the
rest on the next is no private key to anybody who reads lines.
"""

import re

# What stands before a value: the marks of list items, then a name, quoted or not.
_LINE = re.compile(
    r"(?P<lead> *(?:- +)*)(?P<name>(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s\"'][^\n]*?):(?: +|$))?"
    r"(?P<value>[^\n]*)"
)
_BLOCK = re.compile(r"(?:!\S+ +)?[|>][-+\d]*")


def unfold(text: str) -> str:
    """Joins what belongs to one value; the lines of a block (`|`) are lines and stay so."""
    lines: list[list[str]] = []
    belongs_from, is_block = None, False
    for line in text.split("\n"):
        is_blank = not line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if belongs_from is not None and (is_blank or indent >= belongs_from):
            if is_block or is_blank or not lines[-1][-1].strip():
                lines.append([line])
            else:
                lines[-1].append(line.strip())
            continue
        lines.append([line])
        belongs_from, is_block = _value_of(line)
    return "\n".join(map(" ".join, lines))


def _value_of(line: str) -> tuple[int | None, bool]:
    """From which column on the next lines belong to this one's value, and whether it is a block."""
    found = _LINE.fullmatch(line)
    if found is None or not found["value"].strip():
        return None, False
    column = len(found["lead"]) + (1 if found["name"] else 0)
    return column, _BLOCK.fullmatch(found["value"].rstrip()) is not None
