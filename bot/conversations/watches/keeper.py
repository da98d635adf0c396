"""Follows every open watch and says its end, once, as an input of the thread. The rows are the
truth: what is in memory here may be lost at any moment, and another replica may do the same.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from bot.cluster.watches.following import Pauses
from bot.cluster.watches.watcher import Watcher
from bot.conversations.records import Watch
from bot.conversations.storage.store import Store
from bot.conversations.watches.wishes import Wish, blind
from bot.dialogue import Input, Receive
from bot.errors import ClusterError, StoreError

_AGAIN_SECONDS = 15.0
_LAST_LOOK_SECONDS = 20.0
_SHORTEST_SECONDS = 0.05

_log = structlog.get_logger()


@dataclass(slots=True)
class _Kept:
    task: asyncio.Task[None]
    is_over: bool
    """Its time is up, and the task tells so."""


class Keeper:
    """`run` beside the turns of a process; `wake` when a watch was begun or ended here."""

    def __init__(
        self,
        store: Store,
        watcher: Watcher,
        receive: Receive,
        *,
        clock: Callable[[], float] = time.time,
        again_seconds: float = _AGAIN_SECONDS,
        pause_seconds: float = 1.0,
    ) -> None:
        self._store = store
        self._watcher = watcher
        self._receive = receive
        self._clock = clock
        self._again_seconds = again_seconds
        self._pause_seconds = pause_seconds
        self._kept: dict[str, _Kept] = {}
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until it is cancelled. Raises nothing of the store or the cluster."""
        try:
            while True:
                self._woken.clear()
                await self._wait(await self._look_through())
        finally:
            tasks = [kept.task for kept in self._kept.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._kept.clear()

    async def _look_through(self) -> float:
        """How long there is nothing to do, in seconds."""
        try:
            watches = await self._store.watches.open()
        except StoreError as error:
            _log.warning("watches.unread", reason=str(error))
            return self._again_seconds
        await self._drop({*self._kept} - {watch.id for watch in watches})
        now = self._clock()
        for watch in watches:
            await self._keep(watch, is_over=watch.expires <= now)
        ends = (watch.expires - now for watch in watches if watch.expires > now)
        return max(_SHORTEST_SECONDS, min((self._again_seconds, *ends)))

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _keep(self, watch: Watch, *, is_over: bool) -> None:
        kept = self._kept.get(watch.id)
        if kept is not None:
            if kept.is_over or not is_over or _was_told(kept.task):
                return  # what was told ends with the turn that it has begun
            await self._drop({watch.id})
        work = self._end(watch) if is_over else self._follow(watch)
        task = asyncio.create_task(work, name=f"watch.{watch.id[:8]}")
        task.add_done_callback(_report)
        self._kept[watch.id] = _Kept(task, is_over)

    async def _drop(self, ids: set[str]) -> None:
        tasks = [self._kept.pop(each).task for each in ids]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _follow(self, watch: Watch) -> None:
        wish = Wish.from_json(watch.wish)
        said = await self._watcher.until(
            wish.target, lambda state: wish.ending(state, self._clock() - watch.created)
        )
        await self._tell(watch, said)

    async def _end(self, watch: Watch) -> None:
        wish, seconds = Wish.from_json(watch.wish), watch.expires - watch.created
        try:
            async with asyncio.timeout(_LAST_LOOK_SECONDS):
                now = await self._watcher.look(wish.target)
            said = wish.ending(now, seconds) or wish.expired(now, seconds)
        except ClusterError as error:
            said = blind(wish, str(error))
        except TimeoutError:
            said = blind(wish, "the cluster did not answer in time. Ask me about it in a moment.")
        await self._tell(watch, said)

    async def _tell(self, watch: Watch, text: str) -> None:
        """By the identity of the input it is said once, whoever else says it too."""
        asked, pauses = watch.said, Pauses(self._pause_seconds)
        said = Input(
            id=f"watch:{watch.id}",
            thread=asked.thread,
            ts=asked.ts,
            speaker=asked.speaker,
            speaker_name=asked.speaker_name,
            text=text,
            addressed=True,
            received=self._clock(),
            watch=watch.id,
        )
        while True:
            try:
                is_new = await self._receive(said)
            except StoreError as error:
                _log.warning("watch.untold", reason=str(error))
                await pauses.pause()
            else:
                _log.info("watch.ended", watch=watch.id[:8], told_here=is_new)
                return


def _was_told(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


def _report(task: asyncio.Task[None]) -> None:
    """A bug in one watch costs that watch alone, and is seen in the log."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("watch.broken", task=task.get_name(), exc_info=error)
