"""Looks at a target and follows it, read-only. It remembers nothing and tells nobody."""

from collections.abc import Callable
from dataclasses import replace

from bot.cluster.api import METADATA, ClusterApi, Json, NotReadable, Query
from bot.cluster.bounds import outside
from bot.cluster.likeness import did_you_mean
from bot.cluster.objects import name_of, namespace_of
from bot.cluster.watches.feeds import Feed, other_feeds, own_feed
from bot.cluster.watches.following import Followed, Pauses
from bot.cluster.watches.seen import Seen
from bot.cluster.watches.states import State, state_of
from bot.cluster.watches.streams import Expired, Streams
from bot.cluster.watches.targets import Target
from bot.errors import ClusterError


class Watcher:
    """Closed by whoever made it. `pause_seconds` is the first pause after a connection was lost;
    later ones are longer.
    """

    def __init__(self, api: ClusterApi, *, pause_seconds: float = 1.0) -> None:
        self._api = api
        self._streams = Streams(api)
        self._pause_seconds = pause_seconds

    @property
    def default_namespace(self) -> str:
        return self._api.access.namespace

    async def look(self, target: Target) -> State:
        """How it is now. Raises ClusterError, also where it may be read and not followed."""
        bounds = self._api.access.namespaces
        if bounds and target.namespace and target.namespace not in bounds:
            raise ClusterError(outside([target.namespace], bounds))
        own = await self._looked(own_feed(target))
        others = other_feeds(target, _selector_of(own))
        seen = [each for feed in others for each in await self._looked(feed)]
        return state_of(target, (*own, *seen))

    async def _looked(self, feed: Feed) -> list[Seen]:
        try:
            found, version = await self._streams.read(feed.path, feed.query, feed.see)
            await self._streams.check(feed.path, feed.query, version)
        except Expired as error:
            raise ClusterError("The cluster was too busy to be watched. Ask again.") from error
        except NotReadable as error:
            raise ClusterError(_say_unreadable(feed, error)) from error
        return found

    async def until(self, target: Target, judge: Callable[[State], str]) -> str:
        """Follows it until `judge` says something of it, and returns that. Raises nothing: while
        the cluster cannot be read it tries again, with growing pauses.
        """
        pauses = Pauses(self._pause_seconds)
        while True:
            own = own_feed(target)
            try:
                found, _ = await self._streams.read(own.path, own.query, own.see)
            except (NotReadable, ClusterError):
                await pauses.pause()
                continue
            selector = _selector_of(found)
            followed = Followed(self._streams, target, selector, judge, self._pause_seconds)
            if said := await followed.run():
                return said
            await pauses.pause()

    async def likely(self, target: Target) -> tuple[Target, ...]:
        """What may have been meant: the same in other namespaces, else nearly the same name."""
        everywhere = self._api.access.namespaces or ("",)
        if target.namespace:
            named: Query = {"fieldSelector": f"metadata.name={target.name}", "limit": 5}
            places = [
                namespace_of(each)
                for place in everywhere
                for each in await self._names(target.resource.path(place), named)
            ]
            if places:
                return tuple(replace(target, namespace=each) for each in sorted(places)[:2])
        path = target.resource.path(target.namespace)
        known = [name_of(each) for each in await self._names(path, {"limit": 500})]
        return tuple(replace(target, name=each) for each in did_you_mean(target.name, known))

    async def _names(self, path: str, query: Query) -> list[Json]:
        try:
            found = await self._api.get(path, query, accept=METADATA)
        except (NotReadable, ClusterError):
            return []
        return [each for each in found.get("items") or [] if isinstance(each, dict)]

    async def close(self) -> None:
        await self._streams.close()


def _selector_of(own: list[Seen]) -> str:
    return own[0].selector if own else ""


def _say_unreadable(feed: Feed, error: NotReadable) -> str:
    if error.why == "forbidden":
        return (
            f"I may not watch {feed.spoken}: Kaia's account needs `get`, `list` and `watch` on"
            f" `{feed.plural}` there. Ask whoever runs Kaia to grant them."
        )
    return f"I could not look at {feed.spoken}: {error}. Try again in a moment."
