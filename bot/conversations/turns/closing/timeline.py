"""Pure: what happened in a conversation, in order, with times in UTC."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from bot.conversations.records import Fate
from bot.conversations.spans import moment
from bot.conversations.storage.proposals import Kept
from bot.conversations.turns.closing.facts import Exchange, Facts
from bot.conversations.turns.closing.plain import one_line, quoted
from bot.conversations.turns.printed import as_code

_MOST = 200
FATES: dict[Fate, str] = {
    "open": "not decided",
    "running": "begun, and its end is not known",
    "done": "made",
    "failed": "failed",
    "unknown": "begun, and its end is not known",
    "rejected": "not made",
    "expired": "expired, not made",
    "void": "void, not made",
}


class _Event(NamedTuple):
    at: float
    text: str
    command: int = 0
    """The number of a command that was run or refused; others have none."""


def timeline(facts: Facts) -> list[str]:
    """Lines of Markdown, the newest last; of a very long one the beginning is left out."""
    events = sorted(_events(facts), key=lambda event: event.at)
    lines = [f"- {moment(event.at)} · {event.text}" for event in _grouped(events)]
    if len(lines) <= _MOST:
        return lines
    return [f"- {len(lines) - _MOST} earlier lines are left out.", *lines[-_MOST:]]


def _events(facts: Facts) -> Iterator[_Event]:
    for exchange in facts.exchanges:
        yield from _of_exchange(exchange, facts)
    for receipt in facts.receipts:
        yield _Event(receipt.started, "", receipt.number)
    for kept in facts.decided:
        yield _Event(kept.at, decision(kept))
    for watch in facts.watches:
        who = facts.name(watch.said.speaker)
        yield _Event(watch.created, f"{who} asked to be told of {one_line(watch.sentence)}")


def _of_exchange(exchange: Exchange, facts: Facts) -> Iterator[_Event]:
    asked, answer, finding = exchange.asked, exchange.answer, exchange.finding
    verb = "asked" if answer is not None else "said"
    who = facts.name(asked.entry.speaker)
    yield _Event(finding.at if finding else asked.kept, f"{who} {verb} {quoted(asked.entry.text)}")
    if answer is not None:
        told = finding.verdict if finding and finding.verdict else quoted(answer.entry.text)
        yield _Event(answer.kept, f"Kaia answered: {' '.join(told.split())}")


def _grouped(events: Iterable[_Event]) -> Iterator[_Event]:
    """Commands in a row are one line: they are listed elsewhere."""
    for is_command, some in groupby(events, key=lambda event: event.command > 0):
        if not is_command:
            yield from some
            continue
        row = list(some)
        first, last = row[0], row[-1]
        which = f"command {first.command}" if len(row) == 1 else f"commands {_numbers(row)}"
        ended = f", until {moment(last.at)[11:]}" if last.at - first.at >= 1 else ""
        yield first._replace(text=f"Kaia: {which}{ended}")


def _numbers(row: list[_Event]) -> str:
    numbers = sorted(event.command for event in row)
    return f"{numbers[0]} to {numbers[-1]}"


def undecided(kept: Kept, now: float) -> str:
    """The same of what nobody has decided."""
    until, command = kept.proposal.expires, as_code(kept.proposal.command)
    when = "it can be until" if until > now else "its time was over at"
    return f"{command}: not decided; {when} {moment(until)}"


def decision(kept: Kept) -> str:
    """One line of Markdown, without its time."""
    command, fate = as_code(kept.proposal.command), FATES[kept.fate]
    if not kept.by:
        return f"{command}: {fate}"
    verb = "rejected" if kept.fate == "rejected" else "approved"
    return f"{one_line(kept.by)} {verb} {command}: {fate}"
