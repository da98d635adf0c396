"""Of what a look read that which its findings rest on, without secrets and bounded; pure.

Where not all fits, what has nothing to do with a finding is left out first.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson

from bot.cluster.findings import Finding, Ref
from bot.cluster.needs import LabelsOf, LogOf, PodsOn
from bot.cluster.objects import labels_of, name_of, namespace_of, text
from bot.cluster.report import Report
from bot.cluster.resources import RESOURCES
from bot.cluster.scene import Scene
from bot.plaintext import clean
from bot.recordings.concealing import Concealer
from bot.recordings.files import Json
from bot.recordings.incident.kept import Kept, place_of
from bot.redaction import Redactor

MOST_BYTES = 400_000
"""Of the whole as JSON."""
_OBJECTS_BYTES = 280_000
LOGS_BYTES = 60_000
MOST_ROWS = 400
_MOST_LISTED = 1_500
_MOST_NAMESPACES = 5
"""Of those looked into; of a look at more, those that findings are in."""
_OF_EVIDENCE = re.compile(r"(?:log|event|absent/[^/:]+|[a-z.]+)/([^/:]+)")


def kept_of(scene: Scene, report: Report, redactor: Redactor) -> Kept | None:
    """None where nothing is wrong. `redactor` is the conversation's own. Takes a thread's time."""
    if not report.faults:
        return None
    places = _places(scene, report.faults)
    objects = list(_objects(scene))
    chosen = _fitting(_by_weight(objects, _told(report.faults), places))
    concealer = Concealer(redactor)
    for each in chosen:
        concealer.learn(each)
    shown = [found for each in chosen if (found := _concealed(each, concealer)) is not None]
    kept = Kept(
        scene.now,
        places,
        tuple(shown),
        dict(_listed(scene, places)),
        tuple(row for row in scene.rows if row.namespace in places)[:MOST_ROWS],
        dict(_labels(scene, places, concealer)),
        dict(_logs(scene, _told(report.faults), concealer)),
        len(objects) - len(shown),
    )
    return bounded(kept)


def _places(scene: Scene, faults: Sequence[Finding]) -> tuple[str, ...]:
    if len(scene.namespaces) <= _MOST_NAMESPACES:
        return scene.namespaces
    held = {ref.namespace for each in faults for ref in _refs(each)} - {""}
    return tuple(sorted(held)) or scene.namespaces[:_MOST_NAMESPACES]


def _refs(finding: Finding) -> Iterator[Ref]:
    yield from (finding.about, *finding.because_of, *finding.explains, *finding.affects)


def _told(faults: Iterable[Finding]) -> frozenset[str]:
    """Names of whatever a finding speaks of; the same name in another kind costs only room."""
    names: set[str] = set()
    for each in faults:
        names |= {ref.name for ref in _refs(each)} | {*each.pods}
        found = (_OF_EVIDENCE.match(evidence.path) for evidence in each.evidence)
        names |= {one[1] for one in found if one}
    return frozenset(names)


def _objects(scene: Scene) -> Iterator[Json]:
    """Whole ones, each once; of what is custom, those that are unwell."""
    seen: set[tuple[str, str]] = set()
    asked = (
        ("pods" if isinstance(need, PodsOn) else need.plural, found)
        for need, found in scene.answers.items()
        if not isinstance(need, LabelsOf | LogOf)
    )
    for plural, held in (*scene.lists.items(), *asked):
        for each in held:
            found = _headed(plural, each)
            key = (str(found["kind"]), place_of(found))
            if key not in seen:
                seen.add(key)
                yield found


def _headed(plural: str, found: Any) -> Json:
    resource = RESOURCES.get(plural)
    if resource is None:
        return dict(found)
    group = f"{resource.group}/{resource.version}" if resource.group else resource.version
    return {**found, "kind": resource.kind, "apiVersion": group}


def _by_weight(
    objects: Iterable[Json], told: frozenset[str], places: Sequence[str]
) -> list[tuple[int, Json]]:
    def weight(found: Json) -> int:
        if name_of(found) in told or text(found, "involvedObject", "name") in told:
            return 0
        owners = (found.get("metadata") or {}).get("ownerReferences") or []
        if any(each.get("name") in told for each in owners):
            return 1
        return 2 if namespace_of(found) in {*places, ""} else 3

    return sorted(((weight(each), each) for each in objects), key=lambda one: one[0])


def _fitting(weighed: Iterable[tuple[int, Json]]) -> list[Json]:
    """A large object is passed over where smaller ones still fit."""
    chosen, left = [], _OBJECTS_BYTES
    for _, each in weighed:
        size = len(orjson.dumps(each))
        if size <= left:
            left -= size
            chosen.append(each)
    return chosen


def _concealed(found: Json, concealer: Concealer) -> Json | None:
    """By its kind too it is found again."""
    shown = concealer.named(found)
    return shown and {**shown, **{key: found[key] for key in ("kind", "apiVersion")}}


def _listed(scene: Scene, places: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Only of what was read in all these places, so that what is not among it was not there."""
    inside = {*places, ""}
    pods = [row for row in scene.rows if row.namespace in places]
    if len(pods) <= MOST_ROWS and not any(each == "pods" for each, _ in scene.unread_plurals):
        yield "pods", frozenset(f"{row.namespace}/{row.name}" for row in pods)
    for plural, held in scene.lists.items():
        if plural in ("pods", "custom") or any(each == plural for each, _ in scene.unread_plurals):
            continue
        names = frozenset(place_of(each) for each in held if namespace_of(each) in inside)
        if len(names) <= _MOST_LISTED:
            yield plural, names


def _labels(
    scene: Scene, places: Sequence[str], concealer: Concealer
) -> Iterator[tuple[str, dict[str, str]]]:
    whole = {place_of(each) for each in scene.pods}
    for place in places:
        for each in scene.answer(LabelsOf("pods", place)) or ():
            if place_of(each) not in whole:
                shown = concealer.object({"labels": labels_of(each)}) or {}
                yield place_of(each), shown.get("labels") or {}


def _logs(
    scene: Scene, told: frozenset[str], concealer: Concealer
) -> Iterator[tuple[LogOf, tuple[str, ...]]]:
    left = LOGS_BYTES
    for log, lines in sorted(scene.logs.items(), key=lambda one: one[0].pod not in told):
        shown = tuple(concealer.text(clean("\n".join(lines))).splitlines())
        left -= size_of(shown)
        if left >= 0:
            yield log, shown


def size_of(lines: Sequence[str]) -> int:
    """In bytes of JSON, about."""
    return sum(len(line.encode()) + 4 for line in lines)


def bounded(kept: Kept) -> Kept:
    """Marks and escapes may have made it longer."""
    while len(orjson.dumps(kept.to_json())) > MOST_BYTES:
        rest = len(kept.objects) - len(kept.objects) // 8 - 1
        if rest < 1:
            return Kept(kept.at, kept.namespaces, left_out=kept.left_out + len(kept.objects))
        left_out = kept.left_out + len(kept.objects) - rest
        kept = replace(kept, objects=kept.objects[:rest], left_out=left_out, labels={})
    return kept
