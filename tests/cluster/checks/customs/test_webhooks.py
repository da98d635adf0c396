"""What is said of admission webhooks that cannot be asked."""

import pytest

from bot.cluster.checks.customs import webhooks
from bot.cluster.findings import Ref, is_confirmed
from bot.cluster.needs import ListOf, Need, One
from tests.doubles.shop import Json, a_deployment, a_scene, ago, an_event, reasons, the_only

_ABOUT = Ref("ValidatingWebhookConfiguration", "", "guard")
_SERVICE, _SLICES = ListOf("services", "guard"), ListOf("endpointslices", "guard")
_FOUND = {"metadata": {"name": "guard", "namespace": "guard"}, "spec": {}}
_CALL = (
    'Error creating: Internal error occurred: failed calling webhook "pods.guard.io": failed to'
    ' call webhook: Post "https://guard.guard.svc:443/v?timeout=10s": '
)


def _config(policy: str | None = "Fail", place: str = "guard", *names: str, **more: object) -> Json:
    hooks = [
        {
            "name": name,
            "clientConfig": {"service": {"name": "guard", "namespace": place}},
            "rules": [{"resources": ["pods"]}],
            **({"failurePolicy": policy} if policy else {}),
            **more,
        }
        for name in names or ("pods.guard.io",)
    ]
    return {"metadata": {"name": "guard"}, "webhooks": hooks}


def _slice(*ready: bool | None) -> Json:
    ends = [{"conditions": {} if each is None else {"ready": each}} for each in ready]
    labels = {"kubernetes.io/service-name": "guard"}
    return {
        "metadata": {"name": "guard-x", "namespace": "guard", "labels": labels},
        "endpoints": ends,
    }


def _refused(error: str) -> Json:
    return an_event("ReplicaSet", "checkout-5d", "FailedCreate", _CALL + error)


def test_what_lies_outside_the_scope_is_asked_for() -> None:
    scene = a_scene(validatingwebhookconfigurations=[_config()])
    assert list(webhooks.needs(scene)) == [_SERVICE, _SLICES]
    assert (
        list(webhooks.needs(a_scene(mutatingwebhookconfigurations=[_config(None, "shop")]))) == []
    )


def test_a_webhook_without_endpoints_that_refuses_pods_is_critical() -> None:
    scene = a_scene(
        validatingwebhookconfigurations=[_config()],
        deployments=[a_deployment(present=0, updated=0, ready=0)],
        events=[_refused('no endpoints available for service "guard"')],
        answers={_SERVICE: [_FOUND], _SLICES: [_slice(False)]},
    )
    finding = the_only(webhooks, scene)
    assert finding.about == _ABOUT
    assert (finding.reason, finding.severity) == ("WebhookFailed", "critical")
    assert finding.cause == (
        "The admission webhook `pods.guard.io` (Service `guard` in `guard`) cannot be asked: that "
        "Service has no ready endpoint; the API server says “no endpoints available for service "
        '"guard"”. Its failurePolicy is Fail, so pods it should judge are refused, 1 object so far.'
    )
    assert finding.affects == (Ref("Deployment", "shop", "checkout"),)
    assert finding.since == ago(660)
    assert is_confirmed(finding)


@pytest.mark.parametrize(
    "error",
    ["context deadline exceeded", "tls: failed to verify certificate: x509: unknown authority",
     "dial tcp 10.96.0.9:443: connect: connection refused"],
)  # fmt: skip
def test_the_error_is_quoted_where_its_endpoints_are_ready(error: str) -> None:
    scene = a_scene(
        mutatingwebhookconfigurations=[_config()],
        deployments=[a_deployment(present=0, updated=0, ready=0)],
        events=[_refused(error)],
        answers={_SERVICE: [_FOUND], _SLICES: [_slice(True)]},
    )
    finding = the_only(webhooks, scene)
    assert f"cannot be asked: the API server says “{error}”" in finding.cause
    assert finding.about.kind == "MutatingWebhookConfiguration"


