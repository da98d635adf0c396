"""The line every answer begins with, decided by rule from the evidence; pure, and no model's."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.cluster.findings import Finding, Ref, is_confirmed
from bot.cluster.report import Report, ref_words
from bot.cluster.telling import scope_words
from bot.languages import ENGLISH, Phrases
from bot.languages.places import place_in, scope_in
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


@dataclass(frozen=True, slots=True)
class Verdict:
    certainty: Certainty
    words: str
    """One sentence, Markdown."""
    findings: tuple[Finding, ...] = ()
    """Those that the answer is about."""
    is_about_health: bool = False
    """The checks found nothing wrong with what was asked about."""
    say: Phrases = ENGLISH

    @property
    def line(self) -> str:
        say = self.say
        names = {Certainty.CONFIRMED: say.confirmed, Certainty.LIKELY: say.likely}
        return f"**{names.get(self.certainty, say.inconclusive)}** · {self.words}"


@dataclass(frozen=True, slots=True)
class _Shown:
    """Numbers of commands that succeeded and that the answer cites."""

    now: Collection[int]
    earlier: Collection[int]


def judge(
    look: Look | None,
    answer: str,
    *,
    cited: Collection[int],
    ran: Collection[int],
    receipt: int,
    earlier: Collection[int] = (),
    say: Phrases = ENGLISH,
) -> Verdict:
    """`cited`: existing receipts that the answer cites; `ran`: those whose command succeeded,
    `earlier`: the same for another question of this conversation; `receipt`: the number of the
    look itself; `say`: what the verdict is worded in.
    """
    if look is None:
        return Verdict(Certainty.INCONCLUSIVE, say.not_looked, say=say)
    shown = _Shown({*cited} & {*ran}, {*cited} & {*earlier})
    verdict = replace(_judge(look, answer, shown, receipt, say), say=say)
    return _with_unknown(verdict, look, receipt) if look.unknown else verdict


def _judge(look: Look, answer: str, shown: _Shown, receipt: int, say: Phrases) -> Verdict:
    if look.report is None or (look.missing and not look.objects):
        return _about_missing(look, receipt, say)
    if not look.report.could_look:
        where = scope_in(say, scope_words(look.report))
        words = say.may_not_read_pods.format(where=where, number=receipt)
        return Verdict(Certainty.INCONCLUSIVE, words)
    faults = [each for each in relevant(look) if each.severity != "info"]
    if faults and (_asks_why(look, answer) or mentioned(faults, answer)):
        return _about_faults(faults, answer, receipt, say)
    if _asks_why(look, answer):
        return _about_health(look.report, look, answer, receipt, say)
    return _about_what_was_read(look, shown, faults, receipt, say)


def _with_unknown(verdict: Verdict, look: Look, receipt: int) -> Verdict:
    """A word that stands where a name stands: what was meant may not be what was looked at."""
    named = "; ".join(_called(each, receipt, verdict.say) for each in look.unknown[:_NAMED])
    is_sure = verdict.certainty is Certainty.CONFIRMED
    certainty = Certainty.LIKELY if is_sure else verdict.certainty
    return replace(verdict, certainty=certainty, words=f"{named}; {verdict.words}")


def _called(missing: Missing, receipt: int, say: Phrases) -> str:
    form = say.nothing_is_called if missing.kind == "name" else say.none_is_called
    hint = _hint(say.maybe_meant, missing.likely, say)
    return form.format(hint=hint, number=receipt, **_told(missing, say))


def _told(missing: Missing, say: Phrases) -> dict[str, str]:
    where = place_in(say, missing.where)
    return {"kind": missing.kind, "name": missing.name, "where": where}


def _hint(form: str, names: Sequence[str], say: Phrases) -> str:
    return form.format(names=say.either.join(f"`{each}`" for each in names)) if names else ""


def _asks_why(look: Look, answer: str) -> bool:
    """An answer that gives a cause is judged as one, whatever was asked, in whatever language."""
    return look.asked.intent is Intent.WELLNESS or claims_a_cause(answer)


def _about_missing(look: Look, receipt: int, say: Phrases) -> Verdict:
    parts = []
    for each in look.missing[:_NAMED]:
        hint = _hint(say.did_you_mean, each.likely, say)
        parts.append(say.there_is_no.format(hint=hint, number=receipt, **_told(each, say)))
    # What has no kind may be of one that is not looked at: a custom resource, a ConfigMap.
    is_sure = look.report is None or (
        look.report.saw_the_core and all(each.kind != "name" for each in look.missing)
    )
    certainty = Certainty.CONFIRMED if is_sure else Certainty.LIKELY
    return Verdict(certainty, " ".join(parts) or say.nothing_of_that_name)


def _about_faults(faults: Sequence[Finding], answer: str, receipt: int, say: Phrases) -> Verdict:
    meant = mentioned(faults, answer)
    if not meant:
        others = "; ".join(_short(each, receipt, say) for each in faults[:_NAMED])
        words = say.rests_on_no_finding.format(others=others)
        return Verdict(Certainty.INCONCLUSIVE, words, tuple(faults))
    meant.sort(key=_rank)
    surest = min((_certainty(each, answer) for each in meant), key=list(Certainty).index)
    words = "; ".join(_short(each, receipt, say, surest, answer) for each in meant[:_NAMED])
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


def _short(
    finding: Finding,
    receipt: int,
    say: Phrases,
    than: Certainty | None = None,
    answer: str = "",
) -> str:
    """A finding that is less sure than the line says is marked as what it is."""
    own = _certainty(finding, answer)
    less = say.only_likely if own is Certainty.LIKELY else say.only_possible
    mark = "" if than in {None, own} else less
    # Some reasons are words of the object itself, which may write there what it likes.
    reason = finding.reason if _REASON.fullmatch(finding.reason) else say.not_well
    return f"{ref_words(finding.about)}: {reason}{mark} [{receipt}]"


def _about_health(report: Report, look: Look, answer: str, receipt: int, say: Phrases) -> Verdict:
    what = ", ".join(f"`{ref.spoken}`" for ref in look.objects[:_NAMED])
    if restarted := _restarted(look):
        return _about_restarts(restarted, answer, receipt, say)
    where = scope_in(say, scope_words(report))
    form = say.nothing_wrong_with if what else say.healthy
    words = form.format(what=what, where=where, number=receipt)
    if not claims_health(answer, report.findings):
        words = say.checks_found_nothing.format(where=where, number=receipt)
        return Verdict(Certainty.INCONCLUSIVE, words, is_about_health=True)
    certainty = Certainty.CONFIRMED if report.saw_the_core else Certainty.LIKELY
    return Verdict(certainty, words, is_about_health=True)


def _restarted(look: Look) -> dict[Ref, str]:
    """What the question says to have restarted, and did."""
    if Wish.RESTARTS not in look.asked.wishes:
        return {}
    return {ref: state for ref, state in look.states.items() if _RESTARTS.search(state)}


def _about_restarts(
    restarted: Mapping[Ref, str], answer: str, receipt: int, say: Phrases
) -> Verdict:
    told = "; ".join(f"`{ref.spoken}`: {state}" for ref, state in restarted.items())
    # In the words of the state, an end is as read; any other cause is the answer's own.
    own = "\n".join(line for line in answer.splitlines() if not _tells(restarted, line))
    is_own = claims_a_cause(own)
    words = say.has_restarted.format(told=told, number=receipt)
    rest = say.rest_is_hypothesis if is_own else "."
    return Verdict(Certainty.INCONCLUSIVE if is_own else Certainty.CONFIRMED, words + rest)


def _tells(restarted: Mapping[Ref, str], line: str) -> bool:
    ends = (found[1] for state in restarted.values() if (found := _ENDED.search(state)))
    return any(end in line for end in ends)


def _about_what_was_read(
    look: Look, shown: _Shown, faults: Sequence[Finding], receipt: int, say: Phrases
) -> Verdict:
    intent = look.asked.intent
    if Wish.SECRETS in look.asked.wishes and intent is Intent.OTHER:
        return Verdict(Certainty.INCONCLUSIVE, say.never_reads_secrets)
    if intent is Intent.LOGS and not {*shown.now, *shown.earlier} - {receipt}:
        return Verdict(Certainty.INCONCLUSIVE, say.no_log_was_read)
    return _about_facts(shown, faults if intent is Intent.OTHER else (), say)


def _about_facts(shown: _Shown, untold: Sequence[Finding], say: Phrases) -> Verdict:
    """`untold`: faults of what was asked about that the answer passes over."""
    if not shown.now and not shown.earlier:
        return Verdict(Certainty.INCONCLUSIVE, say.cites_nothing)
    numbers = ", ".join(f"[{number}]" for number in sorted(shown.now or shown.earlier))
    if not shown.now:  # true when it was read, and nobody has looked again
        return Verdict(Certainty.LIKELY, say.as_read_earlier.format(numbers=numbers))
    certainty = Certainty.LIKELY if untold else Certainty.CONFIRMED
    return Verdict(certainty, say.as_read.format(numbers=numbers))
