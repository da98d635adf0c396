"""What is said of Deployments, StatefulSets and DaemonSets, beyond what their pods say."""

import pytest

from bot.cluster.checks.workloads import workloads
from bot.cluster.findings import Ref, is_confirmed
from bot.cluster.needs import ListOf
from bot.cluster.objects import SPEC_CHANGED
from tests.doubles.shop import (
    Json,
    a_deployment,
    a_pod,
    a_replicaset,
    a_row,
    a_scene,
    ago,
    an_event,
    meta,
    reasons,
    state,
    the_only,
)

_NEED = ListOf("replicasets", "shop")
_OVERDUE = state(
    "Progressing", "False", "ProgressDeadlineExceeded",
    'ReplicaSet "checkout-5d" has timed out progressing.', age=300,
)  # fmt: skip
_NEW = a_replicaset("checkout-5d", revision=2, present=1, ready=0, image="shop/app:2")
_OLD = a_replicaset("checkout-7f", revision=1, present=2, ready=2, image="shop/app:1")
_EMPTY = a_replicaset("checkout-3a", revision=0, present=0, ready=0, image="shop/app:0")


def test_a_stuck_rollout_says_which_replicaset_still_serves() -> None:
    deployment = a_deployment(updated=1, ready=2, conditions=[_OVERDUE], image="shop/app:2")
    scene = a_scene(deployments=[deployment], answers={_NEED: [_OLD, _NEW, _EMPTY]})
    finding = the_only(workloads, scene)
    assert finding.reason == "ProgressDeadlineExceeded"
    assert finding.severity == "warning"
    assert finding.cause == (
        "The rollout of `checkout` is stuck: the new ReplicaSet `checkout-5d` (image shop/app:2) "
        "has 0 of 3 pods ready; the old one `checkout-7f` (image shop/app:1) still serves with 2 "
        "pods (image of `app` shop/app:1 → shop/app:2)."
    )
    assert finding.since == ago(300)
    assert finding.because_of == (finding.about,)
    assert is_confirmed(finding)


def test_without_the_replicasets_the_numbers_are_told() -> None:
    deployment = a_deployment(updated=1, ready=2, conditions=[_OVERDUE])
    cause = the_only(workloads, a_scene(deployments=[deployment])).cause
    assert "the new version is on 1 of 3 pods; available, of whatever version: 2." in cause


def test_the_replicasets_of_a_namespace_are_wanted_only_where_a_deployment_is_behind() -> None:
    assert list(workloads.needs(a_scene(deployments=[a_deployment()]))) == []
    assert list(workloads.needs(a_scene(deployments=[a_deployment(ready=1)]))) == [_NEED]


