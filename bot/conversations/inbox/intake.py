"""Where inputs arrive: redacted, judged, and kept in shared commits. It runs nothing."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.conversations.records import Arrival
from bot.conversations.sound import legible
from bot.conversations.storage.statements import Judge
from bot.conversations.storage.store import Store
from bot.conversations.words import word_of
from bot.dialogue import Input, Revision
from bot.errors import StoreError

_AT_ONCE = 500
"""Inputs per commit."""
_SECONDS = 2.5
"""For a store to keep them: Slack waits three for its answer, and then delivers again."""
_TOO_SLOW = (
    "The message could not be kept in time: Kaia's store does not answer. It is tried again when"
    " it is delivered again; otherwise ask again in a moment."
)

RedactIn = Callable[[str, str], str]
"""(thread, text) -> the text without secrets, with the marks of that conversation."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    kept: asyncio.Future[bool]

    def answer(self, is_new: bool) -> None:
        if not self.kept.done():
            self.kept.set_result(is_new)

    def fail(self, sentence: str) -> None:
        """With an error of its own: a shared one would collect everybody's traceback."""
        if not self.kept.done():
            self.kept.set_exception(StoreError(sentence))


class Intake:
    def __init__(
        self,
        store: Store,
        redact: RedactIn,
        on_new: Callable[[Arrival], None],
        on_late_edit: Callable[[str, Judge], None],
    ) -> None:
        """`on_late_edit` is called with the id of what no longer waits."""
        self._store = store
        self._redact = redact
        self._on_new = on_new
        self._on_late_edit = on_late_edit
        self._pending: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._revising: set[asyncio.Task[bool]] = set()

    async def receive(self, said: Input) -> bool:
        """Keeps the input durably before it returns. Raises StoreError: then it was not kept, or
        comes to nothing when it is delivered again.
        """
        waiting = _Waiting(self._judge(said), asyncio.get_running_loop().create_future())
        self._pending.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_pending(), name="inbox.write")
        return await self._kept(waiting)

    async def _kept(self, waiting: _Waiting) -> bool:
        await asyncio.wait({waiting.kept}, timeout=_SECONDS)
        if not waiting.kept.done():
            if waiting in self._pending:
                self._pending.remove(waiting)
            waiting.kept.cancel()
            raise StoreError(_TOO_SLOW)
        return waiting.kept.result()

    async def revise(self, revision: Revision) -> bool:
        """An edit or a deletion of what still waits, or was listened to; what was deleted while it
        runs is stopped. True only for what waits. Raises StoreError.
        """
        text = revision.text
        judge = None if text is None else lambda said: self._judge(replace(said, text=text))
        revising = asyncio.create_task(
            self._store.line.revise(revision.id, judge), name="inbox.revise"
        )
        self._revising.add(revising)
        revising.add_done_callback(self._revising.discard)
        await asyncio.wait({revising}, timeout=_SECONDS)
        if not revising.done():
            raise StoreError(_TOO_SLOW)
        if judge is not None and not revising.result():
            self._on_late_edit(revision.id, judge)
        return revising.result()

    async def settle(self) -> None:
        """Returns when everything that has arrived is written, or the store does not answer."""
        under_way = {*self._revising, *((self._writer,) if self._writer is not None else ())}
        if under_way:
            await asyncio.wait(under_way, timeout=_SECONDS)

    def _judge(self, said: Input) -> Arrival:
        """What people paste is redacted before anything of it is kept."""
        kept = replace(
            said,
            text=self._clean(said, said.text),
            speaker_name=self._clean(said, said.speaker_name),
            files=tuple(replace(file, name=self._clean(said, file.name)) for file in said.files),
        )
        is_said = kept.decision is None and not kept.watch
        is_word = is_said and word_of(kept.text) is not None
        return Arrival(kept, "word" if is_word else "talk")

    def _clean(self, said: Input, text: str) -> str:
        return self._redact(said.thread.id, legible(text))

    async def _write_pending(self) -> None:
        """Everything that came while the last commit was under way shares the next."""
        while self._pending:
            batch, self._pending = self._pending[:_AT_ONCE], self._pending[_AT_ONCE:]
            await self._write(batch)
        self._writer = None

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            are_new = await self._store.line.add([waiting.arrival for waiting in batch])
        except StoreError as error:
            _log.error("inbox.refused", inputs=len(batch), reason=str(error))
            _fail_all(batch, str(error))
        except Exception:  # noqa: BLE001 - a bug here must not leave anybody waiting for ever
            _log.exception("inbox.refused", inputs=len(batch))
            _fail_all(batch, "The message could not be kept. Kaia's log says why.")
        else:
            for waiting, is_new in zip(batch, are_new, strict=True):
                waiting.answer(is_new)
                if is_new:
                    self._on_new(waiting.arrival)


def _fail_all(batch: Sequence[_Waiting], sentence: str) -> None:
    for waiting in batch:
        waiting.fail(sentence)
