"""What people press in the workspace: buttons, shortcuts, Stop; each is told to the app."""

from typing import Literal

from bot.playground import events, pressable
from bot.playground.deliveries import Delivery
from bot.playground.objects import Channel, Ephemeral, Json, Message, Person
from bot.playground.population import Population

Tab = Literal["home", "messages"]


class Interactions(Population):
    def click(
        self, user: str, channel: str, ts: str, action_id: str, value: str | None = None
    ) -> Delivery | None:
        """Somebody presses a button of a message, or of an ephemeral one that they see.

        `value` says which one where several have the action, as the two of feedback buttons do.
        LookupError where it has no such button. None where the app wants no interactions; else
        the delivery, of which `acked` says whether the person saw the press go through.
        """
        person, home = self.directory.person(user), self.directory.channel(channel)
        said = home.messages.get(ts) or self._whispered(person, home, ts)
        element = pressable.chosen(said.blocks, action_id, value)
        if element is None:
            raise LookupError(f"message {ts} has no element with the action {action_id}")
        return self._press(person, home, said, element)

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
        """Somebody chooses a message shortcut. LookupError where the app has no such one.

        Its `response_url` takes an answer also where the app is not.
        """
        if not self.grants.offers_shortcut(callback_id):
            raise LookupError(f"the app's manifest has no message shortcut {callback_id}")
        person, home = self.directory.person(user), self.directory.channel(channel)
        message = home.messages[ts]
        stamp = self.stamps.next()
        payload = events.shortcut(self.directory, person, home, message, callback_id, stamp)
        payload["message"] |= {"files": self._files(message)} if message.files else {}
        address = self.reply_address(person.id, home.id, ts)
        return self.announcer.interaction(payload | {"response_url": address})

    def stop(self, user: str, channel: str, thread_ts: str) -> None:
        """Somebody presses the Stop button of an agent session."""
        home = self.directory.channel(channel)
        self.announcer.stopped(self.directory.person(user).id, home, thread_ts)

    def open_home(self, user: str, tab: Tab = "messages") -> None:
        """Somebody opens the app's messages tab, or its home tab."""
        person = self.directory.person(user)
        self.announcer.home_opened(person.id, self.direct(user), tab, self.home_of(user))

    def home_of(self, user: str) -> Json | None:
        """The view that the app has published for somebody."""
        return self.views.get(self.homes.get(self.directory.person(user).id, ""))

    def click_home(self, user: str, action_id: str, value: str | None = None) -> Delivery | None:
        """Somebody presses a button of their home tab. LookupError where there is none such."""
        person, view = self.directory.person(user), self.home_of(user)
        element = pressable.chosen(view["blocks"], action_id, value) if view else None
        if view is None or element is None:
            raise LookupError(f"{person.name}'s home has no element with the action {action_id}")
        stamp = self.stamps.next()
        payload = events.clicked_in_home(self.directory, person, view, element, stamp)
        return self.announcer.interaction(payload)

    def whispers(self, user: str, channel: str | None = None) -> list[Ephemeral]:
        """The ephemeral messages somebody sees, in a channel or anywhere."""
        person = self.directory.person(user).id
        home = self.directory.channel(channel).id if channel else None
        return [w for w in self.ephemerals if w.user == person and home in (None, w.channel)]
