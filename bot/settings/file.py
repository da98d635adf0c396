"""What KAIA_CONFIG may hold: what is too long for a variable."""

from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from bot.settings.values import ChannelId, GroupName, Namespace, Pattern, Users

Change = Literal[
    "rollout restart",
    "rollout undo",
    "rollout pause",
    "rollout resume",
    "scale",
    "delete pod",
    "set image",
    "cordon",
    "uncordon",
]
"""The kinds of change there are; the table in bot.tools says what each may be given."""


_PEOPLE = "a list of member ids such as U0123ABCD and user group ids such as S0123ABCD"
_NAME = "a name of a Kubernetes user or group, such as kaia-approved, that is none of system:"


class WritesIn(BaseModel):
    """What may be changed in one namespace, or of nodes, and who may approve it there."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    changes: frozenset[Change] = Field(
        frozenset(get_args(Change)),
        description=f"a list of some of {', '.join(get_args(Change))}",
    )
    approvers: Users = Field(frozenset(), description=_PEOPLE)
    """Empty: those of `Writes`."""


class Writes(BaseModel):
    """Changes that may be proposed where KAIA_WRITES=approve. What is not named is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    approvers: Users = Field(frozenset(), description=_PEOPLE)
    own_requests: bool = Field(default=False, description="true or false")
    """Whether somebody may approve what their own question led to."""
    as_user: GroupName = Field("kaia-approved", description=_NAME)
    as_group: GroupName = Field("kaia-approved", description=_NAME)
    """The change runs as this user and in this group: they hold the rights, Kaia does not."""
    namespaces: dict[Namespace, WritesIn] = Field(
        default_factory=dict,
        description="a mapping of namespaces to what may be changed there, with the keys changes"
        " and approvers, such as shop: {}",
    )
    nodes: WritesIn | None = Field(None, description="a mapping with the keys changes, approvers")

    def allowed_in(self, namespace: str) -> WritesIn | None:
        """An empty namespace stands for nodes. None: nothing may be changed there."""
        return self.namespaces.get(namespace) if namespace else self.nodes

    def approvers_in(self, namespace: str) -> frozenset[str]:
        there = self.allowed_in(namespace)
        return (there.approvers or self.approvers) if there else frozenset()

    @property
    def all_approvers(self) -> frozenset[str]:
        places = [*self.namespaces.values(), *([self.nodes] if self.nodes else [])]
        return self.approvers.union(*(place.approvers for place in places))


class FileSettings(BaseModel):
    """What KAIA_CONFIG may hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    channel_namespaces: dict[ChannelId, Namespace] = Field(
        default_factory=dict,
        description="a mapping of Slack channel ids, found at the bottom of Slack's channel"
        " details, to namespaces, such as C0123ABCD: shop",
    )
    """Slack channel id -> the namespace meant there when none is named. Names may change hands."""
    redaction_patterns: tuple[Pattern, ...] = Field(
        (), description="a list of regular expressions, each of which matches one kind of secret"
    )
    """Regular expressions of this house's own secrets."""
    runbooks: Path | None = Field(None, description="the path of a folder")
    writes: Writes = Field(
        Writes(),
        description="a mapping with approvers, own_requests, as_user, as_group, namespaces and"
        " nodes, as docs/approvals.md shows it",
    )
