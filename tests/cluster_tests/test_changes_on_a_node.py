"""Approved changes where controllers and a kubelet act on them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cluster.access import ClusterAccess
from bot.dialogue import Proposal
from bot.redaction import Redactor
from bot.settings import Writes, WritesIn
from bot.tools import policy
from bot.tools.changes import Changer, Drafter
from bot.tools.runner import Kubectl
from tests.apiserver.approved import give_rights
from tests.node.node import Node

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(200)]

NAMESPACE = "approved-changes"
WRITES = Writes(namespaces={NAMESPACE: WritesIn()}, nodes=WritesIn())
APPS = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
PODS = f"/api/v1/namespaces/{NAMESPACE}/pods"
WITHIN_SECONDS = 60


@pytest.fixture(scope="module")
def web(node: Node) -> str:
    """A deployment of two pods that run."""
    client, labels = node.client, {"app": "web"}
    client.post("/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    give_rights(client, NAMESPACE)
    await_that(lambda: client.has(f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/default"))
    container = {
        "name": "app",
        "image": "busybox:1.36",
        "imagePullPolicy": "IfNotPresent",
        "command": ["sleep", "3600"],
    }
    spec = {
        "replicas": 2,
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {"terminationGracePeriodSeconds": 0, "containers": [container]},
        },
    }
    client.post(APPS, {"metadata": {"name": "web"}, "spec": spec})
    await_that(lambda: is_ready(node))
    return "web"


@pytest.fixture
def kubectl(node: Node, tmp_path: Path) -> Kubectl:
    access = ClusterAccess(
        kind="kubeconfig",
        context="kaia-tests",
        server=node.url,
        kubeconfig=str(node.limited_kubeconfig),
    )
    return Kubectl(
        access,
        Redactor(),
        environ={"HOME": str(tmp_path)},
        program=node.kubectl,
        folder=tmp_path / "kubectl",
    )


def await_that(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.1)


def deployment(node: Node) -> dict[str, Any]:
    return node.client.get(f"{APPS}/web")


def image(node: Node) -> str:
    return str(deployment(node)["spec"]["template"]["spec"]["containers"][0]["image"])


def is_ready(node: Node) -> bool:
    held = deployment(node)
    status = held["status"]
    is_seen = status.get("observedGeneration") == held["metadata"]["generation"]
    counts = (status.get(name) for name in ("replicas", "updatedReplicas", "readyReplicas"))
    return is_seen and set(counts) == {held["spec"]["replicas"]}


def pods(node: Node) -> set[str]:
    return {each["metadata"]["name"] for each in node.client.get(PODS)["items"]}


async def approve(kubectl: Kubectl, line: str) -> Proposal:
    """Proposes, looks again, tries and makes it."""
    argv = policy.judge(line, namespace=NAMESPACE, changes=True).argv
    proposal = await Drafter(kubectl, Redactor(), time.time).draft(argv, "why", "U02")
    changer = Changer(kubectl, Redactor(), WRITES)
    assert await changer.check(proposal) == ""
    for receipt in (await changer.rehearse(proposal, 1), await changer.carry_out(proposal, 2)):
        assert receipt.exit_code == 0, receipt
    return proposal


async def test_an_image_that_is_not_there_is_set_and_taken_back(
    node: Node, kubectl: Kubectl, web: str
) -> None:
    change = await approve(kubectl, f"set image deploy/{web} app=busybox:0.0.1-none")
    await_that(lambda: deployment(node)["status"].get("updatedReplicas") == 1)
    assert image(node) == "busybox:0.0.1-none"

    undone = await approve(kubectl, f"rollout undo deploy/{web}")
    await_that(lambda: is_ready(node))

    assert image(node) == "busybox:1.36"
    assert "app=busybox:1.36" in change.undo
    assert "of the newest template" in undone.present
    assert "--to-revision=2" in undone.undo


async def test_what_undoes_an_undoing_is_a_change_too(
    node: Node, kubectl: Kubectl, web: str
) -> None:
    before = image(node)
    first = await approve(kubectl, f"set image deploy/{web} app=busybox:0.0.2-none")
    again = await approve(kubectl, first.undo.strip("`"))
    await approve(kubectl, again.undo.strip("`"))
    await approve(kubectl, f"rollout undo deploy/{web}")
    await_that(lambda: is_ready(node))
    assert image(node) == before


async def test_a_deleted_pod_is_replaced_as_the_proposal_said(
    node: Node, kubectl: Kubectl, web: str
) -> None:
    await_that(lambda: len(pods(node)) == 2)
    victim = min(pods(node))
    proposal = await approve(kubectl, f"delete pod {victim}")
    await_that(lambda: victim not in pods(node) and len(pods(node)) == 2)
    assert f"which ReplicaSet `{web}-" in proposal.effect


async def test_a_restart_replaces_every_pod(node: Node, kubectl: Kubectl, web: str) -> None:
    before = pods(node)
    proposal = await approve(kubectl, f"rollout restart deploy/{web}")
    await_that(lambda: is_ready(node) and not before & pods(node))
    assert proposal.effect.startswith("Restarts 2 pods of deployment `web`, step by step")


async def test_a_paused_rollout_waits_until_it_is_resumed(
    node: Node, kubectl: Kubectl, web: str
) -> None:
    await approve(kubectl, f"rollout pause deploy/{web}")
    scaled = await approve(kubectl, f"scale deploy/{web} --replicas=1")
    resumed = await approve(kubectl, f"rollout resume deploy/{web}")
    await_that(lambda: is_ready(node) and len(pods(node)) == 1)
    assert "its rollout is paused" in scaled.present
    assert "rollout pause" in resumed.undo


async def test_a_node_takes_no_pods_while_it_is_cordoned(
    node: Node, kubectl: Kubectl, web: str
) -> None:
    [name] = [each["metadata"]["name"] for each in node.client.get("/api/v1/nodes")["items"]]
    cordoned = await approve(kubectl, f"cordon {name}")
    assert node.client.get(f"/api/v1/nodes/{name}")["spec"]["unschedulable"]
    await approve(kubectl, f"uncordon {name}")
    assert "unschedulable" not in node.client.get(f"/api/v1/nodes/{name}")["spec"]
    assert f"uncordon node/{name}" in cordoned.undo
    assert web
