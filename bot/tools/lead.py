"""The lines below the verdict: the cause, and what to do next; by rule, pure, and no model's."""

from collections.abc import Collection

from bot.tools.looking import Look
from bot.tools.verdict import Certainty, Verdict

_CAUSE_CHARACTERS = 300
_COMMAND_CHARACTERS = 300


def lead(
    look: Look | None,
    verdict: Verdict,
    *,
    receipt: int,
    ran: Collection[str],
    is_proposed: bool,
) -> tuple[str, ...]:
    """One or two lines of Markdown, or none where only facts were asked for.

    `receipt` is the look's; `ran` are commands that need not be named again.
    """
    cause = _cause(verdict, receipt)
    say = verdict.say
    after = say.somebody_decides if is_proposed else _next(look, verdict, receipt, ran)
    return tuple(filter(None, (cause, f"**{say.next}:** {after}" if after else "")))


def _cause(verdict: Verdict, receipt: int) -> str:
    if not verdict.findings:
        return ""
    first, say = verdict.findings[0], verdict.say
    more = len(verdict.findings) - 1
    others = say.more_findings.format(count=more, number=receipt) if more else ""
    label = say.possible_cause if first.is_possible else _label(verdict)
    return f"**{label}:** {_line(first.cause)} [{receipt}]{others}"


def _label(verdict: Verdict) -> str:
    match verdict.certainty:
        case Certainty.CONFIRMED:
            return verdict.say.cause
        case Certainty.LIKELY:
            return verdict.say.likely_cause
        case Certainty.INCONCLUSIVE:
            return verdict.say.checks_say


def _next(look: Look | None, verdict: Verdict, receipt: int, ran: Collection[str]) -> str:
    say = verdict.say
    if look is None:
        return say.ask_again_later
    if look.report is not None and not look.report.could_look:
        return say.give_rights
    if look.missing and not look.objects:
        return say.name_it
    if verdict.findings:
        return _about(verdict, receipt, ran)
    return _about_health(look, verdict)


def _about(verdict: Verdict, receipt: int, ran: Collection[str]) -> str:
    """The first command that would tell more; those that have run are receipts already."""
    for command in verdict.findings[0].next:
        if command not in ran and "`" not in command and len(command) <= _COMMAND_CHARACTERS:
            return f"`{' '.join(command.split())}`"
    return verdict.say.show_fields.format(number=receipt)


def _about_health(look: Look, verdict: Verdict) -> str:
    """Only where a cause was asked for, or given; facts need nothing done."""
    if look.report is None or look.report.faults or not verdict.is_about_health:
        return ""
    if verdict.certainty is Certainty.INCONCLUSIVE:
        return verdict.say.take_as_guess
    return verdict.say.nothing_to_do if look.report.is_healthy else ""


def _line(text: str) -> str:
    """A cause on one line; a lone backtick in it would make code of what follows."""
    line = " ".join(text.split())
    if len(line) > _CAUSE_CHARACTERS:
        line = f"{line[:_CAUSE_CHARACTERS]}…"
    return line.replace("`", "'") if line.count("`") % 2 else line
