"""Names in a question, resolved against what exists; pure, and it concludes nothing."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.cluster.findings import Ref
from bot.cluster.likeness import did_you_mean
from bot.cluster.objects import name_of, namespace_of
from bot.cluster.resources import PLURALS
from bot.cluster.scene import Scene
from bot.tools.asked import Asked, Named

_KINDS = (
    "Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "Service", "Ingress",
    "PersistentVolumeClaim", "HorizontalPodAutoscaler", "Node",
)  # fmt: skip
"""Besides pods; the first of one name is what is opened first."""
_LEAST_CHARS = 3
"""Of a word that may stand for the beginning of a name."""
_MOST = 6
_STEM_CHARS = 5
_STEM_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Missing:
    """Something named that is not there."""

    kind: str
    """`namespace`, `pod`, …; `name` where the question gives no kind."""
    name: str
    where: str
    """`in namespace shop`, `in any namespace`."""
    likely: tuple[str, ...] = ()
    """What may have been meant: `shop/cart`."""


@dataclass(frozen=True, slots=True)
class Grounded:
    objects: tuple[Ref, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(slots=True)
class Names:
    """Every name that a scene knows."""

    namespaces: tuple[str, ...]
    refs: tuple[Ref, ...]
    by_name: dict[str, list[Ref]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    """Kinds of which some may be there and could not be seen."""

    @classmethod
    def of(cls, scene: Scene, namespaces: Iterable[str] = ()) -> "Names":
        pods = (Ref("Pod", row.namespace, row.name) for row in scene.rows)
        refs = (*_others(scene), *pods)
        known = tuple(dict.fromkeys((*namespaces, *scene.namespaces)))
        found = cls(known, refs, unread=frozenset(_unread(scene)))
        for ref in refs:
            found.by_name.setdefault(ref.name, []).append(ref)
        return found

    def may_miss(self, kind: str) -> bool:
        """That nothing of this kind has a name means that there is none."""
        return kind not in self.unread and (not kind or kind in {"Pod", *_KINDS})

    def like(self, name: str, kind: str = "", namespace: str = "") -> tuple[str, ...]:
        """Names close to this one: of its kind and its namespace where those are known."""
        pool = [
            ref
            for ref in self.refs
            if (not kind or ref.kind == kind) and (not namespace or ref.namespace == namespace)
        ]
        near = did_you_mean(name, (ref.name for ref in pool))
        paths = (_path(ref) for each in near for ref in pool if ref.name == each)
        return tuple(dict.fromkeys(paths))[:3]


def _others(scene: Scene) -> Iterator[Ref]:
    for kind in _KINDS:
        for each in scene.all(PLURALS[kind]):
            yield Ref(kind, namespace_of(each), name_of(each))


def _unread(scene: Scene) -> Iterator[str]:
    kinds = {PLURALS[kind]: kind for kind in ("Pod", *_KINDS)}
    yield from (kind for plural, kind in kinds.items() if plural not in scene.lists)
    yield from (kinds[plural] for plural, _ in scene.unread_plurals if plural in kinds)


def _path(ref: Ref) -> str:
    return f"{ref.namespace}/{ref.name}" if ref.namespace else ref.name


def ground(asked: Asked, names: Names, *, namespace: str = "") -> Grounded:
    """`namespace` where the question is about one: then names elsewhere do not count."""
    objects: list[Ref] = []
    missing: list[Missing] = []
    for named in asked.named:
        place = named.namespace or namespace
        found = resolve(named, names, place)
        objects += found
        is_missed = named.is_sure and names.may_miss(named.kind)
        if not found and is_missed and named.name not in names.namespaces:
            missing.append(_missing(named, names, place))
    for word in asked.words:
        if word not in names.namespaces and len(word) >= _LEAST_CHARS:
            objects += resolve(Named(word), names, namespace)
    return Grounded(tuple(dict.fromkeys(objects))[:_MOST], tuple(missing))


def elsewhere(asked: Asked, names: Names, namespace: str) -> Iterator[Missing]:
    """Subjects that are the whole name of something, but not in the namespace that was said."""
    sure = {each.name for each in asked.named if each.is_sure}
    for word in (each for each in asked.subjects if each not in sure):
        found = [ref for ref in names.by_name.get(word, []) if ref.namespace]
        is_here = any(ref.namespace == namespace for ref in found)
        if found and not is_here and word not in names.namespaces and len(word) >= _LEAST_CHARS:
            places = dict.fromkeys(_path(ref) for ref in _first_of_each_place(found))
            where = f"in namespace {namespace}" if namespace else "there"
            yield Missing(found[0].kind.lower(), word, where, tuple(places)[:3])


def unknown(
    asked: Asked, names: Names, namespace: str = "", found: Iterable[Ref] = ()
) -> Iterator[str]:
    """Subjects that nothing is called, nor anything in `found`: what was found may be meant."""
    parts = {part for ref in found for part in (ref.name, *ref.name.split("-"), ref.kind.lower())}
    sure = {each.name for each in asked.named if each.is_sure}
    for word in asked.subjects:
        kinds = [each.kind for each in asked.named if each.name == word] or [""]
        is_known = word in names.namespaces or any(_is_near(word, part) for part in parts)
        if is_known or word in sure or resolve(Named(word), names, namespace):
            continue
        if all(names.may_miss(kind) for kind in kinds):
            yield word


def _is_near(word: str, part: str) -> bool:
    """`migration` and `migrate`, `agent` and `agents`."""
    stem = word[: max(_STEM_CHARS, math.ceil(_STEM_SHARE * len(word)))]
    return word == part or (len(stem) >= _STEM_CHARS and part.startswith(stem))


def called(asked: Asked, found: Iterable[Ref]) -> tuple[Ref, ...]:
    """Of these what the question names, as it names things that no list of names has."""
    spoken = {*asked.words, *asked.subjects, *(n.name for n in asked.named if not n.is_common)}
    return tuple(dict.fromkeys(ref for ref in found if ref.name in spoken))


def resolve(named: Named, names: Names, namespace: str = "") -> list[Ref]:
    """The object of that name; else the pods that it is the beginning of."""
    pool = [ref for ref in names.by_name.get(named.name, []) if _fits(ref, named.kind, namespace)]
    if pool or named.is_common:
        return _first_of_each_place(pool)
    any_kind = [ref for ref in names.by_name.get(named.name, []) if _fits(ref, "", namespace)]
    if any_kind:
        return _first_of_each_place(any_kind)
    begun = [
        ref
        for ref in names.refs
        if ref.name.startswith(f"{named.name}-") and _fits(ref, named.kind, namespace)
    ]
    if begun or not named.name.endswith("s"):
        return begun[:_MOST]
    return resolve(Named(named.name[:-1], named.kind), names, namespace)  # "the backups"


def _fits(ref: Ref, kind: str, namespace: str) -> bool:
    return (not kind or ref.kind == kind) and (not namespace or ref.namespace in {namespace, ""})


def _first_of_each_place(refs: Iterable[Ref]) -> list[Ref]:
    """A Deployment and its Service share a name: the workload is what was meant."""
    first: dict[str, Ref] = {}
    for ref in refs:
        first.setdefault(ref.namespace, ref)
    return list(first.values())


def _missing(named: Named, names: Names, namespace: str) -> Missing:
    kind = named.kind.lower() or "name"
    elsewhere = tuple(_path(ref) for ref in resolve(named, names))[:3]
    likely = elsewhere or names.like(named.name, named.kind, namespace)
    likely = likely or names.like(named.name, "", namespace) or names.like(named.name, named.kind)
    where = f"in namespace {namespace}" if namespace else "in any namespace"
    return Missing(kind, named.name, where, likely)
