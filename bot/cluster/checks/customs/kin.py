"""Which custom resources belong together: who owns whom, and who leans on whom; pure."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.cluster.findings import Ref
from bot.cluster.objects import Object, items, name_of, namespace_of, part, text
from bot.cluster.resources import PLURALS
from bot.cluster.scene import Scene

_NAMED = re.compile(r"\b([A-Z][A-Za-z]+)/([a-z0-9.-]+)/([a-z0-9.-]+)")
"""`Deployment/shop/checkout`, as controllers write it in a message."""
_MOST_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Member:
    depth: int
    """How many owners stand above it."""
    ref: Ref
    custom: Object


@dataclass(frozen=True, slots=True)
class Family:
    """One object that nobody owns, and what it owns, the eldest first."""

    root: Ref
    members: tuple[Member, ...]


def custom_ref(custom: Object) -> Ref:
    return Ref(text(custom, "kind"), namespace_of(custom), name_of(custom))


def families(customs: Sequence[Object]) -> Iterator[Family]:
    known = {custom_ref(each): each for each in customs if text(each, "kind")}
    depths: dict[Ref, list[tuple[int, Ref]]] = {}
    for ref in known:
        root, depth = _root(ref, known)
        depths.setdefault(root, []).append((depth, ref))
    for root, found in sorted(depths.items()):
        yield Family(root, tuple(Member(depth, ref, known[ref]) for depth, ref in sorted(found)))


def _root(ref: Ref, known: Mapping[Ref, Object]) -> tuple[Ref, int]:
    """The eldest owner that is known, and how far below it this one stands."""
    for depth in range(_MOST_DEPTH):
        owner = _owner(ref, known)
        if owner is None:
            return ref, depth
        ref = owner
    return ref, _MOST_DEPTH


def _owner(ref: Ref, known: Mapping[Ref, Object]) -> Ref | None:
    for each in items(known[ref], "metadata", "ownerReferences"):
        kind, name = text(each, "kind"), text(each, "name")
        for namespace in (ref.namespace, ""):
            above = Ref(kind, namespace, name)
            if above in known and above != ref:
                return above
    return None


def suspects(scene: Scene, custom: Object, message: str, own: Collection[Ref]) -> Iterator[Ref]:
    """What it leans on by its spec, its message or its inventory, and may be to blame."""
    unwell = {custom_ref(each) for each in scene.all("custom")}
    namespace = namespace_of(custom)
    spoken = {Ref(kind, place, name) for kind, place, name in _NAMED.findall(message)}
    known = {ref for ref in spoken if ref.kind in PLURALS} | (spoken & unwell)
    leaned_on = {*_references(part(custom, "spec"), namespace)} & unwell
    yield from sorted((known | leaned_on | {*_degraded(custom)}) - {*own})


def _references(spec: Object, namespace: str, depth: int = 4) -> Iterator[Ref]:
    """Fields such as `sourceRef` and `issuerRef`, with the namespace they name or the object's."""
    for key, value in spec.items():
        if not isinstance(value, Mapping):
            continue
        kind, name = text(value, "kind"), text(value, "name")
        if key.endswith("Ref") and name:
            for place in (text(value, "namespace") or namespace, ""):
                yield Ref(kind or "Issuer", place, name)
        elif depth:
            yield from _references(value, namespace, depth - 1)


def _degraded(custom: Object) -> Iterator[Ref]:
    """Of Argo CD's Applications: the resources that are not well."""
    for each in items(custom, "status", "resources"):
        if text(each, "health", "status") in {"Degraded", "Missing"}:
            yield Ref(text(each, "kind"), text(each, "namespace"), text(each, "name"))
