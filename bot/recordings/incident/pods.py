"""Pods of which only their rows were read, put together from these and from their workloads; pure.

They were well: of those that were not, the look has read the whole.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.cluster.objects import Object, name_of, namespace_of, part, strings
from bot.cluster.scene import PodRow
from bot.recordings.files import Json

_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "y": 365 * 86400}
_PHASES = {"Completed": "Succeeded", "Succeeded": "Succeeded"}


def pod_from_row(
    row: PodRow, labels: Mapping[str, str] | None, workloads: Iterable[Object], at: datetime
) -> Json:
    template = part(_workload(row, workloads), "spec", "template")
    held = part(template, "spec").get("containers")
    containers = held if isinstance(held, list) else [{"name": "app", "image": "unknown"}]
    named = labels if labels is not None else strings(template, "metadata", "labels")
    begun = (at - timedelta(seconds=_seconds(row.age))).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = {
        "name": row.name,
        "namespace": row.namespace,
        "labels": dict(named),
        "creationTimestamp": begun,
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": containers, **({"nodeName": row.node} if row.node else {})},
        "status": _status(row, containers, begun),
    }


def _status(row: PodRow, containers: list[Json], begun: str) -> Json:
    phase = _PHASES.get(row.status, "Running")
    ready = "True" if row.ready >= row.containers else "False"
    state: Json = {"running": {"startedAt": begun}}
    if phase == "Succeeded":
        state = {"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": begun}}
    return {
        "phase": phase,
        "startTime": begun,
        "conditions": [{"type": "Ready", "status": ready, "lastTransitionTime": begun}],
        "containerStatuses": [
            {
                "name": each.get("name"),
                "image": each.get("image"),
                "ready": ready == "True",
                "restartCount": row.restarts if place == 0 else 0,
                "state": state,
            }
            for place, each in enumerate(containers)
        ],
    }


def _workload(row: PodRow, workloads: Iterable[Object]) -> Object:
    """The longest name that the pod's begins with: controllers name their pods so."""
    found = (
        each
        for each in workloads
        if each.get("kind") in _WORKLOADS
        and namespace_of(each) == row.namespace
        and row.name.startswith(f"{name_of(each)}-")
    )
    return max(found, key=lambda each: len(name_of(each)), default={})


def _seconds(age: str) -> int:
    """Of `3m20s`, `5d`."""
    total, digits = 0, ""
    for sign in age:
        if sign.isdigit():
            digits += sign
        elif sign in _UNITS and digits:
            total, digits = total + int(digits) * _UNITS[sign], ""
    return total
