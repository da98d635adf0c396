"""The first look in words, by fixed rules: facts, hypotheses, what was ruled out; pure."""

from collections.abc import Iterator, Mapping, Sequence

from bot.agents.builtin.facts import Facts, Found
from bot.agents.builtin.preface import is_all_there_is, maybe, preface
from bot.agents.builtin.seen import Kind, Seen
from bot.languages import Phrases
from bot.languages.places import place_in, scope_in

_LOG_LINES = 12
_LOG_LINE_CHARS = 300
_DETAILED = 3
_LISTED = 8
_BESIDE = 4
_SHOWN_EVIDENCE = 4
_IN_PART = "looked only at "

Logs = Sequence[tuple[str, Seen]]
"""Commands with what they gave."""


def without_cluster(words: str, say: Phrases) -> str:
    return say.no_cluster_seen.format(words=words).strip()


def word(facts: Facts, number: int, logs: Logs = ()) -> str:
    """Markdown. `number` is the receipt of the look."""
    return "\n".join(_lines(facts, number, logs)).strip()


def _lines(facts: Facts, number: int, logs: Logs) -> Iterator[str]:
    yield from _missing(facts, number)
    yield from preface(facts, number)
    is_told = bool(facts.findings) or not facts.left_out
    if facts.scope and is_told and not is_all_there_is(facts):
        yield from _about(facts, number, logs)
    elif not (facts.missing or is_all_there_is(facts)):
        yield facts.say.too_large.format(number=number)


def _missing(facts: Facts, number: int) -> Iterator[str]:
    say = facts.say
    for each in facts.missing:
        where, hint = place_in(say, each.where), maybe(each, say)
        told = say.there_is_no.format(
            kind=each.kind, name=each.name, where=where, number=number, hint=hint
        )
        yield told[:1].upper() + told[1:]


def _about(facts: Facts, number: int, logs: Logs) -> Iterator[str]:
    if facts.intent == "where" and facts.asked:
        yield from _places(facts, number)
        return
    if facts.missing and not facts.asked:
        yield from _elsewhere(facts, number)
        return
    about = [each for each in facts.findings if _concerns(each, facts.asked)]
    has_log = any(seen.kind is Kind.OK for _, seen in logs)
    is_without = facts.intent == "logs" and bool(logs) and not has_log
    yield facts.say.no_log if is_without else _summary(facts, about, number)
    yield from _states(facts.asked, number)
    yield from _logs(logs, facts.say)
    if facts.intent != "logs" or not has_log:
        yield from _causes(about, number, facts.say)
        others = [each for each in facts.findings if each not in about]
        yield from _beside(others, number, facts.say)
    if facts.left_out:
        more = facts.say.more_findings_shown.format(count=facts.left_out, number=number)
        yield f"\n{more}"


def _elsewhere(facts: Facts, number: int) -> Iterator[str]:
    """What was asked for is not there, so nothing else is said to be its cause."""
    names = ", ".join(each.about for each in facts.findings[:_LISTED] if each.is_fault)
    if names:
        where = scope_in(facts.say, facts.scope)
        yield facts.say.not_well_elsewhere.format(where=where, names=names, number=number)


def _places(facts: Facts, number: int) -> Iterator[str]:
    for ref, state in facts.asked.items():
        kind, _, path = ref.partition(" ")
        place, _, name = path.rpartition("/")
        form = facts.say.is_in_namespace if place else facts.say.is_cluster_wide
        told = f": {state}" if state else ""
        yield form.format(kind=kind, name=name, place=place, number=number, state=told)


def _summary(facts: Facts, about: Sequence[Found], number: int) -> str:
    is_partial = facts.scope.startswith(_IN_PART)
    say, scope = facts.say, scope_in(facts.say, facts.scope)
    if not (facts.is_healthy or facts.findings or facts.left_out or is_partial):
        return say.blind.format(where=scope, number=number, rights=", ".join(facts.gaps))
    names = ", ".join(f"`{ref.partition(' ')[2]}`" for ref in facts.asked)
    faults = [each for each in about if each.is_fault]
    form = _verdict(len(facts.asked), len(faults), say, is_partial=is_partial)
    return form.format(names=names, count=len(faults), where=f"({scope}) [{number}]")


