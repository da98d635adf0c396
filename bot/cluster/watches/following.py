"""All lists of one target, followed until somebody has seen enough. Failures are tried again with
growing pauses, for ever: whoever asked decides how long.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import structlog

from bot.cluster.api import NotReadable
from bot.cluster.watches.feeds import Feed, other_feeds, own_feed
from bot.cluster.watches.seen import Seen
from bot.cluster.watches.states import State, state_of
from bot.cluster.watches.streams import Expired, Streams
from bot.cluster.watches.targets import Target
from bot.errors import ClusterError

_LONGEST_PAUSE_SECONDS = 30.0

_log = structlog.get_logger()


class Pauses:
    """Between attempts: each about twice as long as the one before."""

    def __init__(self, first_seconds: float) -> None:
        self._first = first_seconds
        self._next = first_seconds

    def reset(self) -> None:
        self._next = self._first

    async def pause(self) -> None:
        seconds, self._next = self._next, min(2 * self._next, _LONGEST_PAUSE_SECONDS)
        # Not all watches of all replicas at once, when a server comes back.
        await asyncio.sleep(seconds * random.uniform(0.7, 1.3))  # noqa: S311


class Followed:
    """One target, for as long as `run` runs."""

    def __init__(
        self,
        streams: Streams,
        target: Target,
        selector: str,
        judge: Callable[[State], str],
        first_pause_seconds: float,
    ) -> None:
        self._streams = streams
        self._target = target
        self._feeds = (own_feed(target), *other_feeds(target, selector))
        self._judge = judge
        self._first_pause_seconds = first_pause_seconds
        self._held: dict[str, dict[str, Seen]] = {}  # by plural
        self._selector = selector
        self._enough: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def run(self) -> str:
        """What was judged; nothing where it has other pods now and has to be begun anew."""
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._keep(feed), name=f"watch.{feed.plural}")
                for feed in self._feeds
            ]
            said = await self._enough
            for task in tasks:
                task.cancel()
        return said

    async def _keep(self, feed: Feed) -> NoReturn:
        pauses, version = Pauses(self._first_pause_seconds), ""
        while True:
            try:
                version = version or await self._list(feed)
                async for event in self._streams.follow(feed.path, feed.query, version):
                    pauses.reset()
                    version = self._take(feed, event) or version
            except Expired:
                version = ""
            except (NotReadable, ClusterError) as error:
                _log.info("watch.lost", list=feed.plural, error=type(error).__name__)
            await pauses.pause()

    async def _list(self, feed: Feed) -> str:
        found, version = await self._streams.read(feed.path, feed.query, feed.see)
        self._held[feed.plural] = {each.spoken: each for each in found}
        self._look()
        return version

    def _take(self, feed: Feed, event: Mapping[str, Any]) -> str:
        """The version up to which everything is known now."""
        found = event.get("object") or {}
        match event.get("type"):
            case "ADDED" | "MODIFIED":
                seen = feed.see(found)
                self._held[feed.plural][seen.spoken] = seen
                self._look()
            case "DELETED":
                self._held[feed.plural].pop(feed.see(found).spoken, None)
                self._look()
        return str((found.get("metadata") or {}).get("resourceVersion") or "")

    def _look(self) -> None:
        if self._enough.done() or len(self._held) < len(self._feeds):
            return
        seen = (each for held in self._held.values() for each in held.values())
        state = state_of(self._target, seen)
        if said := self._judge(state):
            self._enough.set_result(said)
        elif state.own is not None and state.own.selector != self._selector:
            self._enough.set_result("")  # deleted and made again, with other labels