def test_a_service_that_does_not_exist_is_a_fault_about_to_be_felt() -> None:
    scene = a_scene(
        validatingwebhookconfigurations=[_config(None)], answers={_SERVICE: [], _SLICES: []}
    )
    finding = the_only(webhooks, scene)
    assert finding.severity == "warning"
    assert "that Service does not exist" in finding.cause
    assert is_confirmed(finding)


def test_several_webhooks_of_one_service_are_told_once() -> None:
    config = _config("Fail", "guard", "a.guard.io", "b.guard.io")
    scene = a_scene(validatingwebhookconfigurations=[config], answers={_SERVICE: [], _SLICES: []})
    assert reasons(webhooks, scene) == ["WebhookFailed"]


def test_a_service_in_scope_is_looked_up_in_what_was_read() -> None:
    scene = a_scene(validatingwebhookconfigurations=[_config("Fail", "shop")])
    assert reasons(webhooks, scene) == []
    scene.lists["services"] = ()
    assert reasons(webhooks, scene) == ["WebhookFailed"]


@pytest.mark.parametrize(
    ("config", "service", "slices"),
    [
        (_config(), [_FOUND], [_slice(True, False)]),
        (_config(), [_FOUND], [_slice(None)]),
        (_config("Ignore"), [], []),
        (_config(), [{**_FOUND, "spec": {"type": "ExternalName"}}], []),
        (
            {"metadata": {"name": "url"}, "webhooks": [{"clientConfig": {"url": "https://x"}}]},
            [],
            [],
        ),
        ({"metadata": {}, "webhooks": ["odd", {}]}, [], []),
    ],
    ids=["one is ready", "readiness not said", "ignored", "external", "url", "odd"],
)
def test_these_webhooks_are_no_faults(
    config: Json, service: list[Json], slices: list[Json]
) -> None:
    scene = a_scene(
        validatingwebhookconfigurations=[config], answers={_SERVICE: service, _SLICES: slices}
    )
    assert reasons(webhooks, scene) == []


def test_what_could_not_be_read_proves_nothing() -> None:
    assert reasons(webhooks, a_scene(validatingwebhookconfigurations=[_config()])) == []


def test_a_refusal_that_was_overcome_is_over() -> None:
    scene = a_scene(
        validatingwebhookconfigurations=[_config()],
        deployments=[a_deployment()],
        events=[_refused("EOF")],
        answers={_SERVICE: [_FOUND], _SLICES: [_slice(True)]},
    )
    assert reasons(webhooks, scene) == []


def test_a_webhook_for_other_namespaces_is_their_trouble() -> None:
    selector = {"matchLabels": {"guarded": "yes"}}
    config = _config("Fail", "guard", namespaceSelector=selector)
    answers: dict[Need, list[Json]] = {_SERVICE: [], _SLICES: []}
    scene = a_scene(validatingwebhookconfigurations=[config], answers=answers)
    place = One("namespaces", "", "shop")
    assert place in list(webhooks.needs(scene))
    scene.answers[place] = ({"metadata": {"name": "shop", "labels": {"guarded": "yes"}}},)
    assert reasons(webhooks, scene) == ["WebhookFailed"]
    scene.answers[place] = ({"metadata": {"name": "shop"}},)
    assert reasons(webhooks, scene) == []
    scene = a_scene(validatingwebhookconfigurations=[config], answers=answers, is_whole=True)
    assert the_only(webhooks, scene).severity == "warning"


def test_an_event_of_something_else_counts_while_it_is_fresh() -> None:
    message = 'failed calling webhook "pods.guard.io": failed to call webhook: EOF'
    fresh = an_event("Certificate", "tls", "Failed", message, age=60)
    stale = an_event("Certificate", "tls", "Failed", message, age=3000)
    answers = {_SERVICE: [_FOUND], _SLICES: [_slice(True)]}
    for event, expected in ((fresh, ["critical"]), (stale, [])):
        scene = a_scene(
            validatingwebhookconfigurations=[_config()], events=[event], answers=answers
        )
        assert [each.severity for each in webhooks.check(scene)] == expected
