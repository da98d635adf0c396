"""Which files of the project a build may see: .dockerignore, as Docker reads an allow-list."""

import re
from collections.abc import Iterable


def is_sent(path: str, lines: Iterable[str]) -> bool:
    """The last line that fits the file or a folder above it decides."""
    sent = True
    for line in lines:
        pattern = line.strip()
        if pattern and not pattern.startswith("#") and _fits(path, pattern.removeprefix("!")):
            sent = pattern.startswith("!")
    return sent


def _fits(path: str, pattern: str) -> bool:
    expression = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    return re.fullmatch(f"{expression}(?:/.*)?", path) is not None
