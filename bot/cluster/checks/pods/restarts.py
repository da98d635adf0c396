"""Whether a container that ended keeps failing, and how bad that is; it judges no cause."""

import signal
from collections.abc import Sequence
from datetime import datetime

from bot.cluster.checks.pods.containers import Container, breakdown, event_start, node_of
from bot.cluster.findings import Severity
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    controller_of,
    moment,
    namespace_of,
    number,
    text,
)
from bot.cluster.scene import Scene

_HOUR = 3_600
_DAY = 86_400
_NEAR = 300
_SKEW = 30
# The kubelet forgets a container's failures once it has run for ten minutes.
_FORGOTTEN = 600


def is_looping(container: Container, now: datetime) -> bool:
    """It ends, is restarted and ends again, though it may be running at this moment."""
    if container.waiting == "CrashLoopBackOff":
        return True
    if container.end_path == "state.terminated":
        return container.restarts > 0 and _will_restart(container)
    since_end = seconds_since_end(container, now)
    if container.is_done or container.restarts < 2 or since_end is None:
        return False
    lasted = seconds_to_end(container) or 0.0
    runs = age_seconds(text(container.status, "state", "running", "startedAt"), now) or 0.0
    return max(since_end, lasted) < _FORGOTTEN and runs < max(60.0, 2 * lasted)


def is_failing(container: Container, now: datetime) -> bool:
    """It loops, or has ended with a failure for good."""
    if is_looping(container, now):
        return True
    has_ended = container.end_path == "state.terminated" and bool(container.end)
    return has_ended and number(container.end, "exitCode") != 0 and not _will_restart(container)


def gravity(scene: Scene, container: Container) -> Severity | None:
    """How bad its end is; None where that is long ago, or it is only about to be started again."""
    age = seconds_since_end(container, scene.now)
    if is_failing(container, scene.now):
        return _failure(scene, container.pod, age or 0.0)
    if not container.end or age is None or age > _HOUR:
        return None
    is_fault = container.restarts >= 2 or age <= _FORGOTTEN
    return "warning" if is_fault and not is_with_node(scene, container) else "info"


def is_with_node(scene: Scene, container: Container) -> bool:
    """Its node came back right after its end: whatever ran there was restarted."""
    if is_out_of_memory(container):
        return False
    node = scene.one("Node", "", node_of(container.pod)) or {}
    end = moment(text(container.end, "finishedAt"))
    back = moment(text(condition(node, "Ready"), "lastTransitionTime"))
    return bool(end and back and -_SKEW < (back - end).total_seconds() < _NEAR)


def is_settled(scene: Scene, pod: Object) -> bool:
    """A pod of a Job that has succeeded since, or of a CronJob of which a later one has."""
    kind, name = controller_of(pod)
    job = scene.one("Job", namespace_of(pod), name) if kind == "Job" else None
    if job is None:
        return False
    if any(
        text(condition(job, each), "status") == "True"
        for each in ("Complete", "SuccessCriteriaMet")
    ):
        return True
    owner, its_name = controller_of(job)
    above = scene.one("CronJob", namespace_of(pod), its_name) if owner == "CronJob" else None
    success = moment(text(above or {}, "status", "lastSuccessfulTime"))
    start = moment(text(pod, "metadata", "creationTimestamp"))
    return success is not None and start is not None and success > start


def is_out_of_memory(container: Container) -> bool:
    end = container.end
    return text(end, "reason") == "OOMKilled" or "OOM-killed" in text(end, "message")


def seconds_since_end(container: Container, now: datetime) -> float | None:
    return age_seconds(text(container.end, "finishedAt"), now)


def seconds_to_end(container: Container) -> float | None:
    """How long it had run."""
    start = moment(text(container.end, "startedAt"))
    end = moment(text(container.end, "finishedAt"))
    # A container that never ran has the epoch for its start.
    if start is None or end is None or start.year < 2000:
        return None
    return (end - start).total_seconds()


def spoken_exit(code: int) -> str:
    """`exit code 137, SIGKILL`."""
    try:
        return f"exit code {code}, {signal.Signals(code - 128).name}"
    except ValueError:
        return f"exit code {code}"


def failing_since(container: Container, events: Sequence[Object]) -> str:
    """The first time that the kubelet held it back, or else its latest end."""
    firsts = sorted(filter(None, map(event_start, events)))
    return firsts[0] if firsts else text(container.end, "finishedAt")


def _will_restart(container: Container) -> bool:
    if text(container.pod, "status", "phase") in {"Failed", "Succeeded"}:
        return False
    policy = text(container.pod, "spec", "restartPolicy") or "Always"
    return container.is_restarted_always or policy != "Never"


def _failure(scene: Scene, pod: Object, age: float) -> Severity:
    kind, name = controller_of(pod)
    if text(pod, "status", "phase") == "Failed" and age > _DAY:
        return "info"
    if kind != "Job":
        return breakdown(scene, pod)
    job = scene.one("Job", namespace_of(pod), name) or {}
    if text(condition(job, "Failed"), "status") == "True":
        return "critical"
    if number(job, "status", "ready"):
        return "info"
    is_repeated = number(job, "status", "failed") > 1 or text(pod, "status", "phase") != "Failed"
    return "critical" if is_repeated else "warning"
