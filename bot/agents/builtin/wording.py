"""The first look in words, by fixed rules: facts, hypotheses, what was ruled out; pure."""

from collections.abc import Iterator, Mapping, Sequence

from bot.agents.builtin.facts import Facts, Found
from bot.agents.builtin.preface import is_all_there_is, preface
from bot.agents.builtin.seen import Kind, Seen

_LOG_LINES = 12
_LOG_LINE_CHARS = 300
_DETAILED = 3
_LISTED = 8
_BESIDE = 4
_SHOWN_EVIDENCE = 4
_CLOSER = "_These words come from fixed rules, not from a model._"
_NO_CLUSTER = "I cannot see a cluster, so I can say nothing about it. {words}"
_BLIND = (
    "I may not read pods ({where}), so I cannot say what runs there and how it is [{n}]. They may"
    " exist, and be well or not. {rights}"
)
_IN_PART = "looked only at "
_TOO_LARGE = "The look was too large to be told here: `show {n}` has all of it [{n}]."

_NO_LOG = "The log could not be read."

Logs = Sequence[tuple[str, Seen]]
"""Commands with what they gave."""


def without_cluster(words: str) -> str:
    return _NO_CLUSTER.format(words=words).strip()


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
        yield _TOO_LARGE.format(n=number)
    yield ""
    yield _CLOSER


def _missing(facts: Facts, number: int) -> Iterator[str]:
    for each in facts.missing:
        sentence = f"There is no {each.kind} `{each.name}` {each.where} [{number}]."
        likely = " or ".join(f"`{name}`" for name in each.likely)
        yield f"{sentence} Did you mean {likely}?" if likely else sentence


def _about(facts: Facts, number: int, logs: Logs) -> Iterator[str]:
    if facts.intent == "where" and facts.asked:
        yield from _places(facts.asked, number)
        return
    if facts.missing and not facts.asked:
        yield from _elsewhere(facts, number)
        return
    about = [each for each in facts.findings if _concerns(each, facts.asked)]
    has_log = any(seen.kind is Kind.OK for _, seen in logs)
    is_without = facts.intent == "logs" and bool(logs) and not has_log
    yield _NO_LOG if is_without else _summary(facts, about, number)
    yield from _states(facts.asked, number)
    yield from _logs(logs)
    if facts.intent != "logs" or not has_log:
        yield from _causes(about, number)
        yield from _beside([each for each in facts.findings if each not in about], number)
    if facts.left_out:
        yield f"\n{facts.left_out} more findings: `show {number}`."


def _elsewhere(facts: Facts, number: int) -> Iterator[str]:
    """What was asked for is not there, so nothing else is said to be its cause."""
    names = ", ".join(each.about for each in facts.findings[:_LISTED] if each.is_fault)
    if names:
        yield f"Not well in what was looked at ({facts.scope}): {names} [{number}]."


def _places(asked: Mapping[str, str], number: int) -> Iterator[str]:
    for ref, state in asked.items():
        kind, _, path = ref.partition(" ")
        place, _, name = path.rpartition("/")
        where = f"in the namespace `{place}`" if place else "in no namespace: it is cluster-wide"
        yield f"{kind} `{name}` is {where} [{number}]{': ' + state if state else ''}."


def _summary(facts: Facts, about: Sequence[Found], number: int) -> str:
    is_partial = facts.scope.startswith(_IN_PART)
    if not (facts.is_healthy or facts.findings or facts.left_out or is_partial):
        return _BLIND.format(where=facts.scope, n=number, rights=", ".join(facts.gaps))
    where = f"({facts.scope}) [{number}]"
    named = ", ".join(f"`{ref.partition(' ')[2]}`" for ref in facts.asked)
    verb = "is" if len(facts.asked) == 1 else "are"
    faults = [each for each in about if each.is_fault]
    if named and faults:
        return f"{named} {verb} **not well** {where}."
    if named:
        return f"{named} {verb} well: healthy, nothing was found {where}."
    if not faults and is_partial:
        return f"Nothing was found, but not all could be looked at {where}."
    if not faults:
        return f"Healthy: nothing was found {where}."
    return f"**{len(faults)} problem{'' if len(faults) == 1 else 's'}** {where}."


def _concerns(finding: Found, asked: Mapping[str, str]) -> bool:
    """Whether it is about what was asked for; everything is where nothing was named."""
    names = {ref.rpartition("/")[2] for ref in asked}
    its_own = {finding.about.rpartition("/")[2], *finding.pods}
    return not asked or bool({*finding.affects} & {*asked} or its_own & names)


def _states(asked: Mapping[str, str], number: int) -> Iterator[str]:
    for ref, state in list(asked.items())[:_LISTED]:
        if state:
            yield f"- {ref}: {state} [{number}]"


def _causes(findings: Sequence[Found], number: int) -> Iterator[str]:
    """Facts, hypotheses and what is merely worth knowing stay apart."""
    groups = (
        ("Facts", "confirmed"),
        ("Likely", "likely"),
        ("Possible, not shown", "possible"),
    )
    detailed = 0
    for title, certainty in groups:
        group = [each for each in findings if each.is_fault and each.certainty == certainty]
        if group:
            yield f"\n**{title}**"
        for each in group:
            yield from _finding(each, number, is_detailed=detailed < _DETAILED)
            detailed += 1
    notes = [each for each in findings if not each.is_fault]
    if notes:
        yield "\n**Worth knowing, no fault**"
        yield from (_short(each, number) for each in notes[:_LISTED])


def _beside(findings: Sequence[Found], number: int) -> Iterator[str]:
    faults = [each for each in findings if each.is_fault]
    if faults:
        yield "\n**Also found, not asked about**"
        yield from (f"- {each.about}: {each.reason} [{number}]" for each in faults[:_BESIDE])
    if len(faults) > _BESIDE:
        yield f"- and {len(faults) - _BESIDE} more"


def _short(finding: Found, number: int) -> str:
    return f"- {finding.about}: {finding.cause} [{number}]"


def _finding(finding: Found, number: int, *, is_detailed: bool) -> Iterator[str]:
    since = f" Since {finding.since} (UTC)." if finding.since else ""
    yield f"- {finding.about}: {finding.cause}{since} [{number}]"
    if not is_detailed:
        return
    for each in finding.evidence[:_SHOWN_EVIDENCE]:
        yield f"  - `{_code(each)}`"
    if finding.affects:
        yield f"  - also affected: {', '.join(finding.affects)}"
    if finding.next:
        yield f"  - next: `{_code(finding.next[0])}`"


def _logs(logs: Logs) -> Iterator[str]:
    for command, seen in logs:
        if seen.kind is not Kind.OK:
            said = next((line.strip() for line in seen.data.splitlines() if line.strip()), "")
            quoted = f": `{_code(said)[:_LOG_LINE_CHARS]}`" if said else ""
            yield f"- `{_code(command)}`: {seen.words.rstrip('.')}{seen.cited}{quoted}"
            continue
        lines = [line for line in seen.data.splitlines() if line.strip()][-_LOG_LINES:]
        if not lines:
            yield f"- `{_code(command)}` printed nothing{seen.cited}"
            continue
        yield f"- Last log lines, `{_code(command)}`{seen.cited}:"
        yield "```"
        # A fence in a log line would end ours.
        yield from (line[:_LOG_LINE_CHARS].replace("```", "'''") for line in lines)
        yield "```"


def _code(text: str) -> str:
    return " ".join(text.replace("`", "'").split())
