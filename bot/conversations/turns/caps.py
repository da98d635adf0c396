"""How much Kaia does for one thread and on one day; above that it says so, and then is silent."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.conversations.records import Turn
from bot.conversations.storage.store import Store
from bot.dialogue import Notice, Usage

_HOUR_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Caps:
    """None: without a cap."""

    turns_per_hour: int | None = None
    """Of one thread."""
    daily_tokens: int | None = None
    """Of the whole bot, on a UTC day."""


@dataclass(frozen=True, slots=True)
class Excess:
    """A thread has had more turns than it may have in an hour."""

    is_first: bool
    """It was not above its cap with what was answered before: people are told then, and only
    then."""
    frees: float
    """When the next one is within it."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Tokens of a day, and how many of them were used when somebody looked."""

    cap: int | None = None
    used: int = 0

    def is_used_up(self, more: Usage = Usage()) -> bool:  # noqa: B008 - frozen
        return self.cap is not None and self._with(more) >= self.cap

    def told(self, more: Usage = Usage()) -> str:  # noqa: B008 - frozen
        return (
            f"{self._with(more):,} of {self.cap:,} tokens are used up for today. Tokens are free"
            " again at 00:00 UTC; whoever runs Kaia can change KAIA_DAILY_TOKENS."
        )

    def _with(self, more: Usage) -> int:
        return self.used + more.prompt_tokens + more.completion_tokens


class Limits:
    def __init__(self, store: Store, caps: Caps, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._caps = caps
        self._clock = clock

    async def excess(self, turn: Turn) -> Excess | None:
        """By when things were said: a repeated turn comes to the same. Raises StoreError."""
        cap = self._caps.turns_per_hour
        if cap is None:
            return None
        latest = await self._store.line.asked_lately(
            turn.said.thread.id,
            after=turn.said.received - 2 * _HOUR_SECONDS,
            up_to=turn.seq,
            most=cap + 2,
        )
        if not _is_above(cap, latest):
            return None
        return Excess(not _is_above(cap, latest[1:]), latest[cap - 1] + _HOUR_SECONDS)

    async def allowance(self) -> Allowance:
        """Raises StoreError."""
        cap = self._caps.daily_tokens
        if cap is None:
            return Allowance()
        return Allowance(cap, await self._store.tokens_on(self._clock()))


def _is_above(cap: int, latest: Sequence[float]) -> bool:
    """With the first of these; the latest come first."""
    return len(latest) > cap and latest[cap] > latest[0] - _HOUR_SECONDS


def said_of(excess: Excess, caps: Caps) -> Notice:
    frees = f"{datetime.fromtimestamp(excess.frees, UTC):%H:%M} UTC"
    return Notice(
        f"This thread has had {caps.turns_per_hour} questions within an hour, which is my cap, so I"
        f" stay silent here until about {frees}. Ask in another thread, or ask whoever runs Kaia to"
        " raise KAIA_TURNS_PER_HOUR."
    )
