"""The turns that run in this process, each with a keeper that saves its end. It claims none."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog
from structlog.contextvars import bound_contextvars

from bot.conversations import replies
from bot.conversations.inbox.noting import Note, try_to_note
from bot.conversations.inbox.outages import Outages
from bot.conversations.inbox.pace import Pace
from bot.conversations.inbox.seat import Room
from bot.conversations.records import POISON, Arrival, Ending, NotOurs, Turn
from bot.conversations.storage.store import Store
from bot.dialogue import Input
from bot.errors import StoreError

Handle = Callable[[Turn], Awaitable[Ending]]

_PARALLEL_WORDS = 32
_AGAIN_SECONDS = 0.5
"""Between attempts while the store cannot be written."""
LAST_RESPECTS_SECONDS = 5.0
"""For a cancelled turn to end."""
_NOTES_SECONDS = 3.0

_log = structlog.get_logger()


@dataclass(slots=True)
class Job:
    turn: Turn
    task: asyncio.Task[Ending]
    keeper: asyncio.Task[None] | None = None
    cancelled_by: Literal["", "stop", "drain", "lost"] = ""

    @property
    def lane(self) -> str:
        return Arrival(self.turn.said, self.turn.kind).lane

    def cancel(self, why: Literal["stop", "drain", "lost"]) -> None:
        self.cancelled_by = why
        self.task.cancel(why)  # turns that have begun a change ask why


class Jobs:
    """`seat.Crew`."""

    def __init__(
        self,
        store: Store,
        handle: Handle,
        *,
        pace: Pace,
        wake: Callable[[], None],
        on_begin: Callable[[Input], None],
        note: Note,
        outages: Outages,
    ) -> None:
        """`wake` is called whenever there may be something to claim."""
        self._store = store
        self._handle = handle
        self._pace = pace
        self._wake = wake
        self._on_begin = on_begin
        self._note = note
        self._outages = outages
        self._jobs: dict[int, Job] = {}
        self._to_stop: set[int] = set()
        self._is_closing = False

    def room(self) -> Room:
        if self._is_closing:
            return Room(0, 0)
        words = sum(job.turn.kind == "word" for job in self._jobs.values())
        talk = len(self._jobs) - words
        return Room(self._pace.parallel_turns - talk, _PARALLEL_WORDS - words)

    def lanes(self) -> list[str]:
        return [job.lane for job in self._jobs.values()]

    def saving(self) -> list[int]:
        return [seq for seq, job in self._jobs.items() if job.task.done() and _has_ended(job)]

    def begin(self, turns: Sequence[Turn]) -> None:
        if self._is_closing:
            return  # claimed as the end began: the seat hands them back
        for turn in turns:
            self._start(turn)
        self._to_stop.clear()  # what is left of it runs elsewhere

    def stop(self, seqs: Sequence[int]) -> None:
        """The rows stay running until their tasks have really ended."""
        for seq in seqs:
            job = self._jobs.get(seq)
            if job is None:
                self._to_stop.add(seq)
            elif not job.cancelled_by:
                job.cancel("stop")

    def lose(self) -> None:
        for job in self._jobs.values():
            if not job.task.done():
                self._cut_off(job, with_seat=True)
                job.cancel("lost")

    def _cut_off(self, job: Job, *, with_seat: bool) -> None:
        if job.turn.kind == "talk" and not job.cancelled_by:
            self._outages.cut_off(job.turn.said, with_seat=with_seat)

    async def drain(self, seconds: float) -> None:
        """Begins nothing more, gives what runs so long, parks the rest and says so."""
        self._is_closing = True
        await self._wait(seconds)
        parked = [job for job in self._jobs.values() if not job.cancelled_by]
        for job in parked:
            job.cancel("drain")
        notes = [
            try_to_note(self._note, job.turn.said, replies.PARKED, seconds=_NOTES_SECONDS)
            for job in parked
            if job.turn.kind == "talk"
        ]
        await asyncio.gather(self._wait(LAST_RESPECTS_SECONDS), *notes)

    async def _wait(self, seconds: float) -> None:
        keepers = {job.keeper for job in self._jobs.values() if job.keeper is not None}
        if keepers:
            await asyncio.wait(keepers, timeout=seconds)

    def _start(self, turn: Turn) -> None:
        self._on_begin(turn.said)
        self._outages.goes_on(turn.said)
        task = asyncio.create_task(self._handle_named(turn), name=f"turn {turn.said.id}")
        job = self._jobs[turn.seq] = Job(turn, task)
        job.keeper = asyncio.create_task(self._keep(job), name=f"keeper {turn.said.id}")
        if turn.seq in self._to_stop:  # asked for between the claim's commit and this line
            job.cancel("stop")

    async def _handle_named(self, turn: Turn) -> Ending:
        said = turn.said
        with bound_contextvars(
            who=said.speaker, where=said.thread.channel, thread=said.thread.id, turn=said.id
        ):
            return await self._handle(turn)

    # Ending

    async def _keep(self, job: Job) -> None:
        """Waits for a turn beside it, so that no Stop ever hits the saving of its end."""
        await asyncio.wait({job.task})
        try:
            while True:
                if await self._settled(job):
                    break
                await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            del self._jobs[job.turn.seq]
            self._wake()

    async def _settled(self, job: Job) -> bool:
        try:
            await self._settle(job)
        except StoreError as error:
            _log.error("turn.unsaved", turn=job.turn.said.id, reason=str(error))
            self._outages.failed()
            return self._is_closing
        except NotOurs:
            _log.error("turn.lost", turn=job.turn.said.id, attempt=job.turn.attempt)
        except Exception:  # noqa: BLE001 - its row stays running; the other threads go on
            _log.exception("turn.unsettled", turn=job.turn.said.id)
        return True

    async def _settle(self, job: Job) -> None:
        line, turn = self._store.line, job.turn
        if job.cancelled_by == "lost" and not _has_ended(job):
            _log.warning("turn.lost", turn=turn.said.id, attempt=turn.attempt)
            return None
        if job.task.cancelled():
            return await self._settle_cancelled(job)
        match job.task.exception():
            case None:
                self._outages.goes_on(turn.said)
                ending = job.task.result()
                if ending.status == "waiting":
                    return await self._put_back_later(turn, ending.after_seconds)
                return await line.finish(turn, ending.status, ending.posted_ts)
            case StoreError() as error:
                _log.error("turn.waits", turn=turn.said.id, reason=str(error))
                return await self._settle_failed(job)
            case NotOurs() as error:
                raise error
            case error:
                return await self._settle_broken(turn, error)

    async def _settle_failed(self, job: Job) -> None:
        self._outages.failed()
        self._cut_off(job, with_seat=False)
        await self._put_back_later(job.turn, self._pace.after_error_seconds)
        self._outages.goes_on(job.turn.said)
        self._outages.answered()

    async def _settle_cancelled(self, job: Job) -> None:
        match job.cancelled_by:
            case "stop":
                await self._store.line.finish(job.turn, "stopped")
            case "drain":
                await self._store.line.put_back(job.turn)
            case _:
                await self._settle_broken(job.turn, asyncio.CancelledError())

    async def _settle_broken(self, turn: Turn, error: BaseException) -> None:
        """A bug counts like a crash: tried again, and after the third time the thread is told."""
        reference = secrets.token_hex(4)
        _log.error("turn.broke", turn=turn.said.id, reference=reference, exc_info=error)
        if turn.crashes < POISON:
            await self._store.line.put_back(turn, crashed=True)
        else:
            await self._store.line.finish(turn, "failed")

    async def _put_back_later(self, turn: Turn, seconds: float) -> None:
        await self._store.line.put_back(turn, after=seconds)
        asyncio.get_running_loop().call_later(seconds + 0.01, self._wake)


def _has_ended(job: Job) -> bool:
    """By itself, with a result: whatever happened meanwhile, that is worth saving."""
    return job.task.done() and not job.task.cancelled() and job.task.exception() is None
