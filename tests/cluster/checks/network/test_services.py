"""Services that lead nowhere, and those that are fine as they are."""

import pytest

from bot.cluster.checks.network.services import check, needs
from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.needs import LabelsOf
from bot.cluster.objects import Object
from bot.cluster.scene import Scene
from tests.doubles.network_objects import (
    ago,
    deployment,
    endpoints,
    event,
    meta,
    pod,
    row,
    scene,
    service,
)

WEB = Ref("Service", "shop", "web")


def with_labels(*objects: Object, pods: tuple[Object, ...] = ()) -> Scene:
    world = scene(*objects)
    world.answers[LabelsOf("pods", "shop")] = pods
    return world


def found(*objects: Object, pods: tuple[Object, ...] = ()) -> list[Finding]:
    return list(check(with_labels(*objects, pods=pods)))


def test_a_selector_that_matches_no_pod_is_compared_with_the_workloads() -> None:
    [finding] = found(
        service("web", {"app": "checkout", "tier": "web"}),
        endpoints("web"),
        deployment("web", {"app": "checkout-v2", "tier": "web"}),
    )
    assert (finding.reason, finding.severity, finding.about) == (
        "SelectorMatchesNothing",
        "critical",
        WEB,
    )
    assert "`app=checkout`, `tier=web`" in finding.cause
    assert finding.cause.endswith(
        "The pods of deployment/web have `app=checkout-v2`. Did you mean `app=checkout-v2`?"
    )
    assert is_confirmed(finding)


def test_a_label_that_is_missing_altogether_is_told() -> None:
    [finding] = found(
        service("web", {"ap": "web"}), endpoints("web"), deployment("web", {"app": "web"})
    )
    assert "have no label `ap`. Did you mean `app=web`?" in finding.cause


def test_a_selector_without_any_likeness_accuses_no_workload() -> None:
    [finding] = found(
        service("web", {"app": "web"}), endpoints("web"), deployment("zeta", {"job": "other"})
    )
    assert "zeta" not in finding.cause


def test_labels_of_pods_are_asked_for_only_where_a_service_is_empty() -> None:
    empty = scene(service("web", {"app": "web"}), endpoints("web"))
    full = scene(service("web", {"app": "web"}), endpoints("web", ("web-1", True)))
    assert list(needs(empty)) == [LabelsOf("pods", "shop")]
    assert list(needs(full)) == []


def test_pods_that_are_not_ready_are_the_deeper_cause() -> None:
    failing = pod("web-1", {"app": "web"}, owner="web")
    [finding] = found(
        service("web", {"app": "web"}),
        endpoints("web", ("web-1", False)),
        deployment("web", {"app": "web"}),
        failing,
        pods=(failing,),
    )
    assert finding.reason == "NoReadyEndpoints"
    assert finding.cause.endswith("endpoint: pod `web-1` of deployment/web is not ready.")
    assert finding.because_of[0] == Ref("Deployment", "shop", "web")
    assert is_confirmed(finding)


def test_a_pod_of_its_own_may_stand_behind_a_service() -> None:
    failing = pod("web-1", {"app": "web"})
    [finding] = found(service("web", {"app": "web"}), endpoints("web"), failing, pods=(failing,))
    assert finding.because_of[0] == Ref("Pod", "shop", "web-1")


def test_a_workload_scaled_to_zero_is_told_of_by_itself() -> None:
    off = deployment("web", {"app": "web"}, replicas=0)
    assert found(service("web", {"app": "web"}), endpoints("web"), off) == []


@pytest.mark.parametrize(
    "objects",
    [
        (service("web", {"app": "web"}), endpoints("web", ("a", True), ("b", False))),
        (service("web", None), endpoints("web")),
        (service("web", {"app": "web"}, type="ExternalName", externalName="x.example"),),
        (service("web", {"app": "web"}), endpoints("web", ("a", True)),
         deployment("web", {"app": "web"})),
        (service("web", {"app": "web"}, [{"port": 80, "targetPort": "http"}]),
         endpoints("web", ("a", True)), deployment("web", {"app": "web"})),
        (service("web", {"app": "web"}), endpoints("web", ("a", True)),
         deployment("web", {"app": "web"}, containers=[{"name": "app"}])),
        (service("web", {"app": "web"}, [{"port": 80, "targetPort": 9000}]),
         endpoints("web", ("a", True)),
         deployment("web", {"app": "web"}, containers=[
             {"name": "app", "ports": [{"containerPort": 8080}],
              "readinessProbe": {"tcpSocket": {"port": 9000}}}])),
        (service("web", {"app": "web"}, type="LoadBalancer",), endpoints("web", ("a", True)),)
    ],
    ids=["one ready", "no selector", "external", "a port", "a named port", "none declared",
         "a probed port", "load balancer"],
)  # fmt: skip
def test_a_service_that_works_is_no_finding(objects: tuple[Object, ...]) -> None:
    assert [each for each in found(*objects) if each.severity != "info"] == []


