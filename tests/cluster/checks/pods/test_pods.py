"""What the check of pods makes of several troubles, and what it asks for."""

import pytest

from bot.cluster.checks.pods.pods import check, needs
from bot.cluster.findings import Ref
from tests.doubles.ailing_pods import (
    Json,
    a_pod,
    a_scene,
    a_workload,
    an_event,
    looping,
    running,
    the_only,
    waiting,
)


def test_a_namespace_that_is_well_has_no_findings_and_no_needs() -> None:
    scene = a_scene(a_pod(statuses=[running()]))
    assert not list(check(scene))
    assert not list(needs(scene))


def test_two_containers_with_troubles_of_their_own_are_two_findings() -> None:
    boxes = [{"name": "app", "image": "a"}, {"name": "web", "image": "b"}]
    broken = {**waiting("ErrImagePull", "manifest unknown"), "name": "web"}
    scene = a_scene(a_pod(*boxes, statuses=[looping(1), broken]))
    assert [each.reason for each in check(scene)] == ["CrashLoopBackOff", "ImagePullBackOff"]


def test_the_deeper_trouble_of_a_container_is_the_one_that_is_told() -> None:
    box = {"name": "app", "image": "a", "livenessProbe": {"tcpSocket": {"port": 80}}}
    event = an_event("Unhealthy", "Liveness probe failed: refused", count=9)
    pod = a_pod(box, statuses=[looping(137, "OOMKilled")])
    assert the_only(a_scene(pod, events=[event])).reason == "OOMKilled"


@pytest.mark.parametrize(
    ("owner", "lists", "expected"),
    [
        (("StatefulSet", "db"), {}, Ref("StatefulSet", "shop", "db")),
        (("DaemonSet", "agent"), {}, Ref("DaemonSet", "shop", "agent")),
        (("ReplicaSet", "alone"), {}, Ref("ReplicaSet", "shop", "alone")),
        (("Job", "once"), {"jobs": [a_workload("Job", "once")]}, Ref("Job", "shop", "once")),
        (("Node", "worker-1"), {}, Ref("Pod", "shop", "p")),
        (None, {}, Ref("Pod", "shop", "p")),
    ],
)
def test_a_finding_is_about_what_a_person_would_open_first(
    owner: tuple[str, str] | None, lists: dict[str, list[Json]], expected: Ref
) -> None:
    pod = a_pod(statuses=[looping(1)], owner=owner, name="p")
    finding = the_only(a_scene(pod, **lists))  # type: ignore[arg-type]
    assert finding.about == expected
    assert finding.pods == (() if expected.kind == "Pod" else ("p",))


@pytest.mark.parametrize(
    ("replicas", "words"),
    [(60, " Of its 60 pods only `web-1` shows it."), (1, "5 restarts."), (0, "5 restarts.")],
)
def test_of_many_pods_the_only_one_that_fails_is_named(replicas: int, words: str) -> None:
    pod = a_pod(statuses=[looping(1)], owner=("StatefulSet", "web"), name="web-1")
    workload = a_workload("StatefulSet", "web", replicas=replicas)
    assert the_only(a_scene(pod, statefulsets=[workload])).cause.endswith(words)


def test_pods_that_differ_in_their_exit_codes_are_told_apart() -> None:
    one = a_pod(statuses=[looping(1)], name="web-7c9d8b6f5d-a")
    two = a_pod(statuses=[looping(139)], name="web-7c9d8b6f5d-b")
    assert len(list(check(a_scene(one, two)))) == 2


def test_the_pod_with_most_restarts_speaks_for_the_others() -> None:
    pods = [
        a_pod(statuses=[looping(1, restarts=count)], name=f"web-7c9d8b6f5d-{count}")
        for count in (2, 9, 4)
    ]
    assert "9 restarts" in the_only(a_scene(*pods)).cause


def test_a_pod_that_has_succeeded_is_not_looked_at() -> None:
    assert not list(check(a_scene(a_pod(statuses=[looping(1)], phase="Succeeded"))))
