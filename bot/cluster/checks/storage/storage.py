"""Claims without a volume, volumes that failed, and volumes that do not grow."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.quotation import quoted
from bot.cluster.checks.scheduling.room import amounts, is_short, spoken
from bot.cluster.checks.storage.claims import Trouble, claim_names, ref_of_claim, trouble_of
from bot.cluster.checks.storage.mounts import check as check_mounts
from bot.cluster.findings import Evidence, Finding, Ref, Severity
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    name_of,
    namespace_of,
    part,
    text,
)
from bot.cluster.scene import Scene

_PATIENCE_SECONDS = 5 * 60
_GROWTH_ERRORS = ("ControllerResizeError", "NodeResizeError")


def check(scene: Scene) -> Iterator[Finding]:
    for claim in scene.all("persistentvolumeclaims"):
        trouble = trouble_of(scene, claim)
        # A claim that goes away when its pod does is no fault of the claim.
        if trouble is not None and not text(claim, "metadata", "deletionTimestamp"):
            yield _unbound(scene, claim, trouble)
        yield from _growth(scene, claim)
    for volume in scene.all("persistentvolumes"):
        yield from _volume(scene, volume)
    yield from check_mounts(scene)


def _unbound(scene: Scene, claim: Object, trouble: Trouble) -> Finding:
    ref = ref_of_claim(claim)
    users = [p for p in scene.pods if _uses(p, claim)]
    severity: Severity = "critical" if users or trouble.is_lost else "warning"
    phase = seen(ref, "status.phase", text(claim, "status", "phase"))
    return Finding(
        reason=trouble.reason,
        severity=severity,
        about=ref,
        cause=f"Claim `{ref.name}` {trouble.why}.{trouble.hint}",
        since=text(claim, "metadata", "creationTimestamp") if not trouble.is_lost else "",
        evidence=tuple(dict.fromkeys((phase, *trouble.evidence))),
        next=(_look_at(ref), "kubectl get storageclasses,persistentvolumes"),
        affects=tuple(dict.fromkeys(scene.owner(each) for each in users)),
    )


def _uses(pod: Object, claim: Object) -> bool:
    return namespace_of(pod) == namespace_of(claim) and name_of(claim) in claim_names(pod)


def _look_at(ref: Ref) -> str:
    return f"kubectl describe pvc {ref.name} -n {ref.namespace}"


def _growth(scene: Scene, claim: Object) -> Iterator[Finding]:
    """It was asked to grow and did not."""
    asked = amounts(claim, "spec", "resources", "requests").get("storage", 0.0)
    has = amounts(claim, "status", "capacity").get("storage", 0.0)
    if text(claim, "status", "phase") != "Bound" or not is_short(asked, has):
        return
    ref = ref_of_claim(claim)
    events = scene.events_about("PersistentVolumeClaim", ref.namespace, ref.name)
    failed = [each for each in events if "ResizeFailed" in text(each, "reason")][-1:]
    found, why = _growth_state(scene, claim)
    if not why and failed:
        found, why = failed[0], f"that failed: {quoted(text(failed[0], 'message'))}"
    if why:
        sizes = (spoken("storage", has), spoken("storage", asked))
        told_events = tuple(told(each) for each in failed)
        yield _growth_finding(ref, sizes, found, why, told_events)


def _growth_finding(
    ref: Ref, sizes: tuple[str, str], found: Object, why: str, proofs: tuple[Evidence, ...]
) -> Finding:
    has, asked = sizes
    return Finding(
        reason=text(found, "type") if "status" in found else text(found, "reason"),
        severity="warning",
        about=ref,
        cause=f"Claim `{ref.name}` has {has} and was asked to grow to {asked}: {why}.",
        since=text(found, "lastTransitionTime") or text(found, "firstTimestamp"),
        evidence=(
            seen(ref, "spec.resources.requests.storage", asked),
            seen(ref, "status.capacity.storage", has),
            *proofs,
        ),
        next=(_look_at(ref), "kubectl get storageclasses"),
    )


def _growth_state(scene: Scene, claim: Object) -> tuple[Object, str]:
    """The condition that tells how far it came, in words too; nothing while it is on its way."""
    for kind in _GROWTH_ERRORS:
        found = condition(claim, kind)
        if text(found, "status") == "True":
            return found, f"that failed: {quoted(text(found, 'message'))}"
    found = condition(claim, "FileSystemResizePending")
    seconds = age_seconds(text(found, "lastTransitionTime"), scene.now) or 0.0
    if text(found, "status") == "True" and seconds > _PATIENCE_SECONDS:
        return found, "the volume has grown, and its file system waits for a pod to mount it anew"
    return {}, ""


def _volume(scene: Scene, volume: Object) -> Iterator[Finding]:
    owner = part(volume, "spec", "claimRef")
    if not scene.is_whole_cluster and text(owner, "namespace") not in scene.namespaces:
        return
    holder = f"{text(owner, 'namespace')}/{text(owner, 'name')}"
    phase, message = text(volume, "status", "phase"), quoted(text(volume, "status", "message"))
    if phase == "Failed":
        said = f"could not be cleaned up after claim `{holder}`: {message or 'nothing says why'}"
        yield _volume_finding(scene, volume, "VolumeFailed", "warning", said)
    elif phase == "Released" and text(volume, "spec", "persistentVolumeReclaimPolicy") == "Retain":
        said = f"is kept after its claim `{holder}` was deleted (Retain), so no other can take it"
        yield _volume_finding(scene, volume, "VolumeReleased", "info", said)


def _volume_finding(
    scene: Scene, volume: Object, reason: str, severity: Severity, said: str
) -> Finding:
    ref = Ref("PersistentVolume", "", name_of(volume))
    events = scene.events_about("PersistentVolume", "", ref.name)
    phase = text(volume, "status", "phase")
    return Finding(
        reason=reason,
        severity=severity,
        about=ref,
        cause=f"Volume `{ref.name}` {said}.",
        since=text(volume, "status", "lastPhaseTransitionTime"),
        evidence=(seen(ref, "status.phase", phase), *(told(each) for each in events[-1:])),
        next=(f"kubectl describe persistentvolume {ref.name}",),
    )
