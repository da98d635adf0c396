"""Tells people whose question still waits after a moment what it waits for. Once, if at all.

What they say to each other waits too, and nobody is told of that.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.conversations import replies
from bot.conversations.inbox.noting import Note, try_to_note
from bot.conversations.storage.store import Store
from bot.conversations.turns import attention, heard
from bot.dialogue import Input
from bot.errors import StoreError
from bot.languages import Phrases, answering

AFTER_SECONDS = 2.0
_NOTES_SECONDS = 10.0
_AT_ONCE = 200

_log = structlog.get_logger()


class Waits:
    """Watches the questions that this process received, until they begin."""

    def __init__(
        self,
        store: Store,
        note: Note,
        *,
        is_full: Callable[[], bool],
        ticks: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._note = note
        self._is_full = is_full
        self._ticks = ticks
        self._pause = pause
        self._watched: dict[str, tuple[Input, float]] = {}
        self._task: asyncio.Task[None] | None = None

    def watch(self, said: Input) -> None:
        self._watched[said.id] = (said, self._ticks() + AFTER_SECONDS)
        if self._task is None:
            self._task = asyncio.create_task(self._tell_the_late(), name="inbox.waits")

    def forget(self, said: Input) -> None:
        """It has begun."""
        self._watched.pop(said.id, None)

    async def aclose(self) -> None:
        self._watched.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _tell_the_late(self) -> None:
        try:
            while self._watched:
                _, due = next(iter(self._watched.values()))
                await self._pause(max(0.0, due - self._ticks()))
                await self._tell(self._taken())
        finally:
            self._task = None

    def _taken(self) -> list[Input]:
        now = self._ticks()
        late = [said for said, due in self._watched.values() if due <= now][:_AT_ONCE]
        for said in late:
            self.forget(said)
        return late

    async def _tell(self, late: Sequence[Input]) -> None:
        try:
            sentences = await self._sentences(late)
        except StoreError as error:
            _log.warning("note.left_out", questions=len(late), reason=str(error))
            return
        meant = {said.id: said for said in late}
        async with asyncio.TaskGroup() as tasks:
            for name, sentence in sentences.items():
                saying = try_to_note(self._note, meant[name], sentence, seconds=_NOTES_SECONDS)
                tasks.create_task(saying, name=f"note {name}")

    async def _sentences(self, late: Sequence[Input]) -> dict[str, str]:
        ids = [said.id for said in late if await self._is_for_kaia(said)]
        if not ids:
            return {}
        before, running = await self._store.line.places(ids)
        said_as = {said.id: said for said in late}
        return {
            name: replies.waits_for(others, running, await self._say(said_as[name]))
            for name, others in before.items()
            if others or self._is_full()
        }

    async def _say(self, said: Input) -> Phrases:
        notes = (await self._store.conversation(said.thread.id)).notes
        return answering(said.text, notes)

    async def _is_for_kaia(self, said: Input) -> bool:
        """By what is known before those ahead of it are answered: who talks there may be in line
        only.
        """
        if attention.is_surely_for_kaia(said):
            return not said.watch  # nobody waits for one
        thread = said.thread.id
        notes = dict((await self._store.conversation(thread)).notes)
        outlook = await self._store.line.outlook(thread)
        running = () if outlook.running is None else (outlook.running.said,)
        for other in (*running, *outlook.waiting):
            notes |= heard.with_spoken(notes, other)
        return attention.is_for_kaia(said, notes)