def test_a_change_beside_the_image_is_named_and_its_value_is_not() -> None:
    new = a_replicaset("checkout-5d", revision=2, present=1, ready=0, image="shop/app:1")
    new["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "A", "value": "hidden"}]
    deployment = a_deployment(updated=1, ready=2, conditions=[_OVERDUE])
    scene = a_scene(deployments=[deployment], answers={_NEED: [_OLD, new]})
    finding = the_only(workloads, scene)
    assert "changed: `containers[app].env`" in finding.cause
    assert "hidden" not in repr(finding)


def test_a_deployment_without_available_pods_is_critical() -> None:
    bad = state("Available", "False", "MinimumReplicasUnavailable", age=400)
    pods = [a_pod("checkout-5d-a", ("ReplicaSet", "checkout-5d"))]
    scene = a_scene(deployments=[a_deployment(ready=0, conditions=[bad])], pods=pods)
    finding = the_only(workloads, scene)
    assert (finding.reason, finding.severity) == ("ReplicasUnavailable", "critical")
    assert finding.cause == "0 of 3 pods of Deployment `checkout` are available."
    assert finding.pods == ("checkout-5d-a",)


@pytest.mark.parametrize(
    "deployment",
    [
        a_deployment(),
        a_deployment(wanted=0, present=0, updated=0, ready=0),
        a_deployment(updated=1, ready=2, conditions=[state("Available", "False", age=30)]),
        a_deployment(updated=1, ready=2, conditions=[state("Progressing", "True", age=50)]),
        a_deployment(paused=True),
    ],
    ids=["healthy", "scaled to zero", "a moment ago", "rolling out", "paused with nothing waiting"],
)
def test_these_are_no_faults(deployment: Json) -> None:
    assert reasons(workloads, a_scene(deployments=[deployment])) == []


def test_pods_that_were_made_a_moment_ago_are_given_time() -> None:
    pods = [a_pod("checkout-5d-a", ("ReplicaSet", "checkout-5d"), age=20)]
    settled = state("Progressing", "True", "NewReplicaSetAvailable", age=9000)
    scene = a_scene(deployments=[a_deployment(ready=2, conditions=[settled])], pods=pods)
    assert reasons(workloads, scene) == []


def test_a_paused_deployment_says_that_its_newest_version_waits() -> None:
    finding = the_only(workloads, a_scene(deployments=[a_deployment(updated=0, paused=True)]))
    assert (finding.reason, finding.severity) == ("DeploymentPaused", "warning")
    assert "its newest version waits: 0 of 3 pods have it" in finding.cause


def test_without_any_controller_that_is_said_once_it_is_two_minutes_old() -> None:
    untouched = {"metadata": meta("checkout", age=300, generation=1), "spec": {"replicas": 1}}
    finding = the_only(workloads, a_scene(deployments=[untouched]))
    assert (finding.reason, finding.severity) == ("NotObserved", "warning")
    assert "No controller has acted on generation 1 of it" in finding.cause
    untouched["metadata"]["creationTimestamp"] = ago(60)
    assert reasons(workloads, a_scene(deployments=[untouched])) == []


def _changed(age: float) -> Json:
    """Its controller has seen generation 2 and none of what was asked for since."""
    deployment = a_deployment(wanted=5, ready=2)
    deployment["metadata"] |= {"generation": 3, SPEC_CHANGED: ago(age)}
    return deployment


def test_a_change_of_a_moment_ago_is_not_blamed_on_the_controller() -> None:
    assert reasons(workloads, a_scene(deployments=[_changed(4)])) == []


def test_a_change_that_nobody_acts_on_is_told_with_its_own_time() -> None:
    found = workloads.check(a_scene(deployments=[_changed(180)]))
    finding = next(each for each in found if each.reason == "NotObserved")
    assert (finding.severity, finding.since) == ("warning", ago(180))
    assert "only its generation 2 was acted on" in finding.cause


@pytest.mark.parametrize("plural", ["statefulsets", "daemonsets"])
def test_a_status_of_before_the_last_change_says_nothing(plural: str) -> None:
    ill = {
        "statefulsets": _statefulset(ready=1),
        "daemonsets": _daemonset(wanted=2, present=2, ready=1),
    }
    found = ill[plural]
    assert reasons(workloads, a_scene(lists={plural: [found]}))
    found["metadata"] |= {"generation": 2, SPEC_CHANGED: ago(5)}
    assert reasons(workloads, a_scene(lists={plural: [found]})) == []


def test_one_pod_is_and_several_are() -> None:
    bad = state("Available", "False", "MinimumReplicasUnavailable", age=400)
    one = a_deployment(wanted=1, present=1, updated=1, ready=0, conditions=[bad])
    finding = the_only(workloads, a_scene(deployments=[one]))
    assert finding.cause == "0 of 1 pod of Deployment `checkout` is available."


def test_a_deployment_at_zero_that_a_service_leads_to_is_worth_a_word() -> None:
    asleep = a_deployment(wanted=0, present=0, updated=0, ready=0)
    service = {"metadata": meta("checkout"), "spec": {"selector": {"app": "checkout"}}}
    finding = the_only(workloads, a_scene(deployments=[asleep], services=[service]))
    assert (finding.reason, finding.severity) == ("ScaledToZero", "info")


def test_a_replicaset_without_a_deployment_is_looked_at_too() -> None:
    lone = a_replicaset("lone", revision=1, present=2, ready=0, image="a:1", owner="")
    pod = a_pod("lone-a", ("ReplicaSet", "lone"))
    scene = a_scene(pods=[pod], answers={_NEED: [lone, _OLD]})
    assert _NEED in list(workloads.needs(scene))
    assert the_only(workloads, scene).about == Ref("ReplicaSet", "shop", "lone")


# StatefulSets


def _statefulset(*, present: int = 3, ready: int = 3, updated: int = 3, **spec: object) -> Json:
    return {
        "metadata": meta("db", generation=1),
        "spec": {"replicas": 3, "template": {}, **spec},
        "status": {
            "observedGeneration": 1, "replicas": present, "readyReplicas": ready,
            "availableReplicas": ready, "updatedReplicas": updated,
            "currentRevision": "db-1", "updateRevision": "db-1",
        },
    }  # fmt: skip


def test_a_pod_that_holds_up_the_ordered_start_is_named() -> None:
    rows = [a_row("db-0"), a_row("db-1", "CrashLoopBackOff", is_ready=False)]
    pod = a_pod("db-1", ("StatefulSet", "db"), conditions=[state("Ready", "False", age=500)])
    scene = a_scene(statefulsets=[_statefulset(present=2, ready=1)], rows=rows, pods=[pod])
    finding = the_only(workloads, scene)
    assert finding.cause == (
        "1 of 3 pods of `db` are ready: `db-1` is not ready (CrashLoopBackOff), and pods start in "
        "order, so `db-2` waits for it."
    )
    assert finding.because_of == (Ref("StatefulSet", "shop", "db"),)
    assert finding.since == ago(500)


def test_parallel_pods_wait_for_nobody() -> None:
    rows = [a_row("db-0", "Error", is_ready=False), a_row("db-1"), a_row("db-2")]
    parallel = _statefulset(ready=2, podManagementPolicy="Parallel")
    cause = the_only(workloads, a_scene(statefulsets=[parallel], rows=rows)).cause
    assert cause == "2 of 3 pods of `db` are ready: `db-0` is not ready (Error)."


def test_a_statefulset_that_is_well_is_no_fault() -> None:
    service = {"metadata": meta("db"), "spec": {"clusterIP": "None"}}
    scene = a_scene(statefulsets=[_statefulset(serviceName="db")], services=[service])
    assert reasons(workloads, scene) == []


def test_a_service_that_a_statefulset_names_and_that_is_missing_is_told() -> None:
    service = {"metadata": meta("db-headless"), "spec": {}}
    scene = a_scene(statefulsets=[_statefulset(serviceName="db-headles")], services=[service])
    finding = the_only(workloads, scene)
    assert (finding.reason, finding.severity) == ("ServiceNotFound", "warning")
    assert finding.cause.endswith("Did you mean `db-headless`?")


def test_services_that_could_not_be_read_are_not_called_missing() -> None:
    assert reasons(workloads, a_scene(statefulsets=[_statefulset(serviceName="db")])) == []


def test_a_partition_that_holds_pods_back_is_worth_knowing() -> None:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"partition": 2}}
    held = _statefulset(updated=1, updateStrategy=strategy)
    held["status"]["updateRevision"] = "db-2"
    finding = the_only(workloads, a_scene(statefulsets=[held]))
    assert (finding.severity, finding.reason) == ("info", "RolloutHeldBack")
    assert "its partition is 2" in finding.cause


