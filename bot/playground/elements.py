"""The parts blocks are made of: texts, buttons, menus, confirmations; pure."""

from collections.abc import Iterator
from typing import Any

from bot.playground import limits
from bot.playground.objects import Json

_INTERACTIVE = {
    "button",
    "overflow",
    "checkboxes",
    "radio_buttons",
    "static_select",
    "multi_static_select",
    "users_select",
    "conversations_select",
    "channels_select",
    "datepicker",
    "timepicker",
    "workflow_button",
}


def fault(message: str, pointer: str) -> str:
    return f"{message} [json-pointer:{pointer}]"


def kind_of(value: Any) -> str:
    """The `type` of an object; empty where it has none, or is no object."""
    return str(value.get("type") or "") if isinstance(value, dict) else ""


def name_of_ours(value: Json, name: str, most: int, where: str) -> Iterator[str]:
    """A `block_id` or `action_id`, which may be left out."""
    found = value.get(name)
    if found is not None and not isinstance(found, str):
        yield fault("must be a string", f"{where}/{name}")
    elif len(found or "") > most:
        yield fault(f"must be less than {most + 1} characters", f"{where}/{name}")


def items(value: Any) -> list[Any]:
    """A list; an empty one where it is none."""
    return value if isinstance(value, list) else []


def required_list(value: Any, most: int, where: str) -> Iterator[str]:
    if not isinstance(value, list) or not value:
        yield fault("no fewer than 1 items allowed", where)
    elif len(value) > most:
        yield fault(f"no more than {most} items allowed", where)


def text_object(value: Any, most: int, where: str) -> Iterator[str]:
    """A text object of either kind, with 1 to `most` characters."""
    if kind_of(value) not in {"mrkdwn", "plain_text"}:
        yield fault("must provide a string or text object", where)
        return
    text = value.get("text")
    if not isinstance(text, str) or not text:
        yield fault("must be more than 0 characters", f"{where}/text")
    elif len(text) > most:
        yield fault(f"must be less than {most + 1} characters", f"{where}/text")


def plain_text(value: Any, most: int, where: str) -> Iterator[str]:
    if kind_of(value) == "mrkdwn":
        yield fault("must be a plain_text object", where)
    else:
        yield from text_object(value, most, where)


def each_element(elements: list[Any], where: str, *, one: bool = False) -> Iterator[str]:
    """Interactive elements; `one` where there is no list around it in the payload."""
    seen: set[str] = set()
    for number, element in enumerate(elements):
        at = where if one else f"{where}/{number}"
        yield from _element(element, at, one=one)
        name = str(element.get("action_id") or "") if isinstance(element, dict) else ""
        if name and name in seen:
            yield fault(f'action_id "{name}" already exists', f"{at}/action_id")
        seen.add(name)


def _element(element: Any, where: str, *, one: bool) -> Iterator[str]:
    kind = kind_of(element)
    if one and kind == "image":
        return
    if kind not in _INTERACTIVE:
        yield fault(f"unsupported type: {kind}", f"{where}/type")
        return
    yield from name_of_ours(element, "action_id", limits.ACTION_ID, where)
    if kind == "button":
        yield from _button(element, where)
    if "options" in element:
        yield from _options(element["options"], f"{where}/options")
    if "confirm" in element:
        yield from confirmation(element["confirm"], f"{where}/confirm")


def _button(button: Json, where: str) -> Iterator[str]:
    yield from plain_text(button.get("text"), limits.BUTTON_TEXT, f"{where}/text")
    if len(str(button.get("value") or "")) > limits.BUTTON_VALUE:
        yield fault(f"must be less than {limits.BUTTON_VALUE + 1} characters", f"{where}/value")
    if len(str(button.get("url") or "")) > limits.URL:
        yield fault(f"must be less than {limits.URL + 1} characters", f"{where}/url")
    if button.get("style", "primary") not in ("primary", "danger"):
        yield fault("must be one of primary, danger", f"{where}/style")


def feedback_buttons(element: Json, where: str) -> Iterator[str]:
    """A good and a bad button; each needs a value to be told apart by."""
    yield from name_of_ours(element, "action_id", limits.ACTION_ID, where)
    for name in ("positive_button", "negative_button"):
        button, at = element.get(name), f"{where}/{name}"
        if not isinstance(button, dict):
            yield fault(f"missing required field: {name}", where)
            continue
        yield from plain_text(button.get("text"), limits.BUTTON_TEXT, f"{at}/text")
        value = button.get("value")
        if not isinstance(value, str) or not value:
            yield fault("missing required field: value", at)
        elif len(value) > limits.BUTTON_VALUE:
            yield fault(f"must be less than {limits.BUTTON_VALUE + 1} characters", f"{at}/value")
        if len(str(button.get("accessibility_label") or "")) > limits.BUTTON_TEXT:
            most = limits.BUTTON_TEXT + 1
            yield fault(f"must be less than {most} characters", f"{at}/accessibility_label")


def _options(options: Any, where: str) -> Iterator[str]:
    yield from required_list(options, limits.OPTIONS, where)
    for number, option in enumerate(options if isinstance(options, list) else ()):
        text = option.get("text") if isinstance(option, dict) else None
        yield from text_object(text, limits.OPTION_TEXT, f"{where}/{number}/text")


def confirmation(value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield fault("must be an object", where)
        return
    yield from plain_text(value.get("title"), limits.CONFIRM_TITLE, f"{where}/title")
    yield from text_object(value.get("text"), limits.CONFIRM_TEXT, f"{where}/text")
    for name in ("confirm", "deny"):
        yield from plain_text(value.get(name), limits.CONFIRM_BUTTON, f"{where}/{name}")
