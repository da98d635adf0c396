"""Who and what is in the workspace, found by id or by name; says nothing to anybody."""

import secrets
import string
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.playground.objects import Channel, ChannelKind, Person, UserGroup

ONCALL = "S0ONCALL"
"""The user group that is there from the start; always this id, so that settings can name it."""

_ID_LETTERS = string.ascii_uppercase + string.digits


def new_id(prefix: str, length: int = 10) -> str:
    return prefix + "".join(secrets.choice(_ID_LETTERS) for _ in range(length))


@dataclass(slots=True)
class Directory:
    team_id: str
    team_name: str
    domain: str
    app_id: str
    bot: Person
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """By id, or by name in any case with or without `@`. LookupError where nobody is."""
        if name in self.people:
            return self.people[name]
        wanted = name.lstrip("@").lower()
        for person in self.people.values():
            if person.name.lower() == wanted:
                return person
        raise LookupError(f"nobody here is {name}; there are {sorted(self.names())}")

    def channel(self, name: str) -> Channel:
        """By id, or by name with or without `#`. LookupError where none is."""
        if name in self.channels:
            return self.channels[name]
        wanted = name.lstrip("#")
        for channel in self.channels.values():
            if channel.name == wanted:
                return channel
        raise LookupError(f"no channel is {name}")

    def group(self, name: str) -> UserGroup:
        """By id, or by handle with or without `@`. LookupError where none is."""
        if name in self.groups:
            return self.groups[name]
        wanted = name.lstrip("@").lower()
        for group in self.groups.values():
            if group.handle.lower() == wanted:
                return group
        raise LookupError(f"no user group is {name}")

    def add_group(
        self, handle: str, members: Sequence[str] = (), *, group_id: str = "", created: int = 0
    ) -> UserGroup:
        """A user group of these people, by name or id; its own id is a new one where none is."""
        ids = [self.person(member).id for member in members]
        name = handle.replace("-", " ").title()
        group = UserGroup(group_id or new_id("S0"), handle, name, ids, created)
        self.groups[group.id] = group
        return group

    def names(self) -> dict[str, str]:
        """Names in lower case -> user ids, for `@name`."""
        return {person.name.lower(): person.id for person in self.people.values()}

    def add_channel(
        self, name: str, kind: ChannelKind, members: list[str], created: int, shared: bool
    ) -> Channel:
        prefix = {"channel": "C", "group": "G", "im": "D", "mpim": "G"}[kind]
        channel = Channel(new_id(prefix), name, kind, members, created, is_ext_shared=shared)
        self.channels[channel.id] = channel
        return channel

    def direct(self, first: str, second: str) -> Channel | None:
        """The direct messages between two people, where they have any."""
        wanted = {first, second}
        return next(
            (c for c in self.channels.values() if c.kind == "im" and set(c.members) == wanted),
            None,
        )


def new_directory(bot_name: str) -> Directory:
    """An empty workspace with its app's bot user; ids are of real shape."""
    team, app = new_id("T0KAIA", 5), new_id("A0KAIA", 5)
    bot = Person(new_id("U0KAIA", 5), bot_name, "Kaia", team, bot_id=new_id("B0KAIA", 5))
    bot.app_id = app
    directory = Directory(team, "Playground", "playground", app, bot)
    directory.people[bot.id] = bot
    return directory


def people_of_a_playground(directory: Directory) -> None:
    """Two members, one of them on call, a guest, a stranger, who left, and another bot."""
    team = directory.team_id
    for person in (
        Person(new_id("U0ANN", 6), "ann", "Ann", team),
        Person(new_id("U0BEN", 6), "ben", "Ben", team),
        Person(new_id("U0GUEST", 4), "guest", "Gil Guest", team, is_restricted=True),
        Person(new_id("U0STRNG", 4), "stranger", "Sam Stranger", new_id("T0OTHER", 4)),
        Person(new_id("U0LEFT", 5), "gone", "Gus Gone", team, deleted=True),
        Person(new_id("U0ALERT", 4), "alerts", "Alerts", team),
    ):
        directory.people[person.id] = person
    directory.person("stranger").is_stranger = True
    directory.add_group("oncall", ["ben"], group_id=ONCALL)
    alerts = directory.person("alerts")
    alerts.bot_id, alerts.app_id = new_id("B0ALERT", 4), new_id("A0ALERT", 4)
