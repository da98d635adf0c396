"""From where a process claims turns; here on SQLite, where nobody else may. It runs no turn."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.conversations.records import Turn
from bot.conversations.storage.store import Store
from bot.errors import StoreError
from bot.telemetry.seams import UNMEASURED, Telemetry

_AGAIN_SECONDS = 0.5
"""Between attempts while the store cannot be read."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Room:
    """For how many more turns of each kind there is a place in this process."""

    talk: int
    words: int

    def __bool__(self) -> bool:
        return self.talk > 0 or self.words > 0


class Crew(Protocol):
    """What a seat knows of those who run what it claims."""

    def room(self) -> Room: ...

    def lanes(self) -> list[str]:
        """Those of which a turn is still in memory here: no other of theirs may begin."""

    def saving(self) -> list[int]:
        """Turns that have ended, and whose end is not saved yet."""

    def begin(self, turns: Sequence[Turn]) -> None: ...

    def stop(self, seqs: Sequence[int]) -> None: ...

    def lose(self) -> None:
        """Cancels everything at once and saves nothing of it: others may begin it any moment."""


class Seat(Protocol):
    @property
    def is_held(self) -> bool:
        """Turns can be claimed from here now."""

    @property
    def is_stuck(self) -> bool:
        """A step takes so long that only a new process helps."""

    def wake(self) -> None:
        """There may be something to claim."""

    def leave(self) -> None:
        """Makes `hold` hand back what still runs, and return."""

    async def hold(self, crew: Crew) -> None:
        """Claims turns for the crew until `leave`. Raises StoreError where it can never begin."""


class Pulse:
    """Tells a loop that waits for something from one that is stuck in a step."""

    def __init__(
        self, patience_seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._step_began: float | None = None

    @contextmanager
    def step(self) -> Iterator[None]:
        self._step_began = self._clock()
        try:
            yield
        finally:
            self._step_began = None

    @property
    def is_stuck(self) -> bool:
        began = self._step_began
        return began is not None and self._clock() - began > self._patience_seconds


class FileSeat:
    """The file's lock is the seat: the process that has it is alone. It never polls."""

    def __init__(self, store: Store, owner: str, telemetry: Telemetry = UNMEASURED) -> None:
        self._store = store
        self._telemetry = telemetry
        self._owner = owner
        self._wake = asyncio.Event()
        self._is_leaving = False
        self._pulse = Pulse(patience_seconds=120.0)
        self.is_held = False

    @property
    def is_stuck(self) -> bool:
        return self._pulse.is_stuck

    def wake(self) -> None:
        self._wake.set()

    def leave(self) -> None:
        self._is_leaving = True
        self._wake.set()

    async def hold(self, crew: Crew) -> None:
        recovered = await self._store.line.recover()
        self._telemetry.count("takeover", by=recovered.back_in_line)
        _log.info("seat.taken", back_in_line=recovered.back_in_line, owner=self._owner)
        while not self._is_leaving:
            self._wake.clear()
            with self._pulse.step():
                await self._claim(crew)
            await self._wake.wait()
        await self._hand_back()

    async def _claim(self, crew: Crew) -> None:
        room = crew.room()
        if not room:
            return
        try:
            turns = await self._store.line.claim(self._owner, talk=room.talk, words=room.words)
        except StoreError as error:
            self.is_held = False
            _log.error("inbox.waits", reason=str(error))
            asyncio.get_running_loop().call_later(_AGAIN_SECONDS, self.wake)
        else:
            self.is_held = True
            crew.begin(turns)

    async def _hand_back(self) -> None:
        self.is_held = False
        try:
            handed_back = await self._store.line.hand_back(self._owner)
        except StoreError as error:
            _log.error("seat.left", reason=str(error))
        else:
            _log.info("seat.left", handed_back=handed_back)
