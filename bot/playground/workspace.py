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
from bot.playground.directory import new_id
from bot.playground.objects import Channel, ChannelKind, Json, Message, Person, StoredFile
from bot.playground.state import State
from bot.playground.wire import rich_text

Found = TypeVar("Found")


class Workspace(State):
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

    @property
    def bot(self) -> Person:
        return self.directory.bot

    @property
    def acks(self) -> list[Ack]:
        return self.deliveries.acks

    def add_person(self, name: str, **more: Any) -> Person:
        """A member, unless the fields of Person that are given say otherwise."""
        team = more.pop("team_id", self.directory.team_id)
        person = Person(new_id("U0"), name, more.pop("real_name", name.title()), team, **more)
        self.directory.people[person.id] = person
        self.changes.notify()
        return person

    def add_channel(
        self,
        name: str,
        *,
        kind: ChannelKind = "channel",
        members: list[str] | None = None,
        is_ext_shared: bool = False,
    ) -> Channel:
        """A channel with these people (names or ids) in it; with everybody where None."""
        names = list(self.directory.people) if members is None else members
        ids = [self.directory.person(member).id for member in names]
        created = int(self.clock.now())
        channel = self.directory.add_channel(name, kind, ids, created, is_ext_shared)
        self.changes.notify()
        return channel

    def direct(self, user: str) -> Channel:
        """The direct messages between somebody and the bot."""
        person = self.directory.person(user)
        found = self.directory.direct(person.id, self.bot.id)
        return found or self.add_channel(
            f"direct-{person.name}", kind="im", members=[person.id, self.bot.id]
        )

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

    def react_as(self, user: str, channel: str, ts: str, name: str) -> None:
        self.react(self.message(channel, ts), self.directory.person(user).id, name)

    def share_file(self, name: str, content: bytes, *, user: str = "ann", **more: Any) -> str:
        """Stores a file of somebody's; its id goes into `say(..., files=[id])`.

        `more` sets fields of StoredFile: `mimetype`, `subtype="slack_audio"`, `transcription`, …
        """
        owner = self.directory.person(user).id
        created = int(self.clock.now())
        stored = StoredFile(new_id("F0"), name, owner, created, len(content), content)
        stored.is_complete = True
        for field, value in more.items():
            setattr(stored, field, value)
        self.files[stored.id] = stored
        return stored.id

    def join(self, user: str, channel: str) -> None:
        person, home = self.directory.person(user), self.directory.channel(channel)
        if person.id in home.members:
            return
        home.members.append(person.id)
        self.announcer.joined(person, home)
        self.changes.notify()

    def leave(self, user: str, channel: str) -> None:
        person, home = self.directory.person(user), self.directory.channel(channel)
        home.members.remove(person.id)
        self.announcer.left(person, home)
        self.changes.notify()

    def archive(self, channel: str, user: str = "ann") -> None:
        home = self.directory.channel(channel)
        home.is_archived = True
        self.announcer.archived(home, self.directory.person(user).id)
        self.changes.notify()

    def stop(self, user: str, channel: str, thread_ts: str) -> None:
        """Somebody presses the Stop button of an agent session."""
        home = self.directory.channel(channel)
        self.announcer.stopped(self.directory.person(user).id, home, thread_ts)

    def click(self, user: str, channel: str, ts: str, action_id: str) -> None:
        """Somebody presses a button of a message. LookupError where it has no such button."""
        person, home = self.directory.person(user), self.directory.channel(channel)
        message = self.message(channel, ts)
        for element in events.elements_of(message.blocks):
            if element["action_id"] == action_id:
                stamp = self.stamps.next()
                payload = events.clicked(self.directory, person, home, message, element, stamp)
                address = self.reply_address(person.id, message)
                self.announcer.interaction(payload | {"response_url": address})
                return
        raise LookupError(f"message {ts} has no element with the action {action_id}")

    def use_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> None:
        """Somebody chooses a message shortcut."""
        person, home = self.directory.person(user), self.directory.channel(channel)
        message = self.message(channel, ts)
        payload = events.shortcut(self.directory, person, home, message, callback_id)
        address = self.reply_address(person.id, message)
        self.announcer.interaction(payload | {"response_url": address})

    def open_home(self, user: str) -> None:
        """Somebody opens the app's messages tab."""
        self.announcer.home_opened(self.directory.person(user).id, self.direct(user))

    def deliver(self, event: Json, channel: str | None = None) -> Delivery:
        """Delivers any event as it is given, past subscriptions and membership."""
        home = self.directory.channel(channel) if channel else None
        payload = events.callback(self.directory, event, self.clock.now(), home)
        return self.deliveries.send("events_api", payload, payload["event_id"])

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
