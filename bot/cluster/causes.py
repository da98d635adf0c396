"""From what single checks say to one finding a cause: folds symptoms into causes; pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.cluster.findings import SEVERITIES, Evidence, Finding, Ref, by_severity

_MOST_EVIDENCE = 12


def causes(found: Iterable[Finding], *, precise: frozenset[str]) -> list[Finding]:
    """`precise`: reasons that say why, where another finding about the object only says how."""
    findings = _merged(found)
    findings = _with_reasons(findings, precise)
    findings = _folded(findings)
    return by_severity(findings)


def _merged(found: Iterable[Finding]) -> list[Finding]:
    """The same cause of the same object, told twice, is told once."""
    kept: dict[tuple[Ref, str, str], Finding] = {}
    for each in found:
        key = (each.about, each.reason, each.cause)
        kept[key] = _joined(kept[key], each) if key in kept else each
    return list(kept.values())


def _with_reasons(findings: Sequence[Finding], precise: frozenset[str]) -> list[Finding]:
    """What a log says of a crash belongs to the crash: two signals for one cause."""
    says_why = [each for each in findings if each.reason in precise]
    says_how = [each for each in findings if each.reason not in precise and _is_how(each)]
    kept = [each for each in findings if each not in says_why and each not in says_how]
    kept = [_told_why(each, says_why) if each.reason in _SAYS_ALL else each for each in kept]
    for how in says_how:
        why = next((each for each in says_why if each.about == how.about), None)
        if why is None:
            kept.append(how)
            continue
        says_why.remove(why)
        kept.append(_explained(how, why))
    return [*kept, *says_why]


def _explained(how: Finding, why: Finding) -> Finding:
    reason = how.reason if why.is_possible else why.reason
    cause = f"{_LAST_WORDS.sub('', how.cause)} {_going_on(how.cause, why.cause)}"
    # A line of a log may say anything: that it crashes is shown, why it does is not.
    is_hearsay = all(each.is_free_text for each in why.evidence)
    return replace(_joined(how, why), reason=reason, cause=cause, is_hearsay=is_hearsay)


def _told_why(finding: Finding, says_why: Sequence[Finding]) -> Finding:
    why = next((each for each in says_why if each.about == finding.about), None)
    if why is None or finding.severity == "info":
        return finding
    return replace(finding, cause=f"{_LAST_WORDS.sub('', finding.cause)} {why.cause}")


def _going_on(before: str, sentence: str) -> str:
    """Two sentences about one container name it once."""
    found = _CONTAINER.match(sentence)
    is_same = found is not None and before.startswith(found[0])
    return f"It {sentence[found.end() :]}" if found is not None and is_same else sentence


_CONTAINER = re.compile(r"Container `[^`]+` ")
_LAST_WORDS = re.compile(r"; its last words: “[^”]*”")
"""What says why quotes the line already."""
_HOW = frozenset({
    "CrashLoopBackOff", "ContainerFailed", "LivenessFailed", "ReadinessFailed", "PodInitializing",
})  # fmt: skip


def _is_how(finding: Finding) -> bool:
    return finding.reason in _HOW and finding.severity != "info"


def _folded(findings: Sequence[Finding]) -> list[Finding]:
    """Symptoms go into their causes, which then say what they affect."""
    causes_of = [_cause_of(at, findings) for at in range(len(findings))]
    kept = {at: each for at, each in enumerate(findings) if _root(at, causes_of) == at}
    for at, symptom in enumerate(findings):
        if (root := _root(at, causes_of)) != at:
            kept[root] = _swallowed(kept[root], symptom)
    return list(kept.values())


def _cause_of(at: int, findings: Sequence[Finding]) -> int | None:
    """The place of the finding that causes this one."""
    symptom = findings[at]
    others = [
        (place, each)
        for place, each in enumerate(findings)
        if place != at and not each.is_possible and _may_cause(each, symptom)
    ]
    for place, each in others:
        if symptom.about in each.explains and each.about != symptom.about:
            return place
    causes_named = [
        (place, each)
        for place, each in others
        # What yields to all others about its own object is not their cause.
        if each.about in symptom.because_of
        and not (each.about == symptom.about and each.about in each.because_of)
    ]
    causes_named.sort(key=lambda named: {*symptom.pods}.isdisjoint(named[1].pods))
    return causes_named[0][0] if causes_named else None


_STILL_STARTING = frozenset({
    "ContainerCreating", "NotStarted", "PodInitializing", "ReadinessFailed", "StartupFailed",
})  # fmt: skip


def _may_cause(finding: Finding, symptom: Finding) -> bool:
    """A note explains no fault, but that a workload's pods still have time explains its count."""
    if finding.severity != "info":
        return True
    return finding.reason in _STILL_STARTING and finding.about == symptom.about


