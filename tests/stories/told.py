"""What a story's transcript is compared with; what differs from run to run is made constant.

`KAIA_WRITE_STORIES=1 make test` writes the files anew: read them before they are kept.
"""

import os
import re
from collections.abc import Iterable
from difflib import unified_diff
from pathlib import Path

TRANSCRIPTS = Path(__file__).parent / "transcripts"
_WRITE = os.environ.get("KAIA_WRITE_STORIES") == "1"

_CONSTANT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), constant)
    for pattern, constant in (
        (r"(?<=found), \d+ s\b", ""),
        (r"http://127\.0\.0\.1:\d+", "http://LOCALHOST"),
        (r"\b[0-9a-f]{64}\b", "DIGEST"),
        (r"(?<=[Rr]eference )`?[\w-]{6,}`?", "REFERENCE"),
        (r"\b\d{4}-\d\d-\d\d\b", "DATE"),
        (r"\b\d\d:\d\d(:\d\d)?\b", "TIME"),
        (r"\bless than a second\b|\b\d+(\.\d+)? (ms|s|seconds?)\b", "N s"),
        (r"\b[TUCDGFAB](?=[A-Z]*\d)[A-Z0-9]{8,}\b|\b[CDG][A-Z0-9]{10}\b", "ID"),
        (r"\b1\d{9}[.-]\d{6}\b", "STAMP"),
        (r"\b\d+(\.\d+)? (bytes|KB)\b", "N bytes"),
    )
)


def constant(text: str) -> str:
    for pattern, put in _CONSTANT:
        text = pattern.sub(put, text)
    return text


def tell(story: str, parts: Iterable[str]) -> None:
    """That the transcripts are as they were kept."""
    told = constant("\n".join(parts))
    path = TRANSCRIPTS / f"{story}.txt"
    if _WRITE:
        path.write_text(told, encoding="utf-8")
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = unified_diff(kept.split("\n"), told.split("\n"), "kept", "told", lineterm="")
    assert told == kept, "\n".join(lines)
