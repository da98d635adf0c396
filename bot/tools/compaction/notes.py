"""What kubectl itself says below an output: errors and warnings that are no part of its form."""

import re
from collections.abc import Sequence

_NOTE = re.compile(r"(?:Error from server|[Ee]rror:|Warning:|Unable to |No resources found)")


def split_notes(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The output proper, and the notes that follow it."""
    end = len(lines)
    while end and _NOTE.match(lines[end - 1]):
        end -= 1
    return list(lines[:end]), list(lines[end:])
