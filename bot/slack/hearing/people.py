"""Who speaks and where, as Slack knows it; remembered for a while, and bounded."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.dialogue import Thread
from bot.errors import DeliveryError
from bot.slack.hearing.groups import Belonging, Groups
from bot.slack.hearing.remembered import LOOK_UP_SECONDS, Remembered
from bot.slack.sending.outbound import CallRefused, Method, Outbound

log = structlog.get_logger()

_CHANNEL_SECONDS = 60.0
"""Whether a channel is shared with others decides who may press a button in it."""
_KNOWN_SECONDS = 600.0
_UNKNOWN_SECONDS = 60.0

_MISSING = "missing_scope"
"""Lasts until somebody installs the app again: waiting for Slack to deliver again is no help."""
_NO_METHOD = "unknown_method"
_SHARED = ("is_ext_shared", "is_pending_ext_shared", "pending_shared", "pending_connected_team_ids")
_NO_PERSON = frozenset({"user_not_found", "user_not_visible", "users_not_found", _MISSING})
_NOT_SEEN = "channel_not_found"
"""Said of private channels and direct messages of others, too."""
_GROUP = "mpdm-"
"""So begins what Slack calls the group messages of a few people."""
_NO_CHANNEL = frozenset({_NOT_SEEN, "method_not_supported_for_channel_type", _MISSING})


@dataclass(frozen=True, slots=True)
class Person:
    """What decides whether somebody may ask."""

    id: str
    name: str
    team: str = ""
    enterprise: str = ""
    is_guest: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    is_gone: bool = False
    is_known: bool = True
    """False where Slack would not say who this is."""
    is_listed: bool = True
    """False where the server has no directory of people, and so no strangers either."""


@dataclass(frozen=True, slots=True)
class Channel:
    name: str = ""
    """Without `#`; nothing where Slack does not say."""
    is_shared: bool | None = None
    """With other workspaces; None where Slack does not say."""
    is_member: bool | None = None
    """Whether Kaia is in it; None where Slack does not say."""


class People:
    def __init__(self, outbound: Outbound, clock: Callable[[], float] = time.monotonic) -> None:
        self._outbound = outbound
        self._groups = Groups(outbound, clock)
        self._people = Remembered(self._ask_person, seconds=_seconds_for, clock=clock)
        self._channels = Remembered(self._ask_channel, seconds=_CHANNEL_SECONDS, clock=clock)

    async def person(self, user: str) -> Person:
        """Raises DeliveryError where Slack says neither who this is nor that it cannot be known."""
        return await self._people.get(user)

    async def names(self, users: tuple[str, ...]) -> dict[str, str]:
        """Names to show; whoever cannot be looked up is left out."""
        found = await asyncio.gather(*(self._name(user) for user in users))
        return {user: name for user, name in zip(users, found, strict=True) if name}

    async def _name(self, user: str) -> str:
        try:
            person = await self.person(user)
        except DeliveryError:
            return ""
        return person.name if person.is_known else ""

    async def channel(self, channel: str) -> Channel:
        """As Slack says, which may be nothing. Raises DeliveryError where asking again may help."""
        return await self._channels.get(channel)

    async def channel_if_known(self, channel: str) -> Channel:
        """What is known of it, which may be nothing."""
        try:
            return await self.channel(channel)
        except DeliveryError as error:
            log.warning("slack.channel_not_looked_up", channel=channel, error=str(error))
            return Channel()

    async def groups(self, user: str, among: frozenset[str]) -> Belonging:
        """As `Groups.of`."""
        return await self._groups.of(user, among)

    async def close(self) -> None:
        await self._people.close()
        await self._channels.close()
        await self._groups.close()

    async def _ask_person(self, user: str) -> Person:
        try:
            answer = await self._outbound.call(
                Method.USER_INFO, user=user, timeout_seconds=LOOK_UP_SECONDS
            )
        except CallRefused as refused:
            return _not_told(user, refused)
        return _person(user, answer.get("user") or {})

    async def _ask_channel(self, channel: str) -> Channel:
        try:
            answer = await self._outbound.call(
                Method.CHANNEL_INFO, channel=channel, timeout_seconds=LOOK_UP_SECONDS
            )
        except CallRefused as refused:
            return _channel_not_told(channel, refused)
        return _channel(answer.get("channel") or {})


async def place_of(people: People, thread: Thread) -> str:
    """As `Audience.place`."""
    if thread.channel.startswith("D"):
        return "a direct message"
    name = (await people.channel_if_known(thread.channel)).name
    if name.startswith(_GROUP):
        return "a group message"
    return f"#{name}" if name else ""


def _seconds_for(person: Person) -> float:
    return _KNOWN_SECONDS if person.is_known else _UNKNOWN_SECONDS


def _not_told(user: str, refused: CallRefused) -> Person:
    log.warning("slack.person_not_looked_up", user=user, code=refused.code, needed=refused.needed)
    if refused.code == _NO_METHOD:
        # Slack has it. What an event itself says of its author still counts.
        return Person(user, user, is_listed=False)
    if refused.code in _NO_PERSON:
        return Person(user, user, is_known=False)
    # Of us or of Slack (a token that was revoked), never of this person: nothing is known.
    raise refused


def _channel_not_told(channel: str, refused: CallRefused) -> Channel:
    log.warning(
        "slack.channel_not_looked_up", channel=channel, code=refused.code, needed=refused.needed
    )
    if refused.code == _NO_METHOD:
        # As with people: a server without this method shares no channels.
        return Channel(is_shared=False)
    if refused.code in _NO_CHANNEL:
        return Channel(is_member=False if refused.code == _NOT_SEEN else None)
    raise refused


def _person(user: str, found: Mapping[str, Any]) -> Person:
    profile = found.get("profile") or {}
    names = (profile.get("display_name"), found.get("real_name"), found.get("name"), user)
    name = next(str(one) for one in names if one)
    return Person(
        id=user,
        name=" ".join(name.split())[:80],
        team=str(found.get("team_id") or ""),
        enterprise=str((found.get("enterprise_user") or {}).get("enterprise_id") or ""),
        is_guest=bool(found.get("is_restricted") or found.get("is_ultra_restricted")),
        is_stranger=bool(found.get("is_stranger")),
        is_bot=bool(found.get("is_bot") or found.get("is_workflow_bot")),
        is_gone=bool(found.get("deleted")),
    )


def _channel(found: Mapping[str, Any]) -> Channel:
    is_member = found.get("is_member")
    return Channel(
        name=str(found.get("name") or ""),
        is_shared=sharing_in(found),
        is_member=is_member if isinstance(is_member, bool) else None,
    )


def sharing_in(found: Mapping[str, Any]) -> bool | None:
    """Also with whom has only been invited. Shared within an organization is not shared."""
    if any(found.get(key) for key in _SHARED):
        return True
    if found.get("is_shared"):
        return not found.get("is_org_shared")
    is_told = "is_ext_shared" in found or "is_shared" in found or bool(found.get("is_im"))
    return False if is_told else None
