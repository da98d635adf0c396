"""What is said of pods that the API server refuses to create."""

import pytest

from bot.cluster.checks.workloads import creations
from bot.cluster.findings import Ref, is_confirmed
from bot.cluster.needs import ListOf, One
from tests.doubles.shop import (
    Json,
    a_deployment,
    a_replicaset,
    a_scene,
    an_event,
    meta,
    reasons,
    state,
    the_only,
)

_QUOTA = (
    'Error creating: pods "checkout-5d-x" is forbidden: exceeded quota: compute, requested: pods=1,'
    " used: pods=1, limited: pods=1"
)
_ACCOUNT = (
    'Error creating: pods "checkout-5d-" is forbidden: error looking up service account '
    'shop/chekout: serviceaccount "chekout" not found'
)
_ABOUT = Ref("Deployment", "shop", "checkout")


def _refusal(message: str) -> Json:
    return an_event("ReplicaSet", "checkout-5d", "FailedCreate", message)


def _lacking(have: int = 1) -> Json:
    return a_deployment(present=have, updated=have, ready=have)


def test_a_used_up_quota_is_told_with_its_numbers_and_takes_the_quotas_finding_in() -> None:
    quota = {"metadata": meta("compute"), "status": {"hard": {"pods": "1"}, "used": {"pods": "1"}}}
    scene = a_scene(deployments=[_lacking()], events=[_refusal(_QUOTA)], resourcequotas=[quota])
    finding = the_only(creations, scene)
    assert finding.reason == "QuotaExceeded"
    assert finding.about == _ABOUT
    assert finding.severity == "warning"
    assert finding.cause == (
        "1 of 3 pods exist, and the API server refuses to create more: quota `compute` would be "
        "exceeded: another one asks for 1 of pods, 1 of 1 is used, which leaves 0."
    )
    assert finding.explains == (Ref("ResourceQuota", "shop", "compute"),)
    assert finding.next[0] == "kubectl describe resourcequota compute -n shop"
    assert is_confirmed(finding)


def test_without_any_pod_it_is_critical() -> None:
    scene = a_scene(deployments=[_lacking(0)], events=[_refusal(_QUOTA)])
    assert the_only(creations, scene).severity == "critical"


def test_a_condition_alone_is_enough() -> None:
    failure = state("ReplicaFailure", "True", "FailedCreate", _QUOTA, age=300)
    scene = a_scene(deployments=[_lacking(), a_deployment("other")])
    assert reasons(creations, scene) == []
    failing = a_deployment(present=0, updated=0, ready=0, conditions=[failure])
    assert (
        the_only(creations, a_scene(deployments=[failing])).since == failure["lastTransitionTime"]
    )


def test_a_new_version_that_is_refused_says_that_the_old_one_stays() -> None:
    failure = state("ReplicaFailure", "True", "FailedCreate", _QUOTA)
    scene = a_scene(deployments=[a_deployment(updated=0, conditions=[failure])])
    cause = the_only(creations, scene).cause
    assert "pods of the new version: 0 of 3 pods exist, 3 of the old version stay: quota" in cause


def test_a_refusal_that_has_been_overcome_is_no_fault() -> None:
    assert (
        reasons(creations, a_scene(deployments=[a_deployment()], events=[_refusal(_QUOTA)])) == []
    )


def test_a_missing_service_account_comes_with_a_near_name() -> None:
    scene = a_scene(deployments=[_lacking()], events=[_refusal(_ACCOUNT)])
    need = ListOf("serviceaccounts", "shop")
    assert list(creations.needs(scene)) == [need]
    scene.answers[need] = ({"metadata": meta("default")}, {"metadata": meta("checkout")})
    finding = the_only(creations, scene)
    assert finding.cause.endswith("`chekout` does not exist. Did you mean `checkout`?")
    assert any(each.path == "absent/serviceaccount/chekout" for each in finding.evidence)


def test_a_service_account_that_exists_by_now_is_not_called_absent() -> None:
    known = {ListOf("serviceaccounts", "shop"): [{"metadata": meta("chekout")}]}
    scene = a_scene(deployments=[_lacking()], events=[_refusal(_ACCOUNT)], answers=known)
    paths = [each.path for each in the_only(creations, scene).evidence]
    assert not any(path.startswith("absent") for path in paths)


def test_pod_security_names_the_level_of_the_namespace() -> None:
    message = (
        'pods "checkout-5d-x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot '
        '!= true (pod or container "app" must set securityContext.runAsNonRoot=true)'
    )
    label = {"pod-security.kubernetes.io/enforce": "restricted"}
    place = {"metadata": {"name": "shop", "labels": label}}
    scene = a_scene(
        deployments=[_lacking()],
        events=[_refusal(message)],
        answers={One("namespaces", "", "shop"): [place]},
    )
    finding = the_only(creations, scene)
    assert "runAsNonRoot != true" in finding.cause
    assert finding.evidence[-1].value == "restricted"
    assert is_confirmed(finding)


