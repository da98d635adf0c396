"""What a question leaves that got no answer: it failed, or was stopped. It saves nothing."""

import secrets

import structlog

from bot.conversations.records import POISON, Learnt, Turn
from bot.conversations.seams import Redacts
from bot.conversations.turns.printed import as_code, how_it_ended
from bot.conversations.turns.progress import Progress
from bot.dialogue import Entry, Failure, Notice, Receipt
from bot.languages import ENGLISH, Phrases

_log = structlog.get_logger()

_LONGER_FOR_A_QUESTION = 4
_LONGER_FOR_A_CHANGE = 10
"""So many times POISON processes may die before nobody hears what became of it."""


def failed(
    turn: Turn, sentence: str, error: Exception | None = None, progress: Progress | None = None
) -> Learnt:
    """Keeps the team's last good state; the transcript gets the question and what became of it."""
    so_far = progress or Progress()
    return Learnt(
        failure(turn, sentence, error, so_far.say),
        "open",
        entries=_entries(turn, sentence),
        receipts=so_far.receipts,
        usage=so_far.usage,
        questions=1,
        calls=so_far.calls,
    )


def failure(
    turn: Turn, sentence: str, error: Exception | None = None, say: Phrases = ENGLISH
) -> Failure:
    """Logged under the reference that people are told."""
    reference = secrets.token_hex(4)
    _log.error("turn.failed", reference=reference, crashes=turn.crashes, exc_info=error)
    return Failure(sentence, reference, say.code)


def stopped(
    turn: Turn, progress: Progress, redactor: Redacts, *, is_replaced: bool = False
) -> Learnt:
    """What was found until somebody said stop, or asked something else instead (`is_replaced`);
    told without a model.
    """
    said = redactor.redact(_found(progress, is_replaced=is_replaced))
    return Learnt(
        Notice(said),
        "open",
        entries=_entries(turn, said),
        receipts=progress.receipts,
        usage=progress.usage,
        questions=1,
        calls=progress.calls,
    )


def _found(progress: Progress, *, is_replaced: bool) -> str:
    receipts, tools, say = progress.receipts, progress.tools, progress.say
    if not receipts:
        return say.stopped_early
    look = tools.found() if tools is not None else ""
    end = say.no_conclusion_instead if is_replaced else say.no_conclusion
    return "\n\n".join(
        filter(
            None,
            (
                say.found_until_instead if is_replaced else say.found_until_stop,
                say.first_look.format(found=" ".join(look.split())) if look else "",
                "\n".join(map(_line, receipts)),
                say.dropped if tools is not None and tools.proposals else "",
                end.format(number=receipts[0].number),
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
