"""Pure: what is said and learnt as table rows, and rows as what was said and learnt."""

from typing import Any

from bot.conversations.records import Call, Learnt, Turn
from bot.conversations.storage.tables import SCHEMA_VERSION, conversations
from bot.dialogue import Entry, Receipt, Thread, Usage


def fresh_conversation(thread: Thread, now: float) -> dict[str, Any]:
    counters = dict.fromkeys(
        ("turns", "questions", "model_calls", "prompt_tokens", "completion_tokens"), 0
    )
    return {
        "thread": thread.id,
        "channel": thread.channel,
        "status": "open",
        "schema_version": SCHEMA_VERSION,
        "next_receipt": 1,
        "created": now,
        "opened": now,
        "updated": now,
        **counters,
    }


def changes_of(learnt: Learnt, now: float) -> dict[str, Any]:
    has = conversations.c
    changes = {
        "status": learnt.becomes,
        "turns": has.turns + 1,
        "questions": has.questions + learnt.questions,
        "model_calls": has.model_calls + learnt.usage.model_calls,
        "prompt_tokens": has.prompt_tokens + learnt.usage.prompt_tokens,
        "completion_tokens": has.completion_tokens + learnt.usage.completion_tokens,
        "updated": now,
    }
    if learnt.state is not None:
        changes |= {"state": learnt.state, "schema_version": SCHEMA_VERSION}
    if learnt.receipts:
        changes["next_receipt"] = max(receipt.number for receipt in learnt.receipts) + 1
    return changes


def row_of_entry(turn: Turn, entry: Entry, now: float) -> dict[str, Any]:
    return {
        "thread": turn.said.thread.id,
        "turn": turn.seq,
        "speaker": entry.speaker,
        "text": entry.text,
        "tool": entry.tool or None,
        "arguments": dict(entry.arguments) or None,
        "output": entry.output,
        "model_calls": entry.usage.model_calls,
        "prompt_tokens": entry.usage.prompt_tokens,
        "completion_tokens": entry.usage.completion_tokens,
        "kept": now,
    }


def row_of_call(turn: Turn, call: Call, now: float) -> dict[str, Any]:
    return {
        "thread": turn.said.thread.id,
        "turn": turn.seq,
        "said": turn.said.id,
        "label": call.label,
        "digest": call.digest,
        "prompt_digest": call.prompt_digest,
        "recipe": dict(call.recipe),
        "kept": now,
    }


def entry_of(row: Any) -> Entry:
    return Entry(
        speaker=row.speaker,
        text=row.text or "",
        tool=row.tool or "",
        arguments=row.arguments or {},
        output=row.output or "",
        usage=Usage(row.model_calls, row.prompt_tokens, row.completion_tokens),
    )


def row_of_receipt(turn: Turn, receipt: Receipt) -> dict[str, Any]:
    fields = (
        "number", "tool", "command", "verdict", "exit_code", "output", "note", "started", "seconds",
        "bytes", "redactions",
    )  # fmt: skip
    return {
        "thread": turn.said.thread.id,
        "turn": turn.seq,
        **{field: getattr(receipt, field) for field in fields},
    }


def receipt_of(row: Any) -> Receipt:
    return Receipt(
        number=row.number,
        tool=row.tool,
        command=row.command,
        verdict=row.verdict,
        exit_code=row.exit_code,
        output=row.output or "",
        note=row.note,
        started=row.started,
        seconds=row.seconds,
        bytes=row.bytes,
        redactions=row.redactions,
    )
