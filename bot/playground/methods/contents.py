"""What a message is to hold, read from a call's arguments and checked; changes nothing."""

from dataclasses import dataclass

import orjson

from bot.playground import blocks as block_rules
from bot.playground import limits
from bot.playground import text as texts
from bot.playground.calls import Call, Refused
from bot.playground.directory import new_id
from bot.playground.objects import Json

_INTERACTIVE = {"actions", "context_actions"}
_WITHOUT_TEXT = "This content can't be displayed."


@dataclass(frozen=True, slots=True)
class Contents:
    text: str
    has_text: bool
    blocks: list[Json] | None
    attachments: list[Json] | None
    metadata: Json | None

    @property
    def is_empty(self) -> bool:
        """Nothing was said; an empty list of blocks beside a text is something."""
        return not (self.has_text or self.blocks or self.attachments)


def contents_of(call: Call) -> Contents:
    """Raises Refused as Slack does where something is malformed or too long."""
    said = call.arguments
    blocks = said.items("blocks", "invalid_blocks_format")
    attachments = said.items("attachments", "invalid_attachments")
    text, markdown = said.text("text"), said.text("markdown_text")
    if markdown:
        if text or blocks:
            raise Refused("markdown_text_conflict")
        if len(markdown) > limits.MARKDOWN:
            raise Refused("msg_too_long")
        text, blocks = markdown, [{"type": "markdown", "text": markdown}]
    if blocks:
        block_rules.check(blocks, call.workspace.refused_blocks)
        blocks = [_named(block) for block in blocks]
    if attachments and len(attachments) > limits.ATTACHMENTS:
        raise Refused("too_many_attachments")
    kept = texts.written_by_app(text) or (_WITHOUT_TEXT if blocks else "")
    return Contents(kept, bool(text.strip()), blocks, attachments, _metadata(call))


def _named(block: Json) -> Json:
    """A block with the ids Slack gives where the app gave none."""
    named = dict(block)
    if block["type"] != "markdown":
        named.setdefault("block_id", new_id("", 5))
    if isinstance(block.get("elements"), list) and block["type"] in _INTERACTIVE:
        named["elements"] = [
            {"action_id": new_id("", 5), **element} for element in block["elements"]
        ]
    if block["type"] == "container":
        named["child_blocks"] = [_named(child) for child in block["child_blocks"]]
    return named


def _metadata(call: Call) -> Json | None:
    metadata = call.arguments.mapping("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata.get("event_type"), str) or not metadata["event_type"]:
        raise Refused("invalid_metadata_schema")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema")
    if len(orjson.dumps(metadata)) > limits.METADATA_BYTES:
        raise Refused("metadata_too_large")
    return metadata
