"""Pure: the whole of a close-out as a file for a ticket: headings and lists, no tables."""

import re
from collections.abc import Sequence

from bot.conversations.spans import day, moment
from bot.conversations.turns.closing.brief import counts, ended, other_lines, verdict_lines
from bot.conversations.turns.closing.facts import Facts
from bot.conversations.turns.closing.plain import defused, one_line, quoted
from bot.conversations.turns.closing.timeline import decision, timeline, undecided
from bot.conversations.turns.closing.unverified import unverified
from bot.conversations.turns.printed import as_code, how_it_ended
from bot.dialogue import Attachment, Receipt

_SOURCE = (
    "Written by Kaia from what was asked, run and decided; outputs stay in the thread, where"
    " `show 3` shows command 3."
)
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


def ticket(facts: Facts, words: str = "") -> Attachment:
    """`words` are a model's, labelled."""
    place = _UNFIT.sub("-", facts.place.removeprefix("channel ")).strip("-") or "thread"
    return Attachment(f"incident-{day(facts.opened)}-{place}.md", _markdown(facts, words))


def _markdown(facts: Facts, words: str) -> str:
    sections = (
        _section("Cause and verdict", _cause(facts), "No answer was judged."),
        _section("Also found", _items(other_lines(facts)), ""),
        _section("In a model's words", [words] if words else [], ""),
        _section("Timeline (UTC)", timeline(facts), "Nothing was said or run."),
        _section("Commands run", [_command(each) for each in facts.receipts], "None."),
        _section("Changes", _changes(facts), "No change was approved or rejected."),
        _section("Proposed, not decided", _items(_undecided(facts)), ""),
        _section("Not verified", _items(unverified(facts)), "Nothing is known to be left open."),
        _section("Still watched", _items([w.sentence for w in facts.watches]), ""),
        _section("No longer watched", _items(ended(facts)), ""),
        _section("What changed in the cluster", [facts.changed], ""),
    )
    # Logs, people and models have written in it, and a tracker shows it as it comes.
    return defused("\n\n".join((_head(facts), *filter(None, sections)))) + "\n"


def _head(facts: Facts) -> str:
    people = ", ".join(f"{one_line(name)} ({person})" for person, name in facts.people.items())
    lines = [
        f"# Incident of {day(facts.opened)} in {one_line(facts.place)}",
        "",
        f"- Begun: {moment(facts.opened)}",
        f"- Closed: {moment(facts.now)}",
        f"- In numbers: {counts(facts)}",
        *([f"- People: {people}"] if people else []),
        f"- {_SOURCE}",
    ]
    return "\n".join(lines)


def _section(title: str, lines: Sequence[str], otherwise: str) -> str:
    text = "\n".join(filter(None, lines)) or otherwise
    return f"## {title}\n\n{text}" if text else ""


def _cause(facts: Facts) -> list[str]:
    found = facts.decisive
    if found is None:
        return []
    asked = f"Asked by {facts.name(found.by)} at {moment(found.at)}: {quoted(found.question)}"
    return _items([*verdict_lines(facts), asked])


def _command(receipt: Receipt) -> str:
    note = f". {one_line(receipt.note)}" if receipt.note else ""
    at = moment(receipt.started)
    return f"- [{receipt.number}] {at}: {as_code(receipt.command)}: {how_it_ended(receipt)}{note}"


def _changes(facts: Facts) -> list[str]:
    return _items([f"{moment(kept.at)}: {decision(kept)}" for kept in facts.decided])


def _undecided(facts: Facts) -> list[str]:
    return [undecided(kept, facts.now) for kept in facts.undecided]


def _items(lines: Sequence[str]) -> list[str]:
    return [f"- {' '.join(line.split())}" for line in lines]