# DaemonSets


def _daemonset(*, wanted: int, present: int, ready: int, **selector: str) -> Json:
    return {
        "metadata": meta("agent", generation=1),
        "spec": {"template": {"spec": {"nodeSelector": selector}}},
        "status": {
            "observedGeneration": 1, "desiredNumberScheduled": wanted,
            "currentNumberScheduled": present, "numberReady": ready, "numberAvailable": ready,
            "updatedNumberScheduled": present,
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ready", "pod", "is_blamed"),
    [
        ("Unknown", "agent-x7k2p", True),
        ("False", "agent-x7k2p", True),
        ("True", "agent-x7k2p", False),
        ("Unknown", "agents-x7k2p", False),
        ("Unknown", "agent", False),
    ],
)
def test_a_node_that_is_lost_is_blamed_for_the_pods_it_has(
    ready: str, pod: str, is_blamed: bool
) -> None:
    node = {"metadata": {"name": "node-1"}, "status": {"conditions": [state("Ready", ready)]}}
    short = _daemonset(wanted=3, present=3, ready=2)
    scene = a_scene(daemonsets=[short], nodes=[node], rows=[a_row(pod)])
    blamed = the_only(workloads, scene).because_of
    assert (Ref("Node", "", "node-1") in blamed) is is_blamed


def test_a_daemonset_says_on_which_nodes_it_is_not_ready() -> None:
    pod = a_pod("agent-a", ("DaemonSet", "agent"))
    scene = a_scene(daemonsets=[_daemonset(wanted=3, present=2, ready=1)], pods=[pod])
    finding = the_only(workloads, scene)
    assert finding.cause == (
        "`agent` is ready on 1 of 3 nodes (not on `node-1`); on 1 it has no pod at all."
    )
    assert finding.because_of == (finding.about,)


@pytest.mark.parametrize(
    ("label", "severity", "ending"),
    [("ssd", "warning", "Did you mean `disk=ssd`?"), ("fast", "info", "asks for.")],
)
def test_a_daemonset_that_fits_no_node_is_a_fault_only_where_a_label_is_near(
    label: str, severity: str, ending: str
) -> None:
    nodes = [{"metadata": {"name": "node-1", "labels": {"disk": label}}}]
    scene = a_scene(daemonsets=[_daemonset(wanted=0, present=0, ready=0, disk="sdd")], nodes=nodes)
    finding = the_only(workloads, scene)
    assert finding.severity == severity
    assert finding.cause.endswith(ending)


def test_a_daemonset_on_all_its_nodes_is_no_fault() -> None:
    assert reasons(workloads, a_scene(daemonsets=[_daemonset(wanted=2, present=2, ready=2)])) == []


# Budgets


def _budget(allowed: int, healthy: int = 1) -> Json:
    return {
        "metadata": meta("checkout"),
        "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "checkout"}}},
        "status": {"disruptionsAllowed": allowed, "expectedPods": 1, "currentHealthy": healthy,
                   "desiredHealthy": 1},
    }  # fmt: skip


def test_a_budget_that_allows_no_disruption_is_worth_knowing() -> None:
    finding = the_only(workloads, a_scene(poddisruptionbudgets=[_budget(0)]))
    assert finding.severity == "info"
    assert "minAvailable 1 wants 1 healthy pod, and there is 1 of 1." in finding.cause
    assert finding.because_of == ()


def test_a_budget_whose_pods_are_ill_is_their_symptom() -> None:
    scene = a_scene(poddisruptionbudgets=[_budget(0, healthy=0)], deployments=[a_deployment()])
    assert the_only(workloads, scene).because_of == (Ref("Deployment", "shop", "checkout"),)


def test_a_budget_with_room_is_not_mentioned() -> None:
    assert reasons(workloads, a_scene(poddisruptionbudgets=[_budget(1)])) == []


def test_odd_objects_break_nothing() -> None:
    odd: Json = {"metadata": {"name": "odd"}, "spec": [], "status": {"replicas": "three"}}
    plurals = ("deployments", "statefulsets", "daemonsets", "poddisruptionbudgets", "replicasets")
    events = [an_event("ReplicaSet", "odd-1", "FailedCreate", ""), {}]
    scene = a_scene(lists={each: [odd, {}] for each in plurals}, events=events)
    assert list(workloads.needs(scene)) == [ListOf("replicasets", ""), _NEED]
    assert {each.severity for each in workloads.check(scene)} <= {"warning", "critical"}
