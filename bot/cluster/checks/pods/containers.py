"""A container as a pod's spec and status show it together, and what ails it; it judges nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cluster.findings import Evidence, Ref, Severity
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    items,
    name_of,
    namespace_of,
    number,
    part,
    text,
)
from bot.cluster.scene import Scene

_QUOTED_CHARS = 220
_MARKS = str.maketrans("“”", "''")
# What only the node's file system and the kubelet know a thing by, and what nobody reads.
_NOISE = (
    (re.compile(r'[^\s"]*/pods/[0-9a-f-]{36}/(?:volumes/)?'), "…/"),
    (re.compile(r' \(pod: "[^"]*", container: [^)]*\)'), ""),
)


@dataclass(frozen=True, slots=True)
class Container:
    pod: Object
    spec: Object
    status: Object
    is_init: bool
    place: int
    """Counted from 1, among the init containers or among the others."""
    siblings: int

    @property
    def name(self) -> str:
        return text(self.spec, "name")

    @property
    def is_sidecar(self) -> bool:
        return self.is_init and text(self.spec, "restartPolicy") == "Always"

    @property
    def spoken(self) -> str:
        if self.is_sidecar:
            return f"Sidecar container `{self.name}`"
        if self.is_init:
            return f"Init container `{self.name}` ({self.place} of {self.siblings})"
        return f"Container `{self.name}`"

    @property
    def about(self) -> Ref:
        return pod_ref(self.pod)

    @property
    def waiting(self) -> str:
        """The reason why it waits, or an empty word."""
        return text(self.status, "state", "waiting", "reason")

    @property
    def message(self) -> str:
        return text(self.status, "state", "waiting", "message")

    @property
    def is_running(self) -> bool:
        return "running" in part(self.status, "state")

    @property
    def is_ready(self) -> bool:
        return self.status.get("ready") is True

    @property
    def is_started(self) -> bool:
        """Running, and past its startup probe where it has one."""
        return self.is_running and self.status.get("started") is not False

    @property
    def restarts(self) -> int:
        return number(self.status, "restartCount")

    @property
    def end_path(self) -> str:
        """Where its latest end stands that was not a success it is allowed to have."""
        now = part(self.status, "state", "terminated")
        is_done = number(now, "exitCode", default=-1) == 0 and not self.is_restarted_always
        return "state.terminated" if now and not is_done else "lastState.terminated"

    @property
    def end(self) -> Object:
        return part(self.status, *self.end_path.split("."))

    @property
    def is_done(self) -> bool:
        """It ended with success, as it should."""
        return "terminated" in part(self.status, "state") and self.end_path.startswith("last")

    @property
    def is_restarted_always(self) -> bool:
        policy = text(self.pod, "spec", "restartPolicy") or "Always"
        return self.is_sidecar or (not self.is_init and policy == "Always")

    def field(self, path: str) -> str:
        """`state.waiting.reason` -> `status.containerStatuses[app].state.waiting.reason`."""
        kind = "initContainerStatuses" if self.is_init else "containerStatuses"
        return f"status.{kind}[{self.name}].{path}"

    def wish(self, path: str) -> str:
        """`resources.limits.memory` -> `spec.containers[app].resources.limits.memory`."""
        kind = "initContainers" if self.is_init else "containers"
        return f"spec.{kind}[{self.name}].{path}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What ails one pod; the same of several pods of a workload becomes one finding."""

    pod: Object
    reason: str
    severity: Severity
    cause: str
    key: str = ""
    """What tells it from other troubles of the same reason: the container, the missing name."""
    since: str = ""
    evidence: tuple[Evidence, ...] = ()
    next: tuple[str, ...] = ()
    because_of: tuple[Ref, ...] = ()
    is_possible: bool = False
    weight: int = 0
    """The pod with the greatest speaks for the others."""


