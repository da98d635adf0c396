"""What of an object is compared over time: a few short fields, each named as people say it.

No value of a Secret, of a ConfigMap or of a variable is among them, nor a hash of one.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping

from bot.cluster.objects import (
    Object,
    condition,
    containers_of,
    controller_of,
    flag,
    items,
    number,
    part,
    strings,
    text,
)

Facts = dict[str, str | int]

UID = "uid"
REVISION = "revision"
GENERATION = "generation"
RESTARTED = "restarted"
"""When somebody last asked for new pods (`kubectl rollout restart`)."""
REPLICAS = "replicas"
READY = "ready"
RESTARTS = "restarts"
STATUS = "status"
VERSION = "version"
TROUBLE = "trouble"
TAINTS = "taints"
IMAGE_OF = "image of "
RESOURCES_OF = "requests/limits of "
CORDONED, SUSPENDED, PAUSED = "cordoned", "suspended", "paused"

_LONGEST = 160
_REVISION_OF_DEPLOYMENT = "deployment.kubernetes.io/revision"
_RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
_LEADER = "control-plane.alpha.kubernetes.io/leader"
_SERVICE = ("backend", "service", "name")
# What these say is said by conditions and by `spec.unschedulable`.
_OWN_TAINTS = "node.kubernetes.io/"


def facts_of(kind: str, found: Object) -> Facts | None:
    """None for what is not compared: kinds without a reader, Jobs of a CronJob, leases."""
    read = _READERS.get(kind)
    if read is None or _is_restless(kind, found):
        return None
    facts: Facts = {UID: text(found, "metadata", "uid")[:8]}
    facts |= {name: _bounded(value) for name, value in read(found).items()}
    return {name: value for name, value in facts.items() if value != ""}


def _is_restless(kind: str, found: Object) -> bool:
    """It comes, goes or changes all the time, and nobody did anything."""
    if kind == "Job":
        return controller_of(found)[0] == "CronJob"
    return kind == "ConfigMap" and bool(text(found, "metadata", "annotations", _LEADER))


def _bounded(value: str | int) -> str | int:
    """A long value keeps its beginning and a mark of the whole, so that a change is still seen."""
    if isinstance(value, int) or len(value) <= _LONGEST:
        return value
    mark = hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{value[: _LONGEST - 12]}… #{mark}"


def _containers(spec: Object) -> Iterator[tuple[str, str]]:
    for container, _ in containers_of(spec):
        name = f"`{text(container, 'name')}`"
        yield f"{IMAGE_OF}{name}", text(container, "image")
        yield f"{RESOURCES_OF}{name}", _resources(container)


def _resources(container: Object) -> str:
    """`cpu 100m/500m, memory 128Mi/none`."""
    requests, limits = (
        part(container, "resources", "requests"),
        part(container, "resources", "limits"),
    )
    return ", ".join(
        f"{name} {text(requests, name) or 'none'}/{text(limits, name) or 'none'}"
        for name in sorted({*requests, *limits})
    )


def _workload(found: Object) -> Facts:
    """A Deployment or StatefulSet."""
    template = part(found, "spec", "template")
    return {
        REPLICAS: number(found, "spec", "replicas", default=1),
        READY: number(found, "status", "readyReplicas"),
        REVISION: text(found, "metadata", "annotations", _REVISION_OF_DEPLOYMENT)
        or text(found, "status", "updateRevision"),
        GENERATION: number(found, "metadata", "generation"),
        RESTARTED: text(template, "metadata", "annotations", _RESTARTED_AT),
        PAUSED: "yes" if flag(found, "spec", "paused") else "",
        **dict(_containers(part(template, "spec"))),
    }


def _daemon_set(found: Object) -> Facts:
    counted: Facts = {
        REPLICAS: number(found, "status", "desiredNumberScheduled"),
        READY: number(found, "status", "numberReady"),
    }
    return _workload(found) | counted


def _job(found: Object) -> Facts:
    ended = [
        kind for kind in ("Complete", "Failed") if text(condition(found, kind), "status") == "True"
    ]
    return {
        STATUS: ended[0] if ended else "Running",
        SUSPENDED: "yes" if flag(found, "spec", "suspend") else "",
        **dict(_containers(part(found, "spec", "template", "spec"))),
    }


def _cron_job(found: Object) -> Facts:
    template = part(found, "spec", "jobTemplate", "spec", "template", "spec")
    return {
        "schedule": text(found, "spec", "schedule"),
        SUSPENDED: "yes" if flag(found, "spec", "suspend") else "",
        GENERATION: number(found, "metadata", "generation"),
        **dict(_containers(template)),
    }


def _pod(found: Object) -> Facts:
    return {
        STATUS: text(found, "status", "phase"),
        "node": text(found, "spec", "nodeName"),
        **dict(_containers(part(found, "spec"))),
    }


def _service(found: Object) -> Facts:
    ports = (
        f"{text(port, 'port')}→{text(port, 'targetPort') or text(port, 'port')}"
        for port in items(found, "spec", "ports")
    )
    return {
        "type": text(found, "spec", "type"),
        "ports": ", ".join(ports),
        "selector": _pairs(strings(found, "spec", "selector")),
    }


def _pairs(found: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in sorted(found.items()))


def _config_map(found: Object) -> Facts:
    return {"version": text(found, "metadata", "resourceVersion")}


def _ingress(ingress: Object) -> Facts:
    routes = [
        f"{text(rule, 'host') or '*'}{text(path, 'path')}→{text(path, *_SERVICE)}"
        for rule in items(ingress, "spec", "rules")
        for path in items(rule, "http", "paths")
    ]
    return {
        "class": text(ingress, "spec", "ingressClassName"),
        "routes": ", ".join(routes),
        GENERATION: number(ingress, "metadata", "generation"),
    }


def _autoscaler(found: Object) -> Facts:
    target = part(found, "spec", "scaleTargetRef")
    return {
        "target": f"{text(target, 'kind').lower()}/{text(target, 'name')}",
        "fewest": number(found, "spec", "minReplicas", default=1),
        "most": number(found, "spec", "maxReplicas"),
    }


def _claim(found: Object) -> Facts:
    return {
        STATUS: text(found, "status", "phase"),
        "size": text(found, "status", "capacity", "storage")
        or text(found, "spec", "resources", "requests", "storage"),
        "class": text(found, "spec", "storageClassName"),
    }


def _node(found: Object) -> Facts:
    return {
        VERSION: text(found, "status", "nodeInfo", "kubeletVersion"),
        CORDONED: "yes" if flag(found, "spec", "unschedulable") else "",
        TROUBLE: ", ".join(_trouble_of_node(found)),
        TAINTS: ", ".join(sorted(_taints(found))),
    }


def _trouble_of_node(node: Object) -> Iterator[str]:
    for each in items(node, "status", "conditions"):
        kind, status = text(each, "type"), text(each, "status")
        if kind == "Ready" and status != "True":
            yield "NotReady"
        elif kind != "Ready" and status == "True":
            yield kind


def _taints(node: Object) -> Iterator[str]:
    for each in items(node, "spec", "taints"):
        key, value = text(each, "key"), text(each, "value")
        if not key.startswith(_OWN_TAINTS):
            yield f"{key}{'=' if value else ''}{value}:{text(each, 'effect')}"


_READERS: dict[str, Callable[[Object], Facts]] = {
    "Deployment": _workload,
    "StatefulSet": _workload,
    "DaemonSet": _daemon_set,
    "Job": _job,
    "CronJob": _cron_job,
    "Pod": _pod,
    "Service": _service,
    "ConfigMap": _config_map,
    "Ingress": _ingress,
    "HorizontalPodAutoscaler": _autoscaler,
    "PersistentVolumeClaim": _claim,
    "Node": _node,
}
COMPARED = tuple(_READERS)
"""The kinds that are compared, the ones people ask about first coming first."""
