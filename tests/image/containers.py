"""Runs one program of an image on the node, as restricted as the chart's pod is, to its end."""

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.node.node import Node

NAMESPACE = "image"

_WITHIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    output: str


def add_restricted_namespace(node: Node) -> None:
    """The API server takes no pod here that could do more."""
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    namespace = {"metadata": {"name": NAMESPACE, "labels": labels}}
    node.client.post("/api/v1/namespaces", namespace)
    account = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/default"
    _until(lambda: node.client.has(account))


def run(node: Node, name: str, image: str, **how: Any) -> Ended:
    """`how` is `args` or `command` of the container, or `env`."""
    pods = f"/api/v1/namespaces/{NAMESPACE}/pods"
    node.client.post(pods, _pod(name, image, how))
    _until(lambda: _terminated(node, name) is not None)
    argv = [str(node.kubectl), f"--kubeconfig={node.kubeconfig}", "-n", NAMESPACE, "logs", name]
    logs = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    ended = _terminated(node, name) or {}
    node.client.delete(f"{pods}/{name}")
    return Ended(ended["exitCode"], logs)


def _pod(name: str, image: str, how: dict[str, Any]) -> dict[str, Any]:
    container = {
        "name": name,
        "image": image,
        "imagePullPolicy": "Never",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 - the pod's own
        **how,
    }
    spec = {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }
    return {"metadata": {"name": name}, "spec": spec}


def _terminated(node: Node, name: str) -> dict[str, Any] | None:
    status = node.client.get(f"/api/v1/namespaces/{NAMESPACE}/pods/{name}")["status"]
    for container in status.get("containerStatuses", []):
        state: dict[str, Any] = container["state"]
        return state.get("terminated")
    return None


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _WITHIN_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {_WITHIN_SECONDS} s")
        time.sleep(0.1)
