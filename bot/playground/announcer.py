"""Tells the app what happened, where it subscribes to that and is a member; changes nothing."""

from bot.playground import events, wire
from bot.playground import text as texts
from bot.playground.clock import Clock, Timestamps
from bot.playground.deliveries import Deliveries, Delivery
from bot.playground.directory import Directory
from bot.playground.manifest import Grants
from bot.playground.objects import Channel, Json, Message, Person

_MESSAGES = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Announcer:
    def __init__(
        self, directory: Directory, deliveries: Deliveries, clock: Clock, stamps: Timestamps
    ) -> None:
        self._directory = directory
        self._deliveries = deliveries
        self._clock = clock
        self._stamps = stamps
        self.grants = Grants()
        self.mention_first = False
        """Whether app_mention goes before message; Slack promises neither order."""

    def event(self, event: Json, subscription: str, channel: Channel | None = None) -> None:
        """Delivers one event, if the app is to hear of it at all."""
        if not self.grants.subscribes(subscription):
            return
        if channel is not None and self._directory.bot.id not in channel.members:
            return
        payload = events.callback(self._directory, event, self._clock.now(), channel)
        self._deliveries.send("events_api", payload, payload["event_id"])

    def interaction(self, payload: Json) -> Delivery | None:
        """None where the app's manifest wants no interactions."""
        if not self.grants.is_interactive:
            return None
        return self._deliveries.send("interactive", payload, payload["trigger_id"])

    def said(
        self, channel: Channel, message: Message, files: list[Json], *, mention: bool = True
    ) -> None:
        """A new message, and the mention that may be in it under an event id of its own."""
        told = [(events.said(self._directory, channel, message, files), _MESSAGES[channel.kind])]
        if mention and self._mentions_bot(channel, message):
            event = events.mentioned(self._directory, channel, message, files)
            told.append((event, "app_mention"))
        for event, subscription in reversed(told) if self.mention_first else told:
            self.event(event, subscription, channel)

    def changed(self, channel: Channel, message: Message, before: Json) -> None:
        event = events.changed(self._directory, channel, message, before, self._stamps.next())
        self.event(event, _MESSAGES[channel.kind], channel)
        if message.edited and self._mentions_bot(channel, message):
            again = events.mentioned(self._directory, channel, message, [])
            self.event(again, "app_mention", channel)

    def deleted(self, channel: Channel, before: Json) -> None:
        event = events.deleted(channel, before, self._stamps.next())
        self.event(event, _MESSAGES[channel.kind], channel)

    def reacted(self, kind: str, user: str, name: str, channel: Channel, message: Message) -> None:
        event = events.reaction(kind, user, name, message, self._stamps.next())
        self.event(event, kind, channel)

    def joined(self, person: Person, channel: Channel) -> None:
        event = events.membership("member_joined_channel", person, channel, self._stamps.next())
        self.event(event, "member_joined_channel", channel)

    def left(self, person: Person, channel: Channel) -> None:
        """Called after the person has left; of its own leaving the bot still hears."""
        kind = "member_left_channel"
        event = events.membership(kind, person, channel, self._stamps.next())
        if person.id != self._directory.bot.id:
            self.event(event, kind, channel)
            return
        name = "channel_left" if channel.kind == "channel" else "group_left"
        gone = {"type": name, "channel": channel.id, "event_ts": self._stamps.next()}
        self.event(event, kind)
        self.event(gone, name)

    def archived(self, channel: Channel, user: str) -> None:
        name = "channel_archive" if channel.kind == "channel" else "group_archive"
        stamp = self._stamps.next()
        event = {"type": name, "channel": channel.id, "user": user, "event_ts": stamp}
        self.event(event, name, channel)

    def stopped(self, user: str, channel: Channel, thread_ts: str) -> None:
        streams = [
            m.ts
            for m in channel.messages.values()
            if m.stream is not None and m.stream.open and m.thread_ts == thread_ts
        ]
        stamp = self._stamps.next()
        event = events.stopped(user, channel.id, thread_ts, streams, stamp)
        self.event(event, "agent_session_stopped", channel)

    def home_opened(self, user: str, channel: Channel, tab: str, view: Json | None) -> None:
        """`view` is what the app has published for this person, if anything."""
        event: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self._stamps.next(),
        }
        if tab == "home" and view is not None:
            event["view"] = view
        self.event(event, "app_home_opened")

    def shown(self, channel: Channel, message: Message) -> Json:
        """A message as it is now, to be told of as the previous one later."""
        return wire.message(message, channel, self._directory)

    def _mentions_bot(self, channel: Channel, message: Message) -> bool:
        bot = self._directory.bot
        if channel.kind == "im" or message.user == bot.id:
            return False
        return bot.id in texts.mentions(message.text)
