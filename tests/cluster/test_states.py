"""How an object is, in a few words."""

from typing import Any

import pytest

from bot.cluster.findings import Ref
from bot.cluster.scene import PodRow, Scene
from bot.cluster.states import state_of
from tests.doubles.shop import PLACE, a_deployment, a_scene, meta, state

BIG = PodRow(PLACE, "cart", 0, 2, "CrashLoopBackOff", 7, "3m20s", "5d", "node-1")
SMALL = PodRow(PLACE, "cart", 1, 1, "Running", 1, "", "9s", "")


def made(kind: str, plural: str, name: str = "x", **more: Any) -> tuple[Scene, Ref]:
    found = {"kind": kind, "metadata": meta(name), **more}
    if kind == "Node":
        del found["metadata"]["namespace"]
    scene = a_scene(lists={plural: [found]})
    return scene, Ref(kind, "" if kind == "Node" else PLACE, name)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            BIG,
            "CrashLoopBackOff, 0/2 ready, 7 restarts, the last 3m20s ago, 5d old, on node node-1",
        ),
        (SMALL, "Running, 1/1 ready, 1 restart, 9s old"),
    ],
)
def test_a_pod(row: PodRow, expected: str) -> None:
    assert state_of(a_scene(rows=[row]), Ref("Pod", PLACE, "cart")) == expected


def test_what_was_not_read_has_no_state() -> None:
    scene = a_scene(rows=[SMALL])

    assert state_of(scene, Ref("Pod", "bank", "cart")) == ""
    assert state_of(scene, Ref("Deployment", PLACE, "cart")) == ""
    assert state_of(scene, Ref("Widget", PLACE, "cart")) == ""


def test_a_deployment() -> None:
    scene = a_scene(deployments=[a_deployment(ready=2)])

    assert state_of(scene, Ref("Deployment", PLACE, "checkout")) == "2 of 3 ready, shop/app:1"


STATES: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a StatefulSet that says nothing": ("StatefulSet", "statefulsets", {}, "0 of 1 ready"),
    "a DaemonSet": (
        "DaemonSet",
        "daemonsets",
        {"status": {"numberReady": 2, "desiredNumberScheduled": 3}},
        "2 of 3 ready",
    ),
    "a Job": (
        "Job", "jobs", {"status": {"failed": 3}}, "0 active, 0 succeeded, 3 failed",
    ),
    "a claim": (
        "PersistentVolumeClaim", "persistentvolumeclaims", {"status": {"phase": "Bound"}}, "Bound",
    ),
    "an Ingress": ("Ingress", "ingresses", {}, "exists"),
    "a node": (
        "Node",
        "nodes",
        {
            "status": {
                "conditions": [state("Ready", "True")], "nodeInfo": {"kubeletVersion": "v1.34.4"},
            }
        },
        "Ready, v1.34.4",
    ),
    "a node that is cordoned and silent": (
        "Node", "nodes", {"spec": {"unschedulable": True}}, "not ready, cordoned",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "plural", "more", "expected"), STATES.values(), ids=list(STATES))
def test_an_object_of_each_kind(
    kind: str, plural: str, more: dict[str, Any], expected: str
) -> None:
    assert state_of(*made(kind, plural, **more)) == expected


def slice_of(service: str, *endpoints: Any) -> dict[str, Any]:
    labels = {"kubernetes.io/service-name": service}
    return {"metadata": meta(f"{service}-a", labels=labels), "endpoints": list(endpoints)}


@pytest.mark.parametrize(
    ("endpoints", "expected"),
    [
        ([], "0 ready endpoints"),
        ([{"addresses": ["10.0.0.1"], "conditions": {"ready": True}}], "1 ready endpoint"),
        ([{"addresses": ["10.0.0.1"], "conditions": {"ready": False}}], "0 ready endpoints"),
        (
            [{"addresses": ["10.0.0.1"], "conditions": None}, {"addresses": None}],
            "1 ready endpoint",
        ),
        ([{"addresses": ["10.0.0.1"]}, {"addresses": ["10.0.0.2"]}], "2 ready endpoints"),
    ],
)
def test_a_service_counts_the_endpoints_that_are_ready(endpoints: list[Any], expected: str) -> None:
    service = {"metadata": meta("web"), "spec": {"ports": [{"port": 80}, {"port": 443}]}}
    slices = [slice_of("web", *endpoints), slice_of("other", {"addresses": ["10.9.9.9"]})]
    scene = a_scene(services=[service], endpointslices=slices)

    said = state_of(scene, Ref("Service", PLACE, "web"))

    assert said == f"ClusterIP, port 80, 443, {expected}"


def test_restarts_of_a_workload_are_those_of_its_pods_and_how_the_last_one_ended() -> None:
    row = PodRow(PLACE, "checkout-7d9f8c6b5d-x2k4z", 1, 1, "Running", 4, "9d", "30d", "")
    other = PodRow(PLACE, "checkout-db-0", 1, 1, "Running", 7, "1d", "30d", "")
    ended = {"reason": "OOMKilled", "exitCode": 137, "finishedAt": "2026-11-18T01:02:03Z"}
    status = {"containerStatuses": [{"name": "app", "lastState": {"terminated": ended}}]}
    pod = {"kind": "Pod", "metadata": meta(row.name), "status": status}
    scene = a_scene(deployments=[a_deployment(ready=2)], rows=[row, other], lists={"pods": [pod]})

    assert state_of(scene, Ref("Deployment", PLACE, "checkout")) == (
        "2 of 3 ready, shop/app:1, 4 restarts, the last of checkout-7d9f8c6b5d-x2k4z 9d ago,"
        " app last ended OOMKilled (exit code 137) at 2026-11-18T01:02:03Z"
    )
