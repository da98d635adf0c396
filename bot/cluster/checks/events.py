"""Warnings of the last hour that no check has told, for what they are: the cluster's own words."""

import re
from collections.abc import Collection, Iterator, Mapping

from bot.cluster.checks.evidence import told
from bot.cluster.checks.logs.wording import is_order
from bot.cluster.findings import Finding, Ref
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    controller_of,
    event_count,
    event_time,
    name_of,
    number,
    text,
)
from bot.cluster.resources import PLURALS
from bot.cluster.scene import PodRow, Scene

_RECENT_SECONDS = 3600
_QUOTED_CHARS = 240
_MOST = 10
_VARYING = re.compile(r"\b[0-9a-f]{8,}(?:-[0-9a-f]{4,})*\b|\d+|\"[^\"]*\"|-[a-z0-9]{5}\b")

_IDLE = frozenset(
    {
        # About the node's own settings, which are the same every day.
        "CgroupV1", "CgroupV1Unsupported", "MissingClusterDNS", "DNSConfigForming",
        "CheckLimitsForResolvConf", "InvalidDiskCapacity", "PossibleMemoryBackedVolumesOnDisk",
        # Reported by audits, while what they are about runs.
        "PolicyViolation", "PolicyError", "DeprecatedAPI", "UnsupportedSessionAffinity", "NoPods",
        # Bookkeeping that is tried again at once, and ends in another event where it fails.
        "FailedToUpdateEndpointSlices", "FailedToUpdateEndpoint", "FailedToCreateEndpoint",
        "FailedKillPod", "ExceededGracePeriod", "RecreatingFailedPod", "UpdateFailed",
    }
)  # fmt: skip
_GRAVE = frozenset(
    {
        "SystemOOM", "OOMKilling", "FreeDiskSpaceFailed", "ImageGCFailed", "EvictionThresholdMet",
        "KernelOops", "TaskHung",
    }
)  # fmt: skip
"""Of a node that is ready all the same."""
_JUDGED = frozenset(
    {
        "BackOff", "Failed", "FailedMount", "FailedPostStartHook", "FailedPreStopHook",
        "FailedScheduling", "FailedAttachVolume", "FailedMapVolume",
        "Evicted", "InspectFailed", "ErrImageNeverPull", "NetworkNotReady",
    }
)  # fmt: skip
"""Of pods: a check of its own knows when these are a fault, and when a pod is only starting."""
_FLAPPING_COUNT = 10
_FLAPPING_SECONDS = 300

_Rows = Mapping[tuple[str, str], PodRow]


def grouped(scene: Scene, told_about: Collection[Ref]) -> Iterator[Finding]:
    """One finding for all warnings of a workload that say the same; the latest ten."""
    groups: dict[tuple[Ref, str, str], list[Object]] = {}
    about_told, rows = set(told_about), {(e.namespace, e.name): e for e in scene.rows}
    for event in scene.all("events"):
        if not _matters(scene, event, rows):
            continue
        about = _about(scene, event)
        if not {about, _involved(event)} & about_told:
            key = (about, text(event, "reason"), _VARYING.sub("#", text(event, "message")))
            groups.setdefault(key, []).append(event)
    latest = sorted(groups, key=lambda key: max(map(event_time, groups[key])), reverse=True)
    for key in latest[:_MOST]:
        yield _finding(key[0], sorted(groups[key], key=event_time), rows)


def _finding(about: Ref, events: list[Object], rows: _Rows) -> Finding:
    last = events[-1]
    involved = _involved(last)
    count = sum(map(event_count, events))
    reason = text(last, "reason")
    where = f" -n {about.namespace}" if about.namespace else ""
    pods = sorted({text(e, "involvedObject", "name") for e in events if _is_pod(e)})
    return Finding(
        reason=reason or "Warning",
        severity="warning" if _is_unwell(involved, rows) else "info",
        about=about,
        cause=f"{_subject(about, pods)} had {_times(count)}: {reason}{_quoted(last)}.",
        since=min(filter(None, (_began(each) for each in events)), default=""),
        evidence=(told(last),),
        next=(f"kubectl describe {involved.spoken}{where}",),
        pods=tuple(pods) if about.kind != "Pod" else (),
    )


def _subject(about: Ref, pods: list[str]) -> str:
    of_pods = f" ({len(pods)} pods)" if len(pods) > 1 else ""
    return f"{about.kind} `{about.name}`{of_pods}"


def _times(count: int) -> str:
    return "a warning" if count == 1 else f"{count} warnings"


