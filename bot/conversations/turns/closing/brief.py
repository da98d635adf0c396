"""Pure: what a conversation has come to in about fifteen lines, for its thread."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.conversations.spans import counted, moment, span
from bot.conversations.turns.closing.facts import Facts, Finding
from bot.conversations.turns.closing.timeline import decision, undecided
from bot.conversations.turns.closing.unverified import unverified

_NAMED = 3
"""Lines under each heading; the rest is counted."""
_OVER = "**Last answer about it**, at {at}: {verdict}"
_COMPARED = " Compared: "
"""What was compared is for the ticket."""


def short(facts: Facts, words: str = "") -> str:
    """Everything below the first line, which is its teller's; `words` are a model's, labelled."""
    parts = (
        "\n".join(verdict_lines(facts)),
        _listed("Also found", other_lines(facts)),
        _listed("Changes", [decision(kept) for kept in facts.decided]),
        _listed("Proposed, not decided", [undecided(each, facts.now) for each in facts.undecided]),
        _listed("Not verified", unverified(facts)),
        _listed("Still watched", [watch.sentence for watch in facts.watches]),
        _listed("No longer watched", ended(facts)),
        _changed(facts.changed),
        words,
    )
    return "\n\n".join(filter(None, parts))


def counts(facts: Facts) -> str:
    """What was asked and run, by whom it was approved, where and how long."""
    run = sum(receipt.verdict == "read" for receipt in facts.receipts)
    refused = sum(receipt.verdict == "refused" for receipt in facts.receipts)
    ran = counted(run, "read-only command") + " run"
    no = f", {refused} refused" if refused else ""
    where = f" on `{facts.cluster}`" if facts.cluster else ""
    asked = counted(facts.questions, "question")
    return f"{asked}, {ran}{no}{approved(facts)}{where}, {span(facts.opened, facts.now)}"


def approved(facts: Facts) -> str:
    by = Counter(kept.by for kept in facts.changes)
    if not by:
        return ""
    changes = counted(by.total(), "change")
    if len(by) == 1:
        return f", {changes} approved by {next(iter(by))}"
    each = ", ".join(f"{who}: {number}" for who, number in by.items())
    return f", {changes} approved ({each})"


def ended(facts: Facts) -> Sequence[str]:
    """Of the watches; how each ended its thread was told."""
    return [f"{each.watch.sentence}: ended {moment(each.at)}" for each in facts.ended]


def verdict_lines(facts: Facts) -> Sequence[str]:
    """The verdict, whether it is over, the cause, what to do next; nothing where no answer was
    judged.
    """
    found = facts.decisive
    if found is None:
        return []
    return [line for line in (found.verdict, _over(facts, found), *found.lead) if line.strip()]


def other_lines(facts: Facts) -> Sequence[str]:
    return [f"{found.verdict} {_over(facts, found)}".rstrip() for found in facts.others]


def _over(facts: Facts, cause: Finding) -> str:
    later = facts.recovered(cause)
    return _OVER.format(at=moment(later.at), verdict=later.verdict) if later else ""


def _listed(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return f"**{title}**\n" + "\n".join(f"- {line}" for line in _bounded(lines))


def _bounded(lines: Sequence[str]) -> Iterable[str]:
    if len(lines) <= _NAMED + 1:
        return lines
    return [*lines[:_NAMED], f"and {len(lines) - _NAMED} more"]


def _changed(markdown: str) -> str:
    """The most important lines of a long comparison; a short one as it is."""
    lines = [line for line in markdown.splitlines() if line.strip()]
    objects = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
    if not objects:
        return lines[0].partition(_COMPARED)[0] if lines else ""
    return _listed(lines[0].rstrip(":"), objects)
