"""What a cluster looked like at one moment, small enough to keep; made from objects, reads none."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.cluster.facts import COMPARED, RESTARTS, STATUS, Facts, facts_of
from bot.cluster.findings import Ref
from bot.cluster.objects import (
    Object,
    controller_of,
    items,
    labels_of,
    name_of,
    namespace_of,
    number,
)
from bot.cluster.resources import RESOURCES, WORKLOADS
from bot.cluster.scene import PodRow

FORMAT = 1
"""Of what is kept: a snapshot of another format is not read."""
_MOST_BYTES = 180_000
_DISPENSABLE = ("ConfigMap", "Service", "PersistentVolumeClaim", "Ingress", "Pod", "Job", "CronJob")
"""What is left out first, kind by kind and whole: half a list would look like things gone."""

_RANDOM = "[bcdfghjklmnpqrstvwxz2456789]{5}"
"""The end of a generated name; apimachinery's rand.String has no vowels in it."""
_SHAPES = (
    ("StatefulSet", re.compile(r"(.+)-\d+")),
    ("DaemonSet", re.compile(rf"(.+)-{_RANDOM}")),
    ("Job", re.compile(rf"(.+)-{_RANDOM}")),
    ("Job", re.compile(rf"(.+)-\d+-{_RANDOM}")),
    ("Deployment", re.compile(rf"(.+)-[0-9a-z]{{1,10}}-{_RANDOM}")),
)
_GENERATED = re.compile(rf"(.+?)(?:-[0-9a-z]{{8,10}})?-{_RANDOM}")