def _root(at: int, causes_of: Sequence[int | None]) -> int:
    """Where the chain of causes ends; in a circle, at its first finding."""
    seen = [at]
    while (above := causes_of[seen[-1]]) is not None:
        if above in seen:
            return min(seen[seen.index(above) :])
        seen.append(above)
    return seen[-1]


_SAYS_MORE = frozenset({"ProgressDeadlineExceeded", "RolloutStuck", "StatefulSetBlocked"})
"""Symptoms that a person wants to hear of besides: what still serves, and who waits for whom."""
_SAYS_ALL = frozenset({"JobFailed"})
"""Symptoms whose words hold those of the cause: how it ended, and that nothing tries again."""


def _swallowed(cause: Finding, symptom: Finding) -> Finding:
    if symptom.about == cause.about:
        return _completed(cause, symptom)
    affects = dict.fromkeys(ref for ref in (*cause.affects, symptom.about, *symptom.affects))
    affects.pop(cause.about, None)
    severity = min(cause.severity, symptom.severity, key=SEVERITIES.index)
    evidence = _evidence(cause.evidence, symptom.evidence[:3])
    # Who used up what its node is short of is said by the first of those it put out.
    is_said = symptom.reason == "Evicted" and "was evicted" not in cause.cause
    words = f"{cause.cause} {symptom.cause}" if is_said else cause.cause
    told = replace(cause, affects=tuple(affects), severity=severity, cause=words)
    return replace(told, evidence=evidence, pods=_pods(cause, symptom))


def _pods(cause: Finding, symptom: Finding) -> tuple[str, ...]:
    """Who asks about a pod of the symptom asks about the cause; names hold in one namespace."""
    is_near = cause.about.namespace == symptom.about.namespace
    return tuple(dict.fromkeys((*cause.pods, *(symptom.pods if is_near else ()))))


def _completed(cause: Finding, symptom: Finding) -> Finding:
    """With what the same object says of itself; how grave it is, its pods know better."""
    evidence = _evidence(cause.evidence, symptom.evidence[:3])
    affects = tuple(dict.fromkeys((*cause.affects, *symptom.affects)))
    completed = replace(cause, evidence=evidence, affects=affects)
    if cause.severity == "info":
        return completed
    completed = replace(
        completed, severity=min(cause.severity, symptom.severity, key=SEVERITIES.index)
    )
    if symptom.reason in _SAYS_ALL:
        return replace(completed, reason=symptom.reason, cause=symptom.cause)
    if symptom.reason in _SAYS_MORE:
        return replace(completed, cause=f"{cause.cause} {symptom.cause}")
    return completed


def _joined(first: Finding, second: Finding) -> Finding:
    return replace(
        first,
        severity=min(first.severity, second.severity, key=SEVERITIES.index),
        since=min(filter(None, (first.since, second.since)), default=""),
        evidence=_evidence(first.evidence, second.evidence),
        next=tuple(dict.fromkeys((*first.next, *second.next)))[:4],
        because_of=tuple(dict.fromkeys((*first.because_of, *second.because_of))),
        explains=tuple(dict.fromkeys((*first.explains, *second.explains))),
        affects=tuple(dict.fromkeys((*first.affects, *second.affects))),
        pods=tuple(dict.fromkeys((*first.pods, *second.pods))),
    )


def _evidence(*groups: Sequence[Evidence]) -> tuple[Evidence, ...]:
    merged = dict.fromkeys(each for group in groups for each in group)
    return tuple(merged)[:_MOST_EVIDENCE]
