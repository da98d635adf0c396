"""Reads what the checks look at: tables first, whole objects of what is unwell; it judges none."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.cluster.api import METADATA, TABLE, ClusterApi, NotReadable
from bot.cluster.bounds import check_listed, read_bounds
from bot.cluster.custom_reading import read_customs
from bot.cluster.gathering import gathered
from bot.cluster.objects import Object, name_of
from bot.cluster.resources import RESOURCES, Resource
from bot.cluster.rows import pod_rows, slim
from bot.cluster.rules import OTHER_NAMESPACES, closed_of_none, forbidden
from bot.cluster.scene import NotRead, PodRow, Scene

NAMESPACED = (
    "deployments", "statefulsets", "daemonsets", "jobs", "cronjobs", "services", "endpointslices",
    "ingresses", "persistentvolumeclaims", "horizontalpodautoscalers", "poddisruptionbudgets",
    "resourcequotas", "networkpolicies", "events",
)  # fmt: skip
"""Always read, in the namespaces in scope."""
CLUSTER_WIDE = (
    "nodes", "ingressclasses", "storageclasses", "persistentvolumes", "apiservices",
    "validatingwebhookconfigurations", "mutatingwebhookconfigurations",
)  # fmt: skip
"""Always read, whatever the scope: what a namespace depends on."""

_MOST_SINGLE_READS = 20
_WORTH_A_LIST = 6
"""Pods are read one by one as long as fewer than one in six of a namespace is unwell."""
_MOST_PODS = 400
_MOST_NAMESPACES = 60
"""Read one by one; beyond that one table that names the namespace in each row is cheaper."""
# From the watch cache: a moment old, and a tenth of the price.
_CACHED = {"resourceVersion": "0"}

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which namespaces to look into. None for all of them, or for all that Kaia is kept to."""

    namespaces: tuple[str, ...] | None = None


