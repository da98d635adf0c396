"""Who speaks and where, as Slack knows it; remembered for a while, and bounded."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.errors import DeliveryError
from bot.slack.hearing.groups import Belonging, Groups
from bot.slack.hearing.remembered import LOOK_UP_SECONDS, Remembered
from bot.slack.sending.outbound import CallRefused, Method, Outbound

log = structlog.get_logger()

_CHANNEL_SECONDS = 60.0
"""Whether a channel is shared with others decides who may press a button in it."""


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


@dataclass(frozen=True, slots=True)
class Channel:
    name: str = ""
    """Without `#`; nothing where Slack does not say."""
    is_shared: bool | None = None
    """With other workspaces; None where Slack does not say."""


class People:
    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._groups = Groups(outbound)
        self._people = Remembered(self._ask_person)
        self._channels = Remembered(self._ask_channel, seconds=_CHANNEL_SECONDS)

    async def person(self, user: str) -> Person:
        """Raises CallLimited, CallUnclear where Slack cannot be asked now."""
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
        """What is known of it, which may be nothing."""
        try:
            return await self._channels.get(channel)
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
            return _unknown(user, refused)
        return _person(user, answer.get("user") or {})

    async def _ask_channel(self, channel: str) -> Channel:
        try:
            answer = await self._outbound.call(
                Method.CHANNEL_INFO, channel=channel, timeout_seconds=LOOK_UP_SECONDS
            )
        except CallRefused as refused:
            if refused.code != "unknown_method":
                raise
            # As with people: a server without this method shares no channels.
            return Channel(is_shared=False)
        return _channel(answer.get("channel") or {})


def _unknown(user: str, refused: CallRefused) -> Person:
    log.warning("slack.person_not_looked_up", user=user, code=refused.code, needed=refused.needed)
    # Slack has this method. A server without it has no directory and so no strangers either;
    # what an event itself says of its author still counts.
    return Person(user, user, is_known=refused.code == "unknown_method")


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
    shared = found.get("is_ext_shared") or found.get("is_pending_ext_shared")
    return Channel(name=str(found.get("name") or ""), is_shared=bool(shared) if found else None)
