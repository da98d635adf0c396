"""From what was read to one report: what is fine, what is told, and that all of it is redacted."""

from datetime import UTC, datetime
from typing import Any

from bot.cluster.scene import PodRow, Scene
from bot.cluster.triage import judge
from bot.redaction import Redactor

NOW = datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


def row(name: str, node: str = "node-1") -> PodRow:
    return PodRow("shop", name, 1, 1, "Running", 0, "", "5d", node)


def node(name: str, ready: str) -> dict[str, Any]:
    condition = {
        "type": "Ready",
        "status": ready,
        "reason": "NodeStatusUnknown",
        "message": "Kubelet stopped posting node status.",
        "lastTransitionTime": "2026-11-27T00:10:00Z",
    }
    meta = {"name": name, "creationTimestamp": "2026-10-01T00:00:00Z"}
    return {"kind": "Node", "metadata": meta, "status": {"conditions": [condition]}}


def a_scene(*rows: PodRow, **lists: list[dict[str, Any]]) -> Scene:
    found = {plural: tuple(items) for plural, items in lists.items()}
    counts = {plural: len(items) for plural, items in found.items()} | {"pods": len(rows)}
    scene = Scene(NOW, ("shop",), rows=rows, lists={"pods": (), **found}, counts=counts)
    scene.is_whole_cluster = True
    return scene


def plainly(text: str) -> str:
    return text


def test_what_was_checked_and_has_no_finding_is_said_to_be_fine() -> None:
    report = judge(a_scene(row("cart-1"), row("cart-2"), nodes=[node("node-1", "True")]), plainly)

    assert report.is_healthy
    assert report.fine == ("2 pods", "1 Node")


def test_pods_of_a_lost_node_are_not_fine_though_they_look_so() -> None:
    nodes = [node("node-1", "True"), node("node-2", "Unknown")]
    report = judge(a_scene(row("cart-1"), row("cart-2", "node-2"), nodes=nodes), plainly)

    assert not report.is_healthy
    assert "1 pod" in report.fine
    assert not any("Node" in each for each in report.fine)


def test_where_no_pod_could_be_read_nothing_is_healthy() -> None:
    scene = a_scene()
    del scene.lists["pods"]

    report = judge(scene, plainly)

    assert not report.could_look
    assert not report.is_healthy


def test_what_a_message_holds_is_redacted_before_anybody_sees_it() -> None:
    told = node("node-1", "False")
    told["status"]["conditions"][0]["message"] = "runtime: login with password=hunter2-Xq7 failed"
    report = judge(a_scene(nodes=[told]), Redactor().redact)

    [finding] = report.findings
    assert "hunter2" not in finding.cause + "".join(each.value for each in finding.evidence)
    assert "[redacted:password]" in finding.cause
