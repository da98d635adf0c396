"""Which blocks a message may hold and how large they may be; pure, and answers as Slack does."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from bot.playground import data_blocks, limits
from bot.playground.calls import Refused
from bot.playground.elements import (
    each_element,
    fault,
    feedback_buttons,
    items,
    kind_of,
    name_of_ours,
    plain_text,
    required_list,
    text_object,
)
from bot.playground.objects import Json

Faults = Iterator[str]

_MOST_OF_A_KIND = {"table": 1, "data_visualization": limits.CHARTS}
_FOR_MESSAGES_ONLY = {
    "markdown",
    "table",
    "data_table",
    "data_visualization",
    "container",
    "context_actions",
    "card",
    "carousel",
    "plan",
    "task_card",
}


def check(blocks: list[Json], refused: Collection[str] = ()) -> None:
    """Raises Refused with invalid_blocks, or msg_blocks_too_long, where Slack refuses.

    `refused` are kinds that this workspace does not take, as where a feature is not there yet.
    """
    faults = [
        *_unknown_here(blocks, {"input", *refused}, "/blocks"),
        *faults_of(blocks, "/blocks"),
    ]
    if faults:
        shown = [f"[ERROR] {message}" for message in faults]
        raise Refused("invalid_blocks", errors=faults, response_metadata={"messages": shown})
    markdown = sum(len(b["text"]) for b in _each(blocks) if b["type"] == "markdown")
    if markdown > limits.MARKDOWN or _length(blocks) > limits.ALL_BLOCKS:
        raise Refused("msg_blocks_too_long")


def for_view(blocks: list[Json], place: str) -> Faults:
    """What is wrong with the blocks of a home tab or of a window."""
    yield from _unknown_here(blocks, _FOR_MESSAGES_ONLY, place)
    yield from faults_of(blocks, place, most=limits.VIEW_BLOCKS)


def _each(blocks: list[Json]) -> Iterator[Json]:
    """Blocks and those inside containers."""
    for block in blocks:
        yield block
        yield from _each([b for b in items(block.get("child_blocks")) if isinstance(b, dict)])


def _unknown_here(blocks: list[Json], kinds: Collection[str], place: str) -> Faults:
    for number, block in enumerate(blocks):
        if kind_of(block) in kinds:
            yield fault(f"unsupported type: {kind_of(block)}", f"{place}/{number}/type")
        children = [b for b in items(block.get("child_blocks")) if isinstance(b, dict)]
        yield from _unknown_here(children, kinds, f"{place}/{number}/child_blocks")


def _length(value: Any) -> int:
    """Characters of all texts inside, with something for each object around them."""
    match value:
        case str():
            return len(value)
        case dict():
            return sum(_length(inner) for name, inner in value.items() if name == "text") + sum(
                _length(inner)
                for inner in value.values()
                if isinstance(inner, dict | list) and inner is not value.get("text")
            )
        case list():
            return sum(_length(inner) for inner in value)
    return 0


def faults_of(blocks: list[Json], place: str, *, most: int = limits.BLOCKS) -> Faults:
    """What is wrong, in Slack's words; `place` is the pointer to the blocks in the call."""
    if len(blocks) > most:
        yield fault(f"no more than {most} items allowed", place)
    seen: set[str] = set()
    counts = dict.fromkeys(_MOST_OF_A_KIND, 0)
    for number, block in enumerate(blocks):
        where = f"{place}/{number}"
        yield from _block(block, where)
        block_id = str(block.get("block_id") or "")
        if block_id and block_id in seen:
            yield fault(f'block_id "{block_id}" already exists', f"{where}/block_id")
        seen.add(block_id)
        if kind_of(block) in counts:
            counts[kind_of(block)] += 1
    for kind, most in _MOST_OF_A_KIND.items():
        if counts[kind] > most:
            yield fault(f"no more than {most} {kind} allowed", place)


def _block(block: Json, where: str) -> Faults:
    kind = kind_of(block)
    if not kind:
        yield fault("missing required field: type", where)
    elif kind not in _CHECKS:
        yield fault(f"unsupported type: {kind}", f"{where}/type")
    else:
        yield from name_of_ours(block, "block_id", limits.BLOCK_ID, where)
        yield from _CHECKS[kind](block, where)


