"""Which custom resources there are, and what of them is kept."""

from typing import Any

import pytest

from bot.cluster.customs import Custom, customs_in

WIDGETS = Custom("tests.example", "v1", "widgets", "Widget", is_namespaced=True)


def resource(plural: str, *, scope: str = "Namespaced", verbs: Any = ("get", "list")) -> Any:
    kind = {"kind": plural[:-1].title()}
    return {"resource": plural, "responseKind": kind, "scope": scope, "verbs": list(verbs)}


def group(name: str, **versions: Any) -> Any:
    served = [{"version": version, "resources": found} for version, found in versions.items()]
    return {"metadata": {"name": name}, "versions": served}


def test_what_can_be_listed_is_found_in_the_version_the_group_prefers() -> None:
    found = customs_in(
        {
            "items": [
                group("apps", v1=[resource("deployments")]),
                group(
                    "tests.example",
                    v1=[
                        resource("widgets"),
                        resource("pushes", verbs=["create"]),
                        resource("presses", scope="Cluster"),
                    ],
                    v1beta1=[resource("widgets"), resource("olds")],
                ),
            ]
        }
    )

    assert [(each.plural, each.version, each.is_namespaced) for each in found] == [
        ("widgets", "v1", True),
        ("presses", "v1", False),
        ("olds", "v1beta1", True),
    ]


@pytest.mark.parametrize(
    "discovery",
    [
        {},
        {"items": None},
        {"items": [{}]},
        {"items": [{"metadata": None, "versions": None}]},
        {"items": [{"metadata": {"name": "x.example"}, "versions": [{"resources": [{}]}]}]},
    ],
)
def test_no_odd_discovery_breaks_it(discovery: dict[str, Any]) -> None:
    assert customs_in(discovery) == []


@pytest.mark.parametrize(
    ("custom", "namespace", "path"),
    [
        (WIDGETS, "shop", "/apis/tests.example/v1/namespaces/shop/widgets"),
        (WIDGETS, "", "/apis/tests.example/v1/widgets"),
        (
            Custom("tests.example", "v1", "presses", "Press", is_namespaced=False),
            "shop",
            "/apis/tests.example/v1/presses",
        ),
    ],
)
def test_where_they_are_served(custom: Custom, namespace: str, path: str) -> None:
    assert custom.path(namespace) == path


@pytest.mark.parametrize(
    ("plural", "has_spec"),
    [("widgets", True), ("sealedsecrets", False), ("externalsecrets", False), ("tokens", False)],
)
def test_of_what_may_hold_a_secret_the_spec_is_dropped(plural: str, has_spec: bool) -> None:
    custom = Custom("tests.example", "v1", plural, "X", is_namespaced=True)
    item = {"metadata": {"name": "a"}, "spec": {"x": 1}, "data": {"y": 2}, "status": {}}

    kept = custom.kept(item)

    assert ("spec" in kept, "data" in kept) == (has_spec, has_spec)
    assert (kept["kind"], kept["apiVersion"]) == ("X", "tests.example/v1")
    assert kept["metadata"] == {"name": "a"}
