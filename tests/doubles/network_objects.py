"""Services, their endpoints, workloads and failing pods, as an API server gives them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cluster.needs import LogOf
from bot.cluster.objects import Object
from bot.cluster.scene import PodRow, Scene

Json = dict[str, Any]

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).strftime("%Y-%m-%dT%H:%M:%SZ")


def meta(name: str, namespace: str = "shop", **more: Any) -> Json:
    return {"name": name, "namespace": namespace, "creationTimestamp": ago(hours=2), **more}


def service(
    name: str,
    selector: Mapping[str, str] | None = None,
    ports: Sequence[Json] = ({"port": 80, "targetPort": 8080, "protocol": "TCP"},),
    *,
    namespace: str = "shop",
    **spec: Any,
) -> Json:
    base = {"type": "ClusterIP", "clusterIP": "10.96.1.2", "clusterIPs": ["10.96.1.2"]}
    chosen = {"selector": dict(selector)} if selector is not None else {}
    return {
        "kind": "Service",
        "metadata": meta(name, namespace),
        "spec": {**base, "ports": list(ports), **chosen, **spec},
        "status": {"loadBalancer": {}},
    }


def endpoints(service_name: str, *pods: tuple[str, bool], namespace: str = "shop") -> Json:
    """(name of a pod, whether it is ready)."""
    return {
        "kind": "EndpointSlice",
        "addressType": "IPv4",
        "metadata": meta(
            f"{service_name}-x1",
            namespace,
            labels={"kubernetes.io/service-name": service_name},
        ),
        "endpoints": [
            {
                "addresses": ["10.1.0.4"],
                "conditions": {"ready": ready, "serving": ready, "terminating": False},
                "targetRef": {"kind": "Pod", "name": pod, "namespace": namespace},
            }
            for pod, ready in pods
        ]
        or None,
    }


def deployment(
    name: str,
    labels: Mapping[str, str],
    *,
    replicas: int = 1,
    containers: Sequence[Json] = (
        {"name": "app", "image": "app:1", "ports": [{"name": "http", "containerPort": 8080}]},
    ),
    kind: str = "Deployment",
    **pod_spec: Any,
) -> Json:
    template = {
        "metadata": {"labels": dict(labels)},
        "spec": {"containers": list(containers), **pod_spec},
    }
    return {
        "kind": kind,
        "metadata": meta(name),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": dict(labels)},
            "template": template,
        },
        "status": {},
    }


def pod(
    name: str,
    labels: Mapping[str, str] | None = None,
    *,
    owner: str = "",
    spec: Json | None = None,
    container: Json | None = None,
    status: Json | None = None,
) -> Json:
    """A pod in a crash loop, unless its container's status says otherwise."""
    hashed = {"pod-template-hash": "5d9c"} if owner else {}
    owners = [{"kind": "ReplicaSet", "name": f"{owner}-5d9c", "controller": True}]
    return {
        "kind": "Pod",
        "metadata": meta(
            name,
            labels={**(labels or {}), **hashed},
            ownerReferences=owners if owner else [],
        ),
        "spec": {
            "serviceAccountName": "default",
            "dnsPolicy": "ClusterFirst",
            "containers": [{"name": "app", "image": "app:1", **(container or {})}],
            **(spec or {}),
        },
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": "Ready", "status": "False", "lastTransitionTime": ago(hours=1)}
            ],
            "containerStatuses": [status or crashing()],
        },
    }


def crashing(**more: Any) -> Json:
    died = {"exitCode": 1, "reason": "Error", "finishedAt": ago(minutes=2)}
    return {
        "name": "app",
        "ready": False,
        "restartCount": 5,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": died},
        **more,
    }


def waiting_for_readiness(**more: Any) -> Json:
    return {
        "name": "app",
        "ready": False,
        "restartCount": 0,
        "state": {"running": {"startedAt": ago(hours=1)}},
        "lastState": {},
        **more,
    }


def event(
    message: str,
    *,
    reason: str = "Unhealthy",
    kind: str = "Pod",
    name: str = "web-1",
    count: int = 3,
    minutes_ago: float = 5,
    namespace: str = "shop",
) -> Json:
    return {
        "kind": "Event",
        "type": "Warning",
        "metadata": meta(f"{name}.17a", namespace or "default"),
        "involvedObject": {"kind": kind, "name": name, "namespace": namespace},
        "reason": reason,
        "message": message,
        "count": count,
        "firstTimestamp": ago(minutes=minutes_ago + 20),
        "lastTimestamp": ago(minutes=minutes_ago),
    }


def policy(name: str, selector: Json, **spec: Any) -> Json:
    return {
        "kind": "NetworkPolicy",
        "metadata": meta(name),
        "spec": {"podSelector": selector, **spec},
    }


def row(name: str, *, ready: int = 0, status: str = "CrashLoopBackOff") -> PodRow:
    return PodRow("shop", name, ready, 1, status, 0, "", "2h", "node-1")


_READ = (
    "services", "endpointslices", "deployments", "statefulsets", "daemonsets", "jobs", "ingresses",
    "ingressclasses", "networkpolicies", "events", "pods",
)  # fmt: skip


def scene(
    *objects: Object,
    log: str = "",
    rows: Sequence[PodRow] = (),
    namespaces: tuple[str, ...] = ("shop",),
    is_whole_cluster: bool = True,
) -> Scene:
    """All of these objects were read, and the log is that of container `app` of every pod."""
    lists: dict[str, tuple[Object, ...]] = dict.fromkeys(_READ, ())
    for each in objects:
        plural = _plural(str(each["kind"]))
        lists[plural] = (*lists.get(plural, ()), each)
    lines = tuple(line for line in log.splitlines() if line.strip())
    pods = [each["metadata"]["name"] for each in lists["pods"]]
    known = {row.name for row in rows}
    return Scene(
        now=NOW,
        namespaces=namespaces,
        is_whole_cluster=is_whole_cluster,
        rows=(*rows, *(row(name) for name in pods if name not in known)),
        lists=lists,
        logs={
            LogOf("shop", name, "app", previous): lines
            for name in pods
            for previous in (True, False)
            if lines
        },
    )


def _plural(kind: str) -> str:
    plural = kind.lower()
    return (
        plural.replace("policy", "policie") + "s"
        if plural.endswith("y")
        else (f"{plural}es" if plural.endswith("s") else f"{plural}s")
    )
