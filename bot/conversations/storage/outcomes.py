"""Inputs and outcomes as JSON and back; it touches no table."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, TypeVar, assert_never

import orjson
import structlog

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

T = TypeVar("T")

_FROM_A_NEWER_RELEASE = (
    "What came of this was kept by a newer release of mine, in a form that this one cannot show."
    " Nothing was done again. Ask again, or wait until only the newer release runs."
)

_log = structlog.get_logger()


def input_to_json(said: Input) -> str:
    return orjson.dumps(said).decode()


def input_from_json(text: str) -> Input:
    kept = orjson.loads(text)
    kept["thread"] = _made(Thread, kept["thread"])
    if decision := kept.get("decision"):
        kept["decision"] = _made(Decision, decision | {"groups": tuple(decision["groups"])})
    return _made(Input, kept)


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
    kept = orjson.loads(text)
    match kept.pop("kind"):
        case "answer":
            kept["receipts"] = tuple(receipts)
            kept["remarks"] = tuple(kept.get("remarks", ()))
            kept["proposals"] = tuple(map(proposal_of, kept.get("proposals", ())))
            return _made(Answer, kept)
        case "notice":
            attached = kept.get("attachment")
            kept["attachment"] = _made(Attachment, attached) if attached else None
            return _made(Notice, kept)
        case "failure":
            return _made(Failure, kept)
        case "closed":
            return _made(Closed, kept)
        case "decided":
            kept["proposal"] = proposal_of(kept["proposal"])
            kept["receipts"] = tuple(receipts)
            return _made(Decided, kept)
        case kind:
            return _unreadable(str(kind))


def _unreadable(kind: str) -> Failure:
    reference = secrets.token_hex(4)
    _log.error("outcome.unreadable", kind=kind, reference=reference)
    return Failure(_FROM_A_NEWER_RELEASE, reference)


def proposal_of(kept: dict[str, Any]) -> Proposal:
    return _made(Proposal, kept | {"argv": tuple(kept["argv"])})


def _made(kind: type[T], kept: dict[str, Any]) -> T:
    """What a newer release wrote beside what is known here is left out: both run side by side
    while one replaces the other.
    """
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in kept.items() if name in known})