class Reader:
    """One look at a cluster. What cannot be read is noted in the scene and costs only itself."""

    def __init__(self, api: ClusterApi) -> None:
        self._api = api
        self._namespaces: tuple[str, ...] | None = None
        self._has_asked = False

    async def namespaces(self) -> tuple[str, ...] | None:
        """All there are, listed once, or those that Kaia is kept to; None where they may not be
        listed. Raises ClusterError.
        """
        if self._api.access.namespaces:
            return self._api.access.namespaces
        if not self._has_asked:
            self._namespaces = await self._list_namespaces()
            self._has_asked = True
        return self._namespaces

    async def _list_namespaces(self) -> tuple[str, ...] | None:
        try:
            found = [
                name_of(item)
                async for page in self._api.pages("/api/v1/namespaces", _CACHED, accept=METADATA)
                for item in page.get("items") or []
            ]
        except NotReadable:
            return None
        return tuple(sorted(found))

    async def scene(self, scope: Scope) -> Scene:
        """Everything that is always read. Raises ClusterError where the cluster does not answer."""
        bounds = await read_bounds(self._api)
        all_of_them = await self.namespaces()
        wanted = scope.namespaces
        is_everything = wanted is None and all_of_them is not None
        if wanted is None:
            wanted = all_of_them if all_of_them is not None else (self._api.access.namespace,)
        is_whole = is_everything and bounds is None
        scene = Scene(
            now=datetime.now(UTC),
            namespaces=tuple(each for each in wanted if bounds is None or bounds.holds(each)),
            is_whole_cluster=is_whole,
            is_everything=is_everything,
            bounds=bounds,
        )
        if all_of_them is None:
            scene.not_read.append(forbidden("namespaces", ""))
            if scope.namespaces is None:
                scene.not_read.append(NotRead(OTHER_NAMESPACES, "forbidden"))
        places = ("",) if is_whole else scene.namespaces
        with _collector_paused():
            await gathered(
                self._read_rows(scene),
                *(self._read_list(scene, plural, places) for plural in NAMESPACED),
                *(self._read_list(scene, plural, ("",)) for plural in CLUSTER_WIDE),
                read_customs(self._api, scene, places),
            )
            await self._read_unwell(scene)
        if bounds is not None and (
            of_none := {p for p, place in scene.unread_plurals if not place}
        ):
            scene.not_read.append(closed_of_none(of_none))
        return scene

    # Pods

    async def _read_rows(self, scene: Scene) -> None:
        resource = RESOURCES["pods"]
        if scene.is_whole_cluster and len(scene.namespaces) > _MOST_NAMESPACES:
            tables = [await self._table(scene, resource, "", "Metadata")]
        else:
            tables = await gathered(
                *(self._table(scene, resource, each, "None") for each in scene.namespaces)
            )
        scene.rows = tuple(row for table in tables for row in table)
        scene.counts["pods"] = len(scene.rows)

    async def _table(
        self, scene: Scene, resource: Resource, namespace: str, include: str
    ) -> tuple[PodRow, ...]:
        query = {"includeObject": include, **_CACHED}
        try:
            check_listed(scene.bounds, resource.plural, namespace)
            found = await self._api.get(resource.path(namespace), query, accept=TABLE)
        except NotReadable as error:
            self._note(scene, resource.plural, namespace, error)
            return ()
        return tuple(pod_rows(found, namespace))

    async def _read_unwell(self, scene: Scene) -> None:
        unwell = [row for row in scene.rows if row.is_unwell][:_MOST_PODS]
        if len(unwell) == _MOST_PODS:
            scene.not_read.append(NotRead(f"unwell pods beyond the first {_MOST_PODS}", "failed"))
        by_namespace: dict[str, list[str]] = {}
        for row in unwell:
            by_namespace.setdefault(row.namespace, []).append(row.name)
        found = await gathered(
            *(self._pods(scene, place, names) for place, names in by_namespace.items())
        )
        if "pods" in {plural for plural, _ in scene.unread_plurals} and not scene.rows:
            return
        scene.lists["pods"] = tuple(pod for pods in found for pod in pods)

    async def _pods(self, scene: Scene, namespace: str, names: Sequence[str]) -> list[Object]:
        resource = RESOURCES["pods"]
        count = sum(row.namespace == namespace for row in scene.rows)
        if len(names) > max(_MOST_SINGLE_READS, count // _WORTH_A_LIST):
            wanted = {*names}
            listed = await self._items(scene, resource, namespace)
            return [pod for pod in listed or () if name_of(pod) in wanted]
        singles = await gathered(*(self._one(resource, namespace, name) for name in names))
        return [pod for pod in singles if pod is not None]

    async def _one(self, resource: Resource, namespace: str, name: str) -> Object | None:
        """None where it is gone by now, or may not be read."""
        try:
            return slim(await self._api.get(resource.path(namespace, name)))
        except NotReadable:
            return None

    # Lists

    async def _read_list(self, scene: Scene, plural: str, places: Sequence[str]) -> None:
        resource = RESOURCES[plural]
        found = await gathered(*(self._items(scene, resource, place) for place in places))
        if places == ("",) and found == [None] and resource.is_namespaced:
            # Rights in some namespaces are not rights in all of them.
            scene.forget(plural)
            each = scene.namespaces[:_MOST_NAMESPACES]
            found = await gathered(*(self._items(scene, resource, place) for place in each))
        known = [items for items in found if items is not None]
        if known:
            scene.lists[plural] = tuple(item for items in known for item in items)
            scene.counts[plural] = len(scene.lists[plural])

    async def _items(self, scene: Scene, resource: Resource, namespace: str) -> list[Object] | None:
        """None where they could not be read, which is noted."""
        query = {"fieldSelector": "type!=Normal"} if resource.plural == "events" else None
        kind = {"kind": resource.kind}
        found: list[Object] = []
        try:
            check_listed(scene.bounds, resource.plural, namespace)
            async for page in self._api.pages(resource.path(namespace), query):
                found += ({**kind, **slim(item)} for item in page.get("items") or [])
        except NotReadable as error:
            self._note(scene, resource.plural, namespace, error)
            return None
        return found

    def _note(self, scene: Scene, plural: str, namespace: str, error: NotReadable) -> None:
        scene.unread_plurals.add((plural, namespace))
        where = f"{plural} in {namespace}" if namespace else plural
        if error.why == "forbidden":
            if namespace or scene.bounds is None:
                scene.not_read.append(forbidden(plural, namespace))
        elif error.why == "failed":
            scene.not_read.append(NotRead(where, "failed"))
            _log.warning("cluster.unread", what=where)
        # A cluster that does not know the resource has none of it.


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Python's collector looks through all of them each time some thousand objects are made: half
    the time of reading a large list. Nothing here makes circles.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()