def _quoted(event: Object) -> str:
    """A message that speaks to its reader is not passed on."""
    message = " ".join(text(event, "message").split()).rstrip(".")
    if not message or is_order(message):
        return ""
    shown = message if len(message) <= _QUOTED_CHARS else f"{message[:_QUOTED_CHARS]}…"
    return f" “{shown}”"


def _matters(scene: Scene, event: Object, rows: _Rows) -> bool:
    """Recent, about something that is still there, and not overcome since."""
    age = _age(scene, event)
    if text(event, "type") != "Warning" or text(event, "reason") in _IDLE:
        return False
    if age is None or age > _RECENT_SECONDS:
        return False
    involved = _involved(event)
    if involved.kind == "Pod":
        row = rows.get(involved[1:])
        if row is None or text(event, "reason") in _JUDGED:
            return False
        is_probe = text(event, "reason") == "Unhealthy"
        return _is_flapping(scene, event) if is_probe else _is_failing(row)
    return not _is_gone_or_well(scene, involved) or text(event, "reason") in _GRAVE


def _age(scene: Scene, event: Object) -> float | None:
    return age_seconds(event_time(event), scene.now)


def _is_failing(row: PodRow) -> bool:
    return row.is_unwell and (row.status != "Running" or row.ready < row.containers)


def _is_flapping(scene: Scene, event: Object) -> bool:
    """The pod is well at this moment, and was not a moment ago, again and again."""
    age = _age(scene, event) or 0
    return event_count(event) >= _FLAPPING_COUNT and age < _FLAPPING_SECONDS


def _is_gone_or_well(scene: Scene, involved: Ref) -> bool:
    """Of kinds that are always read; of others nothing is known, so their warnings matter."""
    plural = PLURALS.get(involved.kind, "")
    if (
        involved.kind == "ReplicaSet"
        or not plural
        or not scene.was_read(plural, involved.namespace)
    ):
        return involved.kind == "ReplicaSet" and _is_well_replicaset(scene, involved)
    found = scene.one(*involved)
    return found is None or _is_well(found, involved)


def _is_well_replicaset(scene: Scene, involved: Ref) -> bool:
    owner = scene.one("Deployment", involved.namespace, involved.name.rpartition("-")[0])
    return owner is not None and _is_well(owner, Ref("Deployment", *involved[1:]))


def _is_well(found: Object, involved: Ref) -> bool:
    match involved.kind:
        case "Deployment" | "StatefulSet":
            wanted = number(found, "spec", "replicas", default=1)
            return number(found, "status", "readyReplicas") >= wanted
        case "DaemonSet":
            wanted = number(found, "status", "desiredNumberScheduled")
            return number(found, "status", "numberReady") >= wanted
        case "Job":
            return condition(found, "Complete").get("status") == "True"
        case "PersistentVolumeClaim":
            return text(found, "status", "phase") == "Bound"
        case "Node":
            return condition(found, "Ready").get("status") == "True"
        case "HorizontalPodAutoscaler":
            return condition(found, "ScalingActive").get("status") == "True"
        case _:
            return False


def _is_unwell(involved: Ref, rows: _Rows) -> bool:
    if involved.kind == "Pod":
        row = rows.get(involved[1:])
        return row is not None and _is_failing(row)
    return involved.kind in {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"}


def _about(scene: Scene, event: Object) -> Ref:
    """The workload of what the event names, as far as it was read; else just that."""
    involved = _involved(event)
    match involved.kind:
        case "Pod":
            pods = (e for e in scene.all("pods", involved.namespace) if name_of(e) == involved.name)
            pod = next(pods, None)
            return scene.owner(pod) if pod is not None else involved
        case "ReplicaSet":
            above = Ref("Deployment", involved.namespace, involved.name.rpartition("-")[0])
            return above if scene.one(*above) is not None else involved
        case "Job":
            job = scene.one(*involved)
            kind, name = controller_of(job) if job is not None else ("", "")
            return Ref(kind, involved.namespace, name) if kind == "CronJob" else involved
        case _:
            return involved


def _involved(event: Object) -> Ref:
    kind, namespace, name = (
        text(event, "involvedObject", key) for key in ("kind", "namespace", "name")
    )
    return Ref(kind, "" if kind == "Node" else namespace, name)


def _is_pod(event: Object) -> bool:
    return text(event, "involvedObject", "kind") == "Pod"


def _began(event: Object) -> str:
    return text(event, "firstTimestamp") or event_time(event)
