"""A look as JSON and what it claims: healthy only where it could look and found no fault."""

import json

import pytest

from bot.cluster.findings import Ref
from bot.cluster.report import Report, finding_json, ref_words, to_json
from bot.cluster.rules import OTHER_NAMESPACES
from bot.cluster.scene import NotRead
from tests.doubles.looks import CART, CHECKOUT, POD, a_finding, a_report


def test_the_json_has_exactly_these_keys() -> None:
    gap = NotRead("nodes", "forbidden", "- rule\n")
    found = json.loads(json.dumps(to_json(a_report(a_finding(), not_read=[gap]))))

    assert {*found} == {"scope", "healthy", "findings", "not_read", "fine"}
    assert found["scope"] == {"namespaces": ["shop"], "objects": {"pods": 6}}
    assert found["healthy"] is False
    assert found["not_read"] == [{"what": "nodes", "why": "forbidden", "missing_rule": "- rule\n"}]


def test_a_finding_as_json() -> None:
    finding = a_finding(
        since="2026-11-26T20:58:01Z", next=("kubectl get pods",), affects=(CART,), signals=1
    )

    assert finding_json(finding) == {
        "severity": "critical",
        "kind": "Deployment",
        "namespace": "shop",
        "name": "checkout",
        "reason": "OOMKilled",
        "cause": "Container `app` of 3 pods used more than its limit of `64Mi` and was killed.",
        "since": "2026-11-26T20:58:01Z",
        "evidence": [
            {
                "path": f"pod/{POD}:status.containerStatuses[app].lastState.terminated",
                "value": "OOMKilled",
            }
        ],
        "next": ["kubectl get pods"],
        "affects": ["Pod shop/cart"],
        "possible": False,
        "pods": [POD],
    }


@pytest.mark.parametrize(
    ("report", "is_healthy"),
    [
        (a_report(), True),
        (a_report(a_finding(severity="info")), True),
        (a_report(a_finding(severity="warning")), False),
        (a_report(a_finding(is_possible=True)), False),
        (a_report(could_look=False), False),
        (a_report(not_read=[NotRead("nodes", "forbidden")]), True),
        (a_report(not_read=[NotRead("pods/log in shop", "forbidden")]), True),
        (a_report(not_read=[NotRead(OTHER_NAMESPACES, "forbidden")]), False),
        (a_report(not_read=[NotRead("pods in 2 namespaces: a, b", "forbidden")]), False),
    ],
)
def test_what_counts_as_healthy(report: Report, is_healthy: bool) -> None:
    assert report.is_healthy is is_healthy


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("events in shop", False),
        ("pods in shop", False),
        ("namespaces", False),
        ("unwell pods beyond the first 400", False),
        ("nodes", True),
        ("pods/log in shop", True),
        ("pods in 3 namespaces: a, b, c", False),
        ("services of serving.example in shop", True),
    ],
)
def test_what_belongs_to_the_core(what: str, expected: bool) -> None:
    assert a_report(not_read=[NotRead(what, "forbidden")]).saw_the_core is expected


def test_nothing_of_the_core_was_seen_where_pods_were_not() -> None:
    assert not a_report(could_look=False).saw_the_core


@pytest.mark.parametrize(
    ("namespace", "name", "count"),
    [
        ("shop", "checkout", 1),
        ("shop", POD, 1),
        ("shop", "web", 1),
        ("shop", "node-1", 1),
        ("shop", "cart", 0),
        ("bank", "checkout", 0),
        ("bank", POD, 0),
    ],
)
def test_what_a_finding_is_about(namespace: str, name: str, count: int) -> None:
    finding = a_finding(
        affects=(Ref("Service", "shop", "web"),), because_of=(Ref("Node", "", "node-1"),)
    )

    assert len(a_report(finding).about(namespace, name)) == count


def test_an_object_in_words() -> None:
    assert ref_words(CHECKOUT) == "Deployment shop/checkout"
    assert ref_words(Ref("Node", "", "node-1")) == "Node node-1"
