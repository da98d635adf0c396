"""The inbox: keeps inputs durably and runs their turns, one at a time per thread.

It knows nothing of what a turn does. Everything it must not forget is in the store; in memory
are only the turns that run right now.
"""

import asyncio
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog
from structlog.contextvars import bound_contextvars

from bot.conversations.intake import Intake
from bot.conversations.records import POISON, Counts, Ending, NotOurs, Stopped, Turn
from bot.conversations.seams import Redacts
from bot.conversations.store import Store
from bot.dialogue import Input, Revision
from bot.errors import StoreError

Handle = Callable[[Turn], Awaitable[Ending]]

_PARALLEL_WORDS = 32
_AGAIN_SECONDS = 0.5
"""Between attempts while the store cannot be written."""
_LAST_RESPECTS_SECONDS = 10.0
"""For a cancelled turn to end."""
_TIDY_SECONDS = 3600.0
_DAY_SECONDS = 86_400.0

_log = structlog.get_logger()


@dataclass(slots=True)
class _Job:
    turn: Turn
    task: asyncio.Task[Ending]
    keeper: asyncio.Task[None] | None = None
    cancelled_by: Literal["", "stop", "drain"] = ""


class Inbox:
    def __init__(
        self,
        store: Store,
        handle: Handle,
        redactor: Redacts,
        *,
        parallel_turns: int = 20,
        drain_seconds: float = 10.0,
        keep_days: float = 7.0,
        after_error_seconds: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._handle = handle
        self._parallel_turns = parallel_turns
        self._drain_seconds = drain_seconds
        self._keep_days = keep_days
        self._after_error_seconds = after_error_seconds
        self._clock = clock
        self._me = uuid.uuid4().hex
        self._jobs: dict[int, _Job] = {}
        self._to_stop: set[int] = set()
        self._wake = asyncio.Event()
        self._redactor = redactor
        self._intake = Intake(store.line, self._redact, self._wake.set)
        self._is_closing = False
        self._running: asyncio.Task[None] | None = None
        store.when_stopped(self._cancel)

    def _redact(self, thread: str, text: str) -> str:
        return self._redactor.keyed(self._store.key_of(thread)).redact(text)

    async def receive(self, said: Input) -> bool:
        """Keeps the input durably before it returns; `dialogue.Receiver`. Raises StoreError."""
        return await self._intake.receive(said)

    async def revise(self, revision: Revision) -> bool:
        """Changes or drops a question that still waits. Raises StoreError."""
        del revision
        return False

    async def objection(self, said: Input) -> str:
        """Why this person may not decide what they pressed; nothing where they may."""
        del said
        return "Changes are switched off."

    async def run(self) -> None:
        """Runs turns until `aclose`, or until cancelled; both drain."""
        self._running = asyncio.current_task()
        try:
            recovered = await self._store.line.recover()
            _log.info("inbox.began", back_in_line=recovered.back_in_line, owner=self._me)
            async with asyncio.TaskGroup() as tasks:
                tidying = tasks.create_task(self._tidy_for_ever(), name="inbox.tidy")
                await self._claim_until_closing()
                tidying.cancel()
        finally:
            self._is_closing = True
            await self._drain()
            self._running = None

    async def aclose(self) -> None:
        """Takes no new turn, gives those that run some time, puts the rest back in line."""
        self._is_closing = True
        self._wake.set()
        if self._running is not None:
            await asyncio.wait({self._running})
        await self._intake.settle()

    async def stop(self, thread: str) -> Stopped:
        """Ends what runs and what waits in a thread."""
        return await self._store.stop(thread)

    async def owns(self, thread: str) -> bool:
        """Whether a reply there is for Kaia without a mention."""
        return await self._store.line.owns(thread)

    async def counts(self) -> Counts:
        return await self._store.counts()

    async def _claim_until_closing(self) -> None:
        while not self._is_closing:
            self._wake.clear()
            for turn in await self._claim():
                self._start(turn)
            await self._wake.wait()

    async def _claim(self) -> list[Turn]:
        words = sum(job.turn.kind == "word" for job in self._jobs.values())
        talk = len(self._jobs) - words
        try:
            return await self._store.line.claim(
                self._me, talk=self._parallel_turns - talk, words=_PARALLEL_WORDS - words
            )
        except StoreError as error:
            _log.error("inbox.waits", reason=str(error))
            self._wake_in(_AGAIN_SECONDS)
            return []

    def _wake_in(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._wake.set)

    def _start(self, turn: Turn) -> None:
        task = asyncio.create_task(self._handle_named(turn), name=f"turn {turn.said.id}")
        job = self._jobs[turn.seq] = _Job(turn, task)
        job.keeper = asyncio.create_task(self._keep(job), name=f"keeper {turn.said.id}")
        if turn.seq in self._to_stop:  # asked for between the claim's commit and this line
            self._cancel([turn.seq])

    async def _handle_named(self, turn: Turn) -> Ending:
        with bound_contextvars(thread=turn.said.thread.id, turn=turn.said.id):
            return await self._handle(turn)

    def _cancel(self, seqs: Sequence[int]) -> None:
        """The rows stay running until their tasks have really ended."""
        for seq in seqs:
            job = self._jobs.get(seq)
            if job is None:
                self._to_stop.add(seq)
            else:
                self._to_stop.discard(seq)
                job.cancelled_by = "stop"
                job.task.cancel()

    # Ending

    async def _keep(self, job: _Job) -> None:
        """Waits for a turn beside it, so that no Stop ever hits the saving of its end."""
        await asyncio.wait({job.task})
        try:
            while True:
                if await self._settled(job):
                    break
                await asyncio.sleep(_AGAIN_SECONDS)
        finally:
            del self._jobs[job.turn.seq]
            self._wake.set()

    async def _settled(self, job: _Job) -> bool:
        try:
            await self._settle(job)
        except StoreError as error:
            _log.error("turn.unsaved", turn=job.turn.said.id, reason=str(error))
            return self._is_closing
        except NotOurs:
            _log.error("turn.lost", turn=job.turn.said.id, attempt=job.turn.attempt)
        except Exception:  # noqa: BLE001 - its row stays running; the other threads go on
            _log.exception("turn.unsettled", turn=job.turn.said.id)
        return True

    async def _settle(self, job: _Job) -> None:
        line, turn = self._store.line, job.turn
        if job.task.cancelled():
            return await self._settle_cancelled(job)
        match job.task.exception():
            case None:
                ending = job.task.result()
                if ending.status == "waiting":
                    return await self._put_back_later(turn, ending.after_seconds)
                return await line.finish(turn, ending.status, ending.posted_ts)
            case StoreError() as error:
                _log.error("turn.waits", turn=turn.said.id, reason=str(error))
                return await self._put_back_later(turn, self._after_error_seconds)
            case error:
                return await self._settle_broken(turn, error)

    async def _settle_cancelled(self, job: _Job) -> None:
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
        self._wake_in(seconds + 0.01)

    async def _drain(self) -> None:
        if jobs := self._keepers():
            await asyncio.wait(jobs, timeout=self._drain_seconds)
        for job in self._jobs.values():
            if not job.cancelled_by:
                job.cancelled_by = "drain"
                job.task.cancel()
        if jobs := self._keepers():
            await asyncio.wait(jobs, timeout=_LAST_RESPECTS_SECONDS)
        try:
            handed_back = await self._store.line.hand_back(self._me)
        except StoreError as error:
            _log.error("inbox.ended", reason=str(error))
        else:
            _log.info("inbox.ended", handed_back=handed_back)

    def _keepers(self) -> set[asyncio.Task[None]]:
        return {job.keeper for job in self._jobs.values() if job.keeper is not None}

    # Tidying

    async def _tidy_for_ever(self) -> None:
        while True:
            try:
                await self.tidy()
            except StoreError as error:
                _log.error("inbox.untidy", reason=str(error))
            await asyncio.sleep(_TIDY_SECONDS)

    async def tidy(self) -> None:
        """Forgets turns that ended long ago; until then a redelivery of theirs is known."""
        before = self._clock() - self._keep_days * _DAY_SECONDS
        while await self._store.line.forget(older_than=before):
            pass
