"""What is said of HorizontalPodAutoscalers."""

import pytest

from bot.cluster.checks.workloads import autoscaling
from bot.cluster.findings import Ref, is_confirmed
from tests.doubles.shop import (
    Json,
    a_deployment,
    a_scene,
    ago,
    an_event,
    meta,
    reasons,
    state,
    the_only,
)

_CPU = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
}
_NO_METRICS = (
    "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get "
    "metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could "
    "not find the requested resource (get pods.metrics.k8s.io)"
)
_NO_REQUEST = (
    "the HPA was unable to compute the replica count: failed to get cpu utilization: missing "
    "request for cpu in container app of Pod checkout-5d-x"
)


def _scaler(
    *conditions: Json, target: str = "checkout", age: float = 3600, current: int = 3, cpu: int = 50
) -> Json:
    measured = {"name": "cpu", "current": {"averageUtilization": cpu, "averageValue": "90m"}}
    return {
        "metadata": meta("checkout", age=age),
        "spec": {
            "minReplicas": 1,
            "maxReplicas": 3,
            "scaleTargetRef": {"kind": "Deployment", "name": target, "apiVersion": "apps/v1"},
            "metrics": [_CPU],
        },
        "status": {
            "currentReplicas": current,
            "currentMetrics": [{"type": "Resource", "resource": measured}],
            "conditions": list(conditions),
        },
    }


def _well() -> list[Json]:
    return [state("AbleToScale", "True"), state("ScalingActive", "True", "ValidMetricFound")]


def test_an_autoscaler_that_scales_is_no_fault() -> None:
    limited = state("ScalingLimited", "True", "TooFewReplicas")
    scene = a_scene(
        horizontalpodautoscalers=[_scaler(*_well(), limited)], deployments=[a_deployment()]
    )
    assert reasons(autoscaling, scene) == []


def test_a_target_that_does_not_exist_comes_with_a_near_name() -> None:
    message = "the HPA controller was unable to get the target's current scale: not found"
    failed = state("AbleToScale", "False", "FailedGetScale", message)
    scene = a_scene(
        horizontalpodautoscalers=[_scaler(failed, target="chekout")], deployments=[a_deployment()]
    )
    finding = the_only(autoscaling, scene)
    assert finding.reason == "ScaleTargetNotFound"
    assert finding.cause == (
        "It scales Deployment `chekout`, which does not exist. Did you mean `checkout`?"
    )
    assert is_confirmed(finding)


def test_deployments_that_could_not_be_read_are_not_called_missing() -> None:
    assert reasons(autoscaling, a_scene(horizontalpodautoscalers=[_scaler(*_well())])) == []


def test_without_a_metrics_server_that_is_the_cause() -> None:
    blind = state("ScalingActive", "False", "FailedGetResourceMetric", _NO_METRICS)
    event = an_event("HorizontalPodAutoscaler", "checkout", "FailedGetResourceMetric", _NO_METRICS)
    scene = a_scene(
        horizontalpodautoscalers=[_scaler(blind)],
        deployments=[a_deployment()],
        events=[event],
        apiservices=[],
    )
    finding = the_only(autoscaling, scene)
    assert (finding.reason, finding.severity) == ("FailedGetResourceMetric", "warning")
    assert "no metrics server is installed" in finding.cause
    assert finding.next[0] == "kubectl get apiservice v1beta1.metrics.k8s.io"
    assert finding.because_of == (Ref("APIService", "", "v1beta1.metrics.k8s.io"),)
    assert is_confirmed(finding)


def test_a_metrics_server_that_is_installed_is_not_called_absent() -> None:
    blind = state("ScalingActive", "False", "FailedGetResourceMetric", _NO_METRICS)
    service = {"metadata": {"name": "v1beta1.metrics.k8s.io"}}
    scene = a_scene(
        horizontalpodautoscalers=[_scaler(blind)],
        deployments=[a_deployment()],
        apiservices=[service],
    )
    assert "the metrics API does not answer" in the_only(autoscaling, scene).cause


