"""What the built-in answer says before how things are."""

import json

import pytest

from bot.agents.builtin.facts import parse
from bot.agents.builtin.seen import Kind, Seen
from bot.agents.builtin.wording import word
from tests.agents.looks import Json, facts, finding

LOGS = "kubectl logs deployment/web -n shop --tail=30"
WEB = {"Deployment shop/web": "1 of 1 ready"}
UNKNOWN = {"kind": "name", "name": "payments", "where": "in namespace shop", "did_you_mean": []}


def worded(found: Json, *logs: tuple[str, Seen]) -> str:
    parsed = parse(json.dumps(found))
    assert parsed is not None
    return word(parsed, 1, logs)


def test_a_name_that_nothing_has_stands_first_and_findings_stay() -> None:
    said = worded(facts(finding(), nothing_is_called=[UNKNOWN]))

    assert said.startswith("Nothing in namespace shop is called `payments` [1].\n**1 problem**")
    assert "64Mi" in said


def test_a_kind_and_a_near_name_stand_with_it() -> None:
    near = {**UNKNOWN, "kind": "service", "did_you_mean": ["shop/payment"]}

    said = worded(facts(nothing_is_called=[near]))

    assert said.startswith(
        "No service in namespace shop is called `payments` [1]. Did you mean `shop/payment`?"
    )


@pytest.mark.parametrize("intent", ["wellness", "logs"])
def test_counts_are_told_to_nobody_who_asks_what_is_wrong(intent: str) -> None:
    said = worded(facts(intent=intent, pods={"Running": 2}, names={"Pod": ["a", "b"]}))

    assert "2 Running" not in said


def test_a_secret_and_a_question_are_both_answered() -> None:
    said = worded(facts(finding(), asks_for=["secrets"]))

    assert said.startswith("I never read Secrets, so I can show none.\n**1 problem**")


def test_a_log_that_is_not_there_is_told_in_kubectls_own_words_and_nothing_is_called_well() -> None:
    words = "Error from server (BadRequest): container `app` is waiting to start"
    seen = Seen(Kind.FAILED, 2, "exit 1, not available, 2 lines", f"\n{words}\n")

    said = worded(facts(intent="logs", asked_about=WEB), (LOGS, seen))

    assert said.startswith("The log could not be read.\n- Deployment shop/web: 1 of 1 ready [1]")
    assert "exit 1, not available, 2 lines [2]: `Error from server (BadRequest): container" in said
    assert "well" not in said


def test_a_log_that_is_not_there_leaves_the_findings() -> None:
    seen = Seen(Kind.FORBIDDEN, 2, "exit 1, forbidden by RBAC")

    assert "64Mi" in worded(
        facts(finding("Deployment shop/web"), intent="logs", asked_about=WEB), (LOGS, seen)
    )