def _verdict(named: int, faults: int, say: Phrases, *, is_partial: bool) -> str:
    if named and faults:
        return say.is_not_well if named == 1 else say.are_not_well
    if named:
        return say.is_well if named == 1 else say.are_well
    if faults:
        return say.one_problem if faults == 1 else say.problems
    return say.nothing_found_in_part if is_partial else say.healthy_nothing_found


def _concerns(finding: Found, asked: Mapping[str, str]) -> bool:
    """Whether it is about what was asked for; everything is where nothing was named."""
    names = {ref.rpartition("/")[2] for ref in asked}
    its_own = {finding.about.rpartition("/")[2], *finding.pods}
    return not asked or bool({*finding.affects} & {*asked} or its_own & names)


def _states(asked: Mapping[str, str], number: int) -> Iterator[str]:
    for ref, state in list(asked.items())[:_LISTED]:
        if state:
            yield f"- {ref}: {state} [{number}]"


def _causes(findings: Sequence[Found], number: int, say: Phrases) -> Iterator[str]:
    """Facts, hypotheses and what is merely worth knowing stay apart."""
    groups = (
        (say.facts, "confirmed"),
        (say.likely_group, "likely"),
        (say.possible_group, "possible"),
    )
    detailed = 0
    for title, certainty in groups:
        group = [each for each in findings if each.is_fault and each.certainty == certainty]
        if group:
            yield f"\n**{title}**"
        for each in group:
            yield from _finding(each, number, say, is_detailed=detailed < _DETAILED)
            detailed += 1
    notes = [each for each in findings if not each.is_fault]
    if notes:
        yield f"\n**{say.worth_knowing}**"
        yield from (_short(each, number) for each in notes[:_LISTED])


def _beside(findings: Sequence[Found], number: int, say: Phrases) -> Iterator[str]:
    faults = [each for each in findings if each.is_fault]
    if faults:
        yield f"\n**{say.also_found}**"
        yield from (f"- {each.about}: {each.reason} [{number}]" for each in faults[:_BESIDE])
    if len(faults) > _BESIDE:
        yield f"- {say.and_so_many_more.format(count=len(faults) - _BESIDE)}"


def _short(finding: Found, number: int) -> str:
    return f"- {finding.about}: {finding.cause} [{number}]"


def _finding(finding: Found, number: int, say: Phrases, *, is_detailed: bool) -> Iterator[str]:
    since = say.since.format(time=finding.since) if finding.since else ""
    yield f"- {finding.about}: {finding.cause}{since} [{number}]"
    if not is_detailed:
        return
    for each in finding.evidence[:_SHOWN_EVIDENCE]:
        yield f"  - `{_code(each)}`"
    if finding.affects:
        yield f"  - {say.also_affected.format(names=', '.join(finding.affects))}"
    if finding.next:
        yield f"  - {say.next_is.format(command=_code(finding.next[0]))}"


def _logs(logs: Logs, say: Phrases) -> Iterator[str]:
    for command, seen in logs:
        if seen.kind is not Kind.OK:
            said = next((line.strip() for line in seen.data.splitlines() if line.strip()), "")
            quoted = f": `{_code(said)[:_LOG_LINE_CHARS]}`" if said else ""
            yield f"- `{_code(command)}`: {seen.words.rstrip('.')}{seen.cited}{quoted}"
            continue
        lines = [line for line in seen.data.splitlines() if line.strip()][-_LOG_LINES:]
        if not lines:
            yield f"- {say.printed_nothing.format(command=_code(command), cited=seen.cited)}"
            continue
        yield f"- {say.last_lines.format(command=_code(command), cited=seen.cited)}"
        yield "```"
        # A fence in a log line would end ours.
        yield from (line[:_LOG_LINE_CHARS].replace("```", "'''") for line in lines)
        yield "```"


def _code(text: str) -> str:
    return " ".join(text.replace("`", "'").split())
