"""Which reads are not even tried by a Kaia that is kept to some namespaces."""

from typing import Any

import pytest

from bot.cluster.bounds import Bounds, outside, within

PODS = {"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "pods/log"]}
NODES = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["nodes"]}
ONE = {"verbs": ["list"], "apiGroups": [""], "resources": ["services"], "resourceNames": ["a"]}
WIDGETS = {"verbs": ["list"], "apiGroups": ["tests.example"], "resources": ["*"]}


def bounds(*rules: dict[str, Any]) -> Bounds:
    return Bounds(("shop", "bank"), {"shop": rules, "bank": ()})


@pytest.mark.parametrize(
    ("verb", "plural", "namespace"),
    [("list", "pods", "shop"), ("get", "pods/log", "shop"), ("list", "nodes", "")],
)
def test_what_a_rule_gives_is_tried(verb: str, plural: str, namespace: str) -> None:
    assert bounds(PODS, NODES).permits(verb, plural, namespace)


@pytest.mark.parametrize(
    ("verb", "plural", "namespace"),
    [
        ("list", "pods", "bank"),
        ("list", "pods", "elsewhere"),
        ("list", "pods", ""),
        ("watch", "pods", "shop"),
        ("list", "deployments", "shop"),
        ("list", "services", "shop"),
        ("list", "storageclasses", ""),
    ],
)
def test_what_no_rule_gives_or_is_outside_is_not(verb: str, plural: str, namespace: str) -> None:
    assert not bounds(PODS, NODES, ONE).permits(verb, plural, namespace)


def test_custom_resources_are_known_by_their_group() -> None:
    assert bounds(WIDGETS).permits("list", "widgets", "shop", "tests.example")
    assert not bounds(WIDGETS).permits("list", "widgets", "shop", "other.example")


def test_where_the_cluster_does_not_tell_everything_inside_is_tried() -> None:
    untold = Bounds(("shop",))

    assert untold.permits("list", "pods", "shop")
    assert untold.permits("list", "nodes", "")
    assert not untold.permits("list", "pods", "bank")
    assert not untold.permits("list", "pods", "")


def test_a_namespace_outside_is_said_to_be_so_with_what_can_be_done() -> None:
    said = outside(["bank"], ("shop", "pay"))

    assert said.startswith("bank is outside of the namespaces that Kaia looks into: shop, pay.")
    assert "KAIA_NAMESPACES" in said
    assert "a, b are outside" in outside(["a", "b"], ("shop",))


def test_many_namespaces_are_named_in_part() -> None:
    names = [f"team-{number}" for number in range(9)]

    assert within(names).endswith("team-4 and 4 more)")
