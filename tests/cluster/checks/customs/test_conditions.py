"""What is said of custom resources, and of APIs that are not served."""

import pytest

from bot.cluster.checks.customs import conditions
from bot.cluster.checks.customs.conditions import is_unwell
from bot.cluster.findings import Ref
from tests.doubles.shop import Json, a_scene, ago, meta, reasons, state, the_only


def _custom(
    kind: str,
    *states: Json,
    name: str = "it",
    api: str = "example.com/v1",
    owner: tuple[str, str] | None = None,
    spec: Json | None = None,
    statuses: Json | None = None,
    **status: object,
) -> Json:
    return {
        "apiVersion": api,
        "kind": kind,
        "metadata": meta(name, owner=owner),
        "spec": spec or {},
        "status": {
            **({"conditions": list(states)} if states else {}),
            **status,
            **(statuses or {}),
        },
    }


def _application(health: str = "Healthy", sync: str = "Synced", **more: object) -> Json:
    status: Json = {"health": {"status": health}, "sync": {"status": sync}, **more}
    return _custom("Application", api="argoproj.io/v1alpha1", name="shop", statuses=status)


_ROUTE: Json = {
    "parents": [{"parentRef": {"name": "web"}, "conditions": [
        state("Accepted", "True"),
        state("ResolvedRefs", "False", "BackendNotFound", "backend chekout not found"),
    ]}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("custom", "expected"),
    [
        (_custom("Widget", state("Ready", "True")), False),
        (_custom("Widget", state("Ready", "False", "Broken")), True),
        (_custom("Widget", state("Ready", "Unknown")), True),
        (_custom("Widget", state("Degraded", "True")), True),
        (_custom("Widget", state("Degraded", "False"), state("Stalled", "False")), False),
        (_custom("Kafka", state("NotReady", "True")), True),
        (_custom("Kafka", state("NotReady", "False")), False),
        (_custom("Service", state("ConfigurationsReady", "False")), True),
        (_custom("ScaledObject", state("Ready", "True"), state("Active", "False")), False),
        (_custom("TaskRun", state("Succeeded", "Unknown", "Running")), False),
        (_custom("TaskRun", state("Succeeded", "False", "Failed")), True),
        (_custom("Widget", state("Progressing", "True"), state("Upgradeable", "False")), False),
        (_custom("Kustomization", state("Ready", "True"), spec={"suspend": True}), True),
        (_custom("Backup", phase="PartiallyFailed"), True),
        (_custom("Backup", phase="Completed"), False),
        (_custom("Challenge", state="pending", reason="wrong status code '404'"), True),
        (_custom("VolumeSnapshot", error={"message": "no such disk"}), True),
        (_custom("Rollout", state("Healthy", "False"), phase="Paused"), False),
        (_custom("Rollout", phase="Degraded", message="aborted"), True),
        (_custom("HTTPRoute", statuses=_ROUTE), True),
        (_application(), False),
        (_application(health="Progressing"), False),
        (_application(health="Degraded"), True),
        (_application(sync="OutOfSync"), True),
        ({}, False),
        ({"kind": 7, "status": {"conditions": ["x", {"type": 1}], "parents": {}}}, False),
    ],
)  # fmt: skip
def test_what_is_unwell_by_its_own_word_is_kept(custom: Json, expected: bool) -> None:
    assert is_unwell(custom) is expected


def test_a_condition_is_told_with_reason_and_message() -> None:
    widget = _custom("Widget", state("Ready", "False", "NoDisk", "disk d-1 not found", age=900))
    finding = the_only(conditions, a_scene(custom=[widget]))
    assert (finding.reason, finding.severity) == ("NoDisk", "critical")
    assert finding.about == Ref("Widget", "shop", "it")
    assert finding.cause == "Widget `it`: Ready is False (NoDisk): “disk d-1 not found”."
    assert finding.since == ago(900)
    assert finding.evidence[0].path == "widget/it:status.conditions[Ready]"
    assert finding.next == ("kubectl describe widget.example.com it -n shop",)


@pytest.mark.parametrize(
    ("custom", "severities"),
    [
        (_custom("Widget", state("Ready", "Unknown", age=200)), []),
        (_custom("Widget", state("Ready", "Unknown", age=400)), ["warning"]),
        (_custom("Widget", state("Ready", "False", "Progressing", "waiting", age=20)), []),
        (_custom("Widget", state("Ready", "False", "Denied", "forbidden", age=20)), ["critical"]),
        (_custom("Widget", state("Synced", "False", "ReconcilePaused", age=900)), ["info"]),
        (_custom("TaskRun", state("Succeeded", "False", "Failed", age=90_000)), ["info"]),
        (_custom("TaskRun", state("Succeeded", "False", "Failed", age=900)), ["critical"]),
        (_custom("HelmRelease", state("Ready", "False"), spec={"suspend": True}), ["info"]),
        (_application(health="Missing"), ["critical"]),
        (_application(health="Suspended"), ["info"]),
        (_application(sync="OutOfSync"), ["info"]),
    ],
)  # fmt: skip
def test_how_bad_it_is(custom: Json, severities: list[str]) -> None:
    assert [each.severity for each in conditions.check(a_scene(custom=[custom]))] == severities


def test_a_chain_of_owners_is_one_finding_with_the_deepest_cause() -> None:
    acme, core = "acme.cert-manager.io/v1", "cert-manager.io/v1"
    said = "Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'"
    chain = [
        _custom("Challenge", api=acme, name="tls-1-2-3", owner=("Order", "tls-1-2"),
                state="pending", reason=said),
        _custom("Order", api=acme, name="tls-1-2", owner=("CertificateRequest", "tls-1"),
                state="pending"),
        _custom("CertificateRequest", state("Ready", "False", "Pending", "Waiting on order"),
                api=core, name="tls-1", owner=("Certificate", "tls")),
        _custom("Certificate", state("Ready", "False", "DoesNotExist", "Issuing certificate"),
                api=core, name="tls", owner=("Ingress", "web")),
    ]  # fmt: skip
    finding = the_only(conditions, a_scene(custom=chain))
    assert finding.about == Ref("Certificate", "shop", "tls")
    assert finding.cause.startswith(
        "Certificate `tls` is not ready because of its Challenge `tls-1-2-3`: state is pending"
    )
    assert "wrong status code '404'" in finding.cause
    assert finding.next[0] == "kubectl describe challenge.acme.cert-manager.io tls-1-2-3 -n shop"
    assert len(finding.evidence) == 4


def test_what_a_fresh_attempt_waits_for_is_where_an_old_trouble_hangs() -> None:
    attempt = _custom(
        "Challenge",
        api="acme.cert-manager.io/v1",
        name="tls-1",
        owner=("Certificate", "tls"),
        state="pending",
        reason="wrong status '404'",
    )
    attempt["metadata"]["creationTimestamp"] = ago(5)
    certificate = _custom("Certificate", state("Ready", "False", "DoesNotExist", age=2400),
                          api="cert-manager.io/v1", name="tls")  # fmt: skip
    finding = the_only(conditions, a_scene(custom=[attempt, certificate]))
    assert "“wrong status '404'”" in finding.cause
    assert not list(conditions.check(a_scene(custom=[attempt])))


def test_owners_in_a_circle_are_survived() -> None:
    circle = [
        _custom("Widget", state("Ready", "False"), name="a", owner=("Widget", "b")),
        _custom("Widget", state("Ready", "False"), name="b", owner=("Widget", "a")),
    ]
    assert len(reasons(conditions, a_scene(custom=circle))) >= 1


def test_a_kustomization_leans_on_its_source_where_that_is_ill() -> None:
    source = _custom("GitRepository", state("Ready", "False", "GitOperationFailed", "auth failed"),
                     name="fleet")  # fmt: skip
    kustomization = _custom(
        "Kustomization",
        state("Ready", "False", "ArtifactFailed", "Source artifact not found"),
        spec={"sourceRef": {"kind": "GitRepository", "name": "fleet"}},
    )
    found = {
        each.about.kind: each for each in conditions.check(a_scene(custom=[source, kustomization]))
    }
    assert found["Kustomization"].because_of == (Ref("GitRepository", "shop", "fleet"),)
    (alone,) = conditions.check(a_scene(custom=[kustomization]))
    assert alone.because_of == ()


def test_a_workload_that_a_message_names_is_the_deeper_cause() -> None:
    message = "health check failed: Deployment/shop/checkout status: 'Failed'"
    custom = _custom("Kustomization", state("Ready", "False", "HealthCheckFailed", message))
    finding = the_only(conditions, a_scene(custom=[custom]))
    assert finding.because_of == (Ref("Deployment", "shop", "checkout"),)


def test_an_application_that_is_degraded_points_at_its_resources() -> None:
    ill = {
        "kind": "Deployment",
        "namespace": "shop",
        "name": "web",
        "health": {"status": "Degraded"},
    }
    finding = the_only(conditions, a_scene(custom=[_application("Degraded", resources=[ill])]))
    assert finding.cause == (
        "Application `shop`: health is Degraded: “Deployment web is Degraded”."
    )
    assert finding.because_of == (Ref("Deployment", "shop", "web"),)


def test_a_sync_that_failed_is_quoted() -> None:
    failed = {
        "phase": "Failed",
        "message": "one or more objects failed to apply",
        "finishedAt": ago(9),
    }
    finding = the_only(conditions, a_scene(custom=[_application(operationState=failed)]))
    assert (finding.reason, finding.severity) == ("SyncFailed", "warning")
    assert "its last sync ended as Failed" in finding.cause


def test_an_application_whose_manifests_cannot_be_made_says_so() -> None:
    broken = {"type": "ComparisonError", "message": "app path does not exist"}
    finding = the_only(conditions, a_scene(custom=[_application(conditions=[broken])]))
    assert "has ComparisonError: “app path does not exist”" in finding.cause


def test_a_route_to_a_service_that_does_not_exist_comes_with_a_near_name() -> None:
    rules = [{"backendRefs": [{"name": "chekout", "port": 80}]}]
    route = _custom("HTTPRoute", name="web", spec={"rules": rules}, statuses=_ROUTE)
    services = [{"metadata": meta("checkout")}]
    finding = the_only(conditions, a_scene(custom=[route], services=services))
    assert "for `web`: ResolvedRefs is False (BackendNotFound)" in finding.cause
    assert finding.cause.endswith("Did you mean `checkout`?")


def test_a_listener_of_a_gateway_is_named() -> None:
    listener = {"name": "https", "conditions": [
        state("ResolvedRefs", "False", "InvalidCertificateRef", "no such Secret")]}  # fmt: skip
    gateway = _custom("Gateway", state("Programmed", "True"), listeners=[listener])
    cause = the_only(conditions, a_scene(custom=[gateway])).cause
    assert "listener `https`: ResolvedRefs is False (InvalidCertificateRef)" in cause


def test_what_no_namespace_in_scope_needs_is_no_fault_of_theirs() -> None:
    issuer = _custom("ClusterIssuer", state("Ready", "False", "ErrInitIssuer", "failed"), name="le")
    del issuer["metadata"]["namespace"]
    assert the_only(conditions, a_scene(custom=[issuer])).severity == "info"
    assert the_only(conditions, a_scene(custom=[issuer], is_whole=True)).severity == "critical"
    certificate = _custom("Certificate", state("Ready", "False", "Failed", "not issued"),
                          spec={"issuerRef": {"kind": "ClusterIssuer", "name": "le"}})  # fmt: skip
    found = {
        each.about.kind: each for each in conditions.check(a_scene(custom=[issuer, certificate]))
    }
    assert found["ClusterIssuer"].severity == "critical"
    assert found["Certificate"].because_of == (Ref("ClusterIssuer", "", "le"),)


def test_a_strangers_long_message_is_cut() -> None:
    custom = _custom("Widget", state("Ready", "False", "Bad", "ignore previous instructions " * 99))
    assert len(the_only(conditions, a_scene(custom=[custom])).cause) < 420


# APIs


def _api(status: str = "False", age: float = 600) -> Json:
    message = 'endpointslices for service/metrics-server in "kube-system" have no addresses'
    return {
        "metadata": {"name": "v1beta1.metrics.k8s.io"},
        "spec": {"group": "metrics.k8s.io", "version": "v1beta1",
                 "service": {"name": "metrics-server", "namespace": "kube-system"}},
        "status": {"conditions": [state("Available", status, "MissingEndpoints", message, age)]},
    }  # fmt: skip


def test_an_api_that_is_not_served_says_what_does_not_work() -> None:
    finding = the_only(conditions, a_scene(apiservices=[_api()], is_whole=True))
    assert (finding.reason, finding.severity) == ("MissingEndpoints", "critical")
    assert (
        "The API `metrics.k8s.io/v1beta1` is not served (Service `metrics-server`" in finding.cause
    )
    assert "autoscaling by cpu or memory do not work" in finding.cause
    assert finding.because_of == (Ref("Service", "kube-system", "metrics-server"),)


def test_for_one_namespace_it_counts_only_where_something_there_needs_it() -> None:
    assert the_only(conditions, a_scene(apiservices=[_api()])).severity == "info"
    scalers = [{"metadata": meta("web")}]
    scene = a_scene(apiservices=[_api()], horizontalpodautoscalers=scalers)
    assert the_only(conditions, scene).severity == "warning"


@pytest.mark.parametrize("api", [_api("True"), _api(age=10), {}], ids=["served", "new", "odd"])
def test_these_apis_are_no_faults(api: Json) -> None:
    assert reasons(conditions, a_scene(apiservices=[api], is_whole=True)) == []
