"""How often one app may ask in an hour; above that it is told so once, and then is not heard.

The engine counts by thread, and an app that asks at the top level begins a new one every time.
Only mentions count: what an app says further in a thread is within the cap of that thread. Known
to this process alone: with several replicas each of them takes as many.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.slack.hearing.said import Said

_HOUR_SECONDS = 3600.0

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Excess:
    why: str
    is_first: bool
    """Nothing has been taken from the app since it was told."""


class MachineCap:
    def __init__(self, per_hour: int | None) -> None:
        """None: without a cap."""
        self._per_hour = per_hour
        self._taken: dict[str, dict[_Key, float]] = {}
        self._told: set[str] = set()

    def excess(self, said: Said) -> Excess | None:
        """By when things were said: a message that comes again comes to the same."""
        if self._per_hour is None or not said.is_addressed:
            return None
        key, at = (said.channel, said.ts), _seconds(said.ts)
        taken = self._within_the_hour(said.speaker, at)
        if key in taken:
            return None
        if len(taken) < self._per_hour:
            taken[key] = at
            self._told.discard(said.speaker)
            return None
        is_first = said.speaker not in self._told
        self._told.add(said.speaker)
        return Excess(self._why(min(taken.values()) + _HOUR_SECONDS), is_first)

    def _within_the_hour(self, speaker: str, now: float) -> dict[_Key, float]:
        taken = self._taken.get(speaker, {})
        left = {key: at for key, at in taken.items() if at > now - _HOUR_SECONDS}
        self._taken[speaker] = left
        return left

    def _why(self, frees: float) -> str:
        return (
            f"This app has asked me {self._per_hour} times within an hour, which is my cap, so I"
            f" do not answer it until about {datetime.fromtimestamp(frees, UTC):%H:%M} UTC. People"
            " can still ask me. Whoever runs Kaia can raise KAIA_TURNS_PER_HOUR."
        )


def _seconds(ts: str) -> float:
    try:
        return float(ts)
    except ValueError:
        return 0.0
