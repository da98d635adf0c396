"""Tells a thread, once, that an answer is to the first wording of a question that was edited.

It changes no turn: a question that waits takes its new words by itself.
"""

import asyncio

import structlog

from bot.conversations.inbox.noting import Note, try_to_note
from bot.conversations.storage.edited import Edited
from bot.conversations.storage.statements import Judge
from bot.conversations.storage.store import Store
from bot.conversations.turns import attention
from bot.errors import StoreError
from bot.languages import answering

_NOTES_SECONDS = 10.0
_LEAVE_SECONDS = 2.0
_MOST = 200

_log = structlog.get_logger()


class Edits:
    def __init__(self, store: Store, note: Note) -> None:
        self._store = store
        self._note = note
        self._telling: set[asyncio.Task[None]] = set()

    def edited(self, said_id: str, judge: Judge) -> None:
        """Slack is not kept waiting for it."""
        if len(self._telling) < _MOST:
            telling = asyncio.create_task(self._tell(said_id, judge), name=f"edit {said_id}")
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

    async def aclose(self) -> None:
        for task in (tasks := set(self._telling)):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_LEAVE_SECONDS)

    async def _tell(self, said_id: str, judge: Judge) -> None:
        try:
            edited = await self._store.line.edited(said_id, judge)
            if edited is None or not await self._is_for_kaia(edited):
                return
            if not await self._store.line.keep_edit(edited, judge):
                return
            notes = (await self._store.conversation(edited.said.thread.id)).notes
        except StoreError as error:
            _log.warning("edit.untold", turn=said_id, reason=str(error))
            return
        say = answering(edited.said.text, notes)
        sentence = say.edited_meanwhile if edited.runs else say.edited_afterwards
        await try_to_note(self._note, edited.said, sentence, seconds=_NOTES_SECONDS)

    async def _is_for_kaia(self, edited: Edited) -> bool:
        """What people say to each other may run too, for a moment."""
        notes = (await self._store.conversation(edited.said.thread.id)).notes
        return attention.is_for_kaia(edited.said, notes)
