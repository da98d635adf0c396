"""Who Kaia is in a workspace, and whom this house lets talk to her and decide; data alone."""

from dataclasses import dataclass

DIRECT_MESSAGES = "im"
"""The word that permits direct messages where only some channels are permitted."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Kaia is in this workspace, as Slack said at start."""

    team: str
    enterprise: str
    user: str
    bot: str
    name: str = "kaia"
    team_name: str = ""
    url: str = ""
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class House:
    """Who may ask and where; empty sets permit everybody of the workspace, and every channel."""

    users: frozenset[str] = frozenset()
    """Members, and user groups whose members may ask."""
    channels: frozenset[str] = frozenset()
    """Ids, names, or `im` for direct messages."""
    apps: frozenset[str] = frozenset()
    """App ids or bot ids of other apps that may ask. Empty: none may."""
    approver_groups: frozenset[str] = frozenset()
    """User groups that decide on changes; what one of them may decide the engine knows."""
    app_turns_per_hour: int | None = None
    """How often one app may ask in an hour. None: without a cap."""

    @property
    def asking_groups(self) -> frozenset[str]:
        return frozenset(name for name in self.users if is_group(name))


def is_group(name: str) -> bool:
    return name.startswith("S")
