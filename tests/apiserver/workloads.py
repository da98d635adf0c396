"""Objects as a cluster in trouble has them; their status is written, as no controller runs."""

import datetime
from typing import Any

from tests.apiserver.client import Client, Manifest
from tests.apiserver.kubelet import log_file, write_log
from tests.apiserver.server import NODE, ApiServer

Status = dict[str, Any]

TEMPLATE_HASH = "7d9f8c6b5"
IMAGE = "registry.example/shop/app:1.4.2"


def moment(minutes_ago: float = 0) -> str:
    """A time as Kubernetes writes it."""
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes_ago)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def healthy(container: str = "app") -> Status:
    return _status("Running", [_container(container, running(), ready=True)])


def crash_looping(container: str = "app", *, exit_code: int = 1, restarts: int = 7) -> Status:
    back_off = f"back-off 5m0s restarting failed container={container}"
    waiting = {"waiting": {"reason": "CrashLoopBackOff", "message": back_off}}
    last = _terminated("Error", exit_code)
    return _status("Running", [_container(container, waiting, last=last, restarts=restarts)])


def out_of_memory(container: str = "app", *, restarts: int = 3) -> Status:
    waiting = {"waiting": {"reason": "CrashLoopBackOff"}}
    last = _terminated("OOMKilled", 137)
    return _status("Running", [_container(container, waiting, last=last, restarts=restarts)])


def image_pull_backoff(container: str = "app", image: str = IMAGE) -> Status:
    message = f'Back-off pulling image "{image}"'
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": message}}
    return _status("Pending", [_container(container, waiting)])


def unschedulable(message: str = "0/1 nodes are available: 1 Insufficient memory.") -> Status:
    condition = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": message,
        "lastTransitionTime": moment(10),
    }
    return {"phase": "Pending", "conditions": [condition]}


def running() -> dict[str, Any]:
    return {"running": {"startedAt": moment(10)}}


def add_namespace(client: Client, name: str) -> None:
    """A namespace with its `default` ServiceAccount, which a controller would have made."""
    meta = {"metadata": {"name": name}}
    client.post("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", **meta})
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
    client.post(f"/api/v1/namespaces/{name}/serviceaccounts", account)


def add_pod(
    client: Client,
    namespace: str,
    name: str,
    status: Status,
    *,
    labels: dict[str, str] | None = None,
    container: str = "app",
    image: str = IMAGE,
    owner: Manifest | None = None,
) -> Manifest:
    """A pod with this status, on the node unless its status says that it has none."""
    spec: dict[str, Any] = {"containers": [{"name": container, "image": image}]}
    if not is_unscheduled(status):
        spec["nodeName"] = NODE
    meta: dict[str, Any] = {"name": name, "labels": labels or {"app": name}}
    if owner is not None:
        meta["ownerReferences"] = [owned_by(owner)]
    path = f"/api/v1/namespaces/{namespace}/pods"
    client.post(path, {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec})
    return client.patch(f"{path}/{name}/status", {"status": status})


def add_deployment(
    client: Client, namespace: str, name: str, *, replicas: int = 1, available: int = 0
) -> Manifest:
    """A deployment of which so many replicas are available."""
    labels = {"app": name}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": "app", "image": IMAGE}]},
    }
    body = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "labels": labels},
        "spec": {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template},
    }
    path = f"/apis/apps/v1/namespaces/{namespace}/deployments"
    client.post(path, body)
    status = {
        "observedGeneration": 1,
        "replicas": replicas,
        "updatedReplicas": replicas,
        "availableReplicas": available,
        "readyReplicas": available,
        "unavailableReplicas": replicas - available,
    }
    return client.patch(f"{path}/{name}/status", {"status": status})


def add_replicaset(client: Client, namespace: str, deployment: Manifest) -> Manifest:
    """The one that a controller would have made for this deployment."""
    name = deployment["metadata"]["name"]
    labels = {"app": name, "pod-template-hash": TEMPLATE_HASH}
    template = deployment["spec"]["template"] | {"metadata": {"labels": labels}}
    body = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{name}-{TEMPLATE_HASH}",
            "labels": labels,
            "ownerReferences": [owned_by(deployment)],
        },
        "spec": {
            "replicas": deployment["spec"]["replicas"],
            "selector": {"matchLabels": labels},
            "template": template,
        },
    }
    return client.post(f"/apis/apps/v1/namespaces/{namespace}/replicasets", body)


def owned_by(owner: Manifest) -> dict[str, Any]:
    meta = owner["metadata"]
    fields = {key: owner[key] for key in ("apiVersion", "kind")}
    return {**fields, "name": meta["name"], "uid": meta["uid"], "controller": True}


def add_secret(client: Client, namespace: str, name: str, canary: str) -> None:
    """A Secret whose value must never be seen anywhere."""
    body = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name},
        "stringData": {"password": canary},
    }
    client.post(f"/api/v1/namespaces/{namespace}/secrets", body)


def add_event(
    client: Client, pod: Manifest, reason: str, message: str, *, count: int = 1, warns: bool = True
) -> None:
    """An event about this pod."""
    meta = pod["metadata"]
    about = {"kind": "Pod", "apiVersion": "v1"} | {
        key: meta[key] for key in ("name", "namespace", "uid")
    }
    body = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{meta['name']}.", "namespace": meta["namespace"]},
        "involvedObject": about,
        "reason": reason,
        "message": message,
        "type": "Warning" if warns else "Normal",
        "count": count,
        "firstTimestamp": moment(10),
        "lastTimestamp": moment(1),
        "source": {"component": "kubelet", "host": NODE},
    }
    client.post(f"/api/v1/namespaces/{meta['namespace']}/events", body)


def add_log(
    server: ApiServer,
    namespace: str,
    pod: str,
    text: str,
    *,
    container: str = "app",
    previous: bool = False,
) -> None:
    """What `kubectl logs`, or `kubectl logs --previous`, gives for this pod."""
    last = datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=1)
    write_log(log_file(server.logs, namespace, pod, container, previous=previous), text, last=last)


def is_unscheduled(status: Status) -> bool:
    conditions = status.get("conditions", [])
    return any(one["type"] == "PodScheduled" and one["status"] == "False" for one in conditions)


def _status(phase: str, containers: list[dict[str, Any]]) -> Status:
    is_ready = all(one["ready"] for one in containers)
    ready = {
        "type": "Ready",
        "status": "True" if is_ready else "False",
        "lastTransitionTime": moment(10),
    }
    scheduled = {"type": "PodScheduled", "status": "True", "lastTransitionTime": moment(11)}
    return {
        "phase": phase,
        "hostIP": "127.0.0.1",
        "podIP": "10.244.0.10",
        "startTime": moment(11),
        "conditions": [scheduled, ready],
        "containerStatuses": containers,
    }


def _container(
    name: str,
    state: dict[str, Any],
    *,
    last: dict[str, Any] | None = None,
    restarts: int = 0,
    ready: bool = False,
) -> dict[str, Any]:
    return {
        "name": name,
        "image": IMAGE,
        "imageID": "",
        "ready": ready,
        "started": "running" in state,
        "restartCount": restarts,
        "state": state,
        "lastState": last or {},
    }


def _terminated(reason: str, exit_code: int) -> dict[str, Any]:
    ended = {
        "reason": reason,
        "exitCode": exit_code,
        "startedAt": moment(3),
        "finishedAt": moment(2),
    }
    return {"terminated": ended}
