"""What is shown and taken away beside the turns, for a minute at most."""

import asyncio
from collections.abc import Coroutine
from typing import Any
from weakref import WeakValueDictionary

import structlog

log = structlog.get_logger()

_SECONDS = 60.0
_MOST = 200


class Tidying:
    """Owns the tasks that do so, and knows whose signs a thread shows."""

    def __init__(self, seconds: float = _SECONDS, most: int = _MOST) -> None:
        self._seconds = seconds
        self._most = most
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._shown: dict[str, object] = {}
        self._orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def shows(self, thread: str, turn: object) -> None:
        """The thread's status and session are this turn's from now on."""
        self._shown[thread] = turn

    def may_clear(self, thread: str, turn: object) -> bool:
        """Whether they are this turn's, or nobody's here."""
        return self._shown.get(thread, turn) is turn

    def order(self, of: str) -> asyncio.Lock:
        """Held during a call: what is taken away late would else arrive after what comes next."""
        lock = self._orders.get(of)
        if lock is None:
            lock = self._orders[of] = asyncio.Lock()
        return lock

    def take(
        self, thread: str, turn: object, taking_away: Coroutine[Any, Any, None]
    ) -> asyncio.Task[None]:
        task = self.beside(taking_away, thread)
        task.add_done_callback(lambda _done: self._forget(thread, turn))
        return task

    def beside(self, work: Coroutine[Any, Any, object], thread: str) -> asyncio.Task[None]:
        """Whoever waits for it may give up waiting; it goes on."""
        if len(self._tasks) >= self._most:
            next(iter(self._tasks)).cancel()
        task = asyncio.create_task(self._bounded(work, thread), name=f"slack tidying of {thread}")
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))
        return task

    async def close(self, seconds: float) -> None:
        """Gives what is being taken away a last moment."""
        if tasks := list(self._tasks):
            await asyncio.wait(tasks, timeout=seconds)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _bounded(self, work: Coroutine[Any, Any, object], thread: str) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await work
        except TimeoutError:
            log.warning("slack.signs_left", thread=thread)

    def _forget(self, thread: str, turn: object) -> None:
        if self._shown.get(thread) is turn:
            del self._shown[thread]
