"""A container as a pod's spec and status show it together."""

import pytest

from bot.cluster.checks.pods.containers import (
    began,
    breakdown,
    containers_in,
    lasting,
    quoted,
    read_log,
)
from tests.doubles.ailing_pods import (
    a_pod,
    a_scene,
    a_workload,
    ago,
    an_event,
    ended,
    looping,
    running,
)


def test_containers_come_in_the_order_in_which_they_start() -> None:
    pod = a_pod({"name": "app"}, inits=[{"name": "a"}, {"name": "b", "restartPolicy": "Always"}])
    assert [each.spoken for each in containers_in(pod)] == [
        "Init container `a` (1 of 2)",
        "Sidecar container `b`",
        "Container `app`",
    ]


def test_fields_are_named_as_kubectl_shows_them() -> None:
    pod = a_pod({"name": "app"}, inits=[{"name": "a"}])
    init, app = containers_in(pod)
    assert app.field("restartCount") == "status.containerStatuses[app].restartCount"
    assert init.field("ready") == "status.initContainerStatuses[a].ready"
    assert init.wish("image") == "spec.initContainers[a].image"


def test_success_ends_what_may_end_and_nothing_else() -> None:
    done = {"name": "app", "state": ended(0, "Completed")}
    (job,) = containers_in(a_pod(statuses=[done], spec={"restartPolicy": "OnFailure"}))
    (server,) = containers_in(a_pod(statuses=[done]))
    assert job.is_done
    assert not server.is_done
    assert server.end_path == "state.terminated"


def test_the_end_before_this_run_is_the_last_state() -> None:
    (container,) = containers_in(a_pod(statuses=[looping(1)]))
    assert container.end_path == "lastState.terminated"
    assert container.end["exitCode"] == 1


@pytest.mark.parametrize(
    ("kind", "plural", "status", "severity"),
    [
        ("StatefulSet", "statefulsets", {"readyReplicas": 1}, "warning"),
        ("DaemonSet", "daemonsets", {"numberReady": 2}, "warning"),
        ("DaemonSet", "daemonsets", {"numberReady": 0}, "critical"),
    ],
)
def test_a_workload_that_still_serves_limps(
    kind: str, plural: str, status: dict[str, int], severity: str
) -> None:
    pod = a_pod(owner=(kind, "db"))
    scene = a_scene(pod, **{plural: [a_workload(kind, "db", **status)]})  # type: ignore[arg-type]
    assert breakdown(scene, pod) == severity


def test_the_beginning_is_the_first_event_or_else_the_start() -> None:
    pod = a_pod(age=900)
    assert began(pod, []) == ago(900)
    events = [an_event("A", "", first=60), an_event("B", "", first=90)]
    assert began(pod, events) == ago(90)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, "0 s"), (59, "59 s"), (130, "2 min"), (7300, "2 h"), (200_000, "2 days")],
)
def test_a_duration_is_short(seconds: float, expected: str) -> None:
    assert lasting(seconds) == expected


def test_a_quotation_is_one_short_line_that_cannot_end_itself() -> None:
    assert quoted("a\n b.") == "“a b”"
    assert quoted("say “now”") == "“say 'now'”"
    assert len(quoted("x" * 900)) < 230


def test_a_quotation_leaves_out_what_only_the_kubelet_knows_a_thing_by() -> None:
    uid = "6d83c4b6-5eef-48fa-9b3e-5c355825c626"
    path = f"write /var/lib/kubelet/pods/{uid}/volumes/kubernetes.io~projected/x: no space left"
    assert quoted(path) == "“write …/kubernetes.io~projected/x: no space left”"
    assert quoted(f'will run as root (pod: "a_b({uid})", container: app)') == "“will run as root”"


def test_the_command_that_reads_a_log_is_whole() -> None:
    (container,) = containers_in(a_pod(statuses=[running()], name="p"))
    assert read_log(container) == "kubectl logs p -n shop -c app"
    assert read_log(container, previous=True).endswith(" --previous")
