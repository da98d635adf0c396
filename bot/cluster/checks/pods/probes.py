"""Probes that fail: what they ask, what answers, and what the container declares; asks nothing."""

import re
from typing import Literal, NamedTuple

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.pods.containers import (
    Container,
    Trouble,
    breakdown,
    describe,
    event_start,
    is_on,
    lasting,
    pod_events,
    quoted,
    read_log,
)
from bot.cluster.checks.pods.restarts import (
    gravity,
    is_looping,
    is_out_of_memory,
    seconds_to_end,
    spoken_exit,
)
from bot.cluster.checks.pods.starts import runtime_words
from bot.cluster.checks.pods.targets import compare, target
from bot.cluster.checks.quotation import counted
from bot.cluster.findings import Evidence, Severity
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    event_count,
    event_time,
    moment,
    number,
    part,
    text,
)
from bot.cluster.scene import Scene

Kind = Literal["Liveness", "Readiness", "Startup"]
_SOON_SECONDS = 20
_SETTLED_SECONDS = 45
_UNTOLD_SECONDS = 1_800
_ENOUGH_FAILURES = 3
_ANSWERED = re.compile(r"^\w+ probe (?:failed|errored)[^:]*:\s*", re.IGNORECASE)
_SLOW = re.compile(r"Client\.Timeout|timed out|deadline exceeded|i/o timeout|timeout:")


class Probe(NamedTuple):
    container: Container
    kind: Kind
    events: list[Object]
    """Of its failures, the latest last."""

    @property
    def field(self) -> str:
        return f"{self.kind.lower()}Probe"

    @property
    def spec(self) -> Object:
        return part(self.container.spec, self.field)

    @property
    def threshold(self) -> int:
        return number(self.spec, "failureThreshold", default=3)

    @property
    def patience(self) -> int:
        """Seconds from the container's start until it has failed for good."""
        period = number(self.spec, "periodSeconds", default=10)
        return number(self.spec, "initialDelaySeconds") + period * self.threshold

    @property
    def shortest(self) -> int:
        """Seconds after which it can have the container killed, and not sooner."""
        period = number(self.spec, "periodSeconds", default=10)
        return number(self.spec, "initialDelaySeconds") + period * (self.threshold - 1) - 1

    @property
    def failures(self) -> int:
        return sum(map(event_count, self.events))


def examine_kill(scene: Scene, container: Container) -> Trouble | None:
    """A liveness or startup probe had the container killed."""
    severity = gravity(scene, container)
    kinds: tuple[Kind, ...] = ("Startup", "Liveness")
    probes = [_probe(scene, container, kind) for kind in kinds]
    probe = next((each for each in probes if _has_killed(scene, each)), None)
    if severity is None or probe is None:
        return None
    mismatch = compare(container.spec, probe.spec)
    restarts = counted(container.restarts, "restart")
    code = spoken_exit(number(container.end, "exitCode"))
    cause = (
        f"{container.spoken} is killed and restarted by its {probe.kind.lower()} probe "
        f"({target(probe.spec)}){_answer(probe)}{mismatch.words}, {restarts}, last with {code}."
    )
    ends = seen(
        container.about,
        container.field(f"{container.end_path}.exitCode"),
        number(container.end, "exitCode"),
    )
    return _trouble(probe, f"{probe.kind}Failed", severity, cause + mismatch.hint, (ends,))


def examine_readiness(scene: Scene, container: Container) -> Trouble | None:
    """It runs and is not ready."""
    if not container.is_running or container.is_ready:
        return None
    if "startupProbe" in container.spec and container.status.get("started") is not True:
        return _examine_startup(scene, _probe(scene, container, "Startup"))
    probe = _probe(scene, container, "Readiness")
    mismatch = compare(container.spec, probe.spec)
    settled = _SOON_SECONDS if mismatch.is_fatal else max(_SETTLED_SECONDS, probe.patience)
    if not probe.spec or _runs(scene, container) < settled:
        return None
    cause = (
        f"{container.spoken} runs and is not ready: its readiness probe ({target(probe.spec)}) "
        f"fails{_answer(probe)}{mismatch.words}{_liveness_too(scene, container)}.{mismatch.hint}"
    )
    return _trouble(probe, "ReadinessFailed", breakdown(scene, container.pod), cause)


