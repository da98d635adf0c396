"""How an object is, in a few words, from what was read anyway; pure."""

import re
from collections.abc import Iterable

from bot.cluster.findings import Ref
from bot.cluster.objects import Object, condition, flag, items, labels_of, number, part, text, words
from bot.cluster.scene import PodRow, Scene

_ENDS_OF_PODS = {
    "Pod": "",
    "Deployment": "-[a-z0-9]{4,10}-[a-z0-9]{5}",
    "StatefulSet": r"-\d+",
    "DaemonSet": "-[a-z0-9]{5}",
}
_OF_SERVICE = "kubernetes.io/service-name"


def state_of(scene: Scene, about: Ref) -> str:
    """`Running, 1/1 ready, 0 restarts, 5d old`; empty where nothing was read of it."""
    if about.kind == "Pod":
        row = next((r for r in scene.rows if (r.namespace, r.name) == about[1:]), None)
        return f"{_pod(row)}{_ended(scene, [row])}" if row is not None else ""
    found = scene.one(*about)
    if found is None:
        return ""
    match about.kind:
        case "Deployment" | "StatefulSet":
            return _replicas(found) + _restarts(scene, about)
        case "DaemonSet":
            ready, wanted = (
                number(found, "status", key) for key in ("numberReady", "desiredNumberScheduled")
            )
            return f"{ready} of {wanted} ready{_restarts(scene, about)}"
        case "Service":
            return _service(scene, found, about)
        case "Job":
            return _job(found)
        case "Node":
            return _node(found)
        case _:
            return _other(found)


def rows_of(scene: Scene, about: Ref) -> list[PodRow]:
    """Its pods, told by how their controller names them; the most restarted first."""
    shape = re.compile(f"{re.escape(about.name)}{_ENDS_OF_PODS.get(about.kind, '')}")
    if about.kind not in _ENDS_OF_PODS:
        return []
    inside = (row for row in scene.rows if row.namespace == about.namespace)
    found = [row for row in inside if shape.fullmatch(row.name)]
    return sorted(found, key=lambda row: -row.restarts)


def _restarts(scene: Scene, about: Ref) -> str:
    rows = [row for row in rows_of(scene, about) if row.restarts]
    if not rows:
        return ""
    ago = (
        f", the last of {rows[0].name} {rows[0].restarted_ago} ago" if rows[0].restarted_ago else ""
    )
    return f", {_counted(sum(row.restarts for row in rows))}{ago}{_ended(scene, rows)}"


def _ended(scene: Scene, rows: Iterable[PodRow]) -> str:
    """How the latest container to end did, of the pods that were read whole."""
    pods = (scene.one("Pod", row.namespace, row.name) for row in rows if row.restarts)
    ends = [
        (text(end, "finishedAt"), text(each, "name"), end)
        for pod in pods
        for each in items(pod or {}, "status", "containerStatuses")
        if (end := part(each, "lastState", "terminated"))
    ]
    if not ends:
        return ""
    at, container, end = max(ends, key=lambda each: each[:2])
    when = f" at {at}" if at else ""
    return (
        f", {container} last ended {text(end, 'reason') or 'somehow'}"
        f" (exit code {number(end, 'exitCode')}){when}"
    )


def _counted(restarts: int) -> str:
    return f"{restarts} restart{'' if restarts == 1 else 's'}"


def _pod(row: PodRow) -> str:
    restarts = _counted(row.restarts)
    last = f", the last {row.restarted_ago} ago" if row.restarted_ago else ""
    where = f", on node {row.node}" if row.node else ""
    ready = f"{row.ready}/{row.containers} ready"
    return f"{row.status}, {ready}, {restarts}{last}, {row.age} old{where}"


def _replicas(found: Object) -> str:
    wanted = number(found, "spec", "replicas", default=1)
    ready = number(found, "status", "readyReplicas")
    images = {
        text(each, "image") for each in items(found, "spec", "template", "spec", "containers")
    }
    return ", ".join((f"{ready} of {wanted} ready", *sorted(images)))


def _service(scene: Scene, found: Object, about: Ref) -> str:
    slices = [
        each
        for each in scene.all("endpointslices", about.namespace)
        if labels_of(each).get(_OF_SERVICE) == about.name
    ]
    ready = {
        address
        for each in slices
        for endpoint in items(each, "endpoints")
        if part(endpoint, "conditions").get("ready") is not False
        for address in words(endpoint, "addresses")
    }
    ports = ", ".join(text(each, "port") for each in items(found, "spec", "ports"))
    kind = text(found, "spec", "type") or "ClusterIP"
    plural = "" if len(ready) == 1 else "s"
    return f"{kind}, port {ports or 'none'}, {len(ready)} ready endpoint{plural}"


def _job(found: Object) -> str:
    counts = {key: number(found, "status", key) for key in ("active", "succeeded", "failed")}
    return ", ".join(f"{value} {key}" for key, value in counts.items())


def _node(found: Object) -> str:
    ready = text(condition(found, "Ready"), "status")
    cordoned = ", cordoned" if flag(found, "spec", "unschedulable") else ""
    version = text(found, "status", "nodeInfo", "kubeletVersion")
    return f"{'Ready' if ready == 'True' else 'not ready'}{cordoned}, {version}".rstrip(", ")


def _other(found: Object) -> str:
    return text(found, "status", "phase") or "exists"
