"""Outcomes and inputs survive being written down."""

import orjson
import pytest

from bot.conversations.storage.outcomes import (
    input_from_json,
    input_to_json,
    outcome_from_json,
    outcome_to_json,
    receipts_named,
)
from bot.dialogue import (
    Answer,
    Attachment,
    Closed,
    Decided,
    Failure,
    Figure,
    Input,
    Notice,
    Outcome,
    Receipt,
)
from tests.doubles.changing import press, proposal
from tests.doubles.conversation_edges import said

RECEIPT = Receipt(3, "kubectl", "kubectl get pods", "read", None, "NAME", "cut", 1.5, 0.25)


@pytest.mark.parametrize(
    "outcome",
    [
        Answer("It is down.", "prod", (RECEIPT,), "builtin", "The model slept."),
        Answer("Down.", "prod", verdict="**LIKELY** · x", remarks=("Checked: “a”.", "Not: b.")),
        Answer("Down [1].", "prod", not_run=(7, 99)),
        Answer("Down.", "prod", proposals=(proposal(), proposal(id="p-2"))),
        Notice("Hello … “you”"),
        Notice("For you alone.", only_for="U1"),
        Notice("Drawn.", figures=(Figure("Pods", "pods", (("pods", (("Running", 2),)),)),)),
        Decided("Done.", proposal(), "1.5", "Approved by Zoe", (RECEIPT,)),
        Notice("Long.", Attachment("receipt-3.txt", "line\n…\n")),
        Notice("Packed.", Attachment("incident.zip", "Otherwise so.", b"PK\x00\xff")),
        Failure("It took too long.", "ab12"),
        Closed("Bye."),
    ],
)
def test_an_outcome_is_read_as_it_was_written(outcome: Outcome) -> None:
    text = outcome_to_json(outcome)
    kept = [RECEIPT] if receipts_named(text) == [3] else []
    assert outcome_from_json(text, kept) == outcome


def test_receipts_are_not_written_twice() -> None:
    assert "kubectl" not in outcome_to_json(Answer("It is down.", "prod", (RECEIPT,)))


def test_what_an_earlier_release_wrote_is_read() -> None:
    answer = '{"kind": "answer", "markdown": "Down.", "cluster": "prod", "receipts": []}'

    assert outcome_from_json(answer, []) == Answer("Down.", "prod")
    assert outcome_from_json('{"kind": "notice", "markdown": "Hi."}', []) == Notice("Hi.")


def test_an_unknown_outcome_says_what_one_can_do() -> None:
    outcome = outcome_from_json('{"kind": "poem", "rhymes": 3}', [])
    assert isinstance(outcome, Failure)
    assert "newer release" in outcome.sentence
    assert "Ask again" in outcome.sentence
    assert len(outcome.reference) == 8


@pytest.mark.parametrize(
    "message",
    [
        said("why … “payments”?\n\x00", addressed=False),
        said("alert", is_machine=True),
        press(groups=("S1",)),
    ],
)
def test_an_input_is_read_as_it_was_written(message: Input) -> None:
    assert input_from_json(input_to_json(message)) == message


def test_what_a_newer_release_wrote_beside_it_is_left_out() -> None:
    """Both run side by side while one replaces the other."""
    message = press()
    kept = orjson.loads(input_to_json(message))
    parts = {name: kept[name] | {"mood": "calm"} for name in ("decision", "thread")}
    newer = kept | {"mood": "calm"} | parts
    assert input_from_json(orjson.dumps(newer).decode()) == message

    notice = '{"kind": "notice", "markdown": "Hi.", "attachment": null, "mood": "calm"}'
    assert outcome_from_json(notice, []) == Notice("Hi.")

    attached = '{"name": "x.txt", "text": "x", "mood": "calm"}'
    notice = f'{{"kind": "notice", "markdown": "Hi.", "attachment": {attached}}}'
    assert outcome_from_json(notice, []) == Notice("Hi.", Attachment("x.txt", "x"))
