"""Pods that were evicted, refused or lost, or that do not go away; it removes none."""

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.pods.containers import (
    Trouble,
    breakdown,
    describe,
    is_lost,
    lasting,
    node_of,
    pod_events,
    pod_ref,
    quoted,
)
from bot.cluster.findings import Evidence, Ref, Severity
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    controller_of,
    items,
    name_of,
    text,
    words,
)
from bot.cluster.scene import Scene

_SLACK_SECONDS = 60
_HOUR = 3_600
_DAY = 86_400
_DEADLINE = "spec.activeDeadlineSeconds"
_NODE_WORDS = "The node was low on resource"


def examine(scene: Scene, pod: Object) -> Trouble | None:
    reason = text(pod, "status", "reason")
    node = node_of(pod)
    is_failed = text(pod, "status", "phase") == "Failed"
    if is_lost(scene, node) and not is_failed:
        return _lost(scene, pod)
    if is_leaving(pod):
        return _stuck(scene, pod)
    if is_failed and reason:
        return _failed(scene, pod, reason)
    return _lost(scene, pod) if _is_unknown(pod) else None


def is_leaving(pod: Object) -> bool:
    return bool(text(pod, "metadata", "deletionTimestamp"))


def _is_unknown(pod: Object) -> bool:
    return text(pod, "status", "phase") == "Unknown" or text(pod, "status", "reason") == "NodeLost"


def _lost(scene: Scene, pod: Object) -> Trouble:
    node = node_of(pod)
    where = Ref("Node", "", node)
    found = scene.one("Node", "", node)
    state = condition(found, "Ready") if found is not None else {}
    says = text(state, "message")
    said = f": {quoted(says)}" if says else ""
    ready = condition(pod, "Ready")
    return Trouble(
        pod,
        "NodeLost",
        breakdown(scene, pod),
        f"Pod `{name_of(pod)}` is on node `{node}`, which is not ready, so nothing is known of how "
        f"it is{said}.",
        key=node,
        since=text(state, "lastTransitionTime") or text(ready, "lastTransitionTime"),
        evidence=(
            seen(pod_ref(pod), "spec.nodeName", node),
            *(
                (seen(where, "status.conditions[Ready].status", text(state, "status")),)
                if state
                else ()
            ),
        ),
        next=(f"kubectl describe node {node}", describe(pod)),
        because_of=(where,),
    )


def _stuck(scene: Scene, pod: Object) -> Trouble | None:
    """It should have been gone: its grace period is part of the time it is to be deleted at."""
    due = text(pod, "metadata", "deletionTimestamp")
    late = age_seconds(due, scene.now)
    if late is None or late < _SLACK_SECONDS:
        return None
    holders = words(pod, "metadata", "finalizers")
    events = pod_events(scene, pod, "FailedKillPod", "FailedPreStopHook", "FailedUnmount")
    return Trouble(
        pod,
        "Terminating",
        "warning",
        f"Pod `{name_of(pod)}` should have been gone {lasting(late)} ago: "
        f"{_holding(pod, holders, events)}.",
        key=" ".join(holders),
        since=due,
        evidence=(
            seen(pod_ref(pod), "metadata.deletionTimestamp", due),
            *((seen(pod_ref(pod), "metadata.finalizers", ", ".join(holders)),) if holders else ()),
            *_still_running(pod),
            *map(told, events[-1:]),
        ),
        next=(f"{_get(pod)} -o yaml", describe(pod)),
        because_of=(),
    )


def _holding(pod: Object, holders: list[str], events: list[Object]) -> str:
    if holders:
        names = ", ".join(f"`{each}`" for each in holders)
        plural = "finalizers" if len(holders) > 1 else "finalizer"
        return f"the {plural} {names} holds it, and whoever set it has not taken it away"
    if events:
        return f"the kubelet cannot end it ({quoted(text(events[-1], 'message'))})"
    if _still_running(pod):
        return f"its containers still run on node `{node_of(pod)}`"
    return f"the kubelet of node `{node_of(pod)}` has not confirmed its end"


def _still_running(pod: Object) -> tuple[Evidence, ...]:
    running = [
        text(each, "name")
        for each in items(pod, "status", "containerStatuses")
        if text(each, "state", "running", "startedAt")
    ]
    about = pod_ref(pod)
    return tuple(
        seen(about, f"status.containerStatuses[{name}].state", "running") for name in running
    )


def _failed(scene: Scene, pod: Object, reason: str) -> Trouble:
    """Evicted, or refused by the kubelet, or ended with its node."""
    message = text(pod, "status", "message")
    events = pod_events(scene, pod, reason)
    marked = condition(pod, "DisruptionTarget")
    since = text(marked, "lastTransitionTime") or _last_end(pod)
    since = since or text(pod, "status", "startTime") or text(pod, "metadata", "creationTimestamp")
    said = f": {quoted(message)}" if message else ""
    node = f" from node `{node_of(pod)}`" if reason == "Evicted" else f" on node `{node_of(pod)}`"
    did = "was evicted" if reason == "Evicted" else f"failed ({reason})"
    field = "status.conditions[DisruptionTarget].reason"
    return Trouble(
        pod,
        reason,
        _failure(scene, pod, since),
        f"Pod `{name_of(pod)}` {did}{node if node_of(pod) else ''}{said}{_limit(pod, reason)}.",
        since=since,
        evidence=(
            seen(pod_ref(pod), "status.reason", reason),
            *((seen(pod_ref(pod), field, text(marked, "reason")),) if marked else ()),
            *((seen(pod_ref(pod), _DEADLINE, _seconds(pod)),) if _limit(pod, reason) else ()),
            *map(told, events[-1:]),
        ),
        next=(describe(pod), f"kubectl describe node {node_of(pod)}")[: 2 if node_of(pod) else 1],
        because_of=(Ref("Node", "", node_of(pod)),) if _NODE_WORDS in message else (),
    )


def _limit(pod: Object, reason: str) -> str:
    """What its own spec says of how long it may run."""
    is_late = reason == "DeadlineExceeded" and _seconds(pod)
    return f"; its activeDeadlineSeconds is {_seconds(pod)}" if is_late else ""


def _seconds(pod: Object) -> str:
    return text(pod, "spec", "activeDeadlineSeconds")


def _failure(scene: Scene, pod: Object, since: str) -> Severity:
    """What has an owner was replaced; what has none is gone for good."""
    age = age_seconds(since, scene.now) or 0.0
    if controller_of(pod)[0]:
        return "warning" if age < _HOUR else "info"
    return "critical" if age < _DAY else "info"


def _last_end(pod: Object) -> str:
    ends = [
        text(each, "state", "terminated", "finishedAt")
        for each in items(pod, "status", "containerStatuses")
    ]
    return max(ends, default="")


def _get(pod: Object) -> str:
    return describe(pod).replace("describe", "get", 1)
