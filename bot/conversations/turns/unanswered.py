"""What a question leaves that got no answer: it failed, or was stopped. It saves nothing."""

import secrets

import structlog

from bot.conversations.records import POISON, Learnt, Turn
from bot.conversations.seams import Redacts
from bot.conversations.turns.printed import as_code, how_it_ended
from bot.conversations.turns.progress import Progress
from bot.dialogue import Entry, Failure, Notice, Receipt

_log = structlog.get_logger()

NO_CONCLUSION = (
    "No conclusion was drawn from it. `show {number}` shows a command with its output; ask again,"
    " and I begin anew."
)
_DROPPED = "A change that I had prepared was dropped: nothing is proposed."

_LONGER_FOR_A_QUESTION = 4
_LONGER_FOR_A_CHANGE = 10
"""So many times POISON processes may die before nobody hears what became of it."""


def failed(
    turn: Turn, sentence: str, error: Exception | None = None, progress: Progress | None = None
) -> Learnt:
    """Keeps the team's last good state; the transcript gets the question and what became of it."""
    so_far = progress or Progress()
    return Learnt(
        failure(turn, sentence, error),
        "open",
        entries=_entries(turn, sentence),
        receipts=so_far.receipts,
        usage=so_far.usage,
        questions=1,
        calls=so_far.calls,
    )


def failure(turn: Turn, sentence: str, error: Exception | None = None) -> Failure:
    """Logged under the reference that people are told."""
    reference = secrets.token_hex(4)
    _log.error("turn.failed", reference=reference, crashes=turn.crashes, exc_info=error)
    return Failure(sentence, reference)


def stopped(turn: Turn, progress: Progress, redactor: Redacts) -> Learnt:
    """What was found until somebody said stop, told without a model."""
    said = redactor.redact(_found(progress))
    return Learnt(
        Notice(said),
        "open",
        entries=_entries(turn, said),
        receipts=progress.receipts,
        usage=progress.usage,
        questions=1,
        calls=progress.calls,
    )


def _found(progress: Progress) -> str:
    receipts, tools = progress.receipts, progress.tools
    if not receipts:
        return "Stopped before anything was found."
    look = tools.found() if tools is not None else ""
    return "\n\n".join(
        filter(
            None,
            (
                "Found until the stop:",
                f"My first look: {' '.join(look.split())}" if look else "",
                "\n".join(map(_line, receipts)),
                _DROPPED if tools is not None and tools.proposals else "",
                NO_CONCLUSION.format(number=receipts[0].number),
            ),
        )
    )


def _line(receipt: Receipt) -> str:
    return f"- {receipt.number} {as_code(receipt.command)} {how_it_ended(receipt)}"


def _entries(turn: Turn, sentence: str) -> tuple[Entry, ...]:
    return Entry(turn.said.speaker, turn.said.text), Entry("kaia", sentence)


def most_crashes(turn: Turn) -> int:
    """A change that was made and of which nobody hears is worse than a process that dies again;
    a question that ends without a word, because it stood by while processes were killed, too.
    """
    return POISON * (_LONGER_FOR_A_QUESTION if turn.said.decision is None else _LONGER_FOR_A_CHANGE)