def _section(block: Json, where: str) -> Faults:
    if not block.get("text") and not block.get("fields"):
        yield fault("missing required field: text", where)
    if "text" in block:
        yield from text_object(block["text"], limits.SECTION_TEXT, f"{where}/text")
    if "fields" in block:
        fields = f"{where}/fields"
        yield from required_list(block["fields"], limits.SECTION_FIELDS, fields)
        for number, field in enumerate(items(block["fields"])):
            yield from text_object(field, limits.FIELD_TEXT, f"{fields}/{number}")
    if "accessory" in block:
        yield from each_element([block["accessory"]], f"{where}/accessory", one=True)


def _header(block: Json, where: str) -> Faults:
    yield from plain_text(block.get("text"), limits.HEADER_TEXT, f"{where}/text")


def _markdown(block: Json, where: str) -> Faults:
    text = block.get("text")
    if not isinstance(text, str) or not text:
        yield fault("must be more than 0 characters", f"{where}/text")


def _actions(block: Json, where: str) -> Faults:
    yield from required_list(block.get("elements"), limits.ACTIONS_ELEMENTS, f"{where}/elements")
    if isinstance(block.get("elements"), list):
        yield from each_element(block["elements"], f"{where}/elements")


def _context(block: Json, where: str) -> Faults:
    elements = block.get("elements")
    yield from required_list(elements, limits.CONTEXT_ELEMENTS, f"{where}/elements")
    for number, element in enumerate(items(elements)):
        at = f"{where}/elements/{number}"
        if kind_of(element) != "image":
            yield from text_object(element, limits.SECTION_TEXT, at)


def _context_actions(block: Json, where: str) -> Faults:
    at = f"{where}/elements"
    yield from required_list(block.get("elements"), limits.CONTEXT_ACTIONS_ELEMENTS, at)
    elements = block.get("elements")
    for number, element in enumerate(items(elements)):
        kind = kind_of(element)
        if kind not in {"feedback_buttons", "icon_button"}:
            yield fault(f"unsupported type: {kind}", f"{at}/{number}/type")
        elif kind == "feedback_buttons":
            yield from feedback_buttons(element, f"{at}/{number}")


def _image(block: Json, where: str) -> Faults:
    if not block.get("alt_text"):
        yield fault("missing required field: alt_text", where)
    if not (block.get("image_url") or block.get("slack_file")):
        yield fault("missing required field: image_url", where)


def _rich_text(block: Json, where: str) -> Faults:
    elements = block.get("elements")
    known = {
        "rich_text_section",
        "rich_text_list",
        "rich_text_preformatted",
        "rich_text_quote",
    }
    if not isinstance(elements, list):
        yield fault("missing required field: elements", where)
        return
    for number, element in enumerate(elements):
        kind = kind_of(element)
        if kind not in known:
            yield fault(f"unsupported type: {kind}", f"{where}/elements/{number}/type")


def _container(block: Json, where: str) -> Faults:
    children = block.get("child_blocks")
    at = f"{where}/child_blocks"
    if "rich_text_title" not in block:
        yield from plain_text(block.get("title"), limits.CONTAINER_TITLE, f"{where}/title")
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield fault("default_collapsed needs is_collapsible", f"{where}/default_collapsed")
    yield from required_list(children, limits.CONTAINER_CHILDREN, at)
    for number, child in enumerate(items(children)):
        if not isinstance(child, dict):
            yield fault("must be an object", f"{at}/{number}")
        elif kind_of(child) == "container":
            yield fault("unsupported type: container", f"{at}/{number}/type")
        else:
            yield from _block(child, f"{at}/{number}")


def _input(block: Json, where: str) -> Faults:
    yield from plain_text(block.get("label"), limits.INPUT_LABEL, f"{where}/label")
    if not kind_of(block.get("element")):
        yield fault("missing required field: element", where)


def _anything(block: Json, where: str) -> Faults:
    """A kind whose inside is not checked here."""
    del block, where
    yield from ()


_CHECKS: dict[str, Callable[[Json, str], Faults]] = {
    "section": _section,
    "header": _header,
    "markdown": _markdown,
    "actions": _actions,
    "context": _context,
    "context_actions": _context_actions,
    "image": _image,
    "table": data_blocks.table,
    "rich_text": _rich_text,
    "container": _container,
    "input": _input,
    "divider": _anything,
    "file": _anything,
    "video": _anything,
    "card": _anything,
    "carousel": _anything,
    "plan": _anything,
    "task_card": _anything,
    "data_table": data_blocks.data_table,
    "data_visualization": data_blocks.data_visualization,
}
