"""Signs of work in a thread: status, reaction, session. Decoration that never fails an answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.dialogue import Input
from bot.slack.sending.capabilities import Capabilities, Tried
from bot.slack.sending.notes import note
from bot.slack.sending.outbound import Method
from bot.slack.sending.progress import Progress
from bot.slack.wording.text import safe_mrkdwn

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
    first_seconds: float = 0.8
    """After so long without a sign that Slack has taken, the question is marked with eyes."""
    progress_seconds: float = 3
    """After so long a turn gets a message that says what is done, where nothing else does."""
    stop_seconds: float = 10
    """After so long it gets one for its Stop button, where Slack shows none itself."""
    ending_seconds: float = 1
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
        self._seen = asyncio.Event()
        self._asked: set[Method] = set()
        """What may be shown, whatever Slack has answered."""
        self._has_eyes = False
        self._has_status = False
        self._has_session = False
        self._has_stop = False
        self._may_be_left = False
        self._progress = Progress(said, capabilities, self._step_words)
        self._showing: asyncio.Task[None] | None = None

    def begin(self) -> None:
        if self._showing is None:
            self._can.tidying.shows(self._said.thread.id, self)
            self._showing = asyncio.create_task(
                self._show(), name=f"slack status of {self._said.thread.id}"
            )

    def step(self, text: str) -> None:
        self._doing = text
        self._doing_since = time.monotonic()
        self._changed.set()

    async def note(self, markdown: str, *, only_for: str = "") -> None:
        noting = note(self._can, self._said, markdown, only_for=only_for)
        if only_for:
            self._can.tidying.beside(noting, self._said.thread.id)
        else:
            await noting

    async def closed(self) -> None:
        """The conversation has ended with thanks."""
        self._can.tidying.beside(self._react("white_check_mark"), self._said.thread.id)

    def may_be_left(self) -> None:
        """An earlier process may have shown signs of this turn: `end` takes them away too."""
        self._may_be_left = True
        self._progress.may_be_left()

    async def end(self, *, closed: bool = False) -> None:
        """Takes away whatever was shown while the turn is still under way: where the process is
        killed now, the next one does it. What takes longer is done beside what follows.
        """
        showing, self._showing = self._showing, None
        if showing is None and not closed and not self._may_be_left:
            return
        for event in (self._over, self._changed, self._seen):
            event.set()
        taking_away = self._can.tidying.take(
            self._said.thread.id,
            self,
            self._taken_away(showing, "closed" if closed else "active"),
        )
        await asyncio.wait({taking_away}, timeout=self._rhythm.ending_seconds)

    async def _taken_away(self, showing: asyncio.Task[None] | None, session: str) -> None:
        if showing is not None:
            # A status in flight is waited for: cancelled, it might arrive after its removal.
            await asyncio.gather(showing, return_exceptions=True)
        left: list[Callable[[], Awaitable[Tried]]] = [
            lambda: self._status("", clears=True),
            lambda: self._session(session, clears=True),
            self._without_eyes,
            self._progress.taken_away,
        ]
        pause = _FIRST_PAUSE_SECONDS
        while True:
            tried = await asyncio.gather(*(away() for away in left))
            left = [away for away, one in zip(left, tried, strict=True) if one.how == "failed"]
            if not left:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _in_order(self, method: Method, clears: bool, **arguments: Any) -> Tried:
        """A turn shows nothing once it is over, and clears nothing that a later one shows."""
        can, thread = self._can, self._said.thread
        async with can.tidying.order(f"{method} {thread.id}"):
            if clears and not can.tidying.may_clear(thread.id, self):
                return Tried("done")
            if not clears and self._over.is_set():
                return Tried("failed")
            insists = clears and (method in self._asked or self._may_be_left)
            if not clears and can.has(method, thread.channel):
                self._asked.add(method)
            return await can.tried(
                method,
                thread,
                insists=insists,
                channel_id=thread.channel,
                thread_ts=thread.ts,
                **arguments,
            )

    async def _show(self) -> None:
        await asyncio.gather(
            self._session("processing"),
            self._show_statuses(),
            self._promise_eyes(),
            self._offer_progress(),
        )

    async def _show_statuses(self) -> None:
        while not self._over.is_set():
            await asyncio.gather(self._show_now(), self._progress.renew())
            await self._pause()

    async def _promise_eyes(self) -> None:
        """A Slack that is slow with a status may be quick with a reaction."""
        if await self._is_over_in(self._rhythm.first_seconds, self._seen):
            return
        await self._show_eyes()

    async def _offer_progress(self) -> None:
        rhythm = self._rhythm
        if await self._is_over_in(rhythm.progress_seconds, self._over):
            return
        if self._has_status or self._has_session:
            left = rhythm.stop_seconds - rhythm.progress_seconds
            if await self._is_over_in(left, self._over) or self._has_stop:
                return
        await self._progress.show()
        self._changed.set()  # a message takes the status away

    async def _is_over_in(self, seconds: float, event: asyncio.Event) -> bool:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await event.wait()
        except TimeoutError:
            return self._over.is_set()
        return True

    async def _pause(self) -> None:
        """Until there is news, but not sooner than statuses may follow each other."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._rhythm.heartbeat_seconds):
                await self._changed.wait()
        except TimeoutError:
            return
        left = started + self._rhythm.step_seconds - time.monotonic()
        await self._is_over_in(left, self._over)
        self._changed.clear()

    async def _show_now(self) -> None:
        self._has_status = (
            await self._status(lambda: self._step_words() or "is looking …")
        ).is_done
        if self._has_status:
            self._seen.set()
        elif not self._over.is_set():
            await self._show_eyes()

    async def _show_eyes(self) -> None:
        if not self._has_eyes and self._can.has(Method.REMOVE_REACTION, self._said.thread.channel):
            self._has_eyes = True  # and not put there twice
            self._has_eyes = (await self._react("eyes")).how != "refused"

    def _step_words(self) -> str:
        if not self._doing:
            return ""
        seconds = int(time.monotonic() - self._doing_since)
        ending = f", {seconds} s" if seconds else ""
        doing = " ".join(self._doing.split())
        room = _STATUS_CHARACTERS - len(ending)
        return (doing if len(doing) <= room else f"{doing[: room - 1]}…") + ending

    async def _status(self, words: str | Callable[[], str], *, clears: bool = False) -> Tried:
        """Words that can be called are asked for when it is their turn, and so never stale."""
        return await self._in_order(
            Method.SET_STATUS,
            clears,
            key=f"status of {self._said.thread.id}",
            status=lambda: safe_mrkdwn(words if isinstance(words, str) else words()),
        )

    async def _session(self, status: str, *, clears: bool = False) -> Tried:
        tried = await self._in_order(Method.SET_SESSION, clears, status=status)
        self._has_session = tried.is_done
        self._has_stop = tried.is_done and tried.answer.get("warning") != _NO_STOP
        if tried.is_done:
            self._seen.set()
        return tried

    async def _react(self, name: str, *, clears: bool = False) -> Tried:
        thread, stamp = self._said.thread, self._said.ts
        return await self._can.tried(
            Method.REMOVE_REACTION if clears else Method.ADD_REACTION,
            thread,
            insists=clears,
            channel=thread.channel,
            timestamp=stamp,
            name=name,
        )

    async def _without_eyes(self) -> Tried:
        if not self._has_eyes and not self._may_be_left:
            return Tried("done")
        return await self._react("eyes", clears=True)
