"""Reads what figures are drawn of: pods and events of a few namespaces. It never reads a Secret."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.cluster.api import TABLE, ClusterApi, NotReadable
from bot.cluster.objects import Object, event_time
from bot.cluster.resources import RESOURCES
from bot.cluster.rows import pod_rows
from bot.cluster.scene import PodRow
from bot.dialogue import Figure
from bot.tools.figures import events_over_time, pods_by_state, restarts, restarts_of
from bot.tools.restarting import (
    BACK_OFF,
    BackOff,
    Owned,
    Restart,
    Sample,
    back_off_of,
    counted_in,
    last_restarts,
    owned,
)
from bot.tools.series import restarts_over_time

MOST_NAMESPACES = 10
_MOST_EVENTS = 20_000
# From the watch cache: a moment old, and a tenth of the price.
_CACHED = {"resourceVersion": "0"}


@dataclass(frozen=True, slots=True)
class Unreadable:
    plural: str
    namespace: str
    is_forbidden: bool


@dataclass(slots=True)
class Drawn:
    """What can be looked at, and what could not be read."""

    figures: list[Figure] = field(default_factory=list)
    nothing_of: list[str] = field(default_factory=list)
    """`pods`, `restarts`, `events`: read, and there are none."""
    unreadable: list[Unreadable] = field(default_factory=list)
    restarts: list[Restart] = field(default_factory=list)
    """The last one of each container, the newest first."""
    back_offs: list[BackOff] = field(default_factory=list)
    """The most counted first."""


class Draughtsman:
    """One drawing of the given namespaces, of which it reads the first ten."""

    def __init__(
        self,
        api: ClusterApi,
        namespaces: Sequence[str],
        now: datetime,
        samples: Sequence[Sample] = (),
    ) -> None:
        """`samples` are of earlier looks, at any namespaces."""
        self._api = api
        self._samples = tuple(samples)
        self._namespaces = tuple(namespaces)[:MOST_NAMESPACES]
        self._now = now
        self._drawn = Drawn()

    async def draw(self, which: str) -> Drawn:
        """`pods`, `restarts`, `events`, or empty for all. Raises ClusterError."""
        rows = await self._rows() if which != "events" else []
        if which in {"pods", ""}:
            self._keep("pods", "pods", pods_by_state(rows))
        if which in {"restarts", ""}:
            self._keep("restarts", "pods", await self._restarts(rows))
        if which == "restarts" and self._drawn.restarts:
            await self._events(only=BACK_OFF)
        if which in {"events", ""}:
            self._keep("events", "events", events_over_time(await self._events(), self._now))
        self._drawn.restarts.sort(key=lambda one: one.at, reverse=True)
        self._drawn.back_offs.sort(key=lambda one: -one.count)
        return self._drawn

    def _keep(self, name: str, plural: str, figure: Figure | None) -> None:
        """That there are none is said only where all could be read."""
        if figure is not None:
            self._drawn.figures.append(figure)
        elif plural not in {each.plural for each in self._drawn.unreadable}:
            self._drawn.nothing_of.append(name)

    async def _rows(self) -> list[PodRow]:
        found: list[PodRow] = []
        for namespace in self._namespaces:
            path, query = RESOURCES["pods"].path(namespace), {"includeObject": "None", **_CACHED}
            try:
                found += pod_rows(await self._api.get(path, query, accept=TABLE), namespace)
            except NotReadable as error:
                self._note("pods", namespace, error)
        return found

    async def _restarts(self, rows: Sequence[PodRow]) -> Figure | None:
        """Over time where earlier looks are known, else as many as there are."""
        counted: Counter[str] = Counter()
        owners: dict[str, Owned] = {}
        is_one = len(self._namespaces) == 1
        async for pod in self._objects("pods"):
            counted.update(restarts_of(pod, with_namespace=not is_one))
            owners.update([owned(pod)])
            self._drawn.restarts += last_restarts(pod)
        if not self._drawn.unreadable:
            # Counted as the earlier looks were, or the numbers would not compare.
            seen = (*self._samples, Sample(self._now.timestamp(), counted_in(rows)))
            restarted = self._drawn.restarts
            over_time = restarts_over_time(seen, restarted, self._namespaces, owners)
            if over_time is not None:
                return over_time
        return restarts(counted)

    async def _events(self, only: str = "") -> list[Object]:
        """Of a cluster in a storm the first: memory holds what is counted."""
        found: list[Object] = []
        query = {"fieldSelector": f"reason={only}"} if only else {}
        async for event in self._objects("events", query):
            found.append({"type": event.get("type"), "eventTime": event_time(event)})
            if (waited := back_off_of(event)) is not None:
                self._drawn.back_offs.append(waited)
            if len(found) == _MOST_EVENTS:
                break
        return found

    async def _objects(
        self, plural: str, query: Mapping[str, str] | None = None
    ) -> AsyncIterator[Object]:
        for namespace in self._namespaces:
            try:
                async for page in self._api.pages(RESOURCES[plural].path(namespace), query):
                    for item in page.get("items") or []:
                        yield item
            except NotReadable as error:
                self._note(plural, namespace, error)

    def _note(self, plural: str, namespace: str, error: NotReadable) -> None:
        gap = Unreadable(plural, namespace, error.why == "forbidden")
        if gap not in self._drawn.unreadable:
            self._drawn.unreadable.append(gap)
