"""Long evidence folded into a container that people open if they like; pure.

A container takes no markdown block inside, so its words stand in sections.
"""

from typing import Any

from bot.slack.wording.parts import split
from bot.slack.wording.post import CONTAINER, as_text, plain_text

_MOST_CHILDREN = 10
_SECTION_BYTES = 2_900
_SHORT_BYTES = 400
_SHORT_LINES = 4


def is_long(evidence: str) -> bool:
    """Too long to stand below an answer unfolded."""
    return len(evidence.encode()) > _SHORT_BYTES or evidence.count("\n") >= _SHORT_LINES


def container(markdown: str, title: str) -> dict[str, Any] | None:
    """Closed at first. `markdown` is safe; None where it is too long for one container."""
    texts = split(as_text(markdown), _SECTION_BYTES)
    if len(texts) > _MOST_CHILDREN:
        return None
    return {
        "type": CONTAINER,
        "title": plain_text(title),
        "is_collapsible": True,
        "default_collapsed": True,
        "child_blocks": [_section(text) for text in texts],
    }


def size_of(block: dict[str, Any]) -> int:
    """UTF-8 bytes of its words."""
    texts = (child["text"]["text"] for child in block["child_blocks"])
    return len(block["title"]["text"].encode()) + sum(len(text.encode()) for text in texts)


def _section(text: str) -> dict[str, Any]:
    # Verbatim: Slack looks for no names of people or channels in it.
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
