"""Pods that wait for a node, by workload, and what all findings about them share; no causes."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.scheduling.hurdles import ref_of_pod
from bot.cluster.findings import Evidence, Finding, Ref, Severity
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    items,
    name_of,
    namespace_of,
    number,
    text,
)
from bot.cluster.scene import Scene

PATIENCE_SECONDS = 60
_GATE_SECONDS = 20
_MOST_EVIDENCE = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """The pods of one workload that wait for the same thing; the newest speaks for all."""

    about: Ref
    pods: tuple[Object, ...]

    @property
    def pod(self) -> Object:
        return self.pods[0]

    @property
    def spoken(self) -> str:
        if self.about.kind == "Pod":
            return "this pod"
        return "its pod" if len(self.pods) == 1 else f"its pod ({len(self.pods)} of them wait)"


def waiting_pods(scene: Scene) -> dict[tuple[Ref, str], Waiting]:
    groups: dict[tuple[Ref, str], list[Object]] = {}
    for pod in scene.pods:
        if state := _state(scene, pod):
            groups.setdefault((scene.owner(pod), state), []).append(pod)
    return {
        key: Waiting(key[0], tuple(sorted(pods, key=_born, reverse=True)))
        for key, pods in groups.items()
    }


def _born(pod: Object) -> tuple[str, str]:
    return text(pod, "metadata", "creationTimestamp"), name_of(pod)


def _state(scene: Scene, pod: Object) -> str:
    """What it waits for; nothing where it does not, or not for long."""
    is_leaving = bool(text(pod, "metadata", "deletionTimestamp"))
    if is_leaving or text(pod, "status", "phase") not in {"Pending", ""}:
        return ""
    placed = condition(pod, "PodScheduled")
    if node := text(pod, "spec", "nodeName"):
        is_gone = scene.was_read("nodes") and scene.one("Node", "", node) is None
        return "nowhere" if is_gone else ""
    if text(placed, "status") == "False" and text(placed, "reason") != "SchedulingGated":
        return "unfit"
    if placed or items(pod, "spec", "schedulingGates"):
        return "gated" if seconds(scene, pod) >= _GATE_SECONDS else ""
    return "ignored" if seconds(scene, pod) >= PATIENCE_SECONDS else ""


def finding(
    scene: Scene,
    waiting: Waiting,
    reason: str,
    cause: str,
    evidence: tuple[Evidence, ...],
    *,
    next_: tuple[str, ...],
    because_of: tuple[Ref, ...] = (),
    explains: tuple[Ref, ...] = (),
) -> Finding:
    pods = tuple(sorted(name_of(each) for each in waiting.pods))
    return Finding(
        reason=reason,
        severity=_severity(scene, waiting, reason),
        about=waiting.about,
        cause=cause,
        since=_since(waiting.pods),
        evidence=tuple(dict.fromkeys((*_said(scene, waiting.pod), *evidence)))[:_MOST_EVIDENCE],
        next=next_[:3],
        because_of=because_of,
        explains=explains,
        pods=pods if waiting.about.kind != "Pod" else (),
    )


def _since(pods: tuple[Object, ...]) -> str:
    times = (
        text(condition(each, "PodScheduled"), "lastTransitionTime")
        or text(each, "metadata", "creationTimestamp")
        for each in pods
    )
    return min(filter(None, times), default="")


def _said(scene: Scene, pod: Object) -> Iterator[Evidence]:
    """What the scheduler wrote: into the pod, and into an event of its own."""
    placed = condition(pod, "PodScheduled")
    if placed:
        words = text(placed, "message") or text(placed, "reason")
        yield seen(ref_of_pod(pod), "status.conditions[PodScheduled].message", words)
    else:
        yield seen(ref_of_pod(pod), "status.phase", text(pod, "status", "phase"))
    events = scene.events_about("Pod", namespace_of(pod), name_of(pod))
    found = [each for each in events if text(each, "reason") == "FailedScheduling"]
    yield from (told(each) for each in found[-1:])


def _severity(scene: Scene, waiting: Waiting, reason: str) -> Severity:
    """A workload that has other pods at work limps; a gate is somebody's intention."""
    above = scene.one(*waiting.about)
    ready = (number(above or {}, "status", each) for each in ("readyReplicas", "numberReady"))
    return "warning" if reason == "SchedulingGated" or any(ready) else "critical"


def seconds(scene: Scene, pod: Object) -> float:
    return age_seconds(text(pod, "metadata", "creationTimestamp"), scene.now) or 0.0


def look_at(pod: Object) -> str:
    return f"kubectl describe pod {name_of(pod)} -n {namespace_of(pod)}"