GROUP = "Pods"
"""Stands for a kind where pods are alike by name and what made them was not read. Among what was
read it says that restarts were counted."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    kept: Mapping[str, Any]
    """JSON and nothing else: `format`, `taken`, `namespaces`, `read`, `unread`, `left_out`, and
    `objects` as namespace -> kind -> name -> facts."""

    @property
    def taken(self) -> float:
        """Seconds since the epoch."""
        return float(self.kept["taken"])

    @property
    def namespaces(self) -> frozenset[str]:
        return frozenset(self.kept["namespaces"])

    def was_read(self, kind: str, namespace: str) -> bool:
        unread = self.kept["unread"]
        return kind in self.kept["read"] and not (
            [kind, ""] in unread or [kind, namespace] in unread
        )

    def facts(self) -> dict[Ref, Facts]:
        return {
            Ref(kind, namespace, name): facts
            for namespace, kinds in self.kept["objects"].items()
            for kind, names in kinds.items()
            for name, facts in names.items()
        }

    def as_json(self) -> str:
        return _written(self.kept)

    @classmethod
    def of_kept(cls, kept: Mapping[str, Any]) -> "Snapshot | None":
        """None where it is no snapshot, or one of another format."""
        return cls(kept) if kept.get("format") == FORMAT else None


def snapshot(
    objects: Mapping[str, Iterable[Object]],
    *,
    taken: float,
    namespaces: Collection[str],
    rows: Iterable[PodRow] = (),
    unread: Collection[tuple[str, str]] = (),
) -> Snapshot:
    """From raw objects by plural; a plural that is missing was not read, an empty one was.

    `rows` are all pods where only some of `pods` are whole. `unread` are (plural, namespace or
    empty) of lists that could not be read.
    """
    lists = {_kind(plural): list(found) for plural, found in objects.items() if _kind(plural)}
    pods = _Pods(lists, tuple(rows))
    facts = {
        ref: each for ref, each in _all_facts(lists, pods) if ref.namespace in {"", *namespaces}
    }
    read = {*lists, *(("Pod",) if pods.rows else ())}
    read |= {GROUP} if "Pod" in read else set()
    kept: dict[str, Any] = {
        "format": FORMAT,
        "taken": taken,
        "namespaces": sorted(namespaces),
        "read": sorted(read),
        "unread": _unread(unread),
        "left_out": [],
        "objects": _nested(facts),
    }
    return Snapshot(_bounded(kept))


def _unread(unread: Collection[tuple[str, str]]) -> list[list[str]]:
    named = [[_kind(plural), where] for plural, where in unread if _kind(plural)]
    return sorted([*named, *([GROUP, where] for kind, where in named if kind == "Pod")])


def _kind(plural: str) -> str:
    found = RESOURCES.get(plural)
    return found.kind if found and found.kind in COMPARED else ""


def _all_facts(lists: Mapping[str, list[Object]], pods: "_Pods") -> Iterator[tuple[Ref, Facts]]:
    facts = dict(_stated(lists)) | pods.bare
    for about, restarts in pods.restarts.items():
        facts[about] = {**facts.get(about, {}), RESTARTS: restarts}
    yield from facts.items()


def _stated(lists: Mapping[str, list[Object]]) -> Iterator[tuple[Ref, Facts]]:
    for kind, found in lists.items():
        for each in found if kind != "Pod" else ():
            facts = facts_of(kind, each)
            if facts is not None:
                yield Ref(kind, namespace_of(each), name_of(each)), facts


class _Pods:
    """Restarts of each workload, and the pods that belong to none."""

    def __init__(self, lists: Mapping[str, list[Object]], rows: tuple[PodRow, ...]) -> None:
        self.rows = rows
        self._whole = {(namespace_of(p), name_of(p)): p for p in lists.get("Pod", ())}
        self._known = dict(_workloads(lists))
        self.restarts: Counter[Ref] = Counter()
        self.bare: dict[Ref, Facts] = {}
        for row in rows:
            self._count(row.namespace, row.name, row.restarts, row.status)
        in_rows = {(row.namespace, row.name) for row in rows}
        for (namespace, name), pod in self._whole.items():
            if (namespace, name) not in in_rows:
                self._count(namespace, name, _restarts(pod), "")

    def _count(self, namespace: str, name: str, restarts: int, status: str) -> None:
        pod = self._whole.get((namespace, name))
        about = self._owner(pod, namespace, name)
        if restarts:
            self.restarts[about] += restarts
        if about.kind == "Pod":
            facts = (facts_of("Pod", pod) or {}) if pod is not None else {}
            self.bare[about] = facts | ({STATUS: status} if status else {})

    def _owner(self, pod: Object | None, namespace: str, name: str) -> Ref:
        """What is not known by its owner goes by its name, so that a row and the whole agree."""
        kind, owner = controller_of(pod) if pod is not None else ("", "")
        if pod is not None and kind == "ReplicaSet":
            owner = owner.removesuffix(f"-{labels_of(pod).get('pod-template-hash', '')}")
            kind = "Deployment"
        return self._known.get((kind, namespace, owner)) or self._by_name(namespace, name)

    def _by_name(self, namespace: str, name: str) -> Ref:
        """A row does not say who owns it; the API's own way of naming pods does, nearly always."""
        for kind, shape in _SHAPES:
            named = shape.fullmatch(name)
            found = named and self._known.get((kind, namespace, named[1]))
            if found:
                return found
        alike = _GENERATED.fullmatch(name)
        return Ref(GROUP, namespace, alike[1]) if alike else Ref("Pod", namespace, name)


def _workloads(lists: Mapping[str, list[Object]]) -> Iterator[tuple[tuple[str, str, str], Ref]]:
    """(kind, namespace, name) -> what a person calls it: a Job of a CronJob is the CronJob."""
    for kind in WORKLOADS:
        for each in lists.get(kind, ()):
            namespace, name = namespace_of(each), name_of(each)
            above, its_name = controller_of(each)
            is_cron = kind == "Job" and above == "CronJob"
            spoken = Ref(above, namespace, its_name) if is_cron else Ref(kind, namespace, name)
            yield (kind, namespace, name), spoken


def _restarts(pod: Object) -> int:
    return sum(number(each, "restartCount") for each in items(pod, "status", "containerStatuses"))


def _nested(facts: Mapping[Ref, Facts]) -> dict[str, dict[str, dict[str, Facts]]]:
    nested: dict[str, dict[str, dict[str, Facts]]] = {}
    for ref in sorted(facts):
        nested.setdefault(ref.namespace, {}).setdefault(ref.kind, {})[ref.name] = facts[ref]
    return nested


def _bounded(kept: dict[str, Any]) -> dict[str, Any]:
    for kind in _DISPENSABLE:
        if len(_written(kept).encode()) <= _MOST_BYTES:
            break
        for kinds in kept["objects"].values():
            kinds.pop(kind, None)
        if kind in kept["read"]:
            kept["read"].remove(kind)
            kept["left_out"].append(kind)
    return kept


def _written(kept: Mapping[str, Any]) -> str:
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
