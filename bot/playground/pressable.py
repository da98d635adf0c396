"""What can be pressed in blocks, and what an app is told of a press; pure."""

from collections.abc import Iterator
from typing import Any

from bot.playground.objects import Json


def chosen(blocks: list[Json], action_id: str, value: str | None) -> Json | None:
    """The element with this action, as a press on it is told; `value` where several have it."""
    for pressed in _presses(blocks):
        if pressed["action_id"] == action_id and value in (None, pressed.get("value")):
            return pressed
    return None


def _presses(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        for element in _elements(block):
            yield from _ways(element | {"block_id": block.get("block_id", "")})
        yield from _presses([b for b in block.get("child_blocks") or [] if isinstance(b, dict)])


def _elements(block: Json) -> Iterator[Json]:
    inside: list[Any] = [*(block.get("elements") or []), block.get("accessory")]
    for element in inside:
        if isinstance(element, dict) and "action_id" in element:
            yield element


def _ways(element: Json) -> Iterator[Json]:
    """Feedback buttons are one element with two ways to press it."""
    if element.get("type") != "feedback_buttons":
        yield element
        return
    same = {name: element[name] for name in ("type", "action_id", "block_id")}
    for name in ("positive_button", "negative_button"):
        button = element.get(name) or {}
        yield same | {"text": button.get("text"), "value": button.get("value")}
