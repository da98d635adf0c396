"""The lines below the verdict: the cause, and what to do next; by rule, pure, and no model's."""

from collections.abc import Collection, Sequence

from bot.cluster.findings import Finding
from bot.tools.looking import Look
from bot.tools.verdict import Certainty, Verdict

_CAUSE_CHARACTERS = 300
_COMMAND_CHARACTERS = 300

_CAUSES = {
    Certainty.CONFIRMED: "Cause",
    Certainty.LIKELY: "Likely cause",
    Certainty.INCONCLUSIVE: "What the checks say",
}
_PROPOSED = "somebody who may approve it decides about the change proposed below."
_NO_LOOK = "ask again in a minute; `kaia doctor` says why the cluster cannot be reached."
_MAY_NOT = "give Kaia the rights it lacks; `kaia doctor` prints them."
_NAME_IT = "ask again with the name as `kubectl get` shows it."
_UNPROVEN = "take the cause below as a guess, and ask for the log or event that would show it."


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
    after = _PROPOSED if is_proposed else _next(look, verdict, receipt, ran)
    return tuple(filter(None, (cause, f"**Next:** {after}" if after else "")))


def _cause(verdict: Verdict, receipt: int) -> str:
    if not verdict.findings:
        return ""
    first = verdict.findings[0]
    more = len(verdict.findings) - 1
    others = f" And {more} more, named above or in receipt {receipt}." if more else ""
    label = _CAUSES[verdict.certainty]
    if first.is_possible:
        label = "Possible cause"
    return f"**{label}:** {_line(first.cause)} [{receipt}]{others}"


def _next(look: Look | None, verdict: Verdict, receipt: int, ran: Collection[str]) -> str:
    if look is None:
        return _NO_LOOK
    if look.report is not None and not look.report.could_look:
        return _MAY_NOT
    if look.missing and not look.objects:
        return _NAME_IT
    if verdict.findings:
        return _about(verdict.findings, receipt, ran)
    return _about_health(look, verdict)


def _about(findings: Sequence[Finding], receipt: int, ran: Collection[str]) -> str:
    """The first command that would tell more; those that have run are receipts already."""
    for command in findings[0].next:
        if command not in ran and "`" not in command and len(command) <= _COMMAND_CHARACTERS:
            return f"`{' '.join(command.split())}`"
    return f"`show {receipt}` lists the fields that this rests on."


def _about_health(look: Look, verdict: Verdict) -> str:
    """Only where a cause was asked for, or given; facts need nothing done."""
    if look.report is None or look.report.faults or not verdict.is_about_health:
        return ""
    if verdict.certainty is Certainty.INCONCLUSIVE:
        return _UNPROVEN
    return "nothing to do." if look.report.is_healthy else ""


def _line(text: str) -> str:
    """A cause on one line; a lone backtick in it would make code of what follows."""
    line = " ".join(text.split())
    if len(line) > _CAUSE_CHARACTERS:
        line = f"{line[:_CAUSE_CHARACTERS]}…"
    return line.replace("`", "'") if line.count("`") % 2 else line
