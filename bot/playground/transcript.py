"""A channel as text that can be compared: who said what, in threads; changes nothing."""

from typing import Any

from bot.playground.objects import Channel, Message
from bot.playground.state import State


def of(state: State, channel: Channel) -> str:
    lines = [f"#{channel.name}" if channel.kind != "im" else channel.name]
    for message in channel.messages.values():
        if message.is_reply and message.thread_ts in channel.messages:
            continue
        lines += _said(state, message, "")
        for reply in state.replies(channel, message.ts):
            if reply is not message:
                lines += _said(state, reply, "    ")
        if status := state.status(channel.id, message.ts):
            lines.append(f"    … {state.directory.bot.name} {status}")
    return "\n".join(lines) + "\n"


def _said(state: State, message: Message, indent: str) -> list[str]:
    author = state.directory.people.get(message.user)
    name = author.name if author else message.user
    words = readable(state, message).split("\n")
    lines = [f"{indent}{name}: {words[0]}", *(f"{indent}  {line}".rstrip() for line in words[1:])]
    for reaction, users in message.reactions.items():
        names = ", ".join(_name(state, user) for user in users)
        lines.append(f"{indent}  :{reaction}: {names}")
    return lines


def readable(state: State, message: Message) -> str:
    """A message's words: those of its blocks where an app wrote them, else its text."""
    shown = "\n".join(filter(None, (_words(block) for block in message.blocks)))
    text = shown if shown and message.is_bot else message.text
    for user, person in state.directory.people.items():
        text = text.replace(f"<@{user}>", f"@{person.name}")
    files = [f"[file {state.files[file_id].name}]" for file_id in message.files]
    edited = " (edited)" if message.edited else ""
    return "\n".join(filter(None, [text, *files])) + edited


def _name(state: State, user: str) -> str:
    person = state.directory.people.get(user)
    return person.name if person else user


def _words(block: Any) -> str:
    """All text in a block; a button stands in brackets, a divider is a line."""
    match block:
        case {"type": "divider"}:
            return "---"
        case {"type": "button", "text": {"text": str(text)}}:
            return f"[{text}]"
        case {"type": "actions" | "context" | "context_actions", "elements": list(elements)}:
            return " ".join(filter(None, (_words(element) for element in elements)))
        case {"type": "container"}:
            title, inside = _words(block.get("title")), _each(block.get("child_blocks"))
            return "\n".join(filter(None, [title, inside]))
        case {"type": "table", "rows": list(rows)}:
            return "\n".join(" | ".join(_words(cell) for cell in row) for row in rows)
        case {"text": str(text)}:
            return text
        case {"type": "rich_text" | "rich_text_section", "elements": list(elements)}:
            return "".join(_words(element) for element in elements)
        case {"type": str()}:
            return "\n".join(filter(None, [_words(block.get("text")), _each(block.get("fields"))]))
    return ""


def _each(blocks: Any) -> str:
    return "\n".join(_words(block) for block in blocks) if isinstance(blocks, list) else ""
