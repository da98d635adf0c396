"""Nodes, pods that wait for one, claims and classes as an API server gives them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cluster.scene import Scene

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

Json = dict[str, Any]


def ago(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def a_node(name: str = "node-1", *, cpu: str = "4", **more: Any) -> Json:
    """`labels`, `taints`, `unschedulable`, `conditions`, `version` and what else it offers."""
    offers = {"cpu": cpu, "memory": "16Gi", "pods": "110", "ephemeral-storage": "50Gi"}
    return {
        "kind": "Node",
        "metadata": {
            "name": name,
            "creationTimestamp": ago(more.get("age", 86400)),
            "labels": {"kubernetes.io/hostname": name, **more.get("labels", {})},
        },
        "spec": {
            "taints": more.get("taints", []),
            **({"unschedulable": True} if more.get("unschedulable") else {}),
        },
        "status": {
            "allocatable": {**offers, **more.get("offers", {})},
            "conditions": more.get("conditions", [a_condition("Ready", "True", "KubeletReady")]),
            "nodeInfo": {"kubeletVersion": more.get("version", "v1.34.4")},
        },
    }


def a_condition(kind: str, status: str, reason: str = "", message: str = "") -> Json:
    return {
        "type": kind,
        "status": status,
        "reason": reason,
        "message": message,
        "lastTransitionTime": ago(1200),
        "lastHeartbeatTime": ago(1260),
    }


def a_pod(name: str = "web-7c9d8b6f5d-x2x9k", message: str = "", **more: Any) -> Json:
    """One that the scheduler refused with this message; `spec`, `requests`, `labels`, `node`."""
    box = {"name": "app", "image": "nginx", "resources": {"requests": more.get("requests", {})}}
    refused = {**a_condition("PodScheduled", "False", "Unschedulable"), "message": message}
    node = {"nodeName": more["node"]} if "node" in more else {}
    owner = {"kind": "ReplicaSet", "name": "web-7c9d8b6f5d", "controller": True}
    return {
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": more.get("namespace", "shop"),
            "creationTimestamp": ago(more.get("age", 900)),
            "labels": {
                "app": "web",
                "pod-template-hash": "7c9d8b6f5d",
                **more.get("labels", {}),
            },
            **({"deletionTimestamp": more["deleted"]} if "deleted" in more else {}),
            "ownerReferences": [owner] if more.get("is_owned", True) else [],
        },
        "spec": {"containers": [box], **node, **more.get("spec", {})},
        "status": {
            "phase": more.get("phase", "Pending"),
            "conditions": [refused] if message else [],
        },
    }


def a_deployment(name: str = "web", ready: int = 0) -> Json:
    return {
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop"},
        "status": {"readyReplicas": ready} if ready else {},
    }


def mounting(*claims: str) -> Json:
    """A pod's spec."""
    return {
        "volumes": [
            {"name": f"vol-{each}", "persistentVolumeClaim": {"claimName": each}} for each in claims
        ]
    }


def a_claim(name: str = "data", **more: Any) -> Json:
    """`storage_class`, `size`, `modes`, `phase`, `volume`, `annotations`, `has`, `age`."""
    storage_class = more.get("storage_class")
    named = {} if storage_class is None else {"storageClassName": storage_class}
    bound = {"volumeName": more["volume"]} if "volume" in more else {}
    has = {"capacity": {"storage": more["has"]}} if "has" in more else {}
    return {
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "name": name,
            "namespace": "shop",
            "creationTimestamp": ago(more.get("age", 900)),
            "annotations": more.get("annotations", {}),
            **more.get("metadata", {}),
        },
        "spec": {
            "accessModes": more.get("modes", ["ReadWriteOnce"]),
            "resources": {"requests": {"storage": more.get("size", "10Gi")}},
            **named,
            **bound,
        },
        "status": {
            "phase": more.get("phase", "Pending"),
            "conditions": more.get("conditions", []),
            **has,
        },
    }


def a_volume(name: str = "pv-1", **more: Any) -> Json:
    """`size`, `modes`, `storage_class`, `phase`, `owner`, `hosts`, `policy`, `message`."""
    owner = {"claimRef": {"namespace": "shop", "name": more["owner"]}} if "owner" in more else {}
    hosts = {"key": "kubernetes.io/hostname", "operator": "In", "values": more.get("hosts")}
    terms = {"required": {"nodeSelectorTerms": [{"matchExpressions": [hosts]}]}}
    return {
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": more.get("size", "10Gi")},
            "accessModes": more.get("modes", ["ReadWriteOnce"]),
            "storageClassName": more.get("storage_class", ""),
            "persistentVolumeReclaimPolicy": more.get("policy", "Retain"),
            **owner,
            **({"nodeAffinity": terms} if more.get("hosts") else {}),
        },
        "status": {
            "phase": more.get("phase", "Available"),
            **({"message": more["message"]} if "message" in more else {}),
        },
    }


def a_class(
    name: str,
    provisioner: str = "disk.example.com",
    *,
    mode: str = "Immediate",
    default: bool = False,
) -> Json:
    mark = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    return {
        "kind": "StorageClass",
        "metadata": {"name": name, "annotations": mark},
        "provisioner": provisioner,
        "volumeBindingMode": mode,
    }


def an_event(kind: str, name: str, reason: str, message: str, *, seconds: float = 30) -> Json:
    namespace = {} if kind in {"Node", "PersistentVolume"} else {"namespace": "shop"}
    return {
        "metadata": {"name": f"{name}.1", "namespace": "shop"},
        "involvedObject": {"kind": kind, "name": name, **namespace},
        "type": "Warning",
        "reason": reason,
        "message": message,
        "firstTimestamp": ago(seconds + 60),
        "lastTimestamp": ago(seconds),
        "count": 3,
    }


def a_scene(**lists: list[Json]) -> Scene:
    """Plural -> objects; of what is not named there is nothing."""
    always = (
        "nodes", "pods", "events", "deployments", "persistentvolumeclaims", "persistentvolumes",
        "storageclasses", "resourcequotas",
    )  # fmt: skip
    found = {each: tuple(lists.get(each, ())) for each in always}
    return Scene(
        NOW, ("shop",), lists={**found, "deployments": found["deployments"] or (a_deployment(),)}
    )
