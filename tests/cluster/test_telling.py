"""A look in plain lines."""

from dataclasses import replace

import pytest

from bot.cluster.findings import Evidence
from bot.cluster.report import Report
from bot.cluster.rules import OTHER_NAMESPACES, forbidden
from bot.cluster.scene import NotRead
from bot.cluster.telling import scope_words, told
from tests.doubles.looks import CART, a_finding, a_report


def test_health_is_one_line_and_what_was_checked() -> None:
    assert told(a_report()) == ("Healthy (ns=shop, 6 pods).\n\nChecked, nothing found: 2 Services.")


def test_a_finding_is_told_with_its_evidence_and_the_next_step() -> None:
    finding = a_finding(
        since="2026-11-26T20:58:01Z",
        affects=(CART,),
        next=("kubectl describe pod x -n shop", "kubectl get events"),
    )

    lines = told(a_report(finding)).splitlines()

    assert lines[0] == "1 finding (ns=shop, 6 pods)."
    assert lines[2:] == [
        "CRITICAL  Deployment shop/checkout (confirmed)",
        f"  {finding.cause}",
        "  since 2026-11-26T20:58:01Z",
        f"  - {finding.evidence[0].path} = OOMKilled",
        f"  - {finding.evidence[1].path} = Back-off restarting failed container app",
        "  affects: Pod shop/cart",
        "  next: kubectl describe pod x -n shop",
        "",
        "Checked, nothing found: 2 Services.",
    ]


@pytest.mark.parametrize(
    ("finding", "line"),
    [
        (a_finding(signals=1), "CRITICAL  Deployment shop/checkout (likely)"),
        (a_finding(is_possible=True), "CRITICAL  Deployment shop/checkout (possible)"),
        (a_finding(severity="warning"), "WARNING  Deployment shop/checkout (confirmed)"),
        (a_finding(severity="info"), "note  Deployment shop/checkout"),
    ],
)
def test_how_sure_it_is_stands_with_it(finding: object, line: str) -> None:
    assert line in told(a_report(finding)).splitlines()  # type: ignore[arg-type]


def test_notes_are_not_counted_as_findings() -> None:
    assert told(a_report(a_finding(severity="info"))).startswith("Healthy (")
    assert told(a_report(a_finding(), a_finding(about=CART))).startswith("2 findings (")


def test_much_evidence_is_not_told_whole() -> None:
    many = tuple(Evidence(f"pod/x:status.f{n}", "v") for n in range(30))

    assert told(a_report(replace(a_finding(), evidence=many))).count("  - pod/x") < 10


def test_what_was_not_read_is_one_line_and_all_that_would_permit_it_one_snippet() -> None:
    gaps = [
        *(forbidden(plural, "shop") for plural in ("events", "pods", "deployments")),
        forbidden("nodes", ""),
        NotRead("ingresses in shop", "failed"),
    ]

    text = told(a_report(not_read=gaps))

    verbs = 'verbs: ["get", "list", "watch"]'
    assert text.partition("\n\nNot read")[2].splitlines() == [
        " (forbidden): nodes; events, pods, deployments in shop.",
        "Not read (failed): ingresses in shop.",
        "In a ClusterRole these rules would permit it:",
        f'- {{apiGroups: [""], resources: ["events", "nodes", "pods"], {verbs}}}',
        f'- {{apiGroups: ["apps"], resources: ["deployments"], {verbs}}}',
    ]


def test_what_is_in_namespaces_alone_needs_no_more_than_a_role() -> None:
    text = told(a_report(not_read=[forbidden("events", "shop")]))

    assert "In a Role these rules would permit it:" in text


@pytest.mark.parametrize(
    ("gap", "scope"),
    [
        (NotRead(OTHER_NAMESPACES, "forbidden"), "looked only at ns=shop, 6 pods"),
        (forbidden("pods", "bank"), "looked only at ns=shop, 6 pods, without pods in bank"),
    ],
)
def test_a_part_is_never_called_healthy(gap: NotRead, scope: str) -> None:
    report = a_report(not_read=[gap])

    assert scope_words(report) == scope
    assert told(report).startswith(f"Nothing found, but not all could be looked at ({scope}).")
    assert told(replace(report, findings=(a_finding(),))).startswith(f"1 finding ({scope}).")


def test_where_nothing_could_be_seen_nothing_is_said_to_be_healthy() -> None:
    text = told(a_report(could_look=False))

    assert text.startswith("Could not look at pods (ns=shop, 6 pods), so nothing can be said")


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (a_report(), "ns=shop, 6 pods"),
        (replace(a_report(), objects={"pods": 1}), "ns=shop, 1 pod"),
        (replace(a_report(), objects={}), "ns=shop, 0 pods"),
        (replace(a_report(), namespaces=("a", "b")), "ns=a, b, 6 pods"),
        (replace(a_report(), namespaces=tuple("abcd")), "4 namespaces, 6 pods"),
        (
            replace(a_report(), namespaces=("a", "b"), is_whole_cluster=True),
            "all 2 namespaces, 6 pods",
        ),
    ],
)
def test_the_scope_in_words(report: Report, expected: str) -> None:
    assert scope_words(report) == expected
