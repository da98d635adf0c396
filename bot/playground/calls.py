"""One Web API call: its arguments, what it may touch, and how it is refused."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bot.playground.objects import Channel, Json, Message
from bot.playground.tokens import TokenKind
from bot.playground.workspace import Workspace

_TIMESTAMP = re.compile(r"[0-9]{1,12}\.[0-9]{1,6}")
_CURSOR = re.compile(r"bmV4dDo([0-9]{1,9})")
_DEEPEST = 50
"""Objects within objects; no block, view or metadata needs nearly as many."""


class Refused(Exception):
    """A call that gets `ok: false`, with the error Slack gives and any more fields."""

    def __init__(self, error: str, **fields: Any) -> None:
        super().__init__(error)
        self.error = error
        self.fields = fields


def bad_arguments(*messages: str) -> Refused:
    shown = [f"[ERROR] {message}" for message in messages]
    return Refused("invalid_arguments", response_metadata={"messages": shown})


class Arguments:
    """Named values, whatever encoding they came in: JSON, or text that holds JSON."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, dict | list):
            raise bad_arguments(f"must be a string [json-pointer:/{name}]")
        return str(value)

    def need(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise bad_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool | None:
        """None where it was not said."""
        value = self.text(name).lower()
        return value in {"true", "1"} if value else None

    def number(self, name: str, otherwise: int) -> int:
        try:
            return int(self.text(name) or otherwise)
        except ValueError:
            raise bad_arguments(f"must be an integer [json-pointer:/{name}]") from None

    def items(self, name: str, refusal: str) -> list[Json] | None:
        """A JSON array of objects; None where it was not said."""
        value = self._decoded(name, refusal)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise Refused(refusal)
        return value

    def words(self, name: str) -> list[str]:
        """A JSON array of strings, or strings with commas between them."""
        value = self.values.get(name)
        if isinstance(value, str) and not value.startswith("["):
            return [word.strip() for word in value.split(",") if word.strip()]
        found = self._decoded(name, "invalid_arguments")
        return [str(word) for word in found] if isinstance(found, list) else []

    def mapping(self, name: str, refusal: str) -> Json | None:
        value = self._decoded(name, refusal)
        if value is not None and not isinstance(value, dict):
            raise Refused(refusal)
        return value

    def _decoded(self, name: str, refusal: str) -> Any:
        value = self.values.get(name)
        if isinstance(value, str):
            try:
                value = orjson.loads(value) if value.strip() else None
            except orjson.JSONDecodeError:
                raise Refused(refusal) from None
        if _is_deep(value):
            raise Refused(refusal)
        return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(value: Any) -> list[Any]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
        case _:
            return []


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose token and scopes have been found good."""

    method: str
    arguments: Arguments
    workspace: Workspace

    def channel(self, name: str = "channel") -> Channel:
        """The channel meant, as far as the app may know of it."""
        wanted = self.arguments.need(name)
        try:
            channel = self.workspace.directory.channel(wanted)
        except LookupError:
            raise Refused("channel_not_found") from None
        if channel.kind != "channel" and self.workspace.bot.id not in channel.members:
            raise Refused("channel_not_found")
        return channel

    def joined_channel(self, name: str = "channel") -> Channel:
        channel = self.channel(name)
        if self.workspace.bot.id not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def open_channel(self, name: str = "channel") -> Channel:
        """A channel the app may write to."""
        channel = self.joined_channel(name)
        if channel.is_archived:
            raise Refused("is_archived")
        return channel

    def message(self, channel: Channel, name: str = "ts", refusal: str = "") -> Message:
        found = channel.messages.get(self.arguments.need(name))
        if found is None or found.subtype == "tombstone":
            raise Refused(refusal or "message_not_found")
        return found

    def thread_ts(self, channel: Channel, missing: str = "thread_not_found") -> str | None:
        """The root's timestamp of the thread meant; None where none was named."""
        said = self.arguments.text("thread_ts")
        if not said:
            return None
        if not _TIMESTAMP.fullmatch(said):
            raise Refused("invalid_thread_ts")
        found = channel.messages.get(said)
        if found is None:
            raise Refused(missing)
        return found.thread_ts or found.ts

    def need_scope(self, *scopes: str) -> None:
        """Refuses the call unless one of these scopes is granted."""
        if not self.workspace.grants.holds_any(scopes):
            provided = ",".join(self.workspace.grants.scopes)
            raise Refused("missing_scope", needed=",".join(scopes), provided=provided)


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does, which scopes open it (any of them) and for which tokens it is."""

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    tokens: tuple[TokenKind, ...] = ("bot",)


def page_of(
    found: list[Any], arguments: Arguments, *, otherwise: int, most: int
) -> tuple[list[Any], str]:
    """A slice by `cursor` and `limit`, and the cursor of what follows; "" at the end."""
    limit = arguments.number("limit", otherwise)
    if not 1 <= limit <= most:
        raise Refused("invalid_limit")
    start = _position(arguments.text("cursor"))
    rest = start + limit
    return found[start:rest], f"bmV4dDo{rest}" if rest < len(found) else ""


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Refused("invalid_cursor")
    return int(found[1])
