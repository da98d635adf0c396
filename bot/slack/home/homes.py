"""Puts up the home tab, and prompts in the messages tab, when somebody opens them.

Both are decoration: nothing waits for them, and a Slack that has neither is asked only once.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.dialogue import HomeFor, Thread
from bot.errors import DeliveryError, KaiaError
from bot.slack.hearing.gate import Admission, Gate
from bot.slack.hearing.said import Said
from bot.slack.home.view import Block, refused, shown
from bot.slack.sending.capabilities import Capabilities
from bot.slack.sending.outbound import Method

log = structlog.get_logger()

PROMPTS = (
    {"title": "What is not well?", "message": "Which pods are not well, and why?"},
    {"title": "What happened lately?", "message": "What went wrong in the last hour?"},
    {"title": "What can you see?", "message": "help"},
)
"""The same as in the manifest, which shows them where nobody calls for them."""

_MOST_AT_ONCE = 50
_GATHERING_SECONDS = 10.0
_NOT_NOW = (
    "I could not put this page together just now. Open it again in a minute; if it stays so,"
    " whoever runs Kaia can see why in its log."
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody has opened one of the tabs."""

    user: str
    channel: str
    """Their direct messages with Kaia."""
    tab: str
    ts: str


class Homes:
    def __init__(self, gate: Gate, capabilities: Capabilities, home: HomeFor | None) -> None:
        """Without `home` there are only prompts."""
        self._gate = gate
        self._can = capabilities
        self._home = home
        self._wanted: dict[tuple[str, str], Opening] = {}
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def opened(self, body: Mapping[str, Any]) -> None:
        """Takes an `app_home_opened`. What is opened while it is being put up is put up once more,
        however often it was.
        """
        opening = _opening_in(body)
        if opening is None or not self._is_possible(opening):
            return
        key = (opening.user, opening.tab)
        if key not in self._tasks and len(self._tasks) >= _MOST_AT_ONCE:
            log.info("slack.home_left_out", user=opening.user, tab=opening.tab)
            return
        self._wanted[key] = opening
        if key not in self._tasks:
            task = asyncio.create_task(self._put_up(key), name=f"slack home of {opening.user}")
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _is_possible(self, opening: Opening) -> bool:
        method = Method.VIEWS_PUBLISH if opening.tab == "home" else Method.SET_PROMPTS
        is_known = opening.tab == "messages" or (opening.tab == "home" and self._home is not None)
        return is_known and self._can.has(method, opening.channel)

    async def _put_up(self, key: tuple[str, str]) -> None:
        while (opening := self._wanted.pop(key, None)) is not None:
            try:
                admission = await self._admitted(opening)
            except DeliveryError as error:
                log.info("slack.home_unclear", user=opening.user, problem=str(error))
                continue
            if opening.tab == "home":
                await self._publish(opening, admission)
            elif admission.name:
                await self._suggest(opening)

    async def _admitted(self, opening: Opening) -> Admission:
        said = _as_said(opening)
        if opening.tab == "home":
            return await self._gate.admit_at_home(said)
        return await self._gate.admit(said)

    async def _publish(self, opening: Opening, admission: Admission) -> None:
        if admission.problem and not admission.is_told:
            return
        view = refused(admission.problem) if admission.problem else await self._view(opening)
        thread = self._thread(opening)
        await self._can.tried(Method.VIEWS_PUBLISH, thread, user_id=opening.user, view=view)

    async def _view(self, opening: Opening) -> Block:
        assert self._home is not None  # noqa: S101 - asked before
        try:
            async with asyncio.timeout(_GATHERING_SECONDS):
                home = await self._home(opening.user)
        except (KaiaError, TimeoutError) as error:
            log.warning("slack.home_not_gathered", error=type(error).__name__)
            return refused(_NOT_NOW)
        return shown(home, self._gate.identity.url)

    async def _suggest(self, opening: Opening) -> None:
        await self._can.tried(
            Method.SET_PROMPTS,
            self._thread(opening),
            channel_id=opening.channel,
            prompts=list(PROMPTS),
        )

    def _thread(self, opening: Opening) -> Thread:
        return Thread(self._gate.identity.team, opening.channel, opening.ts)


def _opening_in(body: Mapping[str, Any]) -> Opening | None:
    event = body.get("event")
    if not isinstance(event, Mapping):
        return None
    user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
    if not (user and channel):
        return None
    return Opening(user, channel, str(event.get("tab") or ""), str(event.get("event_ts") or ""))


def _as_said(opening: Opening) -> Said:
    return Said(
        channel=opening.channel,
        ts=opening.ts,
        thread_ts=opening.ts,
        speaker=opening.user,
        is_direct=True,
        is_addressed=True,
        teams=frozenset(),
        # Nobody else sees it; who is of another workspace, Slack says of the person.
        is_shared_channel=False,
        event={},
    )
