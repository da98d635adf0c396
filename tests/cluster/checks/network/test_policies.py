"""NetworkPolicies beside the complaints of pods that they may cut off."""

import pytest

from bot.cluster.checks.logs import logs
from bot.cluster.checks.network.policies import check
from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.objects import Object
from bot.cluster.scene import Scene
from tests.doubles.network_objects import (
    Json,
    deployment,
    endpoints,
    event,
    pod,
    policy,
    scene,
    service,
    waiting_for_readiness,
)

CART = pod("cart-5d9c-a", {"app": "cart", "tier": "frontend"}, owner="cart")
CART_OWNER = deployment("cart", {"app": "cart", "tier": "frontend"})
DB = service("db", {"app": "db"}, [{"port": 5432, "targetPort": 5432, "protocol": "TCP"}])
DB_OWNER = deployment(
    "db", {"app": "db"}, containers=[{"name": "db", "ports": [{"containerPort": 5432}]}]
)
READY = endpoints("db", ("db-0", True))
TIMEOUT = "dial tcp 10.96.1.2:5432: i/o timeout"
NO_DNS = "getaddrinfo EAI_AGAIN db"
DNS_RULE: Json = {
    "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    "ports": [{"port": 53, "protocol": "UDP"}],
}


def world(*policies: Object, log: str, its_pod: Object = CART) -> Scene:
    return scene(its_pod, CART_OWNER, DB, DB_OWNER, READY, *policies, log=log)


def found(*policies: Object, log: str = TIMEOUT, its_pod: Object = CART) -> list[Finding]:
    return list(check(world(*policies, log=log, its_pod=its_pod)))


def admitting(labels: dict[str, str], port: object = 5432) -> Json:
    rule = {"from": [{"podSelector": {"matchLabels": labels}}], "ports": [{"port": port}]}
    chosen = {"matchLabels": {"app": "db"}}
    return policy("db-only-backend", chosen, policyTypes=["Ingress"], ingress=[rule])


def test_a_policy_that_admits_only_others_is_told_with_both_labels() -> None:
    [finding] = found(admitting({"tier": "backend"}))
    assert finding.reason == "NetworkPolicyMayBlock"
    assert finding.is_possible
    assert finding.cause.endswith("That may be why, if policies are enforced here.")
    assert finding.about == Ref("Deployment", "shop", "cart")
    assert (
        "NetworkPolicy `db-only-backend` admits pods labelled `tier=backend` at port 5432 only to "
        "the pods of Service `db`; this pod has `tier=frontend`."
    ) in finding.cause
    assert finding.next[0] == "kubectl describe networkpolicy db-only-backend -n shop"
    assert not is_confirmed(finding)


def test_the_log_finding_leaves_it_to_the_policy() -> None:
    assert list(logs.check(world(admitting({"tier": "backend"}), log=TIMEOUT))) == []


@pytest.mark.parametrize(
    "egress",
    [[], [{"to": [{"podSelector": {}}]}], [{"ports": [{"port": 443}]}],
     [{**DNS_RULE, "ports": [{"port": 53, "protocol": "TCP"}]}]],
    ids=["nothing", "only here", "another port", "another protocol"],
)  # fmt: skip
def test_a_policy_without_a_rule_for_dns_explains_names_that_do_not_resolve(
    egress: list[Json],
) -> None:
    [finding] = found(policy("deny-out", {}, policyTypes=["Egress"], egress=egress), log=NO_DNS)
    assert "NetworkPolicy `deny-out`" in finding.cause
    assert "DNS" in finding.cause or "lets nothing out" in finding.cause


@pytest.mark.parametrize(
    "rule",
    [
        DNS_RULE,
        {},
        {"ports": [{"port": 53, "protocol": "UDP"}]},
        {"to": [{"namespaceSelector": {}}]},
        {"to": [{"namespaceSelector": {"matchLabels": {"team": "infra"}}}]},
        {"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]},
        {"ports": [{"port": 1, "endPort": 100, "protocol": "UDP"}]},
    ],
)
def test_a_policy_that_lets_dns_out_is_not_accused(rule: Json) -> None:
    assert found(policy("p", {}, policyTypes=["Egress"], egress=[rule]), log=NO_DNS) == []


def test_egress_to_the_service_must_be_permitted_too() -> None:
    [finding] = found(policy("dns-only", {}, policyTypes=["Egress"], egress=[DNS_RULE]))
    assert "`dns-only` lets the pod out to" in finding.cause
    assert "not to Service `db`" in finding.cause


@pytest.mark.parametrize(
    "policies",
    [
        [admitting({"tier": "frontend"})],
        [admitting({"tier": "backend"}), admitting({"app": "cart"})],
        [policy("other", {"matchLabels": {"app": "x"}}, policyTypes=["Ingress"])],
        [policy("odd", {}, policyTypes=None, ingress=[{"from": [1], "ports": [{}]}])],
        [],
    ],
    ids=["admitted", "admitted by one of two", "about others", "odd", "none"],
)
def test_a_policy_that_permits_it_is_not_accused(policies: list[Object]) -> None:
    assert found(*policies) == []


def test_a_default_deny_beside_healthy_pods_is_no_finding() -> None:
    deny = policy("default-deny", {}, policyTypes=["Ingress", "Egress"])
    assert list(check(scene(CART_OWNER, DB, DB_OWNER, READY, deny))) == []


def test_a_pod_that_waits_without_a_word_is_possibly_cut_off() -> None:
    waits = pod("cart-5d9c-a", {"app": "cart"}, owner="cart", status=waiting_for_readiness())
    probe = event("Readiness probe failed: statuscode: 503", name="cart-5d9c-a")
    deny = policy("deny-out", {}, policyTypes=["Egress"])
    [finding] = found(deny, probe, its_pod=waits, log="serving")
    assert finding.is_possible
    assert finding.severity == "info"
    wrong_path = event("Readiness probe failed: statuscode: 404", name="cart-5d9c-a")
    assert found(deny, wrong_path, its_pod=waits, log="serving") == []
