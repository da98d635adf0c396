"""Custom resources that say themselves that they are not well, and APIs that are not served."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.cluster.checks.customs import apis
from bot.cluster.checks.customs.ailments import Ailment, ailments, is_unwell
from bot.cluster.checks.customs.kin import Family, Member, families, suspects
from bot.cluster.checks.evidence import seen
from bot.cluster.checks.quotation import quoted
from bot.cluster.findings import SEVERITIES, Evidence, Finding, Ref, Severity
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.objects import Object, age_seconds, items, name_of, namespace_of, text
from bot.cluster.scene import Scene

__all__ = ["check", "is_unwell"]

_UNKNOWN_SECONDS = timedelta(minutes=5).total_seconds()
_SETTLING_SECONDS = 60.0
"""What was made or changed a moment ago is rarely ready."""
_PLAIN = re.compile(
    r"fail|error|invalid|not found|notfound|denied|forbidden|refused|unauthori[sz]ed", re.IGNORECASE
)
"""Says what is wrong, so that no waiting is needed."""
_LONG_AGO_SECONDS = timedelta(hours=24).total_seconds()


@dataclass(frozen=True, slots=True)
class _Said:
    """An object and what is wrong with it now, the most telling first."""

    depth: int
    about: Ref
    custom: Object
    ailments: tuple[Ailment, ...]

    @property
    def weight(self) -> tuple[bool, int, bool, int]:
        """How well it tells the cause: faults before remarks, then the deepest."""
        first = self.ailments[0]
        rank = -SEVERITIES.index(first.severity)
        return first.severity != "info", self.depth, not first.is_unknown, rank


def check(scene: Scene) -> Iterator[Finding]:
    for family in families(scene.all("custom")):
        members = [_said(scene, each) for each in family.members]
        if any(a.severity != "info" for each in members for a in each.ailments):
            # What the youngest waits for is where the family hangs, however lately it was made.
            members = [_said(scene, each, hangs=True) for each in family.members]
        unwell = [each for each in members if each.ailments]
        if unwell:
            yield _finding(scene, family, unwell)
    yield from apis.check(scene)


def _said(scene: Scene, each: Member, *, hangs: bool = False) -> _Said:
    found = [
        one
        for one in ailments(each.custom)
        if (hangs and one.is_unknown and one.message) or _lasts(scene, each.custom, one)
    ]
    return _Said(each.depth, each.ref, each.custom, tuple(found))


def _lasts(scene: Scene, custom: Object, ailment: Ailment) -> bool:
    since = ailment.since or text(custom, "metadata", "creationTimestamp")
    age = age_seconds(since, scene.now)
    if age is None or ailment.severity == "info":
        return True
    if ailment.is_unknown:
        return age > _UNKNOWN_SECONDS
    return age > _SETTLING_SECONDS or bool(_PLAIN.search(f"{ailment.reason} {ailment.message}"))


def _finding(scene: Scene, family: Family, unwell: list[_Said]) -> Finding:
    """One for a family: about the eldest, with the cause that the youngest gives."""
    deepest = max(unwell, key=lambda each: each.weight)
    first = deepest.ailments[0]
    about, own = family.root, {each.ref for each in family.members}
    return Finding(
        first.reason,
        _severity(scene, about, unwell),
        about,
        f"{_cause(about, deepest, first)}{_hint(scene, deepest, first)}",
        since=min(filter(None, (a.since for each in unwell for a in each.ailments)), default=""),
        evidence=tuple(proof for each in reversed(unwell) for proof in _proof(each)),
        next=tuple(dict.fromkeys(_describe(each) for each in (deepest, unwell[0]))),
        because_of=tuple(suspects(scene, deepest.custom, first.message, own)),
        affects=tuple(each.about for each in unwell if each.about != about),
    )


def _severity(scene: Scene, about: Ref, unwell: list[_Said]) -> Severity:
    """A run that failed long ago is no fault of now; nor is what no namespace in scope needs."""
    found = [a for each in unwell for a in each.ailments]
    worst = min(found, key=lambda a: SEVERITIES.index(a.severity))
    age = age_seconds(worst.since, scene.now)
    is_old = worst.runs_once and age is not None and age > _LONG_AGO_SECONDS
    is_elsewhere = not about.namespace and not scene.is_whole_cluster
    if is_old or (is_elsewhere and about not in _leaned_on(scene)):
        return "info"
    return worst.severity


def _leaned_on(scene: Scene) -> set[Ref]:
    """What objects of the namespaces in scope name in their specs."""
    customs = [each for each in scene.all("custom") if namespace_of(each)]
    return {ref for each in customs for ref in suspects(scene, each, "", ())}


def _cause(about: Ref, deepest: _Said, ailment: Ailment) -> str:
    own = f"{about.kind} `{about.name}`"
    message = quoted(ailment.message, 320)
    reason = (
        f" ({ailment.reason})"
        if ailment.reason not in {*ailment.words.split(), "Suspended"}
        else ""
    )
    if ailment.field.startswith("spec."):
        return f"{own} {ailment.words}."
    said = f"{reason}: {message}" if message else reason
    if deepest.about == about:
        return f"{own}: {ailment.words}{said}."
    child = f"{deepest.about.kind} `{deepest.about.name}`"
    return f"{own} is not ready because of its {child}: {ailment.words}{said}."


def _proof(said: _Said) -> Iterator[Evidence]:
    for each in said.ailments[:3]:
        value = f"{each.words}; {each.reason}: {each.message}" if each.message else each.words
        yield seen(said.about, each.field, value)


def _describe(said: _Said) -> str:
    """`certificate.cert-manager.io` is understood by kubectl, whatever the plural is."""
    group = text(said.custom, "apiVersion").rpartition("/")[0]
    kind = said.about.kind.lower()
    resource = f"{kind}.{group}" if group else kind
    place = f" -n {said.about.namespace}" if said.about.namespace else ""
    return f"kubectl describe {resource} {said.about.name}{place}"


def _hint(scene: Scene, said: _Said, ailment: Ailment) -> str:
    """A route to a Service that does not exist may mean one with a like name."""
    if ailment.reason != "BackendNotFound" or not scene.was_read("services", said.about.namespace):
        return ""
    known = [name_of(each) for each in scene.all("services", said.about.namespace)]
    wanted = [
        text(backend, "name")
        for rule in items(said.custom, "spec", "rules")
        for backend in items(rule, "backendRefs")
    ]
    missing = [name for name in wanted if name and name not in known]
    return spoken_hint(near for name in missing[:1] for near in did_you_mean(name, known))
