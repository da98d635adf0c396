"""Inputs and outcomes as JSON and back; it touches no table."""

import secrets
from base64 import b64decode, b64encode
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
    Figure,
    Input,
    Notice,
    Outcome,
    Proposal,
    Receipt,
    SharedFile,
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
    kept["mentions"] = tuple(kept.get("mentions", ()))
    kept["files"] = tuple(_made(SharedFile, file) for file in kept.get("files", ()))
    if decision := kept.get("decision"):
        kept["decision"] = _made(Decision, decision | {"groups": tuple(decision["groups"])})
    return _made(Input, kept)


def outcome_to_json(outcome: Outcome | None) -> str:
    """Of receipts only the numbers: they are rows of their own."""
    return sound_json(_fields(outcome)).decode()


def _fields(outcome: Outcome | None) -> dict[str, Any]:
    match outcome:
        case None:
            return {"kind": "nothing"}
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
                "lead": outcome.lead,
                "language": outcome.language,
                "not_run": outcome.not_run,
            }
        case Notice():
            return {"kind": "notice", **_packed(asdict(outcome))}
        case Failure():
            return {"kind": "failure", **asdict(outcome)}
        case Closed():
            return {"kind": "closed", **_packed(asdict(outcome))}
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


def outcome_from_json(text: str, receipts: Sequence[Receipt]) -> Outcome | None:
    """None where nothing is said."""
    kept = orjson.loads(text)
    match kept.pop("kind"):
        case "answer":
            kept["receipts"] = tuple(receipts)
            kept["remarks"] = tuple(kept.get("remarks", ()))
            kept["lead"] = tuple(kept.get("lead", ()))
            kept["not_run"] = tuple(kept.get("not_run", ()))
            kept["proposals"] = tuple(map(proposal_of, kept.get("proposals", ())))
            return _made(Answer, kept)
        case "notice":
            kept["figures"] = tuple(map(_figure, kept.get("figures", ())))
            return _made(Notice, _with_attachment(kept))
        case "failure":
            return _made(Failure, kept)
        case "closed":
            return _made(Closed, _with_attachment(kept))
        case "decided":
            kept["proposal"] = proposal_of(kept["proposal"])
            kept["receipts"] = tuple(receipts)
            return _made(Decided, kept)
        case "nothing":
            return None
        case kind:
            return _unreadable(str(kind))


def _figure(kept: dict[str, Any]) -> Figure:
    series = (
        (name, tuple((label, value) for label, value in data)) for name, data in kept["series"]
    )
    return _made(Figure, kept | {"series": tuple(series)})


def _packed(found: dict[str, Any]) -> dict[str, Any]:
    """JSON knows no bytes."""
    if attached := found["attachment"]:
        attached["content"] = b64encode(attached["content"]).decode()
    return found


def _with_attachment(kept: dict[str, Any]) -> dict[str, Any]:
    attached = kept.get("attachment")
    if not attached:
        return kept | {"attachment": None}
    content = b64decode(attached.get("content", ""))
    return kept | {"attachment": _made(Attachment, attached | {"content": content})}


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
