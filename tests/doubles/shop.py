"""Workloads, events and other objects of a small shop as an API server gives them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from bot.cluster.findings import Finding
from bot.cluster.scene import PodRow, Scene

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PLACE = "shop"

Json = dict[str, Any]


def ago(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def meta(
    name: str, *, age: float = 3600, owner: tuple[str, str] | None = None, **more: Any
) -> Json:
    found: Json = {"name": name, "namespace": PLACE, "creationTimestamp": ago(age), **more}
    if owner is not None:
        found["ownerReferences"] = [{"kind": owner[0], "name": owner[1], "controller": True}]
    return found


def state(kind: str, status: str, reason: str = "", message: str = "", age: float = 900) -> Json:
    return {
        "type": kind, "status": status, "reason": reason, "message": message,
        "lastTransitionTime": ago(age), "lastUpdateTime": ago(age),
    }  # fmt: skip


def template(image: str = "shop/app:1", **container: Any) -> Json:
    box = {"name": "app", "image": image, **container}
    return {"metadata": {"labels": {"app": "checkout"}}, "spec": {"containers": [box]}}


def a_deployment(
    name: str = "checkout",
    *,
    wanted: int = 3,
    present: int = 3,
    updated: int = 3,
    ready: int = 3,
    conditions: Iterable[Json] = (),
    image: str = "shop/app:1",
    **spec: Any,
) -> Json:
    status = {
        "observedGeneration": 2, "replicas": present, "updatedReplicas": updated,
        "readyReplicas": ready, "availableReplicas": ready, "conditions": list(conditions),
    }  # fmt: skip
    annotations = {"deployment.kubernetes.io/revision": "2"}
    return {
        "kind": "Deployment",
        "metadata": meta(name, generation=2, annotations=annotations),
        "spec": {"replicas": wanted, "template": template(image), **spec},
        "status": {k: v for k, v in status.items() if v != 0},
    }


def a_replicaset(
    name: str, *, revision: int, present: int, ready: int, image: str, owner: str = "checkout"
) -> Json:
    annotations = {"deployment.kubernetes.io/revision": str(revision)}
    return {
        "metadata": meta(
            name, owner=("Deployment", owner) if owner else None, annotations=annotations
        ),
        "spec": {"replicas": present, "template": template(image)},
        "status": {"replicas": present, "readyReplicas": ready, "availableReplicas": ready},
    }


def an_event(
    kind: str, name: str, reason: str, message: str, *, age: float = 60, count: int = 1
) -> Json:
    return {
        "kind": "Event",
        "metadata": meta(f"{name}.17a"),
        "involvedObject": {"kind": kind, "namespace": PLACE, "name": name},
        "type": "Warning", "reason": reason, "message": message, "count": count,
        "firstTimestamp": ago(age + 600), "lastTimestamp": ago(age),
    }  # fmt: skip


def a_row(name: str, status: str = "Running", *, is_ready: bool = True) -> PodRow:
    return PodRow(PLACE, name, int(is_ready), 1, status, 0, "", "10m", "node-1")


def a_pod(name: str, owner: tuple[str, str], *, age: float = 900, **status: Any) -> Json:
    labels = {"app": "checkout", "pod-template-hash": owner[1].rpartition("-")[2]}
    return {
        "metadata": meta(name, age=age, owner=owner, labels=labels),
        "spec": {"nodeName": "node-1", "containers": [{"name": "app", "image": "shop/app:1"}]},
        "status": {"phase": "Running", **status},
    }


def a_scene(
    *,
    answers: Mapping[Any, Iterable[Json]] | None = None,
    lists: Mapping[str, Iterable[Json]] | None = None,
    rows: Iterable[PodRow] = (),
    is_whole: bool = False,
    **more: Iterable[Json],
) -> Scene:
    return Scene(
        now=NOW,
        namespaces=(PLACE,),
        is_whole_cluster=is_whole,
        rows=tuple(rows),
        lists={plural: tuple(found) for plural, found in {**(lists or {}), **more}.items()},
        answers={need: tuple(found) for need, found in (answers or {}).items()},
    )


def the_only(check: ModuleType, scene: Scene) -> Finding:
    found = list(check.check(scene))
    assert len(found) == 1, [each.cause for each in found]
    finding: Finding = found[0]
    return finding


def reasons(check: ModuleType, scene: Scene) -> list[str]:
    return [each.reason for each in check.check(scene)]
