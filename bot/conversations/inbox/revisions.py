"""Edits and deletions that came before their message: Slack promises no order. Never stored."""

import time
from collections import OrderedDict
from collections.abc import Callable

from bot.dialogue import Revision

_SECONDS = 90.0
"""Slack's second attempt at an event comes a minute after the first."""
_MOST = 500


class EarlyRevisions:
    def __init__(
        self,
        seconds: float = _SECONDS,
        most: int = _MOST,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._ticks = ticks
        self._kept: OrderedDict[str, tuple[Revision, float]] = OrderedDict()

    def keep(self, revision: Revision) -> None:
        """The latest of a message counts."""
        self._kept.pop(revision.id, None)
        self._kept[revision.id] = (revision, self._ticks() + self._seconds)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def of(self, message: str) -> Revision | None:
        """Stays: the message may be delivered again."""
        self._drop_old()
        found = self._kept.get(message)
        return found[0] if found else None

    def _drop_old(self) -> None:
        now = self._ticks()
        while self._kept and next(iter(self._kept.values()))[1] <= now:
            self._kept.popitem(last=False)
