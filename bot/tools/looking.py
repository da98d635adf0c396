"""The first look at what a question is about: grounds its names, then examines that part."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.cluster.api import ClusterApi
from bot.cluster.asking import Asker
from bot.cluster.bounds import within
from bot.cluster.findings import Ref
from bot.cluster.likeness import did_you_mean
from bot.cluster.needs import One
from bot.cluster.reading import Reader, Scope
from bot.cluster.report import Report
from bot.cluster.scene import Scene
from bot.cluster.states import rows_of, state_of
from bot.cluster.triage import examine
from bot.tools.asked import Asked, Intent, Wish, read
from bot.tools.common_words import ORDINARY
from bot.tools.counting import names_of, pods_by_state
from bot.tools.grounding import Grounded, Missing, Names, called, elsewhere, ground
from bot.tools.places import Area, Tried, area_of, stated, tried
from bot.tools.strangers import Strangers, strangers

_MOST_RESTARTED = 3


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

    def kept_to(self, namespaces: Collection[str]) -> "Focus":
        """Without what is no longer looked into; no namespaces are all of them."""
        if not namespaces:
            return self
        inside = {*namespaces, ""}
        objects = tuple(each for each in self.objects if each.namespace in inside)
        return Focus(tuple(each for each in self.namespaces if each in inside), objects)


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
    unknown: tuple[Missing, ...] = ()
    """Words that stand where names stand, and that nothing is called."""
    pods: Mapping[str, int] = field(default_factory=dict)
    """How many are in each state."""
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Kinds that it wants to have listed -> names."""

    @property
    def focus(self) -> Focus:
        """Where nothing was named, what is worst is what people go on about."""
        report = self.report
        namespaces = report.namespaces if report and not report.is_whole_cluster else ()
        worst = tuple(each.about for each in report.faults[:1]) if report else ()
        return Focus(namespaces, self.objects or worst)


class Looker:
    def __init__(self, api: ClusterApi, redact: Callable[[str], str]) -> None:
        self._api = api
        self._redact = redact

    async def look(self, text: str, *, namespace: str, earlier: Focus) -> Look:
        """`namespace` is the channel's own, or empty. Raises ClusterError."""
        reader = Reader(self._api)
        bounds = self._api.access.namespaces
        earlier = earlier.kept_to(bounds)
        known = await reader.namespaces()
        there = Tried() if known is not None else await tried(self._api, read(text))
        asked = read(text, there.open if known is None else known)
        wanted = stated(asked)
        if known is not None and wanted and not {*wanted} & {*known}:
            return Look(asked, None, missing=tuple(_no_namespace(wanted, known, bounds)))
        area = area_of(asked, text, known, namespace, earlier.namespaces)
        look = await self._look_into(reader, asked, area, known or (), earlier)
        if not there.closed or area.is_stated or look.objects:
            return look
        closed = Area(there.closed, is_stated=True)
        return await self._look_into(reader, read(text, there.closed), closed, (), earlier)

    async def _look_into(
        self, reader: Reader, asked: Asked, area: Area, known: Iterable[str], earlier: Focus
    ) -> Look:
        scene = await reader.scene(Scope(area.namespaces))
        names = Names.of(scene, known)
        is_whole = scene.is_everything
        # Where not all may be listed, the one that is read is meant, and nothing is said of others.
        place = "" if is_whole or len(scene.namespaces) > 1 else scene.namespaces[0]
        grounded = ground(asked, names, namespace=place)
        if area.namespaces is not None and not grounded.objects and _names_objects(asked, names):
            before = names
            scene, names, grounded = await _elsewhere(reader, asked, area, scene, names, grounded)
            is_whole = names is not before
        objects = grounded.objects or _earlier(asked, earlier, scene)
        if scene.is_everything and (places := {ref.namespace for ref in objects} - {""}):
            scene = scene.narrowed(sorted(places))
        report = await examine(self._api, self._redact, scene, first=objects)
        objects = objects or called(asked, _others_with_findings(report, names))
        await self._read_restarted(asked, scene, objects)
        bounds = self._api.access.namespaces
        everywhere = within(bounds) if bounds else "in any namespace"
        where = everywhere if is_whole else f"in {', '.join(scene.namespaces)}"
        strange = _strangers(asked, names, area, report, objects or grounded.missing, where)
        beyond = _beyond(asked, names, bounds)
        missing = (*grounded.missing, *strange.slips) if report.could_look else ()
        look = _seen(asked, report, objects, scene)
        every_name = names if is_whole else None
        unknown = (*beyond.values(), *(each for each in strange.unknown if each.name not in beyond))
        return replace(look, missing=missing, names=every_name, unknown=unknown)

    async def _read_restarted(self, asked: Asked, scene: Scene, objects: Iterable[Ref]) -> None:
        """Pods that are well are known by their rows alone, which do not say how one ended."""
        if Wish.RESTARTS not in asked.wishes:
            return
        rows = (row for ref in objects for row in rows_of(scene, ref) if row.restarts)
        pods = [One("pods", row.namespace, row.name) for row in rows]
        await Asker(self._api, self._redact).answer(scene, pods[:_MOST_RESTARTED])


