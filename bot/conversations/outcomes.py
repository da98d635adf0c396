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
    Decided,
    Decision,
    Failure,
    Input,
    Notice,
    Outcome,
    Proposal,
    Receipt,
    Thread,
)


def input_to_json(said: Input) -> str:
    return orjson.dumps(said).decode()


def input_from_json(text: str) -> Input:
    fields = orjson.loads(text)
    decision = fields.get("decision")
    return Input(
        **fields
        | {
            "thread": Thread(**fields["thread"]),
            "decision": decision and Decision(**decision | {"groups": tuple(decision["groups"])}),
        }
    )


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
                "proposals": [asdict(proposal) for proposal in outcome.proposals],
            }
        case Notice():
            kept = outcome.attachment and asdict(outcome.attachment)
            return {
                "kind": "notice",
                "markdown": outcome.markdown,
                "attachment": kept,
                "only_for": outcome.only_for,
            }
        case Failure():
            sentence, reference = outcome.sentence, outcome.reference
            return {"kind": "failure", "sentence": sentence, "reference": reference}
        case Closed():
            return {"kind": "closed", "markdown": outcome.markdown}
        case Decided():
            return {
                "kind": "decided",
                "markdown": outcome.markdown,
                "proposal": asdict(outcome.proposal),
                "message_ts": outcome.message_ts,
                "verdict": outcome.verdict,
                "receipts": [receipt.number for receipt in outcome.receipts],
            }
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
            again = {
                "receipts": tuple(receipts),
                "remarks": tuple(fields.get("remarks", ())),
                "proposals": tuple(map(_proposal, fields.get("proposals", ()))),
            }
            return Answer(**(fields | again))
        case "notice":
            attached = fields.get("attachment")
            file = Attachment(**attached) if attached else None
            return Notice(fields["markdown"], file, fields.get("only_for", ""))
        case "failure":
            return Failure(**fields)
        case "closed":
            return Closed(**fields)
        case "decided":
            proposal = _proposal(fields["proposal"])
            return Decided(**(fields | {"proposal": proposal, "receipts": tuple(receipts)}))
        case kind:
            raise ValueError(f"unknown outcome: {kind}")


def _proposal(fields: dict[str, Any]) -> Proposal:
    return Proposal(**(fields | {"argv": tuple(fields["argv"])}))
