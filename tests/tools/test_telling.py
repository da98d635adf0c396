"""What the model is given of a look: whole findings, within its budget, the asked ones first."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cluster.findings import Evidence, Finding, Ref
from bot.cluster.scene import NotRead
from bot.tools.asked import read
from bot.tools.grounding import Missing
from bot.tools.looking import Look
from bot.tools.telling import certainty, command_of, for_model, for_receipt, relevant
from tests.doubles.looks import CART, CHECKOUT, POD, a_finding, a_look, a_report

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
NAMES = st.text("abcxyz-.0189", min_size=1, max_size=253)
REFS = st.builds(Ref, st.sampled_from(["Pod", "Deployment", "Node"]), NAMES, NAMES)
FINDINGS = st.builds(
    Finding,
    reason=st.text("ABCdef", min_size=1, max_size=40),
    severity=st.sampled_from(["critical", "warning", "info"]),
    about=REFS,
    cause=st.one_of(TEXTS, st.just("x" * 5_000)),
    since=st.sampled_from(["", "2026-11-26T20:58:01Z"]),
    evidence=st.lists(st.builds(Evidence, NAMES, TEXTS), max_size=8).map(tuple),
    next=st.lists(TEXTS, max_size=4).map(tuple),
    affects=st.lists(REFS, max_size=8).map(tuple),
    is_possible=st.booleans(),
    pods=st.lists(NAMES, max_size=5).map(tuple),
)
MISSING = st.builds(Missing, st.just("pod"), NAMES, TEXTS, st.lists(NAMES, max_size=3).map(tuple))
GAPS = st.builds(NotRead, TEXTS, st.just("forbidden"), TEXTS)


@st.composite
def looks(draw: st.DrawFn) -> Look:
    found = draw(st.lists(FINDINGS, max_size=20))
    objects = draw(st.lists(REFS, max_size=6, unique=True))
    return a_look(
        "what is wrong?",
        objects=objects,
        states={ref: draw(TEXTS) for ref in objects},
        missing=draw(st.lists(MISSING, max_size=30)),
        report=a_report(*found, not_read=draw(st.lists(GAPS, max_size=10))),
    )


@settings(max_examples=60, deadline=None)
@given(looks(), st.integers(2_000, 40_000))
def test_it_never_exceeds_its_budget_and_is_json(look: Look, budget: int) -> None:
    text = for_model(look, budget)

    found = json.loads(text)
    assert len(text) <= budget
    assert found.get("findings_left_out", 0) + len(found["findings"]) == len(
        look.report.findings if look.report else ()
    )


@settings(max_examples=30, deadline=None)
@given(looks(), st.integers(0, 2_000))
def test_it_never_exceeds_a_budget_too_small_for_anything(look: Look, budget: int) -> None:
    assert len(for_model(look, budget)) <= budget


def test_no_budget_is_exceeded_by_a_single_character() -> None:
    many = [a_finding(f"R{n}", Ref("Pod", "shop", f"p{n}"), cause="x" * 200) for n in range(9)]
    look = a_look("why?", *many)

    lengths = {budget: len(for_model(look, budget)) for budget in range(400, 6_000, 3)}

    assert all(length <= budget for budget, length in lengths.items())


def told(look: Look, budget: int = 20_000) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(for_model(look, budget))
    return found


def test_findings_about_what_was_asked_come_first_and_with_more_evidence() -> None:
    other = a_finding("DiskFull", Ref("Pod", "shop", "db"), pods=())
    asked = a_finding("ProbeFailed", CART, severity="warning", pods=())

    found = told(a_look("is cart well?", other, asked, objects=[CART]))["findings"]

    assert [each["reason"] for each in found] == ["ProbeFailed", "DiskFull"]
    assert [len(each["evidence"]) for each in found] == [2, 1]


def test_the_worst_is_kept_where_not_all_fit() -> None:
    many = [a_finding(f"R{n}", Ref("Pod", "shop", f"p{n}"), cause="x" * 300) for n in range(40)]

    found = told(a_look("why?", *many), 3_000)

    assert found["findings"][0]["reason"] == "R0"
    assert found["findings_left_out"] == 40 - len(found["findings"])
    assert found["healthy"] is False


def test_one_finding_that_is_too_long_is_cut_and_not_dropped() -> None:
    found = told(a_look("why?", a_finding(cause="x" * 9_000), objects=[CHECKOUT]), 2_000)

    assert found["findings"][0]["reason"] == "OOMKilled"
    assert "Deployment shop/checkout" in found["asked_about"]


def test_all_that_it_says() -> None:
    gap = NotRead("nodes", "forbidden", "- apiGroups: …")
    look = a_look(
        "is checkout well?",
        a_finding(affects=(Ref("Service", "shop", "checkout"),), next=("kubectl get pods",)),
        objects=[CHECKOUT],
        states={CHECKOUT: "0 of 3 ready"},
        missing=[Missing("pod", "crat", "in namespace shop", ("shop/cart",))],
    )
    look = Look(
        look.asked, a_report(*relevant(look), not_read=[gap]), look.objects, look.states,
        look.missing,
    )  # fmt: skip

    assert told(look) == {
        "intent": "wellness",
        "scope": "ns=shop, 6 pods",
        "healthy": False,
        "asked_about": {"Deployment shop/checkout": "0 of 3 ready"},
        "not_found": [
            {
                "kind": "pod",
                "name": "crat",
                "where": "in namespace shop",
                "did_you_mean": ["shop/cart"],
            }
        ],
        "fine": ["2 Services"],
        "not_read": [{"what": "nodes", "why": "forbidden"}],
        "findings": [
            {
                "object": "Deployment shop/checkout",
                "severity": "critical",
                "certainty": "confirmed",
                "reason": "OOMKilled",
                "cause": "Container `app` of 3 pods used more than its limit of `64Mi` and was"
                " killed.",
                "evidence": [
                    f"pod/{POD}:status.containerStatuses[app].lastState.terminated = OOMKilled",
                    f"event/{POD}:BackOff = Back-off restarting failed container app",
                ],
                "pods": [POD],
                "affects": ["Service shop/checkout"],
                "next": ["kubectl get pods"],
            }
        ],
    }


def test_what_is_asked_for_beside_what_is_wrong_stands_there() -> None:
    unknown = Missing("name", "pay", "in namespace shop")
    look = replace(
        a_look("what changed? list pods"),
        unknown=(unknown,),
        pods={"Running": 6},
        listed={"Pod": ("cart",)},
    )

    found = told(look)

    assert found["asks_for"] == ["changes"]
    assert (found["pods"], found["names"]) == ({"Running": 6}, {"Pod": ["cart"]})
    assert [each["name"] for each in found["nothing_is_called"]] == ["pay"]
    assert for_receipt(look).startswith("name pay: not found in namespace shop\n")


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (a_finding(), "confirmed"),
        (a_finding(signals=1), "likely"),
        (a_finding(is_possible=True), "possible"),
    ],
)
def test_how_sure_a_finding_is(finding: Finding, expected: str) -> None:
    assert certainty(finding) == expected


def test_a_receipt_has_what_is_missing_and_how_things_are() -> None:
    look = a_look(
        "cart and crat?",
        objects=[CART],
        states={CART: "Running, 1/1 ready"},
        missing=[Missing("pod", "crat", "in namespace shop")],
    )

    assert for_receipt(look).startswith(
        "pod crat: not found in namespace shop\nPod shop/cart: Running, 1/1 ready\nHealthy"
    )


def test_the_command_is_what_a_person_would_type() -> None:
    assert command_of(a_look("why?")) == "kaia triage -n shop"
    assert command_of(Look(read("ns shpo"), None)) == "kaia triage"


def test_everything_is_relevant_where_nothing_was_named() -> None:
    found = (a_finding(), a_finding("DiskFull", CART, pods=()))

    assert relevant(a_look("what is wrong?", *found)) == found
    assert relevant(a_look("cart?", *found, objects=[CART])) == found[1:]