def test_a_service_made_this_minute_may_wait_for_its_pods() -> None:
    young = service("web", {"app": "web"})
    young["metadata"]["creationTimestamp"] = ago(seconds=20)
    assert found(young, endpoints("web"), deployment("web", {"app": "web"})) == []


def test_what_could_not_be_read_is_not_accused() -> None:
    world = scene(service("web", {"app": "web"}), endpoints("web"), rows=[row("x")])
    assert list(check(world)) == []
    world.unread_plurals.add(("endpointslices", ""))
    assert list(check(world)) == []


def test_a_target_port_of_no_container_is_named_with_those_there_are() -> None:
    [finding] = found(
        service("web", {"app": "web"}, [{"port": 80, "name": "web", "targetPort": "htpp"}]),
        endpoints("web", ("a", True)),
        deployment("web", {"app": "web"}),
    )
    assert (finding.reason, finding.severity) == ("TargetPortNotFound", "critical")
    assert "named `htpp`" in finding.cause
    assert "8080 (`http`). Did you mean `http`?" in finding.cause


def test_a_number_that_no_container_declares_is_a_warning() -> None:
    [finding] = found(
        service("web", {"app": "web"}, [{"port": 80, "targetPort": 9090}]),
        endpoints("web", ("a", True)),
        deployment("web", {"app": "web"}),
    )
    assert (finding.reason, finding.severity) == ("TargetPortMismatch", "warning")
    assert "container port 9090" in finding.cause
    assert finding.cause.endswith("Did you mean `8080`?")


def test_a_load_balancer_without_an_address_quotes_its_event() -> None:
    said = event(
        "Error syncing load balancer: no quota",
        reason="SyncLoadBalancerFailed",
        kind="Service",
        name="web",
    )
    [finding] = found(
        service("web", {"app": "web"}, type="LoadBalancer"), endpoints("web", ("a", True)), said
    )
    assert (finding.reason, finding.severity) == ("LoadBalancerPending", "warning")
    assert "120 minutes. It was told: “Error syncing load balancer: no quota”." in finding.cause


@pytest.mark.parametrize(("count", "is_told"), [(2, False), (3, True)])
def test_a_load_balancer_that_is_refused_again_and_again_needs_no_more_patience(
    count: int, is_told: bool
) -> None:
    young = service("web", {"app": "web"}, type="LoadBalancer")
    young["metadata"] |= {"creationTimestamp": ago(seconds=20)}
    said = event("no quota", reason="SyncLoadBalancerFailed", kind="Service", name="web")
    findings = found(young, endpoints("web", ("a", True)), {**said, "count": count})
    assert ["since it was made. It was told" in each.cause for each in findings] == [True] * is_told


def test_an_odd_service_breaks_nothing() -> None:
    assert found({"kind": "Service", "metadata": meta("x"), "spec": {"ports": [1, {}]}}) == []
    assert found({"kind": "Service", "metadata": meta("x"), "spec": None}) == []


def test_pods_that_nobody_made_are_compared_too() -> None:
    lone = pod("web-1", {"app": "web", "version": "v1"})
    [finding] = found(
        service("web", {"app": "web", "version": "v2"}), endpoints("web"), pods=(lone,)
    )
    assert finding.cause.endswith("Pod `web-1` has `version=v1`. Did you mean `version=v1`?")
    assert "pod/web-1:metadata.labels" in {each.path for each in finding.evidence}


def test_pods_that_have_finished_are_told_apart_from_none() -> None:
    done = pod("web-1", {"app": "web"})
    world = with_labels(service("web", {"app": "web"}), endpoints("web"), pods=(done,))
    world.rows = (row("web-1", status="Completed"),)
    [finding] = check(world)
    assert finding.cause.endswith(
        "every pod with these labels has finished (`web-1`), so it has no endpoints."
    )


def test_endpoints_without_the_named_port_show_that_no_container_has_it() -> None:
    named = service("web", {"app": "web"}, [{"port": 80, "targetPort": "web"}])
    [finding] = found(named, {**endpoints("web", ("web-1", True)), "ports": None})
    assert (finding.reason, finding.severity) == ("TargetPortNotFound", "critical")
    assert "container port named `web`, and no container behind it" in finding.cause
    assert is_confirmed(finding)


@pytest.mark.parametrize("ports", [[{"name": "", "port": 8080}], [{"port": 8080}]])
def test_endpoints_that_have_the_named_port_are_no_finding(ports: list[Object]) -> None:
    named = service("web", {"app": "web"}, [{"port": 80, "targetPort": "web"}])
    assert not found(named, {**endpoints("web", ("web-1", True)), "ports": ports})
