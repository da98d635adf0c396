"""Which volumes there are for a claim, and what each of them lacks; pure."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import absent, seen
from bot.cluster.checks.scheduling.room import amounts, spoken
from bot.cluster.findings import Evidence, Ref
from bot.cluster.objects import (
    Object,
    labels_of,
    matches,
    name_of,
    namespace_of,
    part,
    text,
    words,
)
from bot.cluster.scene import Scene

_COMPARED = 3


def class_of(found: Object) -> str | None:
    """None where no class is named, which is not the same as an empty name."""
    old = text(found, "metadata", "annotations", "volume.beta.kubernetes.io/storage-class")
    if old:
        return old
    named = "storageClassName" in part(found, "spec")
    return text(found, "spec", "storageClassName") if named else None


def compared(scene: Scene, claim: Object) -> tuple[str, tuple[Evidence, ...]]:
    """What each volume of its class lacks, the nearest first; nothing where one would do."""
    if not scene.was_read("persistentvolumes"):
        return "", ()
    wanted = class_of(claim) or ""
    volumes = [v for v in scene.all("persistentvolumes") if (class_of(v) or "") == wanted]
    if not volumes:
        kind = f"of class `{wanted}`" if wanted else "without a class"
        proof = absent("PersistentVolume", wanted or "any", f"there is none {kind}")
        return f"there is no volume {kind}", (proof,)
    gaps = sorted(((v, [*gaps_of(claim, v)]) for v in volumes), key=lambda each: len(each[1]))
    nearest = [(v, g) for v, g in gaps if len(g) == len(gaps[0][1])][:_COMPARED]
    if not gaps[0][1]:
        return "", ()
    said = [f"volume `{name_of(v)}` {' and '.join(s for s, _ in g)}" for v, g in nearest]
    more = len(volumes) - len(nearest)
    others = f"; {more} more {'does' if more == 1 else 'do'} not fit either" if more else ""
    return "; ".join(said) + others, tuple(proof for _, g in nearest for _, proof in g)


_Gap = tuple[str, Evidence]


def gaps_of(claim: Object, volume: Object) -> Iterator[_Gap]:
    """What of a volume does not suit a claim, as the volume controller compares them."""
    ref = Ref("PersistentVolume", "", name_of(volume))
    yield from _taken(ref, claim, volume)
    yield from _too_small(ref, claim, volume)
    yield from _other_class(ref, claim, volume)
    yield from _other_modes(ref, claim, volume)
    if not matches(part(claim, "spec", "selector"), labels_of(volume)):
        said = "does not have the labels of the claim's selector"
        yield said, seen(ref, "metadata.labels", dict(labels_of(volume)))


def _taken(ref: Ref, claim: Object, volume: Object) -> Iterator[_Gap]:
    owner = part(volume, "spec", "claimRef")
    phase = text(volume, "status", "phase")
    holder = (text(owner, "namespace"), text(owner, "name"))
    is_mine = holder == (namespace_of(claim), name_of(claim))
    if owner and (not is_mine or phase in {"Released", "Failed"}):
        verb = "still belongs" if phase == "Released" else "belongs"
        said = f"is {phase} and {verb} to claim `{'/'.join(holder)}`"
        yield said, seen(ref, "spec.claimRef", f"{'/'.join(holder)} ({phase})")


def _too_small(ref: Ref, claim: Object, volume: Object) -> Iterator[_Gap]:
    asked = amounts(claim, "spec", "resources", "requests").get("storage", 0.0)
    has = amounts(volume, "spec", "capacity").get("storage", 0.0)
    if asked > has:
        said = f"has {spoken('storage', has)} of the {spoken('storage', asked)} asked for"
        yield said, seen(ref, "spec.capacity.storage", spoken("storage", has))


def _other_class(ref: Ref, claim: Object, volume: Object) -> Iterator[_Gap]:
    its, wanted = class_of(volume) or "", class_of(claim) or ""
    if its != wanted:
        said = f"has the class `{its}`" if its else "has no class"
        yield said, seen(ref, "spec.storageClassName", its or "(not set)")


def _other_modes(ref: Ref, claim: Object, volume: Object) -> Iterator[_Gap]:
    offers = words(volume, "spec", "accessModes")
    missing = [each for each in words(claim, "spec", "accessModes") if each not in offers]
    if missing:
        said = f"offers {', '.join(offers) or 'no access mode'} and not {', '.join(missing)}"
        yield said, seen(ref, "spec.accessModes", ", ".join(offers))
    mine, its = (text(each, "spec", "volumeMode") or "Filesystem" for each in (claim, volume))
    if mine != its:
        yield f"is of volumeMode {its} and not {mine}", seen(ref, "spec.volumeMode", its)
