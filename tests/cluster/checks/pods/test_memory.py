"""What is said of containers that were killed for running out of memory."""

import pytest

from bot.cluster.checks.pods.pods import check
from bot.cluster.findings import is_confirmed
from tests.doubles.ailing_pods import (
    POD,
    a_node,
    a_pod,
    a_scene,
    ago,
    back_off,
    ended,
    looping,
    running,
    the_only,
    waiting,
)

_LIMITED = {"name": "app", "image": "a:1", "resources": {"limits": {"memory": "64Mi"}}}


def test_a_container_killed_for_memory_is_told_with_its_limit() -> None:
    pod = a_pod(_LIMITED, statuses=[looping(137, "OOMKilled")])
    finding = the_only(a_scene(pod, events=[back_off()]))
    assert finding.reason == "OOMKilled"
    assert finding.severity == "critical"
    assert finding.cause == (
        "Container `app` is killed again and again for running out of memory: its limit is 64Mi "
        "(exit code 137, SIGKILL), 5 restarts."
    )
    assert finding.since == ago(600)
    assert is_confirmed(finding)
    assert f"kubectl describe pod {POD} -n shop" in finding.next


def test_without_a_limit_the_node_ran_out() -> None:
    pod = a_pod(statuses=[looping(137, "OOMKilled")])
    assert "it has no limit of its own, so the node ran out" in the_only(a_scene(pod)).cause


def test_a_limit_of_the_whole_pod_is_the_one_that_was_hit() -> None:
    shared = {"resources": {"limits": {"memory": "100Mi"}}}
    pod = a_pod(statuses=[looping(137, "OOMKilled")], spec=shared)
    assert "its limit is 100Mi" in the_only(a_scene(pod)).cause


@pytest.mark.parametrize(("limit", "meant"), [("128m", "128Mi"), ("512k", "512Mi")])
def test_a_limit_in_the_wrong_unit_is_recognised(limit: str, meant: str) -> None:
    box = {"name": "app", "image": "a:1", "resources": {"limits": {"memory": limit}}}
    pod = a_pod(box, statuses=[looping(137, "OOMKilled")])
    assert the_only(a_scene(pod)).cause.endswith(f"Did you mean `{meant}`?")


def test_memory_too_small_even_to_start_is_the_same_trouble() -> None:
    message = (
        "failed to create containerd task: failed to create shim task: OCI runtime create failed: "
        "runc create failed: unable to start container process: container init was OOM-killed "
        "(memory limit too low?): unknown"
    )
    pod = a_pod(_LIMITED, statuses=[looping(128, "StartError", message=message)])
    finding = the_only(a_scene(pod))
    assert finding.reason == "OOMKilled"
    assert "64Mi" in finding.cause


def test_an_init_container_killed_for_memory_is_named_as_one() -> None:
    init = {"name": "migrate", "image": "a:1", "resources": {"limits": {"memory": "16Mi"}}}
    status = {**looping(137, "OOMKilled"), "name": "migrate"}
    pod = a_pod(
        inits=[init],
        init_statuses=[status],
        statuses=[waiting("PodInitializing")],
        phase="Pending",
    )
    assert the_only(a_scene(pod)).cause.startswith("Init container `migrate` (1 of 1) is killed")


@pytest.mark.parametrize(
    ("restarts", "since", "severity"),
    [(3, 1200, "warning"), (1, 300, "warning"), (1, 1200, "info"), (7, 7200, None)],
)
def test_memory_kills_of_a_pod_that_runs_now_fade(
    restarts: int, since: float, severity: str | None
) -> None:
    last = ended(137, "OOMKilled", since=since, lasted=9000)
    status = running(since - 5, restartCount=restarts, lastState=last)
    found = list(check(a_scene(a_pod(_LIMITED, statuses=[status]))))
    assert [each.severity for each in found] == ([severity] if severity else [])


def test_what_was_killed_once_and_runs_again_is_said_to_run() -> None:
    pod = a_pod(
        statuses=[running(120, restartCount=1, lastState=ended(137, "OOMKilled", since=121))]
    )
    finding = the_only(a_scene(pod))
    assert finding.severity == "warning"
    assert "was killed for running out of memory 2 min ago, and runs again:" in finding.cause


def test_running_out_of_memory_is_never_laid_on_a_node_that_came_back() -> None:
    last = ended(137, "OOMKilled", since=300)
    pod = a_pod(statuses=[running(299, restartCount=1, lastState=last)])
    assert the_only(a_scene(pod, nodes=[a_node()])).severity == "warning"


def test_a_volume_in_memory_is_said_to_count_towards_the_limit() -> None:
    box = {**_LIMITED, "volumeMounts": [{"name": "cache", "mountPath": "/cache"}]}
    volumes = [{"name": "cache", "emptyDir": {"medium": "Memory"}}]
    pod = a_pod(box, statuses=[looping(137, "OOMKilled")], spec={"volumes": volumes})
    finding = the_only(a_scene(pod))
    assert "Files in its volume `cache`, which is in memory, count towards" in finding.cause
    assert any("emptyDir.medium" in each.path for each in finding.evidence)
