"""The line every answer begins with, decided by rule from the evidence; pure, and no model's."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.report import Report, ref_words
from bot.cluster.telling import scope_words
from bot.tools.asked import Intent, Wish
from bot.tools.grounding import Missing
from bot.tools.looking import Look
from bot.tools.mentions import claims_a_cause, claims_health, mentioned, says_only_the_symptom
from bot.tools.telling import relevant

_NAMED = 3
_RESTARTS = re.compile(r"\b[1-9]\d* restart")
_ENDED = re.compile(r"last ended (\w+)")
_REASON = re.compile(r"[A-Za-z][A-Za-z0-9]{0,79}")


class Certainty(StrEnum):
    CONFIRMED = "CONFIRMED"
    LIKELY = "LIKELY"
    INCONCLUSIVE = "INCONCLUSIVE"


_LESS = {Certainty.LIKELY: "likely", Certainty.INCONCLUSIVE: "possible"}


@dataclass(frozen=True, slots=True)
class Verdict:
    certainty: Certainty
    words: str
    """One sentence, Markdown."""
    findings: tuple[Finding, ...] = ()
    """Those that the answer is about."""
    is_about_health: bool = False
    """The checks found nothing wrong with what was asked about."""

    @property
    def line(self) -> str:
        return f"**{self.certainty}** · {self.words}"


def judge(
    look: Look | None, answer: str, *, cited: Collection[int], ran: Collection[int], receipt: int
) -> Verdict:
    """`cited`: existing receipts that the answer cites; `ran`: those whose command succeeded;
    `receipt`: the number of the look itself.
    """
    if look is None:
        return Verdict(Certainty.INCONCLUSIVE, "the cluster could not be looked at.")
    verdict = _judge(look, answer, {*cited}, {*ran}, receipt)
    return _with_unknown(verdict, look, receipt) if look.unknown else verdict


def _judge(look: Look, answer: str, cited: set[int], ran: set[int], receipt: int) -> Verdict:
    if look.report is None or (look.missing and not look.objects):
        return _about_missing(look, receipt)
    if not look.report.could_look:
        words = f"Kaia may not read pods here ({scope_words(look.report)}) [{receipt}]."
        return Verdict(Certainty.INCONCLUSIVE, words)
    faults = [each for each in relevant(look) if each.severity != "info"]
    if faults and (_asks_why(look, answer) or mentioned(faults, answer)):
        return _about_faults(faults, answer, receipt)
    if _asks_why(look, answer):
        return _about_health(look.report, look, answer, receipt)
    return _about_what_was_read(look, cited & ran, faults, receipt)


def _with_unknown(verdict: Verdict, look: Look, receipt: int) -> Verdict:
    """A word that stands where a name stands: what was meant may not be what was looked at."""
    named = "; ".join(_called(each, receipt) for each in look.unknown[:_NAMED])
    is_sure = verdict.certainty is Certainty.CONFIRMED
    certainty = Certainty.LIKELY if is_sure else verdict.certainty
    return replace(verdict, certainty=certainty, words=f"{named}; {verdict.words}")


def _called(missing: Missing, receipt: int) -> str:
    none = "nothing" if missing.kind == "name" else f"no {missing.kind}"
    hint = f" (did you mean {_either(missing.likely)}?)" if missing.likely else ""
    return f"{none} {missing.where} is called `{missing.name}`{hint} [{receipt}]"


def _asks_why(look: Look, answer: str) -> bool:
    """An answer that gives a cause is judged as one, whatever was asked, in whatever language."""
    return look.asked.intent is Intent.WELLNESS or claims_a_cause(answer)


def _about_missing(look: Look, receipt: int) -> Verdict:
    parts = []
    for each in look.missing[:_NAMED]:
        hint = f" Did you mean {_either(each.likely)}?" if each.likely else ""
        parts.append(f"there is no {each.kind} `{each.name}` {each.where} [{receipt}].{hint}")
    # What has no kind may be of one that is not looked at: a custom resource, a ConfigMap.
    is_sure = look.report is None or (
        look.report.saw_the_core and all(each.kind != "name" for each in look.missing)
    )
    certainty = Certainty.CONFIRMED if is_sure else Certainty.LIKELY
    return Verdict(certainty, " ".join(parts) or "nothing of that name was found.")


def _either(names: Sequence[str]) -> str:
    return " or ".join(f"`{each}`" for each in names)


def _about_faults(faults: Sequence[Finding], answer: str, receipt: int) -> Verdict:
    meant = mentioned(faults, answer)
    if not meant:
        others = "; ".join(_short(each, receipt) for each in faults[:_NAMED])
        words = f"this answer does not rest on what the checks found: {others}."
        return Verdict(Certainty.INCONCLUSIVE, words, tuple(faults))
    meant.sort(key=_rank)
    surest = min((_certainty(each, answer) for each in meant), key=list(Certainty).index)
    words = "; ".join(_short(each, receipt, surest, answer) for each in meant[:_NAMED])
    return Verdict(surest, f"{words}.", tuple(meant))


def _rank(finding: Finding) -> int:
    """The surest first; sorting keeps the order of what weighs the same."""
    return (is_confirmed(finding), not finding.is_possible, True).index(True)


def _certainty(finding: Finding, answer: str) -> Certainty:
    if finding.is_possible:
        return Certainty.INCONCLUSIVE
    if is_confirmed(finding) and not says_only_the_symptom(finding, answer):
        return Certainty.CONFIRMED
    return Certainty.LIKELY


def _short(finding: Finding, receipt: int, than: Certainty | None = None, answer: str = "") -> str:
    """A finding that is less sure than the line says is marked as what it is."""
    own = _certainty(finding, answer)
    mark = "" if than in {None, own} else f", only {_LESS[own]}"
    # Some reasons are words of the object itself, which may write there what it likes.
    reason = finding.reason if _REASON.fullmatch(finding.reason) else "not well"
    return f"{ref_words(finding.about)}: {reason}{mark} [{receipt}]"


def _about_health(report: Report, look: Look, answer: str, receipt: int) -> Verdict:
    what = ", ".join(f"`{ref.spoken}`" for ref in look.objects[:_NAMED])
    if restarted := _restarted(look):
        return _about_restarts(restarted, answer, receipt)
    where = scope_words(report)
    words = (
        f"nothing is wrong with {what} ({where}) [{receipt}]."
        if what
        else (f"healthy: {where}, nothing found [{receipt}].")
    )
    if not claims_health(answer, report.findings):
        words = f"the checks found nothing wrong ({where}) [{receipt}]; the rest is a hypothesis."
        return Verdict(Certainty.INCONCLUSIVE, words, is_about_health=True)
    certainty = Certainty.CONFIRMED if report.saw_the_core else Certainty.LIKELY
    return Verdict(certainty, words, is_about_health=True)


def _restarted(look: Look) -> dict[Ref, str]:
    """What the question says to have restarted, and did."""
    if Wish.RESTARTS not in look.asked.wishes:
        return {}
    return {ref: state for ref, state in look.states.items() if _RESTARTS.search(state)}


def _about_restarts(restarted: Mapping[Ref, str], answer: str, receipt: int) -> Verdict:
    told = "; ".join(f"`{ref.spoken}`: {state}" for ref, state in restarted.items())
    # In the words of the state, an end is as read; any other cause is the answer's own.
    own = "\n".join(line for line in answer.splitlines() if not _tells(restarted, line))
    is_own = claims_a_cause(own)
    words = f"nothing is wrong now, but it has restarted: {told} [{receipt}]"
    rest = "; the rest is a hypothesis." if is_own else "."
    return Verdict(Certainty.INCONCLUSIVE if is_own else Certainty.CONFIRMED, words + rest)


def _tells(restarted: Mapping[Ref, str], line: str) -> bool:
    ends = (found[1] for state in restarted.values() if (found := _ENDED.search(state)))
    return any(end in line for end in ends)


def _about_what_was_read(
    look: Look, shown: Collection[int], faults: Sequence[Finding], receipt: int
) -> Verdict:
    intent = look.asked.intent
    if Wish.SECRETS in look.asked.wishes and intent is Intent.OTHER:
        return Verdict(Certainty.INCONCLUSIVE, "Kaia never reads Secrets.")
    if intent is Intent.LOGS and not {*shown} - {receipt}:
        return Verdict(Certainty.INCONCLUSIVE, "no log was read for this answer.")
    return _about_facts(shown, faults if intent is Intent.OTHER else ())


def _about_facts(shown: Collection[int], untold: Sequence[Finding]) -> Verdict:
    """`untold`: faults of what was asked about that the answer passes over."""
    if not shown:
        return Verdict(Certainty.INCONCLUSIVE, "this answer cites no command that succeeded.")
    numbers = ", ".join(f"[{number}]" for number in sorted(shown))
    certainty = Certainty.LIKELY if untold else Certainty.CONFIRMED
    return Verdict(certainty, f"as read from the cluster {numbers}.")
