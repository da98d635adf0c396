"""Pure: text and JSON that a file can hold. Slack and models send halves of characters at times."""

import json
from typing import Any

import orjson

from bot.plaintext import clean


def sound_text(text: str) -> str:
    """Halves of a surrogate pair, which no encoding has a place for, become question marks."""
    return text.encode("utf-8", "replace").decode()


def legible(text: str) -> str:
    """As it is redacted: an invisible character in the middle of a token would hide it."""
    return clean(sound_text(text))


def sound_json(value: Any) -> bytes:
    """Strict JSON, the slow way round only where the quick one refuses."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
