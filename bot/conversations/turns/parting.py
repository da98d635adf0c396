"""A question's turn that ends with a Stop: what it had found is kept and shown. It finds nothing.

The turn's work runs beside its end, so that neither a slow command nor a model that does not let go
keeps people waiting for what is there already.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from bot.conversations.records import Ending, Turn
from bot.conversations.seams import Redacts
from bot.conversations.storage.store import Store
from bot.conversations.turns import unanswered
from bot.conversations.turns.progress import Progress
from bot.conversations.turns.unstoppable import STOP, ended, go_on
from bot.conversations.words import is_instead
from bot.dialogue import Audience, Outcome
from bot.errors import DeliveryError, StoreError

_MOMENT_SECONDS = 0.7
"""For the work to end, so that what it ended with counts."""
_WORDS_SECONDS = 1.0
"""For the words of the Stop itself to be shown."""
_PARTING_SECONDS = 5.0
"""For all of it, where store or Slack are slow: the thread's next question waits."""

_log = structlog.get_logger()


class Parting:
    def __init__(self, store: Store, redactor: Redacts) -> None:
        self._store = store
        self._redactor = redactor
        self._saying: dict[str, asyncio.Event] = {}

    @contextmanager
    def saying(self, turn: Turn) -> Iterator[None]:
        """While words are shown there: what was found comes after "Stopped."."""
        said = self._saying[turn.said.thread.id] = asyncio.Event()
        try:
            yield
        finally:
            said.set()
            self._saying.pop(turn.said.thread.id, None)

    async def after_stop(self, turn: Turn, audience: Audience, progress: Progress) -> Ending:
        """Tried once and not for long: whoever said stop is not waited on. Raises NotOurs."""
        try:
            async with asyncio.timeout(_PARTING_SECONDS):
                outcome = await self._outcome(turn, progress)
                await self._words(turn)
                if outcome is None:
                    return Ending("stopped")
                ts = await audience.deliver(outcome, turn=turn.said.id, repeated=True)
        except (TimeoutError, StoreError, DeliveryError) as error:
            _log.warning("stop.found_untold", error=type(error).__name__)
            return Ending("stopped")
        return Ending("stopped", ts)

    async def _outcome(self, turn: Turn, progress: Progress) -> Outcome | None:
        """The answer, where it was there already. None where nothing was found."""
        if turn.conclusion is not None:
            return await self._store.outcome(turn)
        if progress.learnt is not None:
            await self._store.conclude(turn, progress.learnt)
            return progress.learnt.outcome
        if not progress.receipts and not progress.usage.model_calls:
            return None
        is_replaced = await self._is_replaced(turn)
        learnt = unanswered.stopped(turn, progress, self._redactor, is_replaced=is_replaced)
        await self._store.conclude(turn, learnt)
        return learnt.outcome if learnt.receipts else None

    async def _is_replaced(self, turn: Turn) -> bool:
        """By a question that says so and is next: a Stop leaves nothing in line."""
        waiting = (await self._store.line.outlook(turn.said.thread.id)).waiting
        return bool(waiting) and is_instead(waiting[0].text)

    async def _words(self, turn: Turn) -> None:
        if (said := self._saying.get(turn.said.thread.id)) is not None:
            waiting = asyncio.ensure_future(said.wait())
            await asyncio.wait({waiting}, timeout=_WORDS_SECONDS)
            waiting.cancel()


async def unless_stopped(
    work: Coroutine[Any, Any, Ending], after_stop: Callable[[], Awaitable[Ending]]
) -> Ending:
    """The end of `work`, or of what comes after a Stop. Any other cancellation is handed on."""
    task = asyncio.create_task(work, name="turn.work")
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError as error:
        task.cancel(*error.args)
        if error.args != (STOP,):
            raise
        await asyncio.wait({task}, timeout=_MOMENT_SECONDS)
        go_on()
        if task.done() and not task.cancelled():
            return task.result()  # it had come to its end as the Stop came
        return await after_stop()
    finally:
        await ended(task)
    return task.result()
