"""What people press in the workspace: buttons, shortcuts, Stop; each is told to the app."""

from bot.playground import events
from bot.playground.deliveries import Delivery
from bot.playground.objects import Channel, Ephemeral, Json, Message, Person
from bot.playground.state import State


class Interactions(State):
    def click(self, user: str, channel: str, ts: str, action_id: str) -> Delivery | None:
        """Somebody presses a button of a message, or of an ephemeral one that they see.

        LookupError where it has no such button. None where the app wants no interactions; else
        the delivery, of which `acked` says whether the person saw the press go through.
        """
        person, home = self.directory.person(user), self.directory.channel(channel)
        said = home.messages.get(ts) or self._whispered(person, home, ts)
        for element in events.elements_of(said.blocks):
            if element["action_id"] == action_id:
                return self._press(person, home, said, element)
        raise LookupError(f"message {ts} has no element with the action {action_id}")

    def _whispered(self, person: Person, home: Channel, ts: str) -> Ephemeral:
        for whispered in self.ephemerals:
            if (whispered.channel, whispered.user, whispered.ts) == (home.id, person.id, ts):
                return whispered
        raise LookupError(f"{person.name} sees no message {ts}")

    def _press(
        self, person: Person, home: Channel, said: Message | Ephemeral, element: Json
    ) -> Delivery | None:
        stamp = self.stamps.next()
        payload = events.clicked(self.directory, person, home, said, element, stamp)
        address = self.reply_address(person.id, home.id, said.ts)
        return self.announcer.interaction(payload | {"response_url": address})

    def use_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Delivery | None:
        """Somebody chooses a message shortcut."""
        person, home = self.directory.person(user), self.directory.channel(channel)
        message = home.messages[ts]
        payload = events.shortcut(self.directory, person, home, message, callback_id)
        address = self.reply_address(person.id, home.id, ts)
        return self.announcer.interaction(payload | {"response_url": address})

    def stop(self, user: str, channel: str, thread_ts: str) -> None:
        """Somebody presses the Stop button of an agent session."""
        home = self.directory.channel(channel)
        self.announcer.stopped(self.directory.person(user).id, home, thread_ts)

    def whispers(self, user: str, channel: str | None = None) -> list[Ephemeral]:
        """The ephemeral messages somebody sees, in a channel or anywhere."""
        person = self.directory.person(user).id
        home = self.directory.channel(channel).id if channel else None
        return [w for w in self.ephemerals if w.user == person and home in (None, w.channel)]
