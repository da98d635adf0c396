"""Signs of work in a thread: status, reaction, session. Decoration that never fails an answer."""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import structlog

from bot.dialogue import Input
from bot.errors import DeliveryError
from bot.slack.outbound import CallLimited, CallRefused, Method, Outbound
from bot.slack.text import safe_mrkdwn

log = structlog.get_logger()

# Refusals that mean that this Slack will never do it, whatever is asked next.
NEVER = {
    "missing_scope",
    "unknown_method",
    "not_allowed_token_type",
    "access_denied",
    "not_allowed",
    "team_access_not_granted",
    "feature_not_enabled",
    "method_deprecated",
    "assistant_not_enabled",
    "no_permission",
}
_NEVER_HERE = "channel_type_not_supported"
_HARMLESS = {"already_reacted", "no_reaction"}
_STATUS_CHARACTERS = 100


class Capabilities:
    """Calls that may be missing: what Slack will never do is asked once and then left alone."""

    def __init__(self, outbound: Outbound, timeout_seconds: float = 5) -> None:
        self._outbound = outbound
        self._timeout_seconds = timeout_seconds
        self._off: set[tuple[Method, str]] = set()
        self._not_before: dict[Method, float] = {}

    def has(self, method: Method, channel: str) -> bool:
        return not {(method, ""), (method, channel)} & self._off

    async def tried(self, method: Method, where: str, **arguments: Any) -> bool:
        """Whether it was done. Raises nothing."""
        if not self.has(method, where) or self._not_before.get(method, 0) > time.monotonic():
            return False
        try:
            await self._outbound.call(method, timeout_seconds=self._timeout_seconds, **arguments)
        except CallRefused as refused:
            return self._refused(refused, method, where)
        except CallLimited as limited:
            self._not_before[method] = time.monotonic() + limited.retry_after_seconds
            return False
        except DeliveryError as error:
            log.debug("slack.decoration_failed", method=method, error=str(error))
            return False
        return True

    def _refused(self, refused: CallRefused, method: Method, where: str) -> bool:
        if refused.code in _HARMLESS:
            return True
        if refused.code in NEVER or refused.code == _NEVER_HERE:
            self._off.add((method, where if refused.code == _NEVER_HERE else ""))
            log.warning(
                "slack.capability_off", method=method, code=refused.code, needed=refused.needed
            )
        return False


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When statuses are sent; Slack takes one away by itself after two minutes."""

    heartbeat_seconds: float = 30
    step_seconds: float = 3
    """At most this often, however quickly steps follow one another."""
    ending_seconds: float = 5
    """How long taking everything away may take."""


RHYTHM = Rhythm()


class Signs:
    """What one input's thread shows while it is worked on."""

    def __init__(self, said: Input, capabilities: Capabilities, rhythm: Rhythm = RHYTHM) -> None:
        self._said = said
        self._can = capabilities
        self._rhythm = rhythm
        self._doing = ""
        self._doing_since = 0.0
        self._changed = asyncio.Event()
        self._over = False
        self._has_eyes = False
        self._showing: asyncio.Task[None] | None = None

    def begin(self) -> None:
        if self._showing is None:
            self._showing = asyncio.create_task(
                self._show(), name=f"slack status of {self._said.thread.id}"
            )

    def step(self, text: str) -> None:
        self._doing = text
        self._doing_since = time.monotonic()
        self._changed.set()

    async def note(self, markdown: str) -> None:
        """One line in the thread, tried once: posted twice it would say something wrong."""
        thread = self._said.thread
        await self._can.tried(
            Method.POST_MESSAGE,
            thread.channel,
            channel=thread.channel,
            thread_ts=thread.ts,
            text=safe_mrkdwn(markdown),
        )

    async def closed(self) -> None:
        """The conversation has ended with thanks."""
        await self._react("white_check_mark")

    async def end(self, *, closed: bool = False) -> None:
        """Takes away whatever was shown. Bounded in time and raises nothing."""
        showing, self._showing = self._showing, None
        if showing is None and not closed:
            return
        self._over = True
        self._changed.set()
        # A status in flight is waited for: cancelled, it might arrive after its removal.
        for ending in (showing, self._clear("closed" if closed else "active")):
            if ending is not None:
                await self._within_half(ending)

    async def _within_half(self, ending: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(self._rhythm.ending_seconds / 2):
                await ending
        except TimeoutError:
            log.warning("slack.signs_late", thread=self._said.thread.id)

    async def _show(self) -> None:
        await asyncio.gather(self._session("processing"), self._show_now())
        while not self._over:
            await self._pause()
            if not self._over:
                await self._show_now()

    async def _pause(self) -> None:
        """Until there is news, but not sooner than statuses may follow each other."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._rhythm.heartbeat_seconds):
                await self._changed.wait()
        except TimeoutError:
            return
        while not self._over and (left := self._left(started)) > 0:
            self._changed.clear()
            try:
                async with asyncio.timeout(left):
                    await self._changed.wait()
            except TimeoutError:
                break
        self._changed.clear()

    def _left(self, started: float) -> float:
        return started + self._rhythm.step_seconds - time.monotonic()

    async def _show_now(self) -> None:
        if not await self._status(self._words()) and not self._has_eyes:
            self._has_eyes = await self._react("eyes")

    def _words(self) -> str:
        if not self._doing:
            return "is looking …"
        seconds = int(time.monotonic() - self._doing_since)
        ending = f", {seconds} s" if seconds else ""
        doing = " ".join(self._doing.split())
        room = _STATUS_CHARACTERS - len(ending)
        return (doing if len(doing) <= room else f"{doing[: room - 1]}…") + ending

    async def _clear(self, session: str) -> None:
        await asyncio.gather(self._status(""), self._session(session), self._without_eyes())

    async def _status(self, words: str) -> bool:
        thread = self._said.thread
        return await self._can.tried(
            Method.SET_STATUS,
            thread.channel,
            channel_id=thread.channel,
            thread_ts=thread.ts,
            status=safe_mrkdwn(words),
        )

    async def _session(self, status: str) -> bool:
        thread = self._said.thread
        return await self._can.tried(
            Method.SET_SESSION,
            thread.channel,
            channel_id=thread.channel,
            thread_ts=thread.ts,
            status=status,
        )

    async def _react(self, name: str) -> bool:
        return await self._can.tried(
            Method.ADD_REACTION,
            self._said.thread.channel,
            channel=self._said.thread.channel,
            timestamp=self._said.ts,
            name=name,
        )

    async def _without_eyes(self) -> None:
        if self._has_eyes:
            await self._can.tried(
                Method.REMOVE_REACTION,
                self._said.thread.channel,
                channel=self._said.thread.channel,
                timestamp=self._said.ts,
                name="eyes",
            )
