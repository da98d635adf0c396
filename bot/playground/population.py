"""Who is in the workspace and in its channels, and how that changes; nobody says anything here."""

from typing import Any

from bot.playground.directory import new_id
from bot.playground.objects import Channel, ChannelKind, Person, UserGroup
from bot.playground.state import State


class Population(State):
    @property
    def bot(self) -> Person:
        return self.directory.bot

    def add_person(self, name: str, **more: Any) -> Person:
        """A member, unless the fields of Person that are given say otherwise."""
        team = more.pop("team_id", self.directory.team_id)
        person = Person(new_id("U0"), name, more.pop("real_name", name.title()), team, **more)
        self.directory.people[person.id] = person
        self.changes.notify()
        return person

    def add_app(self, name: str, **more: Any) -> Person:
        """Another app that can post, with a bot id and an app id of its own."""
        return self.add_person(name, bot_id=new_id("B0"), app_id=new_id("A0"), **more)

    def add_group(self, handle: str, members: list[str], *, group_id: str = "") -> UserGroup:
        """A user group of these people, by name or id; its members may be changed later."""
        created = int(self.clock.now())
        return self.directory.add_group(handle, members, group_id=group_id, created=created)

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

    def group_direct(self, users: list[str]) -> Channel:
        """The direct messages between several people and the bot."""
        members = [*(self.directory.person(user).id for user in users), self.bot.id]
        for channel in self.directory.channels.values():
            if channel.kind == "mpim" and set(channel.members) == set(members):
                return channel
        names = "--".join(self.directory.people[member].name for member in members)
        return self.add_channel(f"mpdm-{names}-1", kind="mpim", members=members)

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
