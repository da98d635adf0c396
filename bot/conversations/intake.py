"""Where inputs arrive: redacted, judged, and kept in shared commits. It runs nothing."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import structlog

from bot.conversations.line import Line
from bot.conversations.records import Arrival
from bot.conversations.sound import sound_text
from bot.conversations.words import word_of
from bot.dialogue import Input
from bot.errors import StoreError
from bot.plaintext import clean

_AT_ONCE = 500
"""Inputs per commit."""

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
    def __init__(self, line: Line, redact: RedactIn, on_new: Callable[[], None]) -> None:
        self._line = line
        self._redact = redact
        self._on_new = on_new
        self._pending: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def receive(self, said: Input) -> bool:
        """Keeps the input durably before it returns. Raises StoreError: then it was not kept."""
        arrival = self._judge(said)
        waiting = _Waiting(arrival, asyncio.get_running_loop().create_future())
        self._pending.append(waiting)
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_pending(), name="inbox.write")
        return await waiting.kept

    async def settle(self) -> None:
        """Returns when everything that has arrived is written."""
        if self._writer is not None:
            await asyncio.wait({self._writer})

    def _judge(self, said: Input) -> Arrival:
        """What people paste is redacted before anything of it is kept."""
        clean_name = self._clean(said, said.speaker_name)
        kept = replace(said, text=self._clean(said, said.text), speaker_name=clean_name)
        return Arrival(kept, "talk" if word_of(kept.text) is None else "word")

    def _clean(self, said: Input, text: str) -> str:
        # Invisible characters go first: one in the middle of a token would hide it.
        return self._redact(said.thread.id, clean(sound_text(text)))

    async def _write_pending(self) -> None:
        """Everything that came while the last commit was under way shares the next."""
        while self._pending:
            batch, self._pending = self._pending[:_AT_ONCE], self._pending[_AT_ONCE:]
            await self._write(batch)
        self._writer = None

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        try:
            are_new = await self._line.add([waiting.arrival for waiting in batch])
        except StoreError as error:
            _log.error("inbox.refused", inputs=len(batch), reason=str(error))
            _fail_all(batch, str(error))
        except Exception:  # noqa: BLE001 - a bug here must not leave anybody waiting for ever
            _log.exception("inbox.refused", inputs=len(batch))
            _fail_all(batch, "The message could not be kept. Kaia's log says why.")
        else:
            for waiting, is_new in zip(batch, are_new, strict=True):
                waiting.answer(is_new)
            if any(are_new):
                self._on_new()


def _fail_all(batch: Sequence[_Waiting], sentence: str) -> None:
    for waiting in batch:
        waiting.fail(sentence)
