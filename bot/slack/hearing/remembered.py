"""What Slack said on being asked, kept for a while; bounded, and asked once for all who wait."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Found = TypeVar("Found")

LOOK_UP_SECONDS = 2.5
"""Slack asks for an ack within three seconds; a look-up happens before it."""


class Remembered(Generic[Found]):
    """Answers kept for a while; asked once however many want the same at the same time."""

    def __init__(
        self,
        ask: Callable[[str], Awaitable[Found]],
        *,
        seconds: float | Callable[[Found], float] = 600,
        most: int = 2_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`seconds`: how long an answer is kept, for all or by what it says."""
        self._ask = ask
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._known: OrderedDict[str, tuple[float, Found]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Found]] = {}

    async def get(self, key: str) -> Found:
        known = self._known.get(key)
        if known is not None and known[0] > self._clock():
            return known[1]
        if key not in self._asking:
            task = asyncio.create_task(self._asked(key), name=f"slack look-up of {key}")
            self._asking[key] = task
            task.add_done_callback(lambda done: self._asked_for(key, done))
        # Whoever gives up waiting must not take the answer away from the others.
        return await asyncio.shield(self._asking[key])

    async def _asked(self, key: str) -> Found:
        found = await self._ask(key)
        seconds = self._seconds(found) if callable(self._seconds) else self._seconds
        self._known[key] = (self._clock() + seconds, found)
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return found

    def _asked_for(self, key: str, done: asyncio.Task[Found]) -> None:
        self._asking.pop(key, None)
        if not done.cancelled():
            done.exception()  # whoever waited has it; a look at it keeps asyncio quiet

    async def close(self) -> None:
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
