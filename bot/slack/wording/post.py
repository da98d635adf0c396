"""One message for Slack, and its simpler forms for a Slack that refuses it; pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from bot.slack.wording.parts import split
from bot.slack.wording.text import safe_mrkdwn

# Slack takes 12,000 characters of Markdown in a message, measured nearer to 11 kB in all.
MARKDOWN_BYTES = 11_000
# Slack recommends 4,000 characters and has refused as few.
TEXT_BYTES = 3_500
FALLBACK_BYTES = 300
_CUT = "\n…"
EMPTY = "(empty)"

CONTAINER = "container"
RATING_BLOCK = "context_actions"
ACTIONS = "actions"


@dataclass(frozen=True, slots=True)
class Post:
    """One message: its blocks, and the text that phones, screen readers and others show."""

    text: str
    blocks: tuple[dict[str, Any], ...] = ()
    plain: str = ""
    """What is said where Slack refuses the blocks; empty: what the markdown in them says."""
    folded: str = ""
    """The Markdown of what its container holds."""
    optional: tuple[str, ...] = ()
    """Types of its blocks that it can do without; the first to be left out comes first."""
    is_broadcast: bool = False
    """Shown in the channel too, not only in its thread."""


def without(post: Post, kinds: Collection[str]) -> Post:
    """The same words with none of these optional types: what was folded stands below the rest."""
    left_out = {*kinds} & {*post.optional}
    if not left_out:
        return post
    blocks = tuple(block for block in post.blocks if block["type"] not in left_out)
    folded = post.folded
    if CONTAINER in left_out and folded:
        blocks = _with_below(blocks, folded)
        folded = ""
    optional = tuple(kind for kind in post.optional if kind not in left_out)
    return replace(post, blocks=blocks, folded=folded, optional=optional)


def _with_below(blocks: tuple[dict[str, Any], ...], folded: str) -> tuple[dict[str, Any], ...]:
    if not blocks or blocks[0]["type"] != "markdown":
        return (markdown_block(folded), *blocks)
    first, *others = blocks
    return (markdown_block(f"{first['text']}\n\n{folded}"), *others)


def plain_posts(post: Post) -> tuple[Post, ...]:
    """The same message without blocks, for a Slack that refuses them."""
    said = (str(block["text"]) for block in post.blocks if block["type"] == "markdown")
    markdown = post.plain or "\n".join(said) or post.text
    parts = split(as_text(markdown), TEXT_BYTES)
    return tuple(
        Post(part, is_broadcast=post.is_broadcast and not number)
        for number, part in enumerate(parts)
    )


def markdown_block(markdown: str) -> dict[str, Any]:
    return {"type": "markdown", "text": markdown}


def plain_text(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def text_beside(markdown: str, *, used_bytes: int = 0) -> str:
    """As much as there is room for: screen readers read this and none of the blocks."""
    used = used_bytes or len(markdown.encode())
    room = max(FALLBACK_BYTES, min(TEXT_BYTES, MARKDOWN_BYTES - used))
    first, *more = split(as_text(markdown), room - len(_CUT.encode()))
    return first + _CUT if more else first


def as_text(markdown: str) -> str:
    """For `text`. What is safe already is escaped once, together with its `&`."""
    return safe_mrkdwn(markdown.replace("&lt;", "<").replace("&gt;", ">")).strip() or EMPTY
