"""Optional calls that Slack lets hang: after two in a row nobody waits for them for some minutes.

It makes no call. What Slack refuses for ever is no concern of this.
"""

import time
from collections.abc import Callable

import structlog

log = structlog.get_logger()

_SECONDS = 300.0
_MOST_SILENCES = 2


class Resting:
    def __init__(
        self,
        *,
        seconds: float = _SECONDS,
        most_silences: int = _MOST_SILENCES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._seconds = seconds
        self._most_silences = most_silences
        self._clock = clock
        self._silences: dict[str, int] = {}
        self._until: dict[str, float] = {}

    def rests(self, name: str) -> bool:
        return self._clock() < self._until.get(name, float("-inf"))

    def may_try(self, name: str) -> bool:
        """After its rest one caller finds out for all; the others wait for what it learns."""
        if self.rests(name):
            return False
        if name in self._until:
            self._until[name] = self._clock() + self._seconds
        return True

    def unanswered(self, name: str) -> None:
        self._silences[name] = self._silences.get(name, 0) + 1
        if self._silences[name] < self._most_silences:
            return
        if name not in self._until:
            log.warning("slack.capability_rests", method=name, seconds=self._seconds)
        self._until[name] = self._clock() + self._seconds

    def answered(self, name: str) -> None:
        """Whatever Slack has answered."""
        self._silences.pop(name, None)
        if self._until.pop(name, None) is not None:
            log.info("slack.capability_back", method=name)