async def _elsewhere(
    reader: Reader, asked: Asked, area: Area, scene: Scene, names: Names, grounded: Grounded
) -> tuple[Scene, Names, Grounded]:
    """What is not where it was looked for may be in another namespace."""
    wide = await reader.scene(Scope(None))
    if not wide.is_everything:
        return scene, names, grounded
    all_names = Names.of(wide, names.namespaces)
    found = ground(asked, all_names)
    if not area.is_stated:
        return (wide if found.objects else scene), all_names, found
    here = area.namespaces[0] if area.namespaces else ""
    there = ground(asked, all_names, namespace=here)
    missing = (*there.missing, *elsewhere(asked, all_names, here))
    return scene, all_names, Grounded(there.objects, missing)


def _no_namespace(
    wrong: Iterable[str], known: Iterable[str], bounds: Sequence[str]
) -> Iterator[Missing]:
    where = within(bounds) if bounds else "in this cluster"
    for name in wrong:
        yield Missing("namespace", name, where, did_you_mean(name, known))


def _beyond(asked: Asked, names: Names, bounds: Sequence[str]) -> dict[str, Missing]:
    """What is said to be a place, and is none that is looked into."""
    if not bounds:
        return {}
    perhaps = (
        each
        for each in asked.places
        if each not in ORDINARY and not any(each in ref.name for ref in names.refs)
    )
    wrong = (each for each in (*stated(asked), *perhaps) if each not in bounds)
    return {each.name: each for each in _no_namespace(wrong, bounds, bounds)}


def _names_objects(asked: Asked, names: Names) -> bool:
    spoken = (*(each.name for each in asked.named), *asked.words)
    return any(each not in names.namespaces for each in spoken)


def _earlier(asked: Asked, earlier: Focus, scene: Scene) -> tuple[Ref, ...]:
    """What was spoken of before, where the question only points back to it."""
    if not (asked.names_nothing and (asked.points_back or asked.intent is Intent.LOGS)):
        return ()
    inside = {*scene.namespaces, ""}
    return tuple(ref for ref in earlier.objects if ref.namespace in inside)


def _seen(asked: Asked, report: Report, objects: tuple[Ref, ...], scene: Scene) -> Look:
    states = {ref: state_of(scene, ref) for ref in objects}
    counted, listed = pods_by_state(scene), names_of(scene, asked.kinds)
    return Look(asked, report, objects, states, scene=scene, pods=counted, listed=listed)


def _others_with_findings(report: Report, names: Names) -> Iterator[Ref]:
    """Custom resources, which no list of names has."""
    yield from (each.about for each in report.findings if each.about not in names.refs)


def _strangers(
    asked: Asked, names: Names, area: Area, report: Report, found: Collection[Any], where: str
) -> Strangers:
    if found or not report.could_look:
        return Strangers()
    inside = area.namespaces if area.is_stated and area.namespaces else ()
    place = inside[0] if len(inside) == 1 else ""
    there = f"in namespace {place}" if place else where
    return strangers(
        asked, names, (each.about for each in report.findings), place=place, where=there
    )
