"""The status of what is well, as its controller or its kubelet would have written it."""

from tests.apiserver.client import Manifest

_ADDRESS = "10.244.0.10"


def status_of(made: Manifest) -> Manifest | None:
    """None where a kind needs none to be well."""
    match made["kind"]:
        case "Pod":
            return _pod(made)
        case "Deployment" | "ReplicaSet" | "StatefulSet":
            return _replicated(made)
        case "DaemonSet":
            return _daemon_set()
        case "PersistentVolumeClaim":
            return {"phase": "Bound", "capacity": made["spec"]["resources"]["requests"]}
    return None


def node(address: str = "127.0.0.1") -> Manifest:
    resources = {"cpu": "4", "memory": "8Gi", "pods": "110"}
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
    return {
        "capacity": resources,
        "allocatable": resources,
        "addresses": [{"type": "InternalIP", "address": address}],
        "conditions": [ready],
    }


def _pod(made: Manifest) -> Manifest:
    conditions = ("PodScheduled", "Initialized", "ContainersReady", "Ready")
    return {
        "phase": "Running",
        "hostIP": "127.0.0.1",
        "podIP": _ADDRESS,
        "startTime": "2h ago",
        "conditions": [_true(condition) for condition in conditions],
        "containerStatuses": [_container(one) for one in made["spec"]["containers"]],
    }


def _container(container: Manifest) -> Manifest:
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": True,
        "started": True,
        "restartCount": 0,
        "state": {"running": {"startedAt": "2h ago"}},
    }


def _replicated(made: Manifest) -> Manifest:
    wanted = made["spec"].get("replicas", 1)
    counts = {"replicas": wanted, "readyReplicas": wanted, "availableReplicas": wanted}
    status = {"observedGeneration": 1, **counts}
    if made["kind"] != "ReplicaSet":
        status["updatedReplicas"] = wanted
    if made["kind"] == "Deployment":
        progressing = {**_true("Progressing"), "reason": "NewReplicaSetAvailable"}
        available = {**_true("Available"), "reason": "MinimumReplicasAvailable"}
        status["conditions"] = [available, progressing]
    return status


def _daemon_set() -> Manifest:
    counts = (
        "currentNumberScheduled",
        "desiredNumberScheduled",
        "numberAvailable",
        "numberReady",
        "updatedNumberScheduled",
    )
    return {"observedGeneration": 1, "numberMisscheduled": 0, **dict.fromkeys(counts, 1)}


def _true(condition: str) -> Manifest:
    return {"type": condition, "status": "True", "lastTransitionTime": "2h ago"}
