"""What is wrong with a node by itself."""

import pytest

from bot.cluster.checks.nodes import check
from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.scene import PodRow, Scene
from tests.doubles.idle_pods import Json, a_condition, a_node, a_scene, ago, an_event

READY = a_condition("Ready", "True", "KubeletReady")
GONE = a_condition("Ready", "Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.")
NO_NETWORK = a_condition(
    "Ready", "False", "KubeletNotReady", "container runtime network not ready: cni not initialized"
)
UNREACHABLE = {"key": "node.kubernetes.io/unreachable", "effect": "NoSchedule"}


def _only(scene: Scene) -> Finding:
    found = list(check(scene))
    assert len(found) == 1, found
    return found[0]


def test_a_silent_kubelet_is_told_with_when_it_was_last_heard() -> None:
    node = a_node(conditions=[GONE], taints=[UNREACHABLE])
    found = _only(a_scene(nodes=[node]))
    assert found.cause == (
        "Node `node-1` has not been heard of: its kubelet stopped reporting, last at "
        "2026-03-04T11:39:00Z."
    )
    assert (found.reason, found.severity) == ("NodeNotReady", "critical")
    assert found.about == Ref("Node", "", "node-1")
    assert found.since == "2026-03-04T11:40:00Z"
    assert is_confirmed(found)


def test_a_node_that_is_not_ready_is_told_with_the_kubelets_words_and_its_pods() -> None:
    scene = a_scene(nodes=[a_node(conditions=[NO_NETWORK])])
    scene.rows = tuple(
        PodRow("shop", name, 1, 1, status, 0, "", "5m", node)
        for name, status, node in (
            ("a", "Running", "node-1"),
            ("b", "Completed", "node-1"),
            ("c", "Running", "node-2"),
        )
    )
    said = _only(scene).cause
    assert "is not ready (“container runtime network not ready: cni not initialized”)" in said
    assert said.endswith("; 1 pod of those looked at is on it.")


@pytest.mark.parametrize(
    ("kind", "severity"),
    [
        ("MemoryPressure", "warning"),
        ("DiskPressure", "warning"),
        ("PIDPressure", "warning"),
        ("NetworkUnavailable", "critical"),
        ("ReadonlyFilesystem", "critical"),
    ],
)
def test_a_condition_that_is_bad_when_true_is_told(kind: str, severity: str) -> None:
    bad = a_condition(kind, "True", f"Kubelet{kind}", "so it is")
    found = _only(a_scene(nodes=[a_node(conditions=[READY, bad])]))
    assert (found.reason, found.severity) == (kind, severity)
    assert "(“so it is”)" in found.cause


def test_the_only_node_cordoned_is_a_warning() -> None:
    found = _only(a_scene(nodes=[a_node(unschedulable=True)]))
    assert found.severity == "warning"
    assert found.cause.startswith("Node `node-1`, the only one, has been cordoned")


def test_one_cordoned_node_among_others_is_no_fault() -> None:
    found = _only(a_scene(nodes=[a_node("n1", unschedulable=True), a_node("n2")]))
    assert (found.reason, found.severity) == ("NodeUnschedulable", "info")


def test_all_nodes_cordoned_is_told_once() -> None:
    nodes = [a_node("n1", unschedulable=True), a_node("n2", unschedulable=True)]
    found = _only(a_scene(nodes=nodes))
    assert found.severity == "warning"
    assert found.cause.startswith("All 2 nodes have been cordoned")


@pytest.mark.parametrize(
    ("old", "severity"), [("v1.33.2", "info"), ("v1.31.9+k3s1", "info"), ("v1.30.0", "warning")]
)
def test_kubelets_that_are_apart_are_told_by_how_much(old: str, severity: str) -> None:
    found = _only(a_scene(nodes=[a_node("n1", version=old), a_node("n2")]))
    assert found.severity == severity
    assert f"node `n1` is {old} and that of node `n2` v1.34.4" in found.cause


def test_patch_versions_may_differ() -> None:
    nodes = [a_node("n1", version="v1.34.1"), a_node("n2"), a_node("n3", version="odd")]
    assert not list(check(a_scene(nodes=nodes)))


def test_a_node_that_ran_out_of_memory_is_told() -> None:
    event = an_event("Node", "node-1", "SystemOOM", "System OOM encountered, victim process: java")
    found = _only(a_scene(nodes=[a_node()], events=[event]))
    assert (found.reason, found.severity) == ("SystemOOM", "warning")
    assert "victim process: java" in found.cause


def test_an_event_about_what_a_condition_tells_is_its_evidence() -> None:
    event = an_event("Node", "node-1", "EvictionThresholdMet", "Attempting to reclaim memory")
    bad = a_condition("MemoryPressure", "True", "KubeletHasInsufficientMemory")
    found = _only(a_scene(nodes=[a_node(conditions=[READY, bad])], events=[event]))
    assert found.reason == "MemoryPressure"
    assert is_confirmed(found)


@pytest.mark.parametrize(
    ("node", "event"),
    [
        (a_node(), an_event("Node", "node-1", "CgroupV1", "cgroup v1 support is in maintenance")),
        (a_node(), an_event("Node", "node-1", "InvalidDiskCapacity", "invalid capacity 0")),
        (a_node(), an_event("Node", "node-1", "SystemOOM", "victim: java", seconds=7200)),
        (a_node(age=20, conditions=[NO_NETWORK | {"lastTransitionTime": ago(10)}]), {}),
        (a_node(conditions=[READY, a_condition("DiskPressure", "False", "KubeletOk")]), {}),
        ({"metadata": {"name": "odd"}, "spec": [], "status": {"conditions": [1, None]}}, {}),
    ],
)
def test_nodes_that_are_fine_or_booting_yield_nothing(node: Json, event: Json) -> None:
    assert not list(check(a_scene(nodes=[node], events=[event])))


def test_a_node_made_a_moment_ago_whose_kubelet_is_long_silent_is_no_boot() -> None:
    assert _only(a_scene(nodes=[a_node(age=20, conditions=[GONE])])).reason == "NodeNotReady"
