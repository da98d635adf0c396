"""Pure: what a conversation leaves unsure: weak verdicts, commands that told nothing, lost ends."""

from collections.abc import Iterator

from bot.conversations.turns.closing.facts import Facts
from bot.conversations.turns.closing.plain import one_line, quoted
from bot.conversations.turns.printed import as_code
from bot.dialogue import Receipt

_UNSURE = ("LIKELY", "INCONCLUSIVE")
_LOST = ("running", "unknown")
_FORBIDDEN = "(Forbidden)"
_RIGHTS = " auth can-i "


def unverified(facts: Facts) -> list[str]:
    """Lines of Markdown, what weighs most first; each once."""
    return list(dict.fromkeys(_all(facts)))


def _all(facts: Facts) -> Iterator[str]:
    for kept in facts.decided:
        if kept.fate in _LOST:
            yield f"{as_code(kept.proposal.command)} was begun; whether it was made is not known."
    for finding in facts.findings:
        if finding.certainty in _UNSURE:
            yield f"{quoted(finding.question, 80)}: {' '.join(finding.verdict.split())}"
    for finding in facts.findings:
        yield from map(one_line, finding.unchecked)
    for receipt in facts.receipts:
        if why := _untold(receipt):
            yield f"command {receipt.number}, {as_code(receipt.command)}: {why}"


def _untold(receipt: Receipt) -> str:
    """Why a look told nothing, or nothing where it did."""
    if receipt.verdict == "refused":
        return f"refused, not run. {one_line(receipt.note)}".rstrip()
    if receipt.verdict != "read" or receipt.exit_code == 0:
        return ""
    if receipt.exit_code == 1 and _is_an_answer(receipt):
        return ""
    if receipt.exit_code is None:
        return f"ended before its own end. {one_line(receipt.note)}".rstrip()
    if _FORBIDDEN in receipt.output:
        return "the cluster does not allow Kaia to read this."
    return f"failed, exit {receipt.exit_code}."


def _is_an_answer(receipt: Receipt) -> bool:
    """A look that found trouble ends so, and a question about rights that is answered with no."""
    if receipt.tool == "triage":
        return True
    is_about_rights = _RIGHTS in receipt.command.split(" -- ")[0]
    return is_about_rights and receipt.output.split()[:1] in (["no"], ["yes"])
