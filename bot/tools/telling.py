"""A look as the model is given it: one JSON object, the most important first; pure.

The built-in wording reads the same text, so that both know the same.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from bot.cluster.findings import Finding, is_confirmed
from bot.cluster.report import ref_words
from bot.cluster.telling import scope_words, told
from bot.dialogue import Receipt
from bot.tools.looking import Look

_STATE = re.compile(r"^[A-Z]\w+ (\S+): ", re.MULTILINE)
_EVIDENCE = 6
_AFFECTED = 6
_PODS = 3
_GAPS = 8
_CUT = 200
"""Characters of each text where nothing else fits."""
_CORE = ("object", "severity", "certainty", "reason", "cause")


def for_model(look: Look, budget_chars: int, language: str = "en") -> str:
    """At most `budget_chars`, whole findings only; what is left out is counted. `language` is the
    question's: named where it is not the one of the facts.
    """
    whole = _facts(look)
    if language != "en":
        whole["language"] = language
    findings = list(_findings(look))
    for evidence in (_EVIDENCE, 3, 1):
        for count in (len(findings), 12, 6, 3, 1):
            text = _dumped(whole, findings[:count], len(findings), evidence)
            if len(text) <= budget_chars:
                return text
    return _least(whole, findings, budget_chars)


def _least(whole: dict[str, Any], findings: list[tuple[Finding, bool]], budget_chars: int) -> str:
    """Where even one finding is too much: what matters most, each text cut."""
    bare = {key: _cut(value) for key, value in whole.items() if key not in {"fine", "not_read"}}
    first = [_finding(each, 0) | {"cause": each.cause[:_CUT]} for each, _ in findings[:1]]
    kept = [{key: one[key] for key in _CORE if key in one} for one in first]
    without: dict[str, Any] = {
        key: bare[key] for key in ("intent", "scope", "healthy", "language") if key in bare
    }
    text = ""
    for facts, told_findings in ((bare, kept), (bare, []), (without, []), ({}, [])):
        text = _json(facts, told_findings, len(findings))
        if len(text) <= budget_chars:
            return text
    return text[:budget_chars]


def _cut(value: Any) -> Any:
    match value:
        case str():
            return value[:_CUT]
        case list():
            return [_cut(each) for each in value[:_GAPS]]
        case dict():
            return {key: _cut(each) for key, each in value.items()}
        case _:
            return value


def for_receipt(look: Look) -> str:
    """The same for people, whole."""
    names = (*look.missing, *look.unknown)
    lines = [f"{each.kind} {each.name}: not found {each.where}" for each in names]
    lines += [f"{ref_words(ref)}: {state}" for ref, state in look.states.items() if state]
    if look.report is not None:
        lines.append(told(look.report))
    return "\n".join(lines) + "\n"


def command_of(look: Look) -> str:
    """What a person would type to see the same."""
    if look.report is None:
        return "kaia triage"
    if look.report.is_whole_cluster or (look.report.lacks_namespaces and not look.objects):
        return "kaia triage -A"
    return " ".join(("kaia triage", *(f"-n {each}" for each in look.report.namespaces)))


def where_of(receipt: Receipt) -> str:
    """What a look was about, read from the receipt that it left."""
    places = receipt.command.removeprefix("kaia triage").replace("-n ", "namespace ").strip()
    objects = _STATE.findall(receipt.output)
    return " ".join(filter(None, (places, *objects))) or "all"


def relevant(look: Look) -> tuple[Finding, ...]:
    """Findings about what was asked; all of them where the question names nothing."""
    if look.report is None:
        return ()
    if not look.objects:
        return look.report.findings
    found = (each for ref in look.objects for each in look.report.about(ref.namespace, ref.name))
    return tuple({id(each): each for each in found}.values())


def _facts(look: Look) -> dict[str, Any]:
    report = look.report
    facts: dict[str, Any] = {"intent": look.asked.intent.value}
    if report is not None:
        facts["scope"] = scope_words(report)
        facts["healthy"] = report.is_healthy
    if look.objects:
        facts["asked_about"] = {ref_words(ref): look.states.get(ref, "") for ref in look.objects}
    for key, names in (("not_found", look.missing), ("nothing_is_called", look.unknown)):
        if names:
            facts[key] = [
                {"kind": m.kind, "name": m.name, "where": m.where, "did_you_mean": list(m.likely)}
                for m in names
            ]
    facts |= _wanted(look)
    if report is not None:
        facts["fine"] = list(report.fine)
        if report.not_read:
            facts["not_read"] = [
                {"what": each.what, "why": each.why} for each in report.not_read[:_GAPS]
            ]
    return facts


def _wanted(look: Look) -> dict[str, Any]:
    """What the question asks for beside what is wrong."""
    wanted = {
        "asks_for": sorted(look.asked.wishes),
        "pods": dict(look.pods),
        "names": {kind: list(names) for kind, names in look.listed.items()},
    }
    return {key: value for key, value in wanted.items() if value}


def _findings(look: Look) -> Iterator[tuple[Finding, bool]]:
    """Those that were asked about first, and whether they were."""
    if look.report is None:
        return
    asked = relevant(look)
    yield from ((each, True) for each in asked)
    yield from ((each, False) for each in look.report.findings if each not in asked)


def _dumped(
    facts: Mapping[str, Any], findings: list[tuple[Finding, bool]], of: int, evidence: int
) -> str:
    told_findings = [_finding(each, evidence if asked else 1) for each, asked in findings]
    return _json(facts, told_findings, of)


def _json(facts: Mapping[str, Any], findings: list[dict[str, Any]], of: int) -> str:
    left_out = {"findings_left_out": of - len(findings)} if of > len(findings) else {}
    return orjson.dumps({**facts, "findings": findings, **left_out}).decode()


def _finding(finding: Finding, evidence: int) -> dict[str, Any]:
    told_finding: dict[str, Any] = {
        "object": ref_words(finding.about),
        "severity": finding.severity,
        "certainty": certainty(finding),
        "reason": finding.reason,
        "cause": finding.cause,
        "evidence": [f"{each.path} = {each.value}" for each in finding.evidence[:evidence]],
    }
    more = {
        "since": finding.since,
        "pods": list(finding.pods[:_PODS]),
        "affects": [ref_words(ref) for ref in finding.affects[:_AFFECTED]],
        "next": list(finding.next[:2]),
    }
    return told_finding | {key: value for key, value in more.items() if value}


def certainty(finding: Finding) -> str:
    if finding.is_possible:
        return "possible"
    return "confirmed" if is_confirmed(finding) else "likely"
