"""Reads what checks ask for beyond what is always read: single objects, lists, logs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable

from bot.cluster.api import JSON, METADATA, ClusterApi, Json, NotReadable, Query
from bot.cluster.bounds import Bounds
from bot.cluster.gathering import gathered
from bot.cluster.needs import LabelsOf, ListOf, LogOf, Need, One, PodsOn
from bot.cluster.objects import Object
from bot.cluster.resources import RESOURCES, Resource
from bot.cluster.rows import slim
from bot.cluster.rules import forbidden
from bot.cluster.scene import Scene
from bot.plaintext import clean

_LOG_LINES = 60
_LOG_BYTES = 65_536
"""Of a log's end, what is looked at."""
_READ_BYTES = 2**20
_FEWER = 8

Redact = Callable[[str], str]


class Asker:
    def __init__(self, api: ClusterApi, redact: Redact) -> None:
        self._api = api
        self._redact = redact

    async def answer(self, scene: Scene, needs: Iterable[Need]) -> bool:
        """Reads each once; false where nothing new was asked. Raises ClusterError."""
        tried = scene.answers.keys() | scene.logs.keys() | scene.unanswered
        new = [need for need in dict.fromkeys(needs) if need not in tried]
        await gathered(*(self._read_need(scene, need) for need in new))
        return bool(new)

    async def _read_need(self, scene: Scene, need: Need) -> None:
        try:
            if scene.bounds is not None:
                _check(scene.bounds, need)
            match need:
                case LogOf():
                    scene.logs[need] = await self._read_log(need)
                case _:
                    scene.answers[need] = tuple([item async for item in self._asked(need)])
        except NotReadable as error:
            self._note_failure(scene, need, error)

    async def _asked(self, need: ListOf | LabelsOf | One | PodsOn) -> AsyncIterator[Object]:
        if isinstance(need, One):
            resource = RESOURCES[need.plural]
            path = resource.path(need.namespace, need.name)
            yield _kept(resource, await self._api.get(path))
            return
        resource, path, query, accept = _list_of(need)
        async for page in self._api.pages(path, query, accept=accept):
            for item in page.get("items") or []:
                yield _kept(resource, item)

    async def _read_log(self, need: LogOf) -> tuple[str, ...]:
        lines = _LOG_LINES
        raw = await self._log_end(need, lines)
        # The server cuts off the end, which is what matters: fewer lines reach it.
        while _is_cut(raw) and lines > 1:
            lines //= _FEWER
            raw = await self._log_end(need, max(lines, 1))
        text = await asyncio.to_thread(self._redact, clean(_last_lines(raw)))
        return tuple(line for line in text.splitlines() if line.strip())

    async def _log_end(self, need: LogOf, lines: int) -> str:
        path = f"{RESOURCES['pods'].path(need.namespace, need.pod)}/log"
        query: dict[str, str | int] = {
            "container": need.container,
            "tailLines": lines,
            "limitBytes": _READ_BYTES,
        }
        if need.previous:
            query["previous"] = "true"
        return await self._api.text(path, query)

    def _note_failure(self, scene: Scene, need: Need, error: NotReadable) -> None:
        """What is not there is an answer; what may not be read is none."""
        if error.why == "not found" and not isinstance(need, LogOf):
            scene.answers[need] = ()
            return
        scene.unanswered.add(need)
        _, plural, namespace = _right(need)
        # Kept to some namespaces, Kaia lacks nothing where it does not read beyond them.
        is_meant_so = scene.bounds is not None and not scene.bounds.holds(namespace)
        gap = forbidden(plural, namespace)
        if error.why == "forbidden" and not is_meant_so and gap not in scene.not_read:
            scene.not_read.append(gap)


def _right(need: Need) -> tuple[str, str, str]:
    """Verb, plural and namespace of what it takes to read it."""
    match need:
        case LogOf(namespace=namespace):
            return "get", "pods/log", namespace
        case PodsOn():
            return "list", "pods", ""
        case One(plural, namespace):
            return "get", plural, namespace
        case ListOf(plural, namespace) | LabelsOf(plural, namespace):
            return "list", plural, namespace


def _check(bounds: Bounds, need: Need) -> None:
    """Raises NotReadable for what is outside, or is known to be refused."""
    if not bounds.permits(*_right(need)):
        raise NotReadable("forbidden", "outside of what Kaia may look into")


def _is_cut(raw: str) -> bool:
    return len(raw.encode()) >= _READ_BYTES


def _last_lines(raw: str) -> str:
    """Whole ones only: half a line may be half a secret, which nobody recognises."""
    lines = raw.split("\n")
    if _is_cut(raw):
        lines.pop()
    kept: list[str] = []
    left = _LOG_BYTES
    for line in reversed([each for each in lines if len(each.encode()) <= _LOG_BYTES]):
        left -= len(line.encode()) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join(reversed(kept))


def _list_of(need: ListOf | LabelsOf | PodsOn) -> tuple[Resource, str, Query, str]:
    match need:
        case PodsOn(node):
            pods = RESOURCES["pods"]
            return pods, pods.path(), {"fieldSelector": f"spec.nodeName={node}"}, JSON
        case LabelsOf(plural, namespace):
            return RESOURCES[plural], RESOURCES[plural].path(namespace), {}, METADATA
        case ListOf(plural, namespace):
            return RESOURCES[plural], RESOURCES[plural].path(namespace), {}, JSON


def _kept(resource: Resource, item: Json) -> Object:
    """Values of ConfigMaps go as soon as they come: only the names of their keys are kept."""
    found = {**slim(item), "kind": resource.kind}
    if resource.plural == "configmaps":
        keys = sorted({*(item.get("data") or {}), *(item.get("binaryData") or {})})
        return {"kind": resource.kind, "metadata": found.get("metadata", {}), "keys": keys}
    return found
