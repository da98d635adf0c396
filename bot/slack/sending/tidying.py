"""Signs that could not be taken away in time are tried on, for a minute, beside everything else."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger()

_SECONDS = 60.0
_MOST = 200


class Tidying:
    """Owns the tasks that take signs away, and knows whose signs a thread shows."""

    def __init__(self, seconds: float = _SECONDS, most: int = _MOST) -> None:
        self._seconds = seconds
        self._most = most
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._shown: dict[str, str] = {}

    def shows(self, thread: str, turn: str) -> None:
        """The thread's status and session are this turn's from now on."""
        self._shown[thread] = turn

    def may_clear(self, thread: str, turn: str) -> bool:
        """Whether they are this turn's, or nobody's here."""
        return self._shown.get(thread, turn) == turn

    def take(
        self, thread: str, turn: str, taking_away: Coroutine[Any, Any, None]
    ) -> asyncio.Task[None]:
        """Whoever waits for it may give up waiting; it goes on."""
        if len(self._tasks) >= self._most:
            next(iter(self._tasks)).cancel()
        task = asyncio.create_task(
            self._bounded(thread, turn, taking_away), name=f"slack tidying of {thread}"
        )
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

    async def _bounded(
        self, thread: str, turn: str, taking_away: Coroutine[Any, Any, None]
    ) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await taking_away
        except TimeoutError:
            log.warning("slack.signs_left", thread=thread)
        finally:
            if self._shown.get(thread) == turn:
                del self._shown[thread]
