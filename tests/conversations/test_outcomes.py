"""Outcomes and inputs survive being written down."""

import pytest

from bot.conversations.outcomes import (
    input_from_json,
    input_to_json,
    outcome_from_json,
    outcome_to_json,
    receipts_named,
)
from bot.dialogue import Answer, Closed, Failure, Notice, Outcome, Receipt
from tests.doubles.conversation_edges import said

RECEIPT = Receipt(3, "kubectl", "kubectl get pods", "read", None, "NAME", "cut", 1.5, 0.25)


@pytest.mark.parametrize(
    "outcome",
    [
        Answer("It is down.", "prod", (RECEIPT,), "builtin", "The model slept."),
        Notice("Hello … “you”"),
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


def test_an_unknown_outcome_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown outcome"):
        outcome_from_json('{"kind": "poem"}', [])


def test_an_input_is_read_as_it_was_written() -> None:
    message = said("why … “payments”?\n\x00", addressed=False)
    assert input_from_json(input_to_json(message)) == message
