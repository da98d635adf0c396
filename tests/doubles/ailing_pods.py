"""Pods, events and workloads as an API server gives them, for the checks to look at."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cluster.checks.pods.pods import check
from bot.cluster.findings import Finding
from bot.cluster.needs import Need
from bot.cluster.scene import Scene

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
POD = "web-7c9d8b6f5d-x2x9k"

Json = dict[str, Any]


def ago(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def a_pod(
    *containers: Mapping[str, Any],
    statuses: Sequence[Mapping[str, Any]] = (),
    inits: Sequence[Mapping[str, Any]] = (),
    init_statuses: Sequence[Mapping[str, Any]] = (),
    name: str = POD,
    owner: tuple[str, str] | None = ("ReplicaSet", "web-7c9d8b6f5d"),
    phase: str = "Running",
    age: float = 900,
    spec: Mapping[str, Any] | None = None,
    status: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Json:
    owned = {"kind": owner[0], "name": owner[1], "controller": True} if owner else None
    return {
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "shop",
            "uid": f"uid-{name}",
            "creationTimestamp": ago(age),
            "labels": {"app": "web", "pod-template-hash": "7c9d8b6f5d"},
            "ownerReferences": [owned] if owned else [],
            **(metadata or {}),
        },
        "spec": {
            "nodeName": "worker-1",
            "restartPolicy": "Always",
            "initContainers": list(inits),
            "containers": list(containers) or [{"name": "app", "image": "nginx:1.27"}],
            **(spec or {}),
        },
        "status": {
            "phase": phase,
            "startTime": ago(age),
            "conditions": [
                {"type": "PodScheduled", "status": "True", "lastTransitionTime": ago(age)},
                {"type": "Ready", "status": "False", "lastTransitionTime": ago(age - 5)},
            ],
            "initContainerStatuses": list(init_statuses),
            "containerStatuses": list(statuses),
            **(status or {}),
        },
    }


def waiting(reason: str, message: str = "", **more: Any) -> Json:
    state = {"reason": reason, **({"message": message} if message else {})}
    return {"name": "app", "ready": False, "restartCount": 0, "state": {"waiting": state}, **more}


def running(since: float = 600, *, ready: bool = True, **more: Any) -> Json:
    state = {"running": {"startedAt": ago(since)}}
    return {
        "name": "app",
        "ready": ready,
        "started": True,
        "restartCount": 0,
        "state": state,
        **more,
    }


def ended(
    code: int, reason: str = "Error", *, since: float = 30, lasted: float = 5, message: str = ""
) -> Json:
    said = {"message": message} if message else {}
    times = {"startedAt": ago(since + lasted), "finishedAt": ago(since)}
    return {"terminated": {"exitCode": code, "reason": reason, **times, **said}}


def looping(code: int, reason: str = "Error", *, restarts: int = 5, **more: Any) -> Json:
    """A container between two starts, as the kubelet tells it."""
    message = f"back-off 2m40s restarting failed container=app pod={POD}_shop(uid-{POD})"
    last = ended(code, reason, **more)
    return waiting("CrashLoopBackOff", message, restartCount=restarts, lastState=last)


def an_event(
    reason: str,
    message: str,
    *,
    container: str = "app",
    pod: str = POD,
    count: int = 1,
    first: float = 600,
    last: float = 10,
) -> Json:
    path = {"fieldPath": f"spec.containers{{{container}}}"} if container else {}
    about = {"kind": "Pod", "name": pod, "namespace": "shop", "uid": f"uid-{pod}", **path}
    return {
        "kind": "Event",
        "metadata": {"name": f"{pod}.{reason}", "namespace": "shop"},
        "involvedObject": about,
        "type": "Warning",
        "reason": reason,
        "message": message,
        "count": count,
        "firstTimestamp": ago(first),
        "lastTimestamp": ago(last),
    }


def back_off() -> Json:
    message = f"Back-off restarting failed container app in pod {POD}_shop(uid-{POD})"
    return an_event("BackOff", message, count=12)


def a_workload(kind: str = "Deployment", name: str = "web", **status: Any) -> Json:
    meta = {"name": name, "namespace": "shop", "creationTimestamp": ago(4000)}
    return {"kind": kind, "metadata": meta, "spec": {}, "status": status}


def a_node(name: str = "worker-1", ready: str = "True", message: str = "") -> Json:
    state = {"type": "Ready", "status": ready, "message": message, "lastTransitionTime": ago(300)}
    return {"kind": "Node", "metadata": {"name": name}, "status": {"conditions": [state]}}


def a_scene(
    *pods: Mapping[str, Any],
    events: Sequence[Mapping[str, Any]] = (),
    deployments: Sequence[Mapping[str, Any]] | None = None,
    answers: Mapping[Need, tuple[Mapping[str, Any], ...]] | None = None,
    **lists: Sequence[Mapping[str, Any]],
) -> Scene:
    scene = Scene(now=NOW, namespaces=("shop",))
    scene.lists["pods"] = tuple(pods)
    scene.lists["events"] = tuple(events)
    scene.lists["deployments"] = tuple([a_workload()] if deployments is None else deployments)
    scene.lists.update({plural: tuple(each) for plural, each in lists.items()})
    scene.answers.update(answers or {})
    return scene


def the_only(scene: Scene) -> Finding:
    (finding,) = check(scene)
    return finding
