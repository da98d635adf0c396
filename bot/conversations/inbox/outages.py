"""While the store does not answer: that it does not, and who waits for it and is told so. It keeps
and repeats nothing.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from bot.conversations import replies
from bot.conversations.inbox.noting import Note, try_to_note
from bot.conversations.storage.store import Store
from bot.dialogue import Input
from bot.errors import StoreError

TELL_AFTER_SECONDS = 3.0
"""What is back by then is not worth a line in anybody's thread."""
PING_SECONDS = 2.0
_SAME_OUTAGE_SECONDS = 60.0
"""A turn that is cut off again within so long after it was told is not told again."""
_NOTES_SECONDS = 3.0
_LEAVE_SECONDS = 1.0

_log = structlog.get_logger()


class Outages:
    """Asks the store only while it is believed to be away."""

    def __init__(
        self,
        store: Store,
        note: Note,
        *,
        is_seat_held: Callable[[], bool],
        ticks: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._note = note
        self._is_seat_held = is_seat_held
        self._ticks = ticks
        self._pause = pause
        self._pinging: asyncio.Task[None] | None = None
        self._cut_off: dict[str, asyncio.Task[None]] = {}
        self._told: dict[str, float] = {}
        self._is_closed = False
        self.is_away = False

    def failed(self) -> None:
        """The store has not kept something, or not in time."""
        self.is_away = True
        if self._pinging is None and not self._is_closed:
            self._pinging = asyncio.create_task(self._ping(), name="inbox.ping")

    def answered(self) -> None:
        self.is_away = False

    def cut_off(self, said: Input, *, with_seat: bool) -> None:
        """Its turn has ended for want of the store; it is told if that lasts. Of those that were
        lost with the seat, whoever has the seat again soon takes care.
        """
        if said.id not in self._cut_off and not self._is_closed:
            telling = asyncio.create_task(
                self._tell_later(said, with_seat), name=f"outage {said.id}"
            )
            self._cut_off[said.id] = telling

    def goes_on(self, said: Input) -> None:
        """It runs again, is safely back in line, or has ended after all."""
        if (telling := self._cut_off.pop(said.id, None)) is not None:
            telling.cancel()

    async def aclose(self) -> None:
        self._is_closed = True
        tasks = {*self._cut_off.values(), *((self._pinging,) if self._pinging else ())}
        self._cut_off.clear()
        for task in tasks:
            task.cancel()
        if tasks:  # a ping ends with its transaction, for which the database waits
            await asyncio.wait(tasks, timeout=_LEAVE_SECONDS)

    async def _ping(self) -> None:
        try:
            while self.is_away:
                await self._pause(PING_SECONDS)
                try:
                    await self._store.ping()
                except StoreError as error:
                    _log.warning("store.away", reason=str(error))
                else:
                    self.answered()
        finally:
            self._pinging = None

    async def _tell_later(self, said: Input, with_seat: bool) -> None:
        await self._pause(TELL_AFTER_SECONDS)
        is_back = with_seat and self._is_seat_held()
        if not is_back and not self._was_told(said):
            await try_to_note(self._note, said, replies.STORE_AWAY, seconds=_NOTES_SECONDS)
        self._cut_off.pop(said.id, None)

    def _was_told(self, said: Input) -> bool:
        now = self._ticks()
        lately = now - _SAME_OUTAGE_SECONDS
        self._told = {name: moment for name, moment in self._told.items() if moment > lately}
        was_told = said.id in self._told
        self._told[said.id] = now
        return was_told
