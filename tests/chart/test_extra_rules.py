"""Rules that a person adds read objects that are named, and nothing else."""

from typing import Any

import pytest

from tests.chart.rendering import Release, Renderer

pytestmark = pytest.mark.chart

_RULES: dict[str, dict[str, Any]] = {
    "secrets": {"resources": ["secrets"]},
    "secrets in capitals": {"resources": ["Secrets"]},
    "secrets among others": {"resources": ["pods", "secrets"]},
    "a part of secrets": {"resources": ["secrets/status"]},
    "one Secret by name": {"resources": ["secrets"], "resourceNames": ["a"], "verbs": ["get"]},
    "all resources": {"resources": ["*"]},
    "all groups": {"apiGroups": ["*"]},
    "all parts": {"resources": ["pods/*"]},
    "one part of all": {"resources": ["*/scale"]},
    "all verbs": {"verbs": ["*"]},
    "create": {"verbs": ["get", "create"]},
    "patch": {"verbs": ["patch"]},
    "delete": {"verbs": ["delete"]},
    "impersonate": {"resources": ["users"], "verbs": ["impersonate"]},
    "escalate": {"resources": ["clusterroles"], "verbs": ["escalate"]},
    "bind": {"resources": ["clusterroles"], "verbs": ["bind"]},
    "exec": {"resources": ["pods/exec"]},
    "attach": {"resources": ["pods/attach"]},
    "portforward": {"resources": ["pods/portforward"]},
    "proxy of nodes": {"resources": ["nodes/proxy"]},
    "proxy of pods": {"resources": ["pods/proxy"]},
    "proxy of services": {"resources": ["services/proxy"]},
    "tokens": {"resources": ["serviceaccounts/token"]},
    "logs of nodes": {"resources": ["nodes/log"]},
    "logs of anything else": {"apiGroups": ["apps"], "resources": ["deployments/log"]},
    "a part of logs": {"resources": ["pods/log/previous"]},
    "metrics of nodes": {"resources": ["nodes/metrics"]},
    "statistics of nodes": {"resources": ["nodes/stats"]},
    "settings of nodes": {"resources": ["nodes/configz"]},
    "pods of nodes": {"resources": ["nodes/pods"]},
    "health of nodes": {"resources": ["nodes/healthz"]},
    "evictions": {"resources": ["pods/eviction"]},
    "bindings": {"resources": ["pods/binding"]},
    "sizes": {"resources": ["pods/resize"]},
    "approvals": {"resources": ["certificatesigningrequests/approval"]},
    "the end of namespaces": {"resources": ["namespaces/finalize"]},
    "ephemeral containers": {"resources": ["pods/ephemeralcontainers"]},
    "addresses": {"nonResourceURLs": ["/metrics"]},
    "no verbs": {"verbs": []},
    "no group": {"apiGroups": []},
    "a verb that is no text": {"verbs": [True]},
}


@pytest.mark.parametrize("rule", _RULES.values(), ids=_RULES)
@pytest.mark.parametrize("scope", ["cluster", "namespaced"])
def test_no_rule_gives_more_than_reading_what_is_named(
    chart: Renderer, rule: dict[str, Any], scope: str
) -> None:
    """With the schema and, for whoever skips it, without."""
    whole = {"apiGroups": [""], "resources": ["widgets"], "verbs": ["get"], **rule}
    values = {"rbac": {"scope": scope, "extraRules": [whole]}}
    assert "extraRules" in chart.refusal(values)
    assert "rbac.extraRules[0]" in chart.refusal(values, Release(skips_schema=True))


def test_a_rule_for_reading_a_custom_resource_is_taken(chart: Renderer) -> None:
    rule = {
        "apiGroups": ["cert-manager.io"],
        "resources": ["certificates", "certificates/status", "certificates/scale"],
        "verbs": ["get", "list", "watch"],
    }
    for scope, kind in (("cluster", "ClusterRole"), ("namespaced", "Role")):
        objects = chart.objects({"rbac": {"scope": scope, "extraRules": [rule]}})
        (role,) = [each for each in objects if each["kind"] == kind]
        assert rule in role["rules"]


def test_of_logs_only_those_of_pods_are_taken(chart: Renderer) -> None:
    rule = {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]}
    assert chart.refusal({"rbac": {"extraRules": [rule]}}) == ""
