"""The API server of the cluster tests is a real one, and its limited account is limited."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.apiserver import scene, workloads
from tests.apiserver.server import NODE, ApiServer

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module", autouse=True)
def shop(apiserver: ApiServer) -> None:
    scene.set_up(apiserver)


def run(apiserver: ApiServer, *arguments: str, program: Path | None = None) -> tuple[int, str, str]:
    """kubectl under the limited account."""
    done = subprocess.run(
        [str(program or apiserver.kubectl), *arguments],
        env={
            "KUBECONFIG": str(apiserver.limited_kubeconfig),
            "HOME": str(apiserver.home),
            "KUBECTL_KUBERC": "false",
            "PATH": os.environ["PATH"],
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    return done.returncode, done.stdout, done.stderr


def test_both_kubectls_read_a_broken_pod(apiserver: ApiServer, kubectls: list[Path]) -> None:
    for kubectl in kubectls:
        code, table, _ = run(
            apiserver, "get", "pods", "-n", "shop", "--no-headers", program=kubectl
        )
        rows = {row.split()[0]: row.split()[1:3] for row in table.splitlines()}
        assert code == 0
        assert rows == {"cart": ["1/1", "Running"], scene.POD: ["0/1", "CrashLoopBackOff"]}


def test_the_two_kubectls_are_of_different_versions(
    apiserver: ApiServer, kubectls: list[Path]
) -> None:
    asked = [run(apiserver, "version", "--output=json", program=kubectl)[1] for kubectl in kubectls]
    newest, own = (json.loads(answer)["clientVersion"]["gitVersion"] for answer in asked)
    served = json.loads(asked[0])["serverVersion"]["gitVersion"]
    assert own == served
    assert newest != own


def test_describe_shows_the_event(apiserver: ApiServer) -> None:
    code, text, _ = run(apiserver, "describe", "pod", scene.POD, "-n", "shop")
    assert code == 0
    assert "Exit Code:    1" in text
    assert "Back-off restarting failed container" in text


def test_logs_come_through_the_api_server(apiserver: ApiServer) -> None:
    code, text, _ = run(apiserver, "logs", scene.POD, "-n", "shop", "--tail=2")
    assert code == 0
    assert text.splitlines() == [
        "ERROR dial tcp 10.96.14.7:5432: connect: connection refused",
        "giving up after 5 attempts",
    ]


def test_previous_logs_with_timestamps(apiserver: ApiServer) -> None:
    options = ("--previous", "--timestamps", "--tail=1")
    code, text, _ = run(apiserver, "logs", scene.POD, "-n", "shop", *options)
    time, _, line = text.strip().partition(" ")
    assert (code, line) == (0, "giving up after 5 attempts")
    assert time.endswith("Z")


def test_logs_that_are_not_there_are_refused_as_a_node_refuses_them(apiserver: ApiServer) -> None:
    code, _, problem = run(apiserver, "logs", "cart", "-n", "shop", "--previous")
    assert code == 1
    assert 'previous terminated container "app" in pod "cart" not found' in problem


@pytest.mark.parametrize(
    "arguments",
    [
        ("get", "secrets", "-n", "shop"),
        ("get", "secret", "db", "-n", "shop", "-o", "yaml"),
        ("exec", "cart", "-n", "shop", "--", "id"),
        ("delete", "pod", "cart", "-n", "shop"),
        ("get", "pods", "--as=admin"),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_the_limited_account_is_forbidden(apiserver: ApiServer, arguments: tuple[str, ...]) -> None:
    code, seen, problem = run(apiserver, *arguments)
    assert code == 1
    assert "forbidden" in problem
    assert scene.CANARY not in seen + problem


@pytest.mark.parametrize(
    ("name", "status", "shown"),
    [
        ("oom", workloads.out_of_memory(), "OOMKilled"),
        ("no-image", workloads.image_pull_backoff(), "ImagePullBackOff"),
        ("no-room", workloads.unschedulable(), "Insufficient memory"),
    ],
)
def test_other_troubles_can_be_shown(
    apiserver: ApiServer, name: str, status: workloads.Status, shown: str
) -> None:
    pod = workloads.add_pod(apiserver.client, "shop", name, status)
    code, text, _ = run(apiserver, "get", "pod", name, "-n", "shop", "-o", "yaml")
    apiserver.client.delete(f"/api/v1/namespaces/shop/pods/{name}")
    assert code == 0
    assert shown in text
    assert pod["spec"].get("nodeName") == (None if name == "no-room" else NODE)


def test_every_request_stands_in_the_audit_log(apiserver: ApiServer) -> None:
    before = apiserver.audit_log.stat().st_size
    run(apiserver, "get", "pods", "-n", "shop")
    mine = [
        request
        for request in apiserver.requests(since=before)
        if request["user"]["username"] == "system:serviceaccount:kaia:kaia"
    ]
    lists = [request for request in mine if request.get("objectRef", {}).get("resource") == "pods"]
    assert [request["verb"] for request in lists] == ["list"]
    assert {request["verb"] for request in mine} <= {"get", "list"}
