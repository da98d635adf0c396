"""Pure: what several people said, as the model is told: who and when, fenced, bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.conversations import replies
from bot.dialogue import fence

_ONE_CHARS = 4_000


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, redacted."""

    speaker: str
    name: str
    text: str
    at: float
    """Seconds since the epoch."""


def told(label: str, lines: Sequence[Line], *, most: int, chars: int, left_out: int = 0) -> str:
    """The newest of them below a label; nothing where nothing was said. `left_out` are those that
    were not kept at all.
    """
    if not lines:
        return ""
    kept, size = list[str](), 0
    for line in reversed(lines[-most:]):
        one = _attributed(line)
        size += len(one) + 1
        if size > chars and kept:
            break
        kept.insert(0, one)
    gone = left_out + len(lines) - len(kept)
    remark = [f"[{gone} earlier left out]"] if gone else []
    return f"{label}\n{fence(chr(10).join((*remark, *kept)))}"


def shortened(text: str, chars: int = _ONE_CHARS) -> str:
    return text if len(text) <= chars else f"{text[:chars]} [… {len(text) - chars} left out …]"


def _attributed(line: Line) -> str:
    """Further lines are indented: none of them looks like somebody else's."""
    who = replies.speaker_of(line.speaker, line.name)
    when = f"{datetime.fromtimestamp(line.at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"{who}, {when}: {shortened(line.text)}".replace("\n", "\n    ")
