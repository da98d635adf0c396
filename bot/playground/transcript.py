"""A channel or a home tab as text that can be compared; changes nothing.

Threads are indented. A folded part stands below `▸`, an unfolded one below `▾`; a button stands in
brackets; what only one person sees says so, and so does a reply that the channel sees too.
"""

from collections.abc import Callable
from typing import Any

from bot.playground.objects import Channel, Ephemeral, Json, Message
from bot.playground.state import State


def of(state: State, channel: Channel) -> str:
    lines = [f"#{channel.name}" if channel.kind != "im" else channel.name]
    for said in _in_order(state, channel, None):
        if isinstance(said, Message) and said.is_reply and said.thread_ts in channel.messages:
            lines += _broadcast(state, said)
            continue
        lines += _said(state, said, "")
        if isinstance(said, Message):
            lines += _thread(state, channel, said)
    return "\n".join(lines) + "\n"


def of_view(view: Json) -> str:
    return _each(view.get("blocks")) + "\n"


def _in_order(state: State, channel: Channel, root: str | None) -> list[Message | Ephemeral]:
    """What is said in a thread, or in the channel itself where `root` is None; oldest first."""
    whispers = [w for w in state.ephemerals if (w.channel, w.thread_ts) == (channel.id, root)]
    said = state.replies(channel, root)[1:] if root else list(channel.messages.values())
    return sorted([*said, *whispers], key=lambda one: float(one.ts))


def _thread(state: State, channel: Channel, root: Message) -> list[str]:
    lines = [
        line for said in _in_order(state, channel, root.ts) for line in _said(state, said, "    ")
    ]
    if status := state.status(channel.id, root.ts):
        lines.append(f"    … {state.directory.bot.name} {status}")
    return lines


def _broadcast(state: State, message: Message) -> list[str]:
    """The place in the channel where a reply is shown a second time."""
    if message.subtype != "thread_broadcast":
        return []
    first = readable(state, message).split("\n")[0]
    return [f"{_name(state, message.user)} (replied in a thread): {first}"]


def _said(state: State, said: Message | Ephemeral, indent: str) -> list[str]:
    if isinstance(said, Ephemeral):
        name = f"{state.directory.bot.name} (only {_name(state, said.user)} sees this)"
        words = _with_names(state, _each(said.blocks) or said.text).split("\n")
    else:
        also = " (also in the channel)" if said.subtype == "thread_broadcast" else ""
        name, words = _name(state, said.user) + also, readable(state, said).split("\n")
    lines = [f"{indent}{name}: {words[0]}", *(f"{indent}  {line}".rstrip() for line in words[1:])]
    for reaction, users in said.reactions.items() if isinstance(said, Message) else ():
        names = ", ".join(_name(state, user) for user in users)
        lines.append(f"{indent}  :{reaction}: {names}")
    return lines


def readable(state: State, message: Message) -> str:
    """A message's words: those of its blocks where an app wrote them, else its text."""
    shown = _each(message.blocks)
    text = shown if shown and message.is_bot else message.text
    attached = [f"[attached: {_attached(one)}]" for one in message.attachments]
    files = [f"[file {state.files[file_id].name}]" for file_id in message.files]
    edited = " (edited)" if message.edited else ""
    return _with_names(state, "\n".join(filter(None, [text, *attached, *files]))) + edited


def _attached(attachment: Json) -> str:
    return str(
        attachment.get("fallback") or attachment.get("text") or attachment.get("title") or ""
    )


def _with_names(state: State, text: str) -> str:
    for user, person in state.directory.people.items():
        text = text.replace(f"<@{user}>", f"@{person.name}")
    return text


def _name(state: State, user: str) -> str:
    person = state.directory.people.get(user)
    return person.name if person else user


def _words(block: Any) -> str:
    """All text in a block."""
    match block:
        case {"type": "divider"}:
            return "---"
        case {"type": "container" | "table" | "data_table" | "data_visualization" as kind}:
            return _LARGE[kind](block)
        case {"type": "actions" | "context" | "context_actions", "elements": list(elements)}:
            return " ".join(filter(None, (_words(element) for element in elements)))
        case {"type": "rich_text" | "rich_text_section", "elements": list(elements)}:
            return "".join(_words(element) for element in elements)
        case {"type": "button" | "feedback_buttons" | "image" | "raw_number"}:
            return _element(block)
        case {"text": str(text)}:
            return text
        case {"type": str()}:
            parts = [_words(block.get("text")), _each(block.get("fields"))]
            return "\n".join(filter(None, [*parts, _words(block.get("accessory"))]))
    return ""


def _element(element: Json) -> str:
    match element["type"]:
        case "image":
            return f"[image: {element.get('alt_text')}]"
        case "raw_number":
            return str(element.get("text") or element.get("value"))
        case "button":
            return f"[{_words(element.get('text'))}]"
    names = ("positive_button", "negative_button")
    return " ".join(f"[{_words(element[name].get('text'))}]" for name in names)


def _table(block: Json) -> str:
    rows = [" | ".join(_words(cell) for cell in row) for row in block["rows"]]
    return "\n".join(filter(None, [str(block.get("caption") or ""), *rows]))


def _container(block: Json) -> str:
    """A title in a row of its own, and what is inside two columns to the right."""
    sign = "▸" if block.get("default_collapsed") else "▾"
    inside = _each(block.get("child_blocks"))
    title = " ".join([sign, _words(block.get("title") or block.get("rich_text_title"))])
    return "\n".join([title, *(f"  {line}".rstrip() for line in inside.split("\n"))])


def _chart(block: Json) -> str:
    chart = block["chart"]
    series = chart.get("series") or [{"name": "", "data": chart.get("segments")}]
    lines = [f"{one['name']}: {_points(one['data'])}".removeprefix(": ") for one in series]
    return "\n".join([f"[{chart['type']} chart: {block['title']}]", *lines])


def _points(points: list[Json]) -> str:
    return ", ".join(f"{point['label']} {point['value']}" for point in points)


def _each(blocks: Any) -> str:
    shown = [_words(block) for block in blocks] if isinstance(blocks, list) else []
    return "\n".join(filter(None, shown))


_LARGE: dict[str, Callable[[Json], str]] = {
    "container": _container,
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
}
