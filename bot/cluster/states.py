"""How an object is, in a few words, from what was read anyway; pure."""

from bot.cluster.findings import Ref
from bot.cluster.objects import Object, condition, flag, items, labels_of, number, part, text, words
from bot.cluster.scene import PodRow, Scene

_OF_SERVICE = "kubernetes.io/service-name"


def state_of(scene: Scene, about: Ref) -> str:
    """`Running, 1/1 ready, 0 restarts, 5d old`; empty where nothing was read of it."""
    if about.kind == "Pod":
        row = next((r for r in scene.rows if (r.namespace, r.name) == about[1:]), None)
        return _pod(row) if row is not None else ""
    found = scene.one(*about)
    if found is None:
        return ""
    match about.kind:
        case "Deployment" | "StatefulSet":
            return _replicas(found)
        case "DaemonSet":
            ready, wanted = (
                number(found, "status", key) for key in ("numberReady", "desiredNumberScheduled")
            )
            return f"{ready} of {wanted} ready"
        case "Service":
            return _service(scene, found, about)
        case "Job":
            return _job(found)
        case "Node":
            return _node(found)
        case _:
            return _other(found)


def _pod(row: PodRow) -> str:
    restarts = f"{row.restarts} restart{'' if row.restarts == 1 else 's'}"
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
