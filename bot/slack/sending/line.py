"""Those who wait to call something in one channel: answers first, each thread in its turn.

It makes no call and holds no task: whoever waits, waits on a future of its own.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class Rank(IntEnum):
    """Who goes first in a channel. A decoration waits for as long as any answer does."""

    ANSWER = 0
    DECORATION = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """How a call waits in its channel's line."""

    channel: str
    thread: str = ""
    rank: Rank = Rank.DECORATION
    seconds: float = 30
    """So long at most."""
    key: str = ""
    """What it shows: a newer call with the same key takes its place while it waits."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly Slack takes what is paced: about a message a second in a channel."""

    seconds: float = 1
    burst: int = 3
    most_waiting: int = 500
    """In one channel; an incident has a few dozen."""
    shortest_stop_seconds: float = 0.5
    """A server that asks to wait for no time at all is not asked again at once."""


PACE = Pace()

PACED = frozenset({"chat.postMessage"})
"""Limited per channel, so that one busy channel stops none of the others."""


class Timers(Protocol):
    """Time, as an event loop has it."""

    def time(self) -> float: ...

    def call_later(self, delay: float, callback: Callable[[], object], /) -> "Timer": ...


class Timer(Protocol):
    def cancel(self) -> None: ...


class TooLong(Exception):
    """The call would have to wait longer than it may; nothing was done."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


class Superseded(Exception):
    """A newer call shows what this one was to show; nothing was done."""


@dataclass(eq=False, slots=True)
class _Waiter:
    method: str
    waiting: Waiting
    go: asyncio.Future[None]


class Line:
    def __init__(self, pace: Pace, timers: Timers, stopped: Callable[[str], float]) -> None:
        """`stopped` says for how many seconds a method is to be left alone here."""
        self._pace = pace
        self._timers = timers
        self._stopped = stopped
        self._threads: dict[Rank, OrderedDict[str, deque[_Waiter]]] = {
            rank: OrderedDict() for rank in Rank
        }
        self._keyed: dict[str, _Waiter] = {}
        self._count = 0
        # Every message moves it on by its own time; it may be ahead by what a burst holds.
        self._spent_until = 0.0
        self._timer: Timer | None = None

    def matters(self, now: float) -> bool:
        return self._count > 0 or self._spent_until > now

    def spend(self, until: float) -> None:
        """After `until` there is one message, and then the usual pace: no burst."""
        pace = self._pace
        self._spent_until = max(self._spent_until, until + (pace.burst - 1) * pace.seconds)

    async def turn(self, method: str, waiting: Waiting, until: float, *, again: bool) -> None:
        pace = self._pace
        if self._count >= pace.most_waiting:
            raise TooLong(self._count * pace.seconds)
        waiter = _Waiter(method, waiting, asyncio.get_running_loop().create_future())
        self._join(waiter, again=again)
        self._advance()
        if waiter.go.done():
            return waiter.go.result()
        expiry = self._timers.call_later(until - self._timers.time(), lambda: self._expire(waiter))
        try:
            await waiter.go
        finally:
            expiry.cancel()
            self._leave(waiter)
            self._advance()

    def _join(self, waiter: _Waiter, *, again: bool) -> None:
        key = waiter.waiting.key
        if key and (older := self._keyed.get(key)) is not None:
            self._leave(older)
            if not older.go.done():
                older.go.set_exception(Superseded())
        if key:
            self._keyed[key] = waiter
        threads = self._threads[waiter.waiting.rank]
        queue = threads.setdefault(waiter.waiting.thread, deque())
        (queue.appendleft if again else queue.append)(waiter)
        self._count += 1

    def _leave(self, waiter: _Waiter) -> None:
        threads = self._threads[waiter.waiting.rank]
        queue = threads.get(waiter.waiting.thread, deque())
        if waiter not in queue:
            return
        queue.remove(waiter)
        self._count -= 1
        if not queue:
            del threads[waiter.waiting.thread]
        if self._keyed.get(waiter.waiting.key) is waiter:
            del self._keyed[waiter.waiting.key]

    def _expire(self, waiter: _Waiter) -> None:
        if not waiter.go.done():
            self._leave(waiter)
            waiter.go.set_exception(TooLong(self._seconds_before(waiter)))
            self._advance()

    def _advance(self) -> None:
        """Lets go whoever may, and comes back when the next one may."""
        while (waiter := self._next()) is not None:
            self._let_go(waiter)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if heads := self._heads():
            soonest = min(self._seconds_before(waiter) for waiter in heads)
            self._timer = self._timers.call_later(soonest, self._advance)

    def _heads(self) -> list[_Waiter]:
        """The first of each thread, of the highest rank that waits at all."""
        for threads in self._threads.values():
            if threads:
                return [queue[0] for queue in threads.values()]
        return []

    def _next(self) -> _Waiter | None:
        return next((one for one in self._heads() if self._seconds_before(one) <= 0), None)

    def _let_go(self, waiter: _Waiter) -> None:
        self._leave(waiter)
        threads = self._threads[waiter.waiting.rank]
        if waiter.waiting.thread in threads:
            threads.move_to_end(waiter.waiting.thread)
        if waiter.method in PACED:
            now = self._timers.time()
            self._spent_until = max(self._spent_until, now) + self._pace.seconds
        if not waiter.go.done():
            waiter.go.set_result(None)

    def _seconds_before(self, waiter: _Waiter) -> float:
        stopped = self._stopped(waiter.method)
        if waiter.method not in PACED:
            return stopped
        pace = self._pace
        ahead = self._spent_until - self._timers.time()
        return max(stopped, ahead - (pace.burst - 1) * pace.seconds, 0.0)
