"""A Slack workspace in memory: what people do in it, and what a test or the page sees of it.

Channels and people are named by id or by name: `say("ann", "incidents", "@kaia what is wrong?")`.
"""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from bot.playground import events, problems, transcript
from bot.playground import text as texts
from bot.playground.clock import Clock
from bot.playground.deliveries import Ack, Delivery
from bot.playground.interactions import Interactions
from bot.playground.objects import (
    Channel,
    Json,
    Message,
)
from bot.playground.sharing import Sharing
from bot.playground.tokens import TokenKind
from bot.playground.wire import rich_text

Found = TypeVar("Found")


class Workspace(Interactions, Sharing):
    def __init__(
        self,
        *,
        clock: Clock | None = None,
        redelivery_seconds: float = 3.0,
        bot_name: str = "kaia",
    ) -> None:
        super().__init__(clock=clock, redelivery_seconds=redelivery_seconds, bot_name=bot_name)
        everybody = [p.id for p in self.directory.people.values() if not p.deleted]
        without_bot = [user for user in everybody if user != self.bot.id]
        inside = [user for user in everybody if not self.directory.people[user].is_stranger]
        self.add_channel("incidents", members=inside)
        self.add_channel("random", members=without_bot)
        for name in ("ann", "ben"):
            self.direct(name)
        self.group_direct(["ann", "ben"])

    @property
    def acks(self) -> list[Ack]:
        return self.deliveries.acks

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        *,
        broadcast: bool = False,
        mention_event: bool = True,
        **more: Any,
    ) -> str:
        """Somebody posts; `@name` becomes a mention. Returns the message's timestamp.

        `more` sets fields of the Message as it is said (`subtype`, `files`, `attachments`, …).
        Slack may leave app_mention out where files are attached: `mention_event=False`.
        """
        person, home = self.directory.person(user), self.directory.channel(channel)
        typed = texts.typed_by_person(text, self.directory.names(), special=not person.is_bot)
        message = Message(self.stamps.next(), home.id, person.id, typed, team=person.team_id)
        message.thread_ts = self._root(home, thread_ts)
        if person.is_bot:
            message.bot_id, message.app_id = person.bot_id, person.app_id
        else:
            message.client_msg_id = str(uuid.uuid4())
            message.blocks = rich_text(typed) if typed else []
        if broadcast:
            message.subtype = "thread_broadcast"
        elif more.get("files"):
            message.subtype = "file_share"
        for name, value in more.items():
            setattr(message, name, value)
        return self.post(message, mention=mention_event).ts

    def say_as_app(
        self, app: str, channel: str, text: str, thread_ts: str | None = None, **more: Any
    ) -> str:
        """Another app posts, one that is made by its name where there is none.

        With `subtype="bot_message"` as an incoming webhook does: without a user.
        """
        if app.lower() not in self.directory.names() and app not in self.directory.people:
            self.add_app(app)
        return self.say(app, channel, text, thread_ts, **more)

    def _root(self, home: Channel, thread_ts: str | None) -> str | None:
        parent = home.messages.get(thread_ts or "")
        return parent.thread_ts or parent.ts if parent else thread_ts

    def edit(self, channel: str, ts: str, text: str) -> None:
        """The author edits a message."""
        message = self.message(channel, ts)
        typed = texts.typed_by_person(text, self.directory.names())
        edited = {"user": message.user, "ts": self.stamps.next()}
        self.change(message, text=typed, blocks=rich_text(typed), edited=edited)

    def delete(self, channel: str, ts: str) -> None:
        self.remove(self.message(channel, ts))

    def unfurl(self, channel: str, ts: str, **attachment: Any) -> None:
        """Slack adds a preview of a link: the message changes, and nobody has edited it."""
        message = self.message(channel, ts)
        self.change(message, attachments=[*message.attachments, attachment])

    def react_as(self, user: str, channel: str, ts: str, name: str) -> None:
        self.react(self.message(channel, ts), self.directory.person(user).id, name)

    def forward(
        self,
        user: str,
        to: str,
        channel: str,
        ts: str,
        text: str = "",
        thread_ts: str | None = None,
    ) -> str:
        """Somebody forwards a message to another channel, with or without words of their own."""
        return self.say(user, to, text, thread_ts, attachments=[self.quoted(channel, ts)])

    def deliver(self, event: Json, channel: str | None = None) -> Delivery:
        """Delivers any event as it is given, past subscriptions and membership."""
        home = self.directory.channel(channel) if channel else None
        payload = events.callback(self.directory, event, self.clock.now(), home)
        return self.deliveries.send("events_api", payload, payload["event_id"])

    def replay(self, channel: str, ts: str) -> list[Delivery]:
        """All that was told of a message comes again, as Slack's delayed events do: each with a
        new event id and the event time it had.
        """
        home = self.directory.channel(channel).id
        told = [d for d in self.deliveries.all if events.is_about(d.payload, home, ts)]
        return [self.deliveries.replay(delivery) for delivery in told]

    def revoke(self, kind: TokenKind = "bot", error: str = "token_revoked") -> None:
        """From now on a token is refused: `token_revoked`, `invalid_auth`, `account_inactive`.

        Open connections stay, and events come: as where a new token was made for the same app.
        """
        self.tokens.of(kind).refusal = error

    def restore(self, kind: TokenKind = "bot") -> None:
        self.tokens.of(kind).refusal = ""

    def message(self, channel: str, ts: str) -> Message:
        """LookupError where there is none."""
        return self.directory.channel(channel).messages[ts]

    def messages(self, channel: str) -> list[Message]:
        return list(self.directory.channel(channel).messages.values())

    def thread(self, channel: str, ts: str) -> list[Message]:
        """A thread with its root first."""
        return self.replies(self.directory.channel(channel), ts)

    def transcript(self, channel: str) -> str:
        """A channel as text: threads indented, with reactions and statuses; without times."""
        return transcript.of(self, self.directory.channel(channel))

    def home_transcript(self, user: str) -> str:
        """Somebody's home tab as text; empty where the app has published none."""
        view = self.home_of(user)
        return transcript.of_view(view) if view else ""

    @property
    def problems(self) -> list[str]:
        """What a strict test does not let pass: unacked envelopes, live control sequences."""
        return problems.of(self)

    async def wait_for(
        self, predicate: Callable[["Workspace"], Found], timeout: float = 10
    ) -> Found:
        """Waits until the predicate is true of this workspace, and returns what it returned.

        Raises TimeoutError with the transcripts after `timeout` seconds of wall time.
        """
        try:
            async with asyncio.timeout(timeout):
                return await self.changes.until(lambda: predicate(self))
        except TimeoutError:
            shown = "\n\n".join(
                self.transcript(channel.id)
                for channel in self.directory.channels.values()
                if channel.messages
            )
            raise TimeoutError(f"still not so after {timeout} s; what there is:\n{shown}") from None