def _examine_startup(scene: Scene, probe: Probe) -> Trouble | None:
    container = probe.container
    mismatch = compare(container.spec, probe.spec)
    runs = _runs(scene, container)
    if runs < (_SOON_SECONDS if mismatch.words else 60):
        return None
    # A slow start within the time it was given is no fault.
    is_fault = bool(mismatch.words) or runs > probe.patience or container.restarts > 1
    severity: Severity = breakdown(scene, container.pod) if is_fault else "info"
    cause = (
        f"{container.spoken} has been running for {lasting(runs)} and its startup probe "
        f"({target(probe.spec)}) has not succeeded yet{_answer(probe)}{mismatch.words}; it may "
        f"take {lasting(probe.patience)}.{mismatch.hint}"
    )
    return _trouble(probe, "StartupFailed", severity, cause)


def _probe(scene: Scene, container: Container, kind: Kind) -> Probe:
    events = [
        each
        for each in pod_events(scene, container.pod, "Unhealthy")
        if text(each, "message").startswith(f"{kind} probe") and is_on(each, container)
    ]
    return Probe(container, kind, events)


def _has_killed(scene: Scene, probe: Probe) -> bool:
    """It failed often enough, and lately enough, for the last end to be its doing."""
    end = probe.container.end
    if not end or not probe.spec or not probe.events or is_out_of_memory(probe.container):
        return False
    start, last = moment(text(end, "startedAt")), moment(event_time(probe.events[-1]))
    lasted = seconds_to_end(probe.container)
    if start is None or last is None or lasted is None or lasted < probe.shortest:
        return False
    # The kubelet tells only some of the failures of a pod that has had many.
    tolerated = _UNTOLD_SECONDS if is_looping(probe.container, scene.now) else 0
    if (start - last).total_seconds() > tolerated:
        return False
    # A program that is told to stop ends with one of these; one that ends otherwise may have
    # crashed by itself, unless the probe has failed often enough for every restart.
    if number(end, "exitCode") in {0, 137, 143}:
        return probe.failures >= min(probe.threshold, _ENOUGH_FAILURES)
    return probe.failures >= probe.threshold * probe.container.restarts


def _is_silent(probe: Probe) -> bool:
    """Nothing tells of a failure: that a probe is declared is no second sign of what it finds."""
    is_misdirected = compare(probe.container.spec, probe.spec).is_fatal
    return probe.kind == "Readiness" and not (probe.events or is_misdirected)


def _runs(scene: Scene, container: Container) -> float:
    return age_seconds(text(container.status, "state", "running", "startedAt"), scene.now) or 0.0


def _answer(probe: Probe) -> str:
    if not probe.events:
        return ""
    said = runtime_words(_ANSWERED.sub("", text(probe.events[-1], "message")))
    allowed = number(probe.spec, "timeoutSeconds", default=1)
    slow = f" (it allows {allowed} s)" if _SLOW.search(said) else ""
    return f": {quoted(said)}{slow}" if said.strip() else ""


def _liveness_too(scene: Scene, container: Container) -> str:
    is_failing = bool(_probe(scene, container, "Liveness").events)
    return "; the liveness probe fails as well" if is_failing else ""


def _trouble(
    probe: Probe, reason: str, severity: Severity, cause: str, ends: tuple[Evidence, ...] = ()
) -> Trouble:
    container = probe.container
    firsts = sorted(filter(None, map(event_start, probe.events)))
    changed = text(condition(container.pod, "Ready"), "lastTransitionTime")
    state = seen(container.about, container.field("ready"), str(container.is_ready).lower())
    wishes = [seen(container.about, container.wish(probe.field), target(probe.spec))]
    if _is_silent(probe):
        wishes.clear()
    log = read_log(container, previous=bool(ends) and not container.is_running)
    return Trouble(
        container.pod,
        reason,
        severity,
        cause,
        key=container.name,
        since=firsts[0] if firsts and (ends or not changed) else changed,
        evidence=(*map(told, probe.events[-1:]), *(ends or (state,)), *wishes),
        next=(describe(container.pod), log),
        weight=container.restarts,
    )
