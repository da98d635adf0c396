"""The first look at what a question is about: grounds its names, then examines that part."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from bot.cluster.api import ClusterApi
from bot.cluster.findings import Ref
from bot.cluster.likeness import did_you_mean
from bot.cluster.reading import Reader, Scope
from bot.cluster.report import Report
from bot.cluster.scene import Scene
from bot.cluster.states import state_of
from bot.cluster.triage import examine
from bot.tools.asked import Asked, Intent, read
from bot.tools.grounding import Grounded, Missing, Names, elsewhere, ground

_EVERYWHERE = re.compile(
    r"\b(?:all|every|each|any) (?:the )?namespaces?\b|\b(?:whole|entire|the|our) cluster\b"
    r"|\beverywhere\b|\A(?:all|-a)\Z|(?<!\S)-A\b"
)
_LIKE = 0.75
_LEAST_CHARS = 4


@dataclass(frozen=True, slots=True)
class Focus:
    """What a conversation is about, for "and its logs?"; kept with it as JSON."""

    namespaces: tuple[str, ...] = ()
    """Empty for the whole cluster, or where nothing was looked at yet."""
    objects: tuple[Ref, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"namespaces": list(self.namespaces), "objects": [list(o) for o in self.objects]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> "Focus":
        kept = kept or {}
        objects = tuple(Ref(*each) for each in kept.get("objects", ()))
        return cls(tuple(kept.get("namespaces", ())), objects)


@dataclass(frozen=True, slots=True)
class Look:
    """What was asked, what of it exists, and what the checks say."""

    asked: Asked
    report: Report | None
    """None where the question is about a namespace that does not exist."""
    objects: tuple[Ref, ...] = ()
    """What the question names, or spoke of before."""
    states: Mapping[Ref, str] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()
    scene: Scene | None = None
    """What was read; thousands of objects, so nobody keeps it while a model thinks."""
    names: Names | None = None
    """All names of the cluster, where all of it was read."""

    @property
    def focus(self) -> Focus:
        report = self.report
        namespaces = report.namespaces if report and not report.is_whole_cluster else ()
        return Focus(namespaces, self.objects)


class Looker:
    def __init__(self, api: ClusterApi, redact: Callable[[str], str]) -> None:
        self._api = api
        self._redact = redact
        self._reader = Reader(api)

    async def look(self, text: str, *, namespace: str, earlier: Focus) -> Look:
        """`namespace` is the channel's own, or empty. Raises ClusterError."""
        asked = read(text)
        known = await self._reader.namespaces()
        stated = _stated(asked)
        if known is not None and stated and not {*stated} & {*known}:
            return Look(asked, None, missing=tuple(_no_namespace(stated, known)))
        scope = _scope(asked, text, known, namespace, earlier)
        return await self._look_into(asked, scope, known or (), earlier)

    async def _look_into(
        self, asked: Asked, scope: "_Scope", known: Iterable[str], earlier: Focus
    ) -> Look:
        scene = await self._reader.scene(Scope(scope.namespaces))
        names = Names.of(scene, known)
        is_whole = scene.is_whole_cluster
        # Where not all may be listed, the one that is read is meant, and nothing is said of others.
        place = "" if is_whole or len(scene.namespaces) > 1 else scene.namespaces[0]
        grounded = ground(asked, names, namespace=place)
        if scope.namespaces is not None and not grounded.objects and _names_objects(asked, names):
            before = names
            scene, names, grounded = await self._elsewhere(asked, scope, scene, names, grounded)
            is_whole = names is not before
        objects = grounded.objects or _earlier(asked, earlier, scene)
        if scene.is_whole_cluster and (places := {ref.namespace for ref in objects} - {""}):
            scene = scene.narrowed(sorted(places))
        report = await examine(self._api, self._redact, scene)
        states = {ref: state_of(scene, ref) for ref in objects}
        where = "in any namespace" if is_whole else f"in {', '.join(scene.namespaces)}"
        missing = (*grounded.missing, *_slips(asked, names, objects, where))
        every_name = names if is_whole else None
        return Look(asked, report, objects, states, missing, scene, every_name)

    async def _elsewhere(
        self, asked: Asked, scope: "_Scope", scene: Scene, names: Names, grounded: Grounded
    ) -> tuple[Scene, Names, Grounded]:
        """What is not where it was looked for may be in another namespace."""
        wide = await self._reader.scene(Scope(None))
        if not wide.is_whole_cluster:
            return scene, names, grounded
        all_names = Names.of(wide, names.namespaces)
        found = ground(asked, all_names)
        if not scope.is_stated:
            return (wide if found.objects else scene), all_names, found
        here = scope.namespaces[0] if scope.namespaces else ""
        there = ground(asked, all_names, namespace=here)
        missing = (*there.missing, *elsewhere(asked, all_names, here))
        return scene, all_names, Grounded(there.objects, missing)


@dataclass(frozen=True, slots=True)
class _Scope:
    namespaces: tuple[str, ...] | None
    is_stated: bool
    """By the question itself, so that nothing outside of it may stand for what it names."""


def _stated(asked: Asked) -> tuple[str, ...]:
    in_paths = (named.namespace for named in asked.named if named.namespace)
    return tuple(dict.fromkeys((*asked.namespaces, *in_paths)))


def _scope(
    asked: Asked, text: str, known: Iterable[str] | None, default: str, earlier: Focus
) -> _Scope:
    there = None if known is None else {*known}
    spoken = (*_stated(asked), *asked.words, *(each.name for each in asked.named))
    named = tuple(dict.fromkeys(each for each in spoken if there is not None and each in there))
    if there is None:
        named = _stated(asked)
    if named:
        return _Scope(named, is_stated=True)
    if _EVERYWHERE.search(text.strip()):
        return _Scope(None, is_stated=True)
    is_follow_up = asked.names_nothing and (
        asked.points_back or asked.intent is not Intent.WELLNESS
    )
    if earlier.namespaces and (is_follow_up or not default):
        return _Scope(earlier.namespaces, is_stated=False)
    return _Scope((default,) if default else None, is_stated=False)


def _no_namespace(wrong: Iterable[str], known: Iterable[str]) -> Iterable[Missing]:
    for name in wrong:
        yield Missing("namespace", name, "in this cluster", did_you_mean(name, known))


def _names_objects(asked: Asked, names: Names) -> bool:
    spoken = (*(each.name for each in asked.named), *asked.words)
    return any(each not in names.namespaces for each in spoken)


def _earlier(asked: Asked, earlier: Focus, scene: Scene) -> tuple[Ref, ...]:
    """What was spoken of before, where the question only points back to it."""
    if not (asked.names_nothing and (asked.points_back or asked.intent is Intent.LOGS)):
        return ()
    inside = {*scene.namespaces, ""}
    return tuple(ref for ref in earlier.objects if ref.namespace in inside)


def _slips(asked: Asked, names: Names, found: Iterable[Ref], where: str) -> Iterable[Missing]:
    """A word that is no name, but nearly one: `shpo`. Only where nothing else was meant."""
    if any(True for _ in found):
        return
    told = {each.name for each in asked.named if each.is_sure}
    perhaps = (each.name for each in asked.named if each.name not in told)
    for word in (*asked.words, *perhaps):
        if word in names.namespaces or len(word) < _LEAST_CHARS:
            continue
        near = did_you_mean(word, names.namespaces, most=1) or names.like(word)
        if near and _likeness(word, near[0].rpartition("/")[2]) >= _LIKE:
            yield Missing("name", word, where, near)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