def containers_in(pod: Object) -> Iterator[Container]:
    """In the order in which they start."""
    spec = part(pod, "spec")
    statuses = {
        text(each, "name"): each
        for kind in ("initContainerStatuses", "containerStatuses")
        for each in items(pod, "status", kind)
    }
    for kind in ("initContainers", "containers"):
        wanted = items(spec, kind)
        for place, each in enumerate(wanted, 1):
            status = statuses.get(text(each, "name"), {})
            yield Container(pod, each, status, kind == "initContainers", place, len(wanted))


def pod_ref(pod: Object) -> Ref:
    return Ref("Pod", namespace_of(pod), name_of(pod))


def node_of(pod: Object) -> str:
    return text(pod, "spec", "nodeName")


def is_lost(scene: Scene, node: str) -> bool:
    """The node is known and says of itself, or has said of it, that it is not ready."""
    found = scene.one("Node", "", node) if node else None
    return found is not None and text(condition(found, "Ready"), "status") in {"False", "Unknown"}


def breakdown(scene: Scene, pod: Object) -> Severity:
    """How bad it is that this pod does not work: a warning where others of its workload do."""
    owner = scene.owner(pod)
    found = (scene.one(*owner) if owner.kind != "Pod" else None) or {}
    ready = number(found, "status", "readyReplicas") + number(found, "status", "numberReady")
    # Between two crashes it may be, or may just have been, the one that is ready.
    is_itself = text(condition(pod, "Ready"), "status") == "True"
    pods = number(found, "status", "replicas") + number(found, "status", "currentNumberScheduled")
    return "warning" if ready > is_itself and pods != 1 else "critical"


def pod_events(scene: Scene, pod: Object, *reasons: str) -> list[Object]:
    """Of this very pod, not of an earlier one of its name; the latest last."""
    uid = text(pod, "metadata", "uid")
    return [
        each
        for each in scene.events_about(*pod_ref(pod))
        if text(each, "reason") in reasons and text(each, "involvedObject", "uid") in {uid, ""}
    ]


def is_on(event: Object, container: Container) -> bool:
    """The event is about this container, or does not say about which."""
    place = text(event, "involvedObject", "fieldPath")
    return not place or f"{{{container.name}}}" in place


def event_start(event: Object) -> str:
    return (
        text(event, "firstTimestamp")
        or text(event, "eventTime")
        or text(event, "metadata", "creationTimestamp")
    )


def began(pod: Object, events: Sequence[Object]) -> str:
    """When the first of these events came, or else when the kubelet took the pod up."""
    return min(filter(None, map(event_start, events)), default=_taken_up(pod))


def back_offs(scene: Scene, container: Container) -> list[Object]:
    """What the kubelet says of holding back its next start."""
    return [
        each
        for each in pod_events(scene, container.pod, "BackOff")
        if is_on(each, container) and "restarting" in text(each, "message")
    ]


def age_of(pod: Object, now: datetime) -> float:
    """Seconds since the kubelet took it up; 0 where nothing says."""
    return age_seconds(_taken_up(pod), now) or 0.0


def _taken_up(pod: Object) -> str:
    return text(pod, "status", "startTime") or text(pod, "metadata", "creationTimestamp")


def lasting(seconds: float) -> str:
    """`45 s`, `12 min`, `5 h`, `3 days`."""
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{max(0, int(seconds))} s"


def quoted(words: str) -> str:
    """On one line, short, and recognisable as somebody else's words."""
    flat = " ".join(words.split()).translate(_MARKS)
    for pattern, instead in _NOISE:
        flat = pattern.sub(instead, flat)
    cut = flat if len(flat) <= _QUOTED_CHARS else f"{flat[: _QUOTED_CHARS - 1]}…"
    return f"“{cut.rstrip('.')}”"


def describe(pod: Object) -> str:
    return f"kubectl describe pod {name_of(pod)} -n {namespace_of(pod)}"


def read_log(container: Container, *, previous: bool = False) -> str:
    where = f"{name_of(container.pod)} -n {namespace_of(container.pod)} -c {container.name}"
    return f"kubectl logs {where}" + (" --previous" if previous else "")
