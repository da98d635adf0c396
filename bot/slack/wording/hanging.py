"""All the words of a message: its text, and what hangs on it; pure.

Alerts say in attachments and blocks what people say in the text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.slack.wording.text import escaped

_MOST_ATTACHMENTS = 10
_MOST_BLOCKS = 50
_DEEPEST = 6


def with_attachments(event: Mapping[str, Any]) -> str:
    """The same with the names of its files, for where only words are kept."""
    names = [escaped(str(one.get("name") or one.get("title"))) for one in _files(event)]
    files = [f"(file: {' '.join(name.split())})" for name in names]
    return "\n".join(part for part in (all_words(event), *files) if part)


def all_words(event: Mapping[str, Any]) -> str:
    """The text of a message event with what hangs on it: alerts, forwarded messages."""
    attached = _objects(event.get("attachments"))
    hanging = [_attachment(one) for one in attached if not _is_preview(one)]
    text = str(event.get("text") or "") or _in_blocks(event.get("blocks"))
    return "\n".join(part for part in (text, *hanging) if part)


def _is_preview(attachment: Mapping[str, Any]) -> bool:
    """Slack's own, of a link: it comes later, as a change of the message, and nobody said it."""
    return bool(attachment.get("from_url")) and not attachment.get("is_share")


def _files(event: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = _objects(event.get("files"))
    return [one for one in found if one.get("name") or one.get("title")]


def _objects(value: Any, most: int = _MOST_ATTACHMENTS) -> list[Mapping[str, Any]]:
    """The objects of a list; a server that hangs something else on a message is read past."""
    found = value if isinstance(value, list) else []
    return [one for one in found[:most] if isinstance(one, Mapping)]


def _attachment(attachment: Mapping[str, Any]) -> str:
    fields = [
        f"{one.get('title', '')}: {one.get('value', '')}"
        for one in _objects(attachment.get("fields"))
    ]
    said = [str(attachment.get(key) or "") for key in ("pretext", "title", "text")]
    lines = [line for line in (*said, *fields) if line]
    if lines:
        return "\n".join(lines)
    return (
        _in_blocks(attachment.get("blocks"))
        or _in_forwarded(attachment.get("message_blocks"))
        or str(attachment.get("fallback") or "")
    )


def _in_forwarded(found: Any) -> str:
    """The blocks of a message that somebody has passed on."""
    messages = [one.get("message") for one in _objects(found)]
    blocks = [one.get("blocks") for one in messages if isinstance(one, Mapping)]
    return "\n".join(text for text in map(_in_blocks, blocks) if text)


def _in_blocks(blocks: Any) -> str:
    """For messages of apps that have no text but blocks; a line for each."""
    lines = ("".join(_words(one, _DEEPEST)) for one in _objects(blocks, _MOST_BLOCKS))
    return "\n".join(line for line in lines if line)


def _words(block: Mapping[str, Any], depth: int) -> Iterator[str]:
    text = block.get("text")
    if isinstance(text, str):
        # Only mrkdwn is escaped already, as the text of a message is.
        yield text if block.get("type") == "mrkdwn" else escaped(text)
    elif isinstance(text, Mapping):
        yield from _words(text, 0)
    if block.get("type") == "user":
        yield f"<@{block.get('user_id', '')}>"
    for name in ("fields", "elements"):
        for one in _objects(block.get(name), _MOST_BLOCKS) if depth else ():
            yield from _words(one, depth - 1)
