"""What somebody is told, once and alone, who joins a conversation after it has grown."""

import time
from collections.abc import Callable
from typing import Any

from bot.conversations.records import Conversation, Turn
from bot.conversations.spans import counted, moment, spoken_seconds
from bot.conversations.storage.store import Store
from bot.conversations.turns.closing.brief import verdict_lines
from bot.conversations.turns.closing.facts import KAIA, Facts, people_of
from bot.conversations.turns.closing.gathering import facts_of
from bot.conversations.turns.closing.plain import quoted
from bot.conversations.turns.closing.timeline import decision
from bot.conversations.turns.progress import Progress
from bot.dialogue import Audience, Input

BRIEFED = "briefed"
"""The note that keeps who has been told."""
_GROWN_QUESTIONS = 3
_GROWN_PEOPLE = 3
_MOST_BRIEFED = 200
_HOW_TO_JOIN = (
    "Ask right here, without a mention; `summary` says more, and `show 3` shows command 3."
)


def is_late(said: Input, conversation: Conversation) -> bool:
    """A person who has not spoken in an open conversation before, which has had three questions or
    three people by now. Never an app, a press, or a watch that ended; nobody twice.
    """
    if said.is_machine or said.watch or said.decision is not None or not conversation.is_open:
        return False
    people = people_of(conversation.notes)
    if not people or said.speaker in people or said.speaker in _briefed(conversation):
        return False
    return conversation.questions >= _GROWN_QUESTIONS or len(people) >= _GROWN_PEOPLE


async def brief(
    turn: Turn,
    conversation: Conversation,
    audience: Audience,
    progress: Progress,
    store: Store,
    clock: Callable[[], float] = time.time,
) -> dict[str, Any]:
    """Tells whoever joins late, beside the turn, and returns the note of it; nothing for everybody
    else. Raises StoreError.
    """
    said = turn.said
    if not is_late(said, conversation):
        return {}
    if turn.attempt <= 1:  # an earlier attempt has told it, and cannot have kept that it did
        facts = await facts_of(store, said.thread, conversation, cluster="", now=clock())
        telling = audience.note(brief_for(facts), only_for=said.speaker)
        progress.beside(telling, f"brief for {said.speaker}")
    return {BRIEFED: [*_briefed(conversation), said.speaker][-_MOST_BRIEFED:]}


def brief_for(facts: Facts) -> str:
    """Five lines of Markdown."""
    lines = (_begun(facts), _asked(facts), _found(facts), _done(facts), _open(facts))
    return "\n".join(f"- {line}" for line in lines)


def _begun(facts: Facts) -> str:
    speakers = (exchange.asked.entry.speaker for exchange in facts.exchanges)
    who = facts.name(next((each for each in speakers if each != KAIA), "somebody"))
    ago = spoken_seconds(facts.now - facts.opened)
    asked = counted(facts.questions, "question")
    among = f"{len(facts.people)} people" if len(facts.people) != 1 else "1 person"
    return (
        f"You join a conversation that {who} began at {moment(facts.opened)} ({ago} ago): {asked},"
        f" {among} so far."
    )


def _asked(facts: Facts) -> str:
    answered = [exchange for exchange in facts.exchanges if exchange.answer is not None]
    if not answered:
        return "Asked last: nothing that has been answered."
    last = answered[-1].asked.entry
    return f"Asked last, by {facts.name(last.speaker)}: {quoted(last.text, 120)}"


def _found(facts: Facts) -> str:
    lines = verdict_lines(facts)[:2]
    return (
        f"Found so far: {' '.join(' '.join(lines).split())}" if lines else "Found so far: no cause."
    )


def _done(facts: Facts) -> str:
    refused = sum(receipt.verdict == "refused" for receipt in facts.receipts)
    ran = counted(len(facts.receipts) - refused, "command") + " run"
    no = f", {refused} refused" if refused else ""
    if not facts.changes:
        return f"Done: {ran}{no}, no change made."
    more = len(facts.changes) - 1
    others = f" and {counted(more, 'change')} before it" if more else ""
    return f"Done: {ran}{no}. {decision(facts.changes[-1])}{others}"


def _open(facts: Facts) -> str:
    watched = "; ".join(watch.sentence for watch in facts.watches[:2])
    more = f" and {len(facts.watches) - 2} more" if len(facts.watches) > 2 else ""
    return f"Open: {f'watching {watched}{more}. ' if watched else ''}{_HOW_TO_JOIN}"


def _briefed(conversation: Conversation) -> list[str]:
    return list(conversation.notes.get(BRIEFED) or ())
