"""Bound claims whose volume cannot be attached or mounted; no volumes of other kinds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.quotation import quoted
from bot.cluster.checks.scheduling.hurdles import ref_of_pod
from bot.cluster.checks.storage.claims import claim_name, ref_of_claim
from bot.cluster.findings import Finding
from bot.cluster.objects import Object, event_time, items, name_of, namespace_of, text, words
from bot.cluster.scene import Scene

_REASONS = frozenset({"FailedAttachVolume", "FailedMount", "FailedMapVolume"})
_VOLUME = re.compile(r'for volume "([^"]+)"|unmounted volumes=\[([^\]]+)\]')
_USERS = re.compile(r"already used by pod\(s\) ([^\s].*)")
_MULTI_ATTACH = "Multi-Attach error"
_SUM = "Unable to attach or mount volumes"
"""Only sums up what another event says better."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One pod, one of its claims, and the event that says that the volume does not come."""

    pod: Object
    claim: Object
    event: Object


def check(scene: Scene) -> Iterator[Finding]:
    by_claim: dict[tuple[str, str], list[Refusal]] = {}
    for pod in scene.pods:
        for each in _refusals(scene, pod):
            key = (namespace_of(each.claim), name_of(each.claim))
            by_claim.setdefault(key, []).append(each)
    for found in by_claim.values():
        yield _finding(scene, found)


def _refusals(scene: Scene, pod: Object) -> Iterator[Refusal]:
    """Of a pod that has a node and nothing running yet; later its volumes are there."""
    is_waiting = text(pod, "status", "phase") == "Pending" and text(pod, "spec", "nodeName")
    if not is_waiting or text(pod, "metadata", "deletionTimestamp"):
        return
    events = scene.events_about("Pod", namespace_of(pod), name_of(pod))
    said = [each for each in events if text(each, "reason") in _REASONS]
    said.sort(key=lambda each: (_SUM not in text(each, "message"), event_time(each)), reverse=True)
    for volume in items(pod, "spec", "volumes"):
        name = claim_name(pod, volume)
        claim = scene.one("PersistentVolumeClaim", namespace_of(pod), name) if name else None
        if claim is None or text(claim, "status", "phase") != "Bound":
            continue
        names = {text(volume, "name"), text(claim, "spec", "volumeName")}
        event = next((each for each in said if names & _named(each)), None)
        if event is not None:
            yield Refusal(pod, claim, event)


def _named(event: Object) -> set[str]:
    """Volumes that the message names, by the pod's name for them or by the cluster's."""
    found = _VOLUME.finditer(text(event, "message"))
    return {name for each in found for name in (each[1] or each[2]).replace(",", " ").split()}


def _finding(scene: Scene, refusals: list[Refusal]) -> Finding:
    first = refusals[0]
    ref, message = ref_of_claim(first.claim), text(first.event, "message")
    is_taken = _MULTI_ATTACH in message
    modes = ", ".join(words(first.claim, "spec", "accessModes"))
    pods = [each.pod for each in refusals]
    return Finding(
        reason="MultiAttach" if is_taken else text(first.event, "reason"),
        severity="critical",
        about=ref,
        cause=_taken(first, modes) if is_taken else _refused(first),
        since=text(first.event, "firstTimestamp") or event_time(first.event),
        evidence=(
            told(first.event),
            seen(ref, "spec.accessModes", modes),
            seen(ref, "spec.volumeName", text(first.claim, "spec", "volumeName")),
            seen(ref_of_pod(first.pod), "spec.nodeName", text(first.pod, "spec", "nodeName")),
        ),
        next=(
            f"kubectl describe pod {name_of(first.pod)} -n {ref.namespace}",
            f"kubectl describe pvc {ref.name} -n {ref.namespace}",
        ),
        affects=tuple(dict.fromkeys(scene.owner(each) for each in pods)),
        pods=tuple(sorted(name_of(each) for each in pods)),
    )


def _taken(found: Refusal, modes: str) -> str:
    node, users = text(found.pod, "spec", "nodeName"), _USERS.search(text(found.event, "message"))
    who = f"pod `{users[1]}`" if users else "another node"
    return (
        f"Claim `{name_of(found.claim)}` ({modes}) cannot be attached to node `{node}` for pod "
        f"`{name_of(found.pod)}`, because {who} still holds it: "
        f"{quoted(text(found.event, 'message'))}."
    )


def _refused(found: Refusal) -> str:
    node = text(found.pod, "spec", "nodeName")
    verb = "attached to" if "Attach" in text(found.event, "reason") else "mounted on"
    return (
        f"Claim `{name_of(found.claim)}` (volume `{text(found.claim, 'spec', 'volumeName')}`) "
        f"cannot be {verb} node `{node}` for pod `{name_of(found.pod)}`: "
        f"{quoted(text(found.event, 'message'))}."
    )
