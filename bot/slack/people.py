"""Who speaks and where, as Slack knows it; remembered for a while, and bounded."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog

from bot.errors import DeliveryError
from bot.slack.outbound import CallRefused, Method, Outbound

log = structlog.get_logger()

Found = TypeVar("Found")

# Slack asks for an ack within three seconds; a look-up happens before it.
_LOOK_UP_SECONDS = 2.5


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


class Remembered(Generic[Found]):
    """Answers kept for a while; asked once however many want the same at the same time."""

    def __init__(
        self, ask: Callable[[str], Awaitable[Found]], *, seconds: float = 600, most: int = 2_000
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._most = most
        self._known: OrderedDict[str, tuple[float, Found]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Found]] = {}

    async def get(self, key: str) -> Found:
        known = self._known.get(key)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        if key not in self._asking:
            task = asyncio.create_task(self._asked(key), name=f"slack look-up of {key}")
            self._asking[key] = task
            task.add_done_callback(lambda done: self._asked_for(key, done))
        # Whoever gives up waiting must not take the answer away from the others.
        return await asyncio.shield(self._asking[key])

    async def _asked(self, key: str) -> Found:
        found = await self._ask(key)
        self._known[key] = (time.monotonic() + self._seconds, found)
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return found

    def _asked_for(self, key: str, done: asyncio.Task[Found]) -> None:
        self._asking.pop(key, None)
        if not done.cancelled():
            done.exception()  # whoever waited has it; a look at it keeps asyncio quiet

    async def close(self) -> None:
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


class People:
    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound
        self._people = Remembered(self._ask_person)
        self._channels = Remembered(self._ask_channel)

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

    async def channel_name(self, channel: str) -> str:
        """Without `#`; nothing where Slack does not say."""
        try:
            return await self._channels.get(channel)
        except DeliveryError as error:
            log.warning("slack.channel_not_looked_up", channel=channel, error=str(error))
            return ""

    async def close(self) -> None:
        await self._people.close()
        await self._channels.close()

    async def _ask_person(self, user: str) -> Person:
        try:
            answer = await self._outbound.call(
                Method.USER_INFO, user=user, timeout_seconds=_LOOK_UP_SECONDS
            )
        except CallRefused as refused:
            return _unknown(user, refused)
        return _person(user, answer.get("user") or {})

    async def _ask_channel(self, channel: str) -> str:
        answer = await self._outbound.call(
            Method.CHANNEL_INFO, channel=channel, timeout_seconds=_LOOK_UP_SECONDS
        )
        return str((answer.get("channel") or {}).get("name") or "")


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
