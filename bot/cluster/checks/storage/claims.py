"""Why a PersistentVolumeClaim has no volume, for whoever waits for it; it yields no finding."""

from dataclasses import dataclass

from bot.cluster.checks.evidence import absent, seen, told
from bot.cluster.checks.quotation import listed, quoted
from bot.cluster.checks.scheduling.selectors import near
from bot.cluster.checks.storage.offers import class_of, compared, gaps_of
from bot.cluster.findings import Evidence, Ref
from bot.cluster.likeness import spoken_hint
from bot.cluster.objects import (
    Object,
    age_seconds,
    items,
    name_of,
    namespace_of,
    part,
    strings,
    text,
)
from bot.cluster.scene import Scene

_PATIENCE_SECONDS = 30
"""Cloud disks take a few seconds to a minute; before that nothing is wrong."""
_DEFAULT = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)
_NO_PROVISIONER = "kubernetes.io/no-provisioner"
_SELECTED = "volume.kubernetes.io/selected-node"
_PROVISIONERS = (
    "volume.kubernetes.io/storage-provisioner",
    "volume.beta.kubernetes.io/storage-provisioner",
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a claim cannot be used."""

    reason: str
    why: str
    """To be read after "Claim `data` ": "names the StorageClass `fast`, which does not exist"."""
    evidence: tuple[Evidence, ...]
    hint: str = ""
    is_lost: bool = False


def ref_of_claim(claim: Object) -> Ref:
    return Ref("PersistentVolumeClaim", namespace_of(claim), name_of(claim))


def claim_names(pod: Object) -> tuple[str, ...]:
    """The claims a pod mounts, also those that are made for it alone."""
    return tuple(name for each in items(pod, "spec", "volumes") if (name := claim_name(pod, each)))


def claim_name(pod: Object, volume: Object) -> str:
    """The claim behind a volume of a pod's spec; nothing where it is of another kind."""
    if part(volume, "ephemeral"):
        return f"{name_of(pod)}-{text(volume, 'name')}"
    return text(volume, "persistentVolumeClaim", "claimName")


def trouble_of(scene: Scene, claim: Object) -> Trouble | None:
    """None where nothing is wrong, or where that cannot be said yet."""
    phase = text(claim, "status", "phase")
    if phase == "Lost":
        return _lost(scene, claim)
    if text(claim, "metadata", "deletionTimestamp"):
        return _leaving(claim)
    if phase != "Pending":
        return None
    if text(claim, "spec", "volumeName"):
        return _named_volume(scene, claim)
    return _without_class(scene, claim) or _of_class(scene, claim) or _refused(scene, claim)


def _lost(scene: Scene, claim: Object) -> Trouble:
    volume = text(claim, "spec", "volumeName")
    proofs = [seen(ref_of_claim(claim), "status.phase", "Lost")]
    gone = scene.was_read("persistentvolumes") and _volume(scene, volume) is None
    if gone:
        proofs.append(absent("PersistentVolume", volume))
    why = f"has lost its volume `{volume}`" + (", which does not exist any more" if gone else "")
    return Trouble("ClaimLost", why, (*proofs, *_told(scene, claim)), is_lost=True)


def _leaving(claim: Object) -> Trouble:
    when = text(claim, "metadata", "deletionTimestamp")
    proof = seen(ref_of_claim(claim), "metadata.deletionTimestamp", when)
    return Trouble("ClaimTerminating", f"is being deleted since {when}", (proof,))


def _volume(scene: Scene, name: str) -> Object | None:
    return next((v for v in scene.all("persistentvolumes") if name_of(v) == name), None)


def _named_volume(scene: Scene, claim: Object) -> Trouble | None:
    """The claim asks for one volume by name."""
    if not scene.was_read("persistentvolumes"):
        return None
    name = text(claim, "spec", "volumeName")
    asked = seen(ref_of_claim(claim), "spec.volumeName", name)
    volume = _volume(scene, name)
    if volume is None:
        names = (name_of(each) for each in scene.all("persistentvolumes"))
        why = f"asks for the volume `{name}`, which does not exist"
        gone = (asked, absent("PersistentVolume", name))
        return Trouble("VolumeNotFound", why, gone, spoken_hint(near(name, names)))
    gaps = [*gaps_of(claim, volume)]
    if not gaps:
        return None
    why = f"asks for the volume `{name}`, which {' and '.join(said for said, _ in gaps)}"
    proofs = (asked, *(proof for _, proof in gaps), *_told(scene, claim))
    return Trouble("VolumeMismatch", why, proofs)


def _without_class(scene: Scene, claim: Object) -> Trouble | None:
    """No class is named, so only a default class or a volume without class can serve it."""
    named = class_of(claim)
    if named or not scene.was_read("storageclasses"):
        return None
    classes = scene.all("storageclasses")
    if named is None and any(_is_default(each) for each in classes):
        return None
    lacking, gaps = compared(scene, claim)
    if not lacking and scene.was_read("persistentvolumes"):
        return None
    why, proofs = _classless(claim, [name_of(each) for each in classes])
    why = f"{why}; {lacking}" if lacking else why
    return Trouble("NoStorageClass", why, (*proofs, *gaps))


def _classless(claim: Object, known: list[str]) -> tuple[str, tuple[Evidence, ...]]:
    ref = ref_of_claim(claim)
    if class_of(claim) is not None:
        why = 'asks for a volume without StorageClass (`storageClassName: ""`)'
        return why, (seen(ref, "spec.storageClassName", '""'),)
    there = f"there are {listed(known)}" if known else "there is none at all"
    why = f"names no StorageClass, and none is the default ({there})"
    asked = seen(ref, "spec.storageClassName", "(not set)")
    return why, (asked, absent("StorageClass", "default", f"none is marked as default; {there}"))


def _is_default(found: Object) -> bool:
    marks = strings(found, "metadata", "annotations")
    return any(marks.get(each) == "true" for each in _DEFAULT)


def _of_class(scene: Scene, claim: Object) -> Trouble | None:
    """The class is missing, or makes no volumes and none is there that would do."""
    named = class_of(claim) or ""
    if not named or not scene.was_read("storageclasses"):
        return None
    found = next((c for c in scene.all("storageclasses") if name_of(c) == named), None)
    asked = seen(ref_of_claim(claim), "spec.storageClassName", named)
    if found is None:
        return _missing_class(scene, claim, named, asked)
    if text(found, "provisioner") != _NO_PROVISIONER or _waits(scene, claim, found):
        return None
    lacking, gaps = compared(scene, claim)
    if not lacking:
        return None
    made = seen(Ref("StorageClass", "", named), "provisioner", _NO_PROVISIONER)
    why = (
        f"finds no volume, and its StorageClass `{named}` makes none ({_NO_PROVISIONER}): {lacking}"
    )
    return Trouble("NoMatchingVolume", why, (asked, made, *gaps))


def _missing_class(scene: Scene, claim: Object, named: str, asked: Evidence) -> Trouble | None:
    """Volumes may carry the name of a class that is no object; then it is they that do not fit."""
    if any(class_of(each) == named for each in scene.all("persistentvolumes")):
        lacking, gaps = compared(scene, claim)
        why = f"finds no volume of class `{named}`, which no StorageClass makes: {lacking}"
        return Trouble("NoMatchingVolume", why, (asked, *gaps)) if lacking else None
    names = [name_of(each) for each in scene.all("storageclasses")]
    hint = spoken_hint(near(named, names))
    there = f" (there are {listed(names)})" if names and not hint else ""
    why = f"names the StorageClass `{named}`, which does not exist{there}"
    proofs = (asked, absent("StorageClass", named), *_told(scene, claim))
    return Trouble("StorageClassNotFound", why, proofs, hint)


def _waits(scene: Scene, claim: Object, storage_class: Object) -> bool:
    """`WaitForFirstConsumer`, and no pod that the scheduler knows wants it."""
    is_late = text(storage_class, "volumeBindingMode") == "WaitForFirstConsumer"
    is_chosen = bool(strings(claim, "metadata", "annotations").get(_SELECTED))
    return is_late and not is_chosen and not any(_wants(p, claim) for p in scene.pods)


def _wants(pod: Object, claim: Object) -> bool:
    return namespace_of(pod) == namespace_of(claim) and name_of(claim) in claim_names(pod)


def _refused(scene: Scene, claim: Object) -> Trouble | None:
    """A provisioner said no, or said nothing."""
    ref, named = ref_of_claim(claim), class_of(claim) or ""
    phase = seen(ref, "status.phase", "Pending")
    said = _told(scene, claim)
    if said:
        why = f"got no volume from StorageClass `{named}`: {quoted(said[-1].value)}"
        asked = seen(ref, "spec.storageClassName", named)
        return Trouble("ProvisioningFailed", why, (said[-1], phase, asked))
    marks = strings(claim, "metadata", "annotations")
    asked_of = next((marks[each] for each in _PROVISIONERS if marks.get(each)), "")
    seconds = age_seconds(text(claim, "metadata", "creationTimestamp"), scene.now) or 0
    if not asked_of or seconds < _PATIENCE_SECONDS:
        return None
    why = (
        f"waits for the provisioner `{asked_of}` of StorageClass `{named}`, "
        f"which has made no volume in {spoken_time(seconds)}: it may not be running"
    )
    mark = seen(ref, f"metadata.annotations.{_PROVISIONERS[0]}", asked_of)
    return Trouble("ExternalProvisioning", why, (mark, phase))


def spoken_time(seconds: float) -> str:
    """ "40 seconds", "12 minutes", "3 hours"."""
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} hours"


def _told(scene: Scene, claim: Object) -> tuple[Evidence, ...]:
    events = scene.events_about("PersistentVolumeClaim", namespace_of(claim), name_of(claim))
    wanted = {"ProvisioningFailed", "FailedBinding", "VolumeMismatch", "ClaimLost", "ClaimMisbound"}
    return tuple(told(each) for each in events if text(each, "reason") in wanted)
