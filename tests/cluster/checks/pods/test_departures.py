"""What is said of pods that were evicted, refused or lost, or that do not go away."""

import pytest

from bot.cluster.checks.pods.pods import check
from bot.cluster.findings import Ref, is_confirmed
from tests.doubles.ailing_pods import (
    Json,
    a_node,
    a_pod,
    a_scene,
    ago,
    an_event,
    ended,
    looping,
    running,
    the_only,
)

_LOW = (
    "The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi. "
    "Container app was using 2Gi, request is 0, has larger consumption of ephemeral-storage."
)


def _evicted(message: str, since: float = 300, owner: tuple[str, str] | None = None) -> Json:
    status = {"name": "app", "ready": False, "state": ended(137, since=since)}
    mark = {
        "type": "DisruptionTarget",
        "status": "True",
        "reason": "TerminationByKubelet",
        "lastTransitionTime": ago(since),
    }
    said = {"reason": "Evicted", "message": message, "conditions": [mark]}
    return a_pod(statuses=[status], phase="Failed", owner=owner, status=said)


def test_an_evicted_bare_pod_is_told_with_the_kubelets_words() -> None:
    event = an_event("Evicted", _LOW, container="")
    finding = the_only(a_scene(_evicted(_LOW), events=[event]))
    assert (finding.reason, finding.severity) == ("Evicted", "critical")
    assert "was evicted from node `worker-1`: “The node was low on resource" in finding.cause
    assert finding.because_of == (Ref("Node", "", "worker-1"),)
    assert finding.since == ago(300)
    assert is_confirmed(finding)


def test_an_eviction_for_the_pods_own_limit_is_not_the_nodes_fault() -> None:
    own = 'Usage of EmptyDir volume "cache" exceeds the limit "50Mi".'
    finding = the_only(a_scene(_evicted(own)))
    assert finding.because_of == ()
    assert "exceeds the limit" in finding.cause


@pytest.mark.parametrize(("since", "severity"), [(300, "warning"), (9000, "info")])
def test_an_evicted_pod_of_a_workload_was_replaced(since: float, severity: str) -> None:
    pod = _evicted(_LOW, since, owner=("ReplicaSet", "web-7c9d8b6f5d"))
    assert the_only(a_scene(pod)).severity == severity


def test_a_pod_that_the_kubelet_refused_is_told_with_its_reason() -> None:
    said = {
        "reason": "OutOfcpu",
        "message": "Pod was rejected: Node didn't have enough resource: cpu",
    }
    finding = the_only(a_scene(a_pod(phase="Failed", owner=None, status=said)))
    assert finding.reason == "OutOfcpu"
    assert "failed (OutOfcpu) on node `worker-1`: “Pod was rejected" in finding.cause


def _leaving(late: float, **metadata: object) -> Json:
    meta = {"deletionTimestamp": ago(late), "deletionGracePeriodSeconds": 30, **metadata}
    return a_pod(statuses=[running()], metadata=meta)


def test_a_pod_that_a_finalizer_holds_is_told_with_the_finalizer() -> None:
    pod = _leaving(600, finalizers=["example.com/cleanup"])
    finding = the_only(a_scene(pod))
    assert finding.reason == "Terminating"
    assert finding.severity == "warning"
    assert "should have been gone 10 min ago: the finalizer `example.com/cleanup`" in finding.cause


def test_a_pod_that_the_kubelet_cannot_end_is_told_with_its_words() -> None:
    event = an_event("FailedKillPod", "error killing pod: context deadline exceeded", container="")
    assert "“error killing pod" in the_only(a_scene(_leaving(600), events=[event])).cause


def test_containers_that_still_run_hold_a_pod() -> None:
    assert "its containers still run on node `worker-1`" in the_only(a_scene(_leaving(90))).cause


@pytest.mark.parametrize("late", [-20, 5, 50])
def test_a_pod_within_its_grace_period_is_only_leaving(late: float) -> None:
    pod = _leaving(late)
    pod["status"]["containerStatuses"] = [looping(1)]
    assert not list(check(a_scene(pod)))


def test_a_pod_on_a_lost_node_points_at_the_node_and_at_nothing_else() -> None:
    node = a_node(ready="Unknown", message="Kubelet stopped posting node status.")
    pod = _leaving(600)
    pod["status"]["containerStatuses"] = [looping(1)]
    finding = the_only(a_scene(pod, nodes=[node]))
    assert finding.reason == "NodeLost"
    assert finding.because_of == (Ref("Node", "", "worker-1"),)
    assert "“Kubelet stopped posting node status”" in finding.cause
    assert is_confirmed(finding)


def test_an_unknown_pod_is_lost_even_where_nodes_may_not_be_read() -> None:
    finding = the_only(a_scene(a_pod(phase="Unknown")))
    assert finding.reason == "NodeLost"
    assert not is_confirmed(finding)


def test_a_ready_node_has_nothing_to_do_with_a_pod_that_is_well() -> None:
    assert not list(check(a_scene(a_pod(statuses=[running()]), nodes=[a_node()])))


def test_a_pod_past_its_deadline_names_the_limit() -> None:
    pod = a_pod(owner=None, phase="Failed", spec={"activeDeadlineSeconds": 5})
    pod["status"]["reason"] = "DeadlineExceeded"
    finding = the_only(a_scene(pod))
    assert finding.cause.endswith("; its activeDeadlineSeconds is 5.")
    assert is_confirmed(finding)
