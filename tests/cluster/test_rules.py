"""The RBAC that would permit a read, as it can be pasted into a Role."""

import pytest
import yaml

from bot.cluster.rules import forbidden, forbidden_customs, joined, merged
from bot.cluster.scene import NotRead

READS = ["get", "list", "watch"]


@pytest.mark.parametrize(
    ("plural", "namespace", "what", "group", "verbs"),
    [
        ("pods", "shop", "pods in shop", "", READS),
        ("pods/log", "shop", "pods/log in shop", "", ["get"]),
        ("deployments", "shop", "deployments in shop", "apps", READS),
        ("endpointslices", "shop", "endpointslices in shop", "discovery.k8s.io", READS),
        ("nodes", "", "nodes", "", READS),
    ],
)
def test_a_rule_permits_what_was_forbidden(
    plural: str, namespace: str, what: str, group: str, verbs: list[str]
) -> None:
    gap = forbidden(plural, namespace)

    assert (gap.what, gap.why) == (what, "forbidden")
    [found] = yaml.safe_load(gap.missing_rule)
    assert found == {"apiGroups": [group], "resources": [plural], "verbs": verbs}


def test_custom_resources_of_a_group_are_one_gap() -> None:
    gap = forbidden_customs("tests.example", ["widgets", "presses", "widgets"], "shop")

    assert gap.what == "presses, widgets of tests.example in shop"
    [found] = yaml.safe_load(gap.missing_rule)
    assert found["apiGroups"] == ["tests.example"]
    assert found["resources"] == ["presses", "widgets"]


def test_of_many_custom_resources_some_are_named_and_all_are_in_the_rule() -> None:
    plurals = [f"kind{n}s" for n in range(9)]

    gap = forbidden_customs("tests.example", plurals, "")

    assert gap.what == "kind0s, kind1s, kind2s, kind3s, kind4s, … of tests.example"
    assert yaml.safe_load(gap.missing_rule)[0]["resources"] == plurals


def test_the_same_gap_in_several_namespaces_is_told_once() -> None:
    gaps = [forbidden("pods", place) for place in ("web", "shop", "web")]
    other = NotRead("events in shop", "failed")

    found = merged([*gaps, forbidden("nodes", ""), other])

    assert [each.what for each in found] == [
        "events in shop", "nodes", "pods in 2 namespaces: shop, web",
    ]  # fmt: skip
    assert found[2].missing_rule == gaps[0].missing_rule


def test_all_rules_together_are_one_list_that_permits_the_same() -> None:
    gaps = [forbidden("pods", "shop"), forbidden("nodes", ""), forbidden("pods/log", "shop"),
            forbidden_customs("tests.example", ["widgets", "presses"], "shop"),
            NotRead("events", "failed"), forbidden("pods", "bank")]  # fmt: skip

    rules = yaml.safe_load("\n".join(joined(gaps)))

    assert rules == [
        {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
        {"apiGroups": [""], "resources": ["nodes", "pods"], "verbs": READS},
        {"apiGroups": ["tests.example"], "resources": ["presses", "widgets"], "verbs": READS},
    ]


def test_no_rule_ever_asks_for_secrets_or_for_more_than_reading() -> None:
    text = forbidden("pods", "shop").missing_rule + forbidden("pods/log", "").missing_rule

    assert "secrets" not in text
    assert "*" not in text
