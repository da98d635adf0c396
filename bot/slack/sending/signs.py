"""Signs of work in a thread: status, reaction, session. Decoration that never fails an answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from bot.dialogue import Input
from bot.slack.sending.capabilities import Capabilities, Tried
from bot.slack.sending.outbound import Method
from bot.slack.sending.stopping import StopButton
from bot.slack.wording.text import safe_mrkdwn

log = structlog.get_logger()

_STATUS_CHARACTERS = 100
_FIRST_PAUSE_SECONDS = 0.25
_LONGEST_PAUSE_SECONDS = 8.0
# Slack says so where a session has no Stop button, because the app does not hear of its presses.
_NO_STOP = "missing_agent_session_stopped_event_subscription"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When statuses are sent; Slack takes one away by itself after two minutes."""

    heartbeat_seconds: float = 30
    step_seconds: float = 3
    """At most this often, however quickly steps follow one another."""
    stop_seconds: float = 10
    """After so long a turn gets a Stop button, where Slack shows none itself."""
    ending_seconds: float = 5
    """How long taking everything away may hold up what comes next."""


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
        self._over = asyncio.Event()
        self._has_eyes = False
        self._has_stop = False
        self._may_be_left = False
        self._button = StopButton(said, capabilities)
        self._showing: asyncio.Task[None] | None = None

    def begin(self) -> None:
        if self._showing is None:
            self._can.tidying.shows(self._said.thread.id, self._said.id)
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
            thread,
            channel=thread.channel,
            thread_ts=thread.ts,
            text=safe_mrkdwn(markdown),
        )

    async def closed(self) -> None:
        """The conversation has ended with thanks."""
        await self._react("white_check_mark")

    def may_be_left(self) -> None:
        """An earlier process may have shown signs of this turn: `end` takes them away too."""
        self._may_be_left = True
        self._button.may_be_left()

    async def end(self, *, closed: bool = False) -> None:
        """Takes away whatever was shown. Bounded in time and raises nothing; what Slack does not
        take now is tried on beside what comes next.
        """
        showing, self._showing = self._showing, None
        if showing is None and not closed and not self._may_be_left:
            return
        self._over.set()
        self._changed.set()
        taking_away = self._can.tidying.take(
            self._said.thread.id,
            self._said.id,
            self._taken_away(showing, "closed" if closed else "active"),
        )
        await asyncio.wait({taking_away}, timeout=self._rhythm.ending_seconds)
        if not taking_away.done():
            log.warning("slack.signs_late", thread=self._said.thread.id)

    async def _taken_away(self, showing: asyncio.Task[None] | None, session: str) -> None:
        if showing is not None:
            # A status in flight is waited for: cancelled, it might arrive after its removal.
            await asyncio.gather(showing, return_exceptions=True)
        if self._may_be_left:
            await self._session(session)  # which tells whether there can be a button
        left: list[Callable[[], Awaitable[Tried]]] = [
            lambda: self._cleared(lambda: self._status("")),
            lambda: self._cleared(lambda: self._session(session)),
            self._without_eyes,
            self._without_button,
        ]
        pause = _FIRST_PAUSE_SECONDS
        while True:
            tried = await asyncio.gather(*(away() for away in left))
            left = [away for away, one in zip(left, tried, strict=True) if one.how == "failed"]
            if not left:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _cleared(self, clear: Callable[[], Awaitable[Tried]]) -> Tried:
        """Unless the thread shows the signs of a later turn by now."""
        is_ours = self._can.tidying.may_clear(self._said.thread.id, self._said.id)
        return await clear() if is_ours else Tried("done")

    async def _show(self) -> None:
        await asyncio.gather(self._session("processing"), self._show_statuses(), self._offer_stop())

    async def _show_statuses(self) -> None:
        while not self._over.is_set():
            await self._show_now()
            await self._pause()

    async def _offer_stop(self) -> None:
        try:
            async with asyncio.timeout(self._rhythm.stop_seconds):
                await self._over.wait()
        except TimeoutError:
            if not self._has_stop:
                await self._button.show()
                self._changed.set()  # a message takes the status away

    async def _pause(self) -> None:
        """Until there is news, but not sooner than statuses may follow each other."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._rhythm.heartbeat_seconds):
                await self._changed.wait()
        except TimeoutError:
            return
        left = started + self._rhythm.step_seconds - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, left)):
                await self._over.wait()
        except TimeoutError:
            pass
        self._changed.clear()

    async def _show_now(self) -> None:
        shown = await self._status(self._words)
        if not shown.is_done and not self._has_eyes:
            self._has_eyes = (await self._react("eyes")).how != "refused"

    def _words(self) -> str:
        if not self._doing:
            return "is looking …"
        seconds = int(time.monotonic() - self._doing_since)
        ending = f", {seconds} s" if seconds else ""
        doing = " ".join(self._doing.split())
        room = _STATUS_CHARACTERS - len(ending)
        return (doing if len(doing) <= room else f"{doing[: room - 1]}…") + ending

    async def _status(self, words: str | Callable[[], str]) -> Tried:
        """Words that can be called are asked for when it is their turn, and so never stale."""
        thread = self._said.thread
        return await self._can.tried(
            Method.SET_STATUS,
            thread,
            key=f"status of {thread.id}",
            channel_id=thread.channel,
            thread_ts=thread.ts,
            status=lambda: safe_mrkdwn(words if isinstance(words, str) else words()),
        )

    async def _session(self, status: str) -> Tried:
        thread = self._said.thread
        tried = await self._can.tried(
            Method.SET_SESSION,
            thread,
            channel_id=thread.channel,
            thread_ts=thread.ts,
            status=status,
        )
        self._has_stop = tried.is_done and tried.answer.get("warning") != _NO_STOP
        return tried

    async def _react(self, name: str) -> Tried:
        thread, stamp = self._said.thread, self._said.ts
        return await self._can.tried(
            Method.ADD_REACTION, thread, channel=thread.channel, timestamp=stamp, name=name
        )

    async def _without_eyes(self) -> Tried:
        if not self._has_eyes and not self._may_be_left:
            return Tried("done")
        thread, stamp = self._said.thread, self._said.ts
        return await self._can.tried(
            Method.REMOVE_REACTION, thread, channel=thread.channel, timestamp=stamp, name="eyes"
        )

    async def _without_button(self) -> Tried:
        # Where Slack has a Stop of its own, no process has posted one.
        return Tried("done") if self._has_stop else await self._button.taken_away()
