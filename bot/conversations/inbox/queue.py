"""The inbox: keeps inputs durably and has their turns run, one at a time per thread.

It knows nothing of what a turn does. Everything it must not forget is in the store; in memory
are only the turns that run right now.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog

from bot.conversations.inbox.edits import Edits
from bot.conversations.inbox.intake import Intake
from bot.conversations.inbox.jobs import LAST_RESPECTS_SECONDS, Handle, Jobs
from bot.conversations.inbox.noting import Note, say_nothing
from bot.conversations.inbox.outages import Outages
from bot.conversations.inbox.pace import USUAL, Pace
from bot.conversations.inbox.seat import Seat
from bot.conversations.inbox.seats import seat_on
from bot.conversations.inbox.waits import Waits
from bot.conversations.records import Arrival, Counts, Stopped, kind_of
from bot.conversations.seams import Redacts
from bot.conversations.storage.store import Store
from bot.dialogue import Input, Rating, Revision
from bot.errors import StoreError
from bot.telemetry.seams import UNMEASURED, Telemetry

_TIDY_SECONDS = 3600.0
_DAY_SECONDS = 86_400.0
_HAND_BACK_SECONDS = 6.0

_log = structlog.get_logger()


async def _object_to_all(_said: Input) -> str:
    return "Changes are switched off."


class Inbox:
    """`dialogue.Receiver`, and what runs the turns."""

    def __init__(
        self,
        store: Store,
        handle: Handle,
        redactor: Redacts,
        *,
        note: Note = say_nothing,
        objection: Callable[[Input], Awaitable[str]] = _object_to_all,
        pace: Pace = USUAL,
        clock: Callable[[], float] = time.time,
        telemetry: Telemetry = UNMEASURED,
    ) -> None:
        self._store = store
        self._redactor = redactor
        self._objection = objection
        self._pace = pace
        self._clock = clock
        self._telemetry = telemetry
        self._seat: Seat = seat_on(store, clock, telemetry)
        self._outages = Outages(store, note, is_seat_held=lambda: self._seat.is_held)
        self._waits = Waits(store, note, is_full=lambda: self._jobs.room().talk <= 0)
        self._jobs = Jobs(
            store,
            handle,
            pace=pace,
            wake=self._seat.wake,
            on_begin=self._waits.forget,
            note=note,
            outages=self._outages,
        )
        self._edits = Edits(store, note)
        self._intake = Intake(store, self._redact, self._on_new, self._edits.edited)
        self._closing = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._has_ended = False
        store.when_stopped(self._jobs.stop)

    def _redact(self, thread: str, text: str) -> str:
        return self._redactor.keyed(self._store.key_of(thread)).redact(text)

    def _on_new(self, arrival: Arrival) -> None:
        self._seat.wake()
        if arrival.kind == "talk" and not self._closing.is_set():
            self._waits.watch(arrival.said)

    # What front ends ask of it

    async def receive(self, said: Input) -> bool:
        """Keeps the input durably before it returns, within 2.5 seconds. Raises StoreError."""
        with self._watched(), self._telemetry.doing("intake", kind_of(said), said.id) as keeping:
            is_new = await self._intake.receive(said)
            keeping.ends("done" if is_new else "known")
            return is_new

    async def revise(self, revision: Revision) -> bool:
        """Changes or drops a question that still waits. Raises StoreError."""
        with self._watched():
            return await self._intake.revise(revision)

    async def rate(self, rating: Rating) -> bool:
        """Raises StoreError."""
        with self._watched():
            return await self._store.rate(rating)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except StoreError:
            self._outages.failed()
            raise
        self._outages.answered()

    async def objection(self, said: Input) -> str:
        """Why this person may not decide what they pressed; nothing where they may. Raises
        StoreError.
        """
        return await self._objection(said)

    async def stop(self, thread: str) -> Stopped:
        """Ends what runs and what waits in a thread, on whichever replica."""
        return await self._store.stop(thread)

    async def counts(self) -> Counts:
        return await self._store.counts()

    @property
    def is_ready(self) -> bool:
        """Turns are claimed here, and the store has answered lately."""
        is_away = self._outages.is_away or not self._seat.is_held
        return not (is_away or self._closing.is_set())

    @property
    def is_well(self) -> bool:
        """False where only a new process helps; a store that is away is no such reason."""
        return not (self._seat.is_stuck or self._has_ended)

    # Its life

    async def run(self) -> None:
        """Runs turns until `aclose`, or until cancelled; both drain. Raises StoreError."""
        self._running = asyncio.current_task()
        seat = asyncio.create_task(self._seat.hold(self._jobs), name="inbox.seat")
        tidying = asyncio.create_task(self._tidy_for_ever(), name="inbox.tidy")
        closing = asyncio.create_task(self._closing.wait(), name="inbox.closing")
        try:
            await asyncio.wait({seat, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._closing.set()
            tidying.cancel()
            await self._leave(seat)
            self._running = None
            self._has_ended = True

    async def _leave(self, seat: asyncio.Task[None]) -> None:
        """The seat is held while turns may still end, and given up with what is left of them."""
        await self._jobs.drain(self._pace.drain_seconds)
        await self._waits.aclose()
        await self._edits.aclose()
        await self._outages.aclose()
        self._seat.leave()
        await asyncio.wait({seat}, timeout=_HAND_BACK_SECONDS)
        if not seat.done():
            _log.error("seat.left", reason="the store does not answer")
            seat.cancel()
        elif not seat.cancelled() and (error := seat.exception()) is not None:
            raise error

    async def aclose(self) -> None:
        """Takes no new turn, gives those that run some time, puts the rest back in line."""
        self._closing.set()
        if self._running is not None:
            longest = self._pace.drain_seconds + LAST_RESPECTS_SECONDS + _HAND_BACK_SECONDS + 1.0
            await asyncio.wait({self._running}, timeout=longest)
        await self._waits.aclose()
        await self._outages.aclose()
        await self._intake.settle()
        await self._edits.aclose()

    async def _tidy_for_ever(self) -> None:
        while True:
            try:
                await self.tidy()
            except StoreError as error:
                _log.error("inbox.untidy", reason=str(error))
            await asyncio.sleep(_TIDY_SECONDS)

    async def tidy(self) -> None:
        """Forgets what has grown old: conversations, and the rows of ended turns, by which a
        redelivery of theirs is known.
        """
        now, pace = self._clock(), self._pace
        while await self._store.line.forget(older_than=now - pace.keep_days * _DAY_SECONDS):
            pass
        while await self._store.forget_older(now - pace.retention_days * _DAY_SECONDS):
            pass
