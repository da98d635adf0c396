"""Inputs and outcomes as JSON and back; it touches no table."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, assert_never

import orjson

from bot.conversations.sound import sound_json
from bot.dialogue import (
    Answer,
    Attachment,
    Closed,
    Failure,
    Input,
    Notice,
    Outcome,
    Receipt,
    Thread,
)


def input_to_json(said: Input) -> str:
    return orjson.dumps(said).decode()


def input_from_json(text: str) -> Input:
    fields = orjson.loads(text)
    return Input(**(fields | {"thread": Thread(**fields["thread"])}))


def outcome_to_json(outcome: Outcome) -> str:
    """Of receipts only the numbers: they are rows of their own."""
    return sound_json(_fields(outcome)).decode()


def _fields(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Answer():
            return {
                "kind": "answer",
                "markdown": outcome.markdown,
                "cluster": outcome.cluster,
                "receipts": [receipt.number for receipt in outcome.receipts],
                "source": outcome.source,
                "caveat": outcome.caveat,
                "verdict": outcome.verdict,
                "remarks": outcome.remarks,
            }
        case Notice():
            kept = outcome.attachment and asdict(outcome.attachment)
            return {"kind": "notice", "markdown": outcome.markdown, "attachment": kept}
        case Failure():
            sentence, reference = outcome.sentence, outcome.reference
            return {"kind": "failure", "sentence": sentence, "reference": reference}
        case Closed():
            return {"kind": "closed", "markdown": outcome.markdown}
        case _:
            assert_never(outcome)


def receipts_named(text: str) -> list[int]:
    """Numbers of the receipts that an outcome's JSON speaks of."""
    numbers: list[int] = orjson.loads(text).get("receipts", [])
    return numbers


def outcome_from_json(text: str, receipts: Sequence[Receipt]) -> Outcome:
    fields = orjson.loads(text)
    match fields.pop("kind"):
        case "answer":
            remarks = tuple(fields.get("remarks", ()))
            return Answer(**(fields | {"receipts": tuple(receipts), "remarks": remarks}))
        case "notice":
            attached = fields.get("attachment")
            return Notice(fields["markdown"], Attachment(**attached) if attached else None)
        case "failure":
            return Failure(**fields)
        case "closed":
            return Closed(**fields)
        case kind:
            raise ValueError(f"unknown outcome: {kind}")