def test_a_container_without_a_request_is_named() -> None:
    blind = state("ScalingActive", "False", "FailedGetResourceMetric", _NO_REQUEST, age=30)
    scene = a_scene(horizontalpodautoscalers=[_scaler(blind, age=40)], deployments=[a_deployment()])
    finding = the_only(autoscaling, scene)
    assert "container `app` of it set no cpu request" in finding.cause
    paths = [each.path for each in finding.evidence]
    assert "deployment/checkout:spec.template.spec.containers[app].resources.requests.cpu" in paths


def test_without_metrics_a_missing_request_is_told_besides() -> None:
    blind = state("ScalingActive", "False", "FailedGetResourceMetric", _NO_METRICS)
    scene = a_scene(horizontalpodautoscalers=[_scaler(blind)], deployments=[a_deployment()])
    scene.lists["apiservices"] = ()
    cause = the_only(autoscaling, scene).cause
    assert "no metrics server is installed" in cause
    assert "besides, container `app` of it set no cpu request" in cause


def test_pods_that_are_not_ready_are_the_deeper_cause() -> None:
    message = "did not receive metrics for targeted pods (pods might be unready)"
    blind = state("ScalingActive", "False", "FailedGetResourceMetric", message)
    scene = a_scene(horizontalpodautoscalers=[_scaler(blind)], deployments=[a_deployment()])
    assert Ref("Deployment", "shop", "checkout") in the_only(autoscaling, scene).because_of


@pytest.mark.parametrize(
    ("reason", "age"), [("ScalingDisabled", 3600), ("FailedGetResourceMetric", 60)]
)
def test_what_is_meant_or_only_new_is_no_fault(reason: str, age: float) -> None:
    scaler = _scaler(state("ScalingActive", "False", reason, "no metrics yet"), age=age)
    scene = a_scene(horizontalpodautoscalers=[scaler], deployments=[a_deployment()])
    assert reasons(autoscaling, scene) == []


def test_a_target_at_zero_is_left_alone() -> None:
    blind = state("ScalingActive", "False", "FailedGetResourceMetric", _NO_METRICS)
    asleep = a_deployment(wanted=0, present=0, updated=0, ready=0)
    scene = a_scene(horizontalpodautoscalers=[_scaler(blind)], deployments=[asleep])
    assert reasons(autoscaling, scene) == []


def test_a_maximum_that_is_too_low_is_told_with_what_was_measured() -> None:
    limited = state("ScalingLimited", "True", "TooManyReplicas")
    scene = a_scene(
        horizontalpodautoscalers=[_scaler(*_well(), limited, cpu=180)], deployments=[a_deployment()]
    )
    finding = the_only(autoscaling, scene)
    assert (finding.reason, finding.severity) == ("AtMaximum", "warning")
    assert finding.cause == (
        "It is at its maximum of 3 replicas and would need more: cpu is at 180 %, its target is "
        "80 %."
    )


@pytest.mark.parametrize(("current", "cpu"), [(2, 180), (3, 60)])
def test_room_or_rest_is_no_fault(current: int, cpu: int) -> None:
    limited = state("ScalingLimited", "True", "TooManyReplicas")
    scaler = _scaler(*_well(), limited, current=current, cpu=cpu)
    scene = a_scene(horizontalpodautoscalers=[scaler], deployments=[a_deployment()])
    assert reasons(autoscaling, scene) == []


def test_without_conditions_no_controller_has_looked_at_it() -> None:
    scene = a_scene(horizontalpodautoscalers=[_scaler()], deployments=[a_deployment()])
    finding = the_only(autoscaling, scene)
    assert finding.reason == "NotObserved"
    assert "`app` of its target set no cpu request" in finding.cause
    assert finding.since == ago(3600)


def test_odd_objects_break_nothing() -> None:
    odd: Json = {"metadata": meta("odd", age=1), "spec": {"metrics": [7, {}]}, "status": []}
    assert reasons(autoscaling, a_scene(horizontalpodautoscalers=[odd], deployments=[])) == []
