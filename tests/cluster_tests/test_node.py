"""The node of the cluster tests is a real one, and its limited account is limited."""

import subprocess
from pathlib import Path

import pytest

from tests.apiserver.client import ApiRefused
from tests.node import machine
from tests.node.node import Node
from tests.node.place import NODE, Place

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]


def can_i(node: Node, *what: str) -> str:
    argv = [str(node.kubectl), f"--kubeconfig={node.limited_kubeconfig}", "auth", "can-i", *what]
    return subprocess.run(argv, capture_output=True, text=True, check=False).stdout.strip()


def test_the_node_is_ready(node: Node) -> None:
    conditions = node.client.get(f"/api/v1/nodes/{NODE}")["status"]["conditions"]
    assert [one["status"] for one in conditions if one["type"] == "Ready"] == ["True"]


@pytest.mark.parametrize(
    ("what", "answer"),
    [(("list", "pods", "-A"), "yes"), (("get", "secrets", "-A"), "no"), (("delete", "pods"), "no")],
)
def test_the_limited_account_reads_and_sees_no_secret(
    node: Node, what: tuple[str, ...], answer: str
) -> None:
    assert can_i(node, *what) == answer


def test_the_kubelet_takes_no_pod_without_an_account(node: Node) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "orphan"},
        "spec": {
            "serviceAccountName": "nobody",
            "containers": [{"name": "app", "image": "busybox:1.36"}],
        },
    }
    with pytest.raises(ApiRefused) as refused:
        node.client.post("/api/v1/namespaces/default/pods", pod)
    assert refused.value.status == 403


def test_two_places_share_nothing() -> None:
    one, other = Place(Path("/one")), Place(Path("/other"))
    assert one.name != other.name
    assert {one.gateway, one.address}.isdisjoint({other.gateway, other.address})
    assert len(one.name) <= 15


def test_looking_whether_a_node_can_run_leaves_nothing(tmp_path: Path) -> None:
    try:
        machine.check(tmp_path)
    except machine.NodeImpossible as reason:
        pytest.skip(str(reason))
    assert list(tmp_path.iterdir()) == []
    assert not list(machine.CGROUPS.glob("**/kaia-probe-*"))
