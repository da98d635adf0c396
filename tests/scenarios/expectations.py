"""Compares what Kaia says with what a scenario expects; pure, and in sentences."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from tests.scenarios.scenario import Expected, Scenario

Report = dict[str, Any]
"""What `kaia triage --json` prints."""


def of_report(scenario: Scenario, report: Report) -> list[str]:
    """What is not as expected; empty where all is."""
    return list(_of_report(scenario, report))


def of_answer(scenario: Scenario, answer: str, receipts: Sequence[str]) -> list[str]:
    """The same of an answer in words and the commands it rests on."""
    said = answer.lower()
    wrong = [
        f"the answer lacks {' or '.join(map(repr, words))}"
        for words in scenario.must
        if not any(word.lower() in said for word in words)
    ]
    wrong += [f"the answer has {word!r}" for word in scenario.must_not if word.lower() in said]
    wrong += [
        f"no receipt has {command!r}: {list(receipts)}"
        for command in scenario.must_cite
        if not any(command in receipt for receipt in receipts)
    ]
    return wrong


_ASKS_OF_ANOTHER = {"noisy-neighbour"}
"""Scenarios whose question is not about what has failed there."""


def of_built_in(scenario: Scenario, answer: str, receipts: Sequence[str]) -> list[str]:
    """The same of the built-in wording, which has no wordings of its own to choose from: it says
    what the finding says.
    """
    wrong = of_answer(scenario, answer, receipts)
    if scenario.finding is None or scenario.name in _ASKS_OF_ANOTHER:
        return wrong
    said = answer.lower()
    lacking = [word for word in scenario.finding.cause if word.lower() not in said]
    return [*wrong, *(f"the answer lacks {word!r} of the cause" for word in lacking)]


def _of_report(scenario: Scenario, report: Report) -> Iterator[str]:
    if report["healthy"] != scenario.healthy:
        yield f"`healthy` is {report['healthy']}"
    faults = [one for one in report["findings"] if one["severity"] != "info"]
    expected, wanted = scenario.finding, None
    if expected is not None:
        wanted = _wanted(expected, scenario.namespace, report["findings"])
        if wanted is None:
            yield f"no finding about {expected.kind} {expected.name} of the expected sort"
        else:
            yield from _of_finding(expected, wanted)
    if scenario.no_other_findings:
        yield from (f"another finding: {_spoken(one)}" for one in faults if one is not wanted)


def _wanted(expected: Expected, namespace: str, findings: list[Report]) -> Report | None:
    """The one that it is about; where there are several, the first that fits altogether."""
    about = [one for one in findings if _is_about(expected, namespace, one)]
    fitting = [one for one in about if not list(_of_finding(expected, one))]
    return next(iter([*fitting, *about]), None)


def _is_about(expected: Expected, namespace: str, finding: Report) -> bool:
    return (
        finding["kind"] == expected.kind
        and fnmatchcase(finding["name"], expected.name)
        and finding["namespace"] in {namespace, ""}
    )


def _of_finding(expected: Expected, finding: Report) -> Iterator[str]:
    if expected.reason and finding.get("reason") != expected.reason:
        yield f"its reason is {finding.get('reason')!r}, not {expected.reason!r}"
    if expected.severity and finding["severity"] != expected.severity:
        yield f"its severity is {finding['severity']!r}"
    cause = finding["cause"].lower()
    yield from (
        f"its cause lacks {word!r}: {finding['cause']}"
        for word in expected.cause
        if word.lower() not in cause
    )
    told = "\n".join(f"{one['path']} {one['value']}" for one in finding["evidence"]).lower()
    yield from (
        f"its evidence lacks {word!r}:\n{told}"
        for word in expected.evidence
        if word.lower() not in told
    )


def _spoken(finding: Report) -> str:
    return f"{finding['severity']} {finding['kind']}/{finding['name']}: {finding['cause']}"
