"""Keeps what a turn learnt, then shows it; each is tried until it is done. It finds nothing out."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from bot.conversations import replies
from bot.conversations.records import Ending, Learnt, Turn
from bot.conversations.storage.store import Store
from bot.conversations.turns import rulings
from bot.conversations.turns.unanswered import failure
from bot.dialogue import Audience, Decided, Failure, Outcome
from bot.errors import DeliveryError, StoreError, ThreadGone
from bot.languages import speaking

DELIVERY_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 180.0, 180.0)
"""Seconds between attempts to show an outcome; together about ten minutes."""
_TRY_LATER_SECONDS = 300.0
_TOLD_AFTER_SECONDS = 3.0
"""So long a store may be away before the thread hears of it."""

_log = structlog.get_logger()


class Showing:
    def __init__(
        self,
        store: Store,
        clock: Callable[[], float],
        *,
        delivery_pauses: Sequence[float],
        save_pause_seconds: float,
    ) -> None:
        self._store = store
        self._clock = clock
        self._delivery_pauses = tuple(delivery_pauses)
        self._save_pause_seconds = save_pause_seconds

    async def conclude(self, turn: Turn, audience: Audience, learnt: Learnt) -> Outcome | None:
        """Does not give up what was found while the store cannot be written. Raises NotOurs."""
        begun, is_told = self._clock(), False
        while True:
            try:
                await self._store.conclude(turn, learnt)
            except StoreError as error:
                _log.error("turn.unsaved", reason=str(error))
                if not is_told and self._clock() - begun >= _TOLD_AFTER_SECONDS:
                    is_told = True
                    await audience.note(replies.CANNOT_BE_KEPT)
                await asyncio.sleep(self._save_pause_seconds)
            else:
                return learnt.outcome

    async def show(self, turn: Turn, audience: Audience, outcome: Outcome) -> Ending:
        """Tries for ten minutes; then the row waits with its conclusion: nothing is lost."""
        for tries, pause in enumerate((*self._delivery_pauses, None)):
            is_repeated = turn.attempt > 1 or tries > 0
            try:
                ts = await audience.deliver(outcome, turn=turn.said.id, repeated=is_repeated)
            except ThreadGone as error:
                _log.warning("thread.gone", reason=str(error))
                return Ending("failed")
            except DeliveryError as error:
                _log.warning("delivery.failed", tries=tries + 1, reason=str(error))
                if pause is not None:
                    await asyncio.sleep(pause)
            except Exception as error:  # noqa: BLE001 - a bug in showing it is told where it can be
                told = failure(turn, _unshown(outcome), error)
                ts = await audience.deliver(told, turn=turn.said.id, repeated=True)
                return Ending("failed", ts)
            else:
                return Ending("failed" if isinstance(outcome, Failure) else "done", ts)
        return Ending("waiting", after_seconds=_TRY_LATER_SECONDS)


def _unshown(outcome: Outcome) -> str:
    if isinstance(outcome, Decided):
        return rulings.unshown(outcome)
    return speaking(getattr(outcome, "language", "")).broken
