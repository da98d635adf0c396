"""The workspace's state and the changes that people and apps alike make to it.

Every change is announced to the app and to whoever waits; permission is asked elsewhere.
"""

import secrets
from collections import deque
from collections.abc import Collection
from typing import Any

from bot.playground import wire
from bot.playground.announcer import Announcer
from bot.playground.changes import Changes
from bot.playground.clock import Clock, Timestamps, WallClock
from bot.playground.deliveries import Deliveries
from bot.playground.directory import new_directory, people_of_a_playground
from bot.playground.faults import Faults
from bot.playground.manifest import Grants
from bot.playground.objects import (
    ApiCall,
    Channel,
    Ephemeral,
    Json,
    Message,
    ReplyAddress,
    Session,
    Status,
    StoredFile,
)
from bot.playground.rates import Rates
from bot.playground.tokens import Tokens
from bot.playground.visibility import Visibility
from bot.playground.welcome import Welcome

_STATUS_SECONDS = 120.0
_REPLY_ADDRESS_SECONDS = 1_800.0


class State:
    def __init__(
        self,
        *,
        clock: Clock | None = None,
        redelivery_seconds: float = 3.0,
        bot_name: str = "kaia",
    ) -> None:
        self.clock: Clock = clock or WallClock()
        self.stamps = Timestamps(self.clock)
        self.directory = new_directory(bot_name)
        people_of_a_playground(self.directory)
        self.tokens = Tokens(self.directory.app_id)
        self.changes = Changes()
        self.faults = Faults()
        self.rates = Rates(self.clock)
        self.visibility = Visibility(self.clock)
        self.deliveries = Deliveries(self.clock, self.changes.notify, redelivery_seconds)
        self.announcer = Announcer(self.directory, self.deliveries, self.clock, self.stamps)
        self.base_url = "http://127.0.0.1"
        """Where the server can be reached, for the addresses of files; no slash at the end."""
        self.welcome = Welcome()
        self.statuses: dict[tuple[str, str], Status] = {}
        self.sessions: dict[tuple[str, str], Session] = {}
        self.prompts: dict[tuple[str, str], Json] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.files: dict[str, StoredFile] = {}
        self.views: dict[str, Json] = {}
        self.homes: dict[str, str] = {}
        """User id -> id of the view in their home tab."""
        self.refused_blocks: frozenset[str] = frozenset()
        self.exchanged_triggers: set[str] = set()
        self.reply_addresses: dict[str, ReplyAddress] = {}
        self.ephemerals: list[Ephemeral] = []
        self.calls: deque[ApiCall] = deque(maxlen=10_000)
        self.oddities: list[str] = []
        """What the app did that Slack lets pass and nobody should do."""

    @property
    def grants(self) -> Grants:
        return self.announcer.grants

    @grants.setter
    def grants(self, grants: Grants) -> None:
        self.announcer.grants = grants

    def post(self, message: Message, *, mention: bool = True) -> Message:
        """Adds a message to its channel and tells of it."""
        channel = self.directory.channels[message.channel]
        channel.messages[message.ts] = message
        self.visibility.posted(message)
        for file_id in message.files:
            self.files[file_id].channels.append(channel.id)
        if message.is_bot and message.thread_ts:
            self.statuses.pop((channel.id, message.thread_ts), None)
        self.announcer.said(channel, message, self._files(message), mention=mention)
        self.changes.notify()
        return message

    def change(self, message: Message, **changed: Any) -> None:
        """Sets fields of a message and tells of it as an edit."""
        channel = self.directory.channels[message.channel]
        before = self.announcer.shown(channel, message)
        for name, value in changed.items():
            setattr(message, name, value)
        message.version += 1
        self.announcer.changed(channel, message, before)
        self.changes.notify()

    def remove(self, message: Message) -> None:
        """Takes a message away; a thread's root stays as a tombstone while it has replies."""
        channel = self.directory.channels[message.channel]
        if len(self.replies(channel, message.ts)) > 1:
            gone = "This message was deleted."
            self.change(message, text=gone, subtype="tombstone", user="USLACKBOT", blocks=[])
            return
        before = self.announcer.shown(channel, message)
        del channel.messages[message.ts]
        self.announcer.deleted(channel, before)
        self.changes.notify()

    def react(self, message: Message, user: str, name: str) -> bool:
        """False where this person has reacted so already."""
        users = message.reactions.setdefault(name, [])
        if user in users:
            return False
        users.append(user)
        self._reacted("reaction_added", message, user, name)
        return True

    def unreact(self, message: Message, user: str, name: str) -> bool:
        """False where this person has not reacted so."""
        users = message.reactions.get(name, [])
        if user not in users:
            return False
        users.remove(user)
        if not users:
            del message.reactions[name]
        self._reacted("reaction_removed", message, user, name)
        return True

    def _reacted(self, kind: str, message: Message, user: str, name: str) -> None:
        message.version += 1
        channel = self.directory.channels[message.channel]
        self.announcer.reacted(kind, user, name, channel, message)
        self.changes.notify()

    def set_status(self, channel: str, thread_ts: str, text: str, loading: list[str]) -> None:
        """Shows a status for two minutes; an empty one takes it away."""
        self.statuses.pop((channel, thread_ts), None)
        if text:
            expires = self.clock.now() + _STATUS_SECONDS
            self.statuses[channel, thread_ts] = Status(text, expires, tuple(loading))
        self.changes.notify()

    def status(self, channel: str, thread_ts: str) -> str:
        """The status under a thread now, or nothing."""
        found = self.statuses.get((channel, thread_ts))
        return found.text if found and found.expires > self.clock.now() else ""

    def reply_address(self, user: str, channel: str, ts: str) -> str:
        """A new `response_url` for what one person did to one message."""
        name = secrets.token_urlsafe(18)
        expires = self.clock.now() + _REPLY_ADDRESS_SECONDS
        self.reply_addresses[name] = ReplyAddress(user, channel, ts, expires)
        return f"{self.base_url}/actions/{name}"

    def replies(self, channel: Channel, ts: str) -> list[Message]:
        """A thread with its root first; empty where there is none."""
        return [m for m in channel.messages.values() if ts in (m.ts, m.thread_ts)]

    def _files(self, message: Message) -> list[Json]:
        return [wire.file(self.files[file_id], self.base_url) for file_id in message.files]

    def shown(self, message: Message, *, metadata: bool = False) -> Json:
        """A message as the API shows it."""
        channel = self.directory.channels[message.channel]
        files = self._files(message)
        found = wire.message(message, channel, self.directory, metadata=metadata)
        return found | ({"files": files} if files else {})

    def refuse_blocks(self, kinds: Collection[str]) -> None:
        """From now on messages with these kinds of blocks get invalid_blocks; none where empty."""
        self.refused_blocks = frozenset(kinds)
