"""Tells whoever waits that something in the workspace has changed; knows not what."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

# Statuses and streams end by the clock alone, which nobody announces.
_LOOK_AGAIN_SECONDS = 0.1


class Changes:
    def __init__(self) -> None:
        self.revision = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def notify(self) -> None:
        self.revision += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def beyond(self, revision: int) -> int:
        """Waits until the workspace is newer than `revision`; returns the present one."""
        while self.revision <= revision:
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.add(waiting)
            try:
                await waiting
            finally:
                self._waiting.discard(waiting)
        return self.revision

    async def until(self, found: Callable[[], Found]) -> Found:
        """Waits until this finds something, looked for again on every change."""
        while True:
            revision = self.revision
            if result := found():
                return result
            try:
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    await self.beyond(revision)
            except TimeoutError:
                continue
