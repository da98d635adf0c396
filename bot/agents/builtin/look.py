"""The first look: which commands are still needed, and what they showed; pure.

Each stage asks for what it needs; where that is not there yet, its commands are the next step.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.agents.builtin.asked import Asked, Intent
from bot.agents.builtin.pods import Container, Row, Status, rows, status, warnings
from bot.agents.builtin.seen import Kind, Seen

NAMESPACES = "kubectl get namespaces -o name"
ALL_PODS = "kubectl get pods -A"
PODS_HERE = "kubectl get pods"

_IN_DETAIL = 3
_NAMED = 6
_STOPS = frozenset({Kind.NO_CLUSTER, Kind.NO_ANSWER})
_LEAST_CHARS = 3
"""Of a word that may stand for the beginning of a pod's name."""


@dataclass(frozen=True, slots=True)
class Logs:
    container: str
    is_previous: bool
    seen: Seen


@dataclass(frozen=True, slots=True)
class Detail:
    """What was found about one pod."""

    row: Row
    seen: Seen
    """The look at its status."""
    status: Status | None = None
    events: Seen | None = None
    warnings: tuple[str, ...] = ()
    logs: tuple[Logs, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the wording needs."""

    asked: Asked
    scope: str = ""
    """A namespace, or nothing for all of them."""
    listed: Seen | None = None
    """The look at the pods; None where it never came to that."""
    rows: tuple[Row, ...] = ()
    """Those in scope."""
    named: tuple[Row, ...] = ()
    """Those the question names."""
    details: tuple[Detail, ...] = ()
    stopped: Seen | None = None
    """Why nothing can be said."""
    missing: str = ""
    """A name that exists nowhere: `namespace shopp`."""
    likely: tuple[str, ...] = ()
    """What may have been meant instead."""


@dataclass(slots=True)
class Results:
    """What the commands of this question gave back; what is not there is wanted."""

    known: Mapping[str, Seen]
    wanted: list[str] = field(default_factory=list)

    def of(self, command: str) -> Seen | None:
        seen = self.known.get(command)
        if seen is None and command not in self.wanted:
            self.wanted.append(command)
        return seen

    def all_of(self, *commands: str) -> list[Seen] | None:
        """All of them at once, or None and all that are missing are wanted."""
        found = [self.of(command) for command in commands]
        return [seen for seen in found if seen is not None] if None not in found else None


def look(asked: Asked, results: Results) -> Findings | None:
    """None where `results.wanted` has to be run first."""
    first = results.all_of(NAMESPACES, ALL_PODS)
    if first is None:
        return None
    listing, everywhere = first
    if everywhere.kind in _STOPS:
        return Findings(asked, stopped=everywhere)
    known = _namespaces(listing, rows(everywhere.data))
    scope, missing = _scope(asked, known, is_sure=listing.kind is Kind.OK)
    if missing:
        return Findings(
            asked, listed=listing, missing=f"namespace {missing}", likely=_near(missing, known)
        )
    return _pods(asked, results, scope, everywhere)


def _pods(asked: Asked, results: Results, scope: str, everywhere: Seen) -> Findings | None:
    listed = _listed(asked, results, scope, everywhere)
    if listed is None:
        return None
    scope, seen = listed
    if seen.kind is not Kind.OK:
        return Findings(asked, scope=scope, stopped=seen)
    everything = rows(seen.data, namespace="" if seen is everywhere else scope)
    here = tuple(row for row in everything if scope in {"", row.namespace})
    named, missing = _named(asked, here)
    findings = Findings(asked, scope, seen, here, named, missing=missing and f"pod {missing}")
    if missing:
        return _with_likely(findings, missing, everything)
    return _with_details(findings, results)


def _listed(
    asked: Asked, results: Results, scope: str, everywhere: Seen
) -> tuple[str, Seen] | None:
    """Everywhere where that is allowed and whole; else in the one namespace that is left."""
    if everywhere.kind is Kind.OK and not (scope and everywhere.is_cut):
        return scope, everywhere
    scope = scope or next(iter(asked.earlier_namespaces), "")
    if everywhere.kind is Kind.OK and not scope:
        return scope, everywhere
    seen = results.of(f"{PODS_HERE} -n {scope}" if scope else PODS_HERE)
    return None if seen is None else (scope or _namespace_in(seen), seen)


def _namespace_in(seen: Seen) -> str:
    """The default one, as kubectl's answer or Kaia's own command names it."""
    found = re.search(r"--namespace[= ](\S+)|in (\S+) namespace", f"{seen.words} {seen.data}")
    return (found[1] or found[2]) if found else "the default namespace"


def _namespaces(listing: Seen, everything: Iterable[Row]) -> tuple[str, ...]:
    names = [line.removeprefix("namespace/").strip() for line in listing.data.splitlines()]
    known = names if listing.kind is Kind.OK else []
    return tuple(dict.fromkeys([*filter(None, known), *(row.namespace for row in everything)]))


def _scope(asked: Asked, known: tuple[str, ...], *, is_sure: bool) -> tuple[str, str]:
    """The namespace meant, or the name of one that is not there."""
    for name in asked.namespaces:
        if name in known or not is_sure:
            return name, ""
    if asked.namespaces:
        return "", asked.namespaces[0]
    named = [word for word in (*asked.words, *asked.pods) if word in known]
    if named:
        return named[0], ""
    earlier = [name for name in asked.earlier_namespaces if name in known or not is_sure]
    return (earlier[0] if asked.is_follow_up and earlier else ""), ""


def _named(asked: Asked, here: tuple[Row, ...]) -> tuple[tuple[Row, ...], str]:
    """The pods meant, or the name of one that is not there."""
    for name in asked.pods:
        if found := _matching(name, here, is_certain=True):
            return found, ""
    for word in asked.words:
        if found := _matching(word, here, is_certain=False):
            return found, ""
    missing = [name for name in asked.pods if name not in {row.namespace for row in here}]
    if missing:
        return (), missing[0]
    if asked.is_follow_up:
        for name in asked.earlier_pods:
            if found := _matching(name, here, is_certain=False):
                return found[:1], ""
    return (), ""


def _matching(name: str, here: tuple[Row, ...], *, is_certain: bool) -> tuple[Row, ...]:
    """The pod of that name; else those of a workload of that name; else those that hold it."""
    exact = tuple(row for row in here if row.name == name)
    begun = tuple(row for row in here if row.name.startswith(f"{name}-"))
    held = tuple(row for row in here if is_certain and name in row.name)
    long_enough = is_certain or len(name) >= _LEAST_CHARS
    return exact or (begun if long_enough else ()) or held


def _near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(name, list(known), n=3, cutoff=0.5))


def _with_likely(findings: Findings, missing: str, everything: tuple[Row, ...]) -> Findings:
    names = {row.name: row.path for row in everything}
    likely = tuple(names[name] for name in _near(missing, names))
    return Findings(
        findings.asked, findings.scope, findings.listed, missing=findings.missing, likely=likely
    )


def _with_details(findings: Findings, results: Results) -> Findings | None:
    if findings.asked.intent is Intent.WHERE and findings.named:
        return findings
    worst = sorted((row for row in findings.rows if not row.is_well), key=lambda row: row.urgency)
    chosen = sorted(findings.named, key=lambda row: (row.is_well, *row.urgency)) or worst
    details = [_detail(row, findings.asked, results) for row in chosen[:_IN_DETAIL]]
    if results.wanted:
        return None
    return Findings(
        findings.asked,
        findings.scope,
        findings.listed,
        findings.rows,
        findings.named[:_NAMED],
        tuple(each for each in details if each is not None),
    )


def _detail(row: Row, asked: Asked, results: Results) -> Detail | None:
    place = f"-n {row.namespace}"
    found = results.all_of(
        f"kubectl get pod {row.name} {place} -o jsonpath={{.status}}",
        f"kubectl events {place} --for pod/{row.name} --types=Warning",
    )
    if found is None:
        return None
    seen, events = found
    known = status(seen.data) if seen.kind is Kind.OK else None
    lines = 50 if asked.intent is Intent.LOGS else 20
    logs = _logs(row, known, lines, results)
    return None if logs is None else Detail(row, seen, known, events, warnings(events.data), logs)


def _logs(row: Row, known: Status | None, lines: int, results: Results) -> tuple[Logs, ...] | None:
    wanted = [(each, False) for each in _speaking(known)]
    wanted += [(each, True) for each, _ in wanted if each is not None and each.restarts > 0]
    names = len(known.containers) if known is not None else 0
    commands = []
    for container, is_previous in wanted:
        which = f" -c {container.name}" if container is not None and names > 1 else ""
        before = " --previous" if is_previous else ""
        commands.append(f"kubectl logs {row.name} -n {row.namespace}{which} --tail={lines}{before}")
    found = results.all_of(*commands)
    if found is None:
        return None
    return tuple(
        Logs(container.name if container is not None else "", is_previous, seen)
        for (container, is_previous), seen in zip(wanted, found, strict=True)
    )


def _speaking(known: Status | None) -> list[Container | None]:
    """The containers whose logs matter: what is not well and has started, else the first."""
    if known is None:
        return [None]
    started = [each for each in known.containers if each.has_started]
    unwell = [each for each in started if not each.is_well]
    plain = [each for each in started if not each.is_init]
    return [*(unwell or plain)[:2]]