def test_limits_of_the_namespace_are_shown_with_their_object() -> None:
    message = "forbidden: maximum memory usage per Container is 256Mi, but limit is 512Mi"
    bounds = [{"type": "Container", "max": {"memory": "256Mi"}}]
    limits = {"metadata": meta("bounds"), "spec": {"limits": bounds}}
    scene = a_scene(
        deployments=[_lacking()],
        events=[_refusal(message)],
        answers={ListOf("limitranges", "shop"): [limits]},
    )
    proof = the_only(creations, scene).evidence[-1]
    assert proof.path == "limitrange/bounds:spec.limits[Container].max"
    assert proof.value == "memory=256Mi"


def test_a_webhook_that_is_silent_is_the_deeper_cause() -> None:
    hooks = {"metadata": {"name": "guard"}, "webhooks": [{"name": "pods.guard.io"}]}
    message = 'failed calling webhook "pods.guard.io": failed to call webhook: EOF'
    scene = a_scene(
        deployments=[_lacking()],
        events=[_refusal(message)],
        validatingwebhookconfigurations=[hooks],
    )
    finding = the_only(creations, scene)
    assert finding.because_of == (Ref("ValidatingWebhookConfiguration", "", "guard"),)


def test_a_priority_class_is_looked_up_in_the_whole_cluster() -> None:
    message = "forbidden: no PriorityClass with name hihg was found"
    need = ListOf("priorityclasses")
    scene = a_scene(
        deployments=[_lacking()],
        events=[_refusal(message)],
        answers={need: [{"metadata": {"name": "high"}}]},
    )
    assert list(creations.needs(scene)) == [need]
    assert the_only(creations, scene).cause.endswith("Did you mean `high`?")


@pytest.mark.parametrize(
    ("kind", "plural", "found"),
    [
        ("StatefulSet", "statefulsets", {"spec": {"replicas": 2}, "status": {"replicas": 1}}),
        ("DaemonSet", "daemonsets",
         {"status": {"desiredNumberScheduled": 3, "currentNumberScheduled": 1}}),
        ("Job", "jobs", {"spec": {"parallelism": 1, "completions": 1}, "status": {}}),
    ],
)  # fmt: skip
def test_every_kind_of_workload_is_looked_at(kind: str, plural: str, found: Json) -> None:
    event = an_event(kind, "mill", "FailedCreate", _QUOTA)
    lists = {plural: [{"metadata": meta("mill"), **found}], "events": [event]}
    finding = the_only(creations, a_scene(lists=lists))
    assert (finding.about, finding.reason) == (Ref(kind, "shop", "mill"), "QuotaExceeded")


def test_the_pods_of_a_cronjobs_run_are_told_at_the_cronjob() -> None:
    job = {"metadata": meta("night-1", owner=("CronJob", "night")), "spec": {}, "status": {}}
    event = an_event("Job", "night-1", "FailedCreate", _QUOTA)
    cron = {"metadata": meta("night"), "spec": {}}
    scene = a_scene(jobs=[job], cronjobs=[cron], events=[event])
    assert the_only(creations, scene).about == Ref("CronJob", "shop", "night")


def test_a_finished_job_lacks_nothing() -> None:
    done = {"metadata": meta("mill"), "status": {"conditions": [state("Complete", "True")]}}
    event = an_event("Job", "mill", "FailedCreate", _QUOTA)
    assert reasons(creations, a_scene(jobs=[done], events=[event])) == []


def test_a_replicaset_of_nobody_is_told_itself() -> None:
    lone = a_replicaset("lone", revision=1, present=0, ready=0, image="a:1", owner="")
    lone["spec"]["replicas"] = 2
    event = an_event("ReplicaSet", "lone", "FailedCreate", _QUOTA)
    scene = a_scene(events=[event], answers={ListOf("replicasets", "shop"): [lone]})
    assert the_only(creations, scene).about == Ref("ReplicaSet", "shop", "lone")


def test_odd_objects_break_nothing() -> None:
    odd = {"metadata": {"name": "checkout", "namespace": "shop"}, "spec": None, "status": "x"}
    event = {"reason": "FailedCreate", "involvedObject": {"kind": "ReplicaSet"}, "message": 7}
    assert reasons(creations, a_scene(deployments=[odd, {}], events=[event, {}])) == []


def test_the_one_limit_range_is_named() -> None:
    message = "forbidden: maximum memory usage per Container is 256Mi, but limit is 512Mi"
    limits = {"metadata": meta("bounds"), "spec": {"limits": []}}
    answers = {ListOf("limitranges", "shop"): [limits]}
    scene = a_scene(deployments=[_lacking()], events=[_refusal(message)], answers=answers)
    assert the_only(creations, scene).cause.endswith("It is the LimitRange `bounds`.")
