"""Nodes that are not ready, short of something, cordoned or out of step; pods are not looked at."""

import re
from collections.abc import Iterator, Sequence

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.quotation import counted, quoted
from bot.cluster.findings import Evidence, Finding, Ref, Severity
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    event_time,
    flag,
    items,
    name_of,
    text,
)
from bot.cluster.scene import Scene

_CORDON = "node.kubernetes.io/unschedulable"
_FIELD = "`spec.unschedulable`"
_BOOT_SECONDS = 60
_RECENT_SECONDS = 30 * 60
_SUPPORTED_SKEW = 3
_MINOR = re.compile(r"v?\d+\.(\d+)")

_BAD_IF_TRUE: dict[str, tuple[Severity, str]] = {
    "MemoryPressure": ("warning", "is short of memory and evicts pods"),
    "DiskPressure": ("warning", "is short of disk space, evicts pods and takes no new ones"),
    "PIDPressure": ("warning", "is short of process ids"),
    "NetworkUnavailable": ("critical", "has no network for pods"),
    # Of the node problem detector, where that is installed.
    "KernelDeadlock": ("critical", "has a deadlock in its kernel"),
    "ReadonlyFilesystem": ("critical", "has a file system that became read-only"),
    "FrequentKubeletRestart": ("warning", "restarts its kubelet again and again"),
    "FrequentContainerdRestart": ("warning", "restarts its containerd again and again"),
    "FrequentDockerRestart": ("warning", "restarts its Docker again and again"),
}
_EVENTS: dict[str, tuple[Severity, str]] = {
    "SystemOOM": ("warning", "ran out of memory as a whole"),
    "Rebooted": ("info", "has been rebooted"),
    "EvictionThresholdMet": ("info", "came near the end of a resource and began to evict"),
    "FreeDiskSpaceFailed": ("info", "has little disk space and found no images to remove"),
    "ImageGCFailed": ("info", "could not remove unused images"),
}


def check(scene: Scene) -> Iterator[Finding]:
    nodes = scene.all("nodes")
    for node in nodes:
        found = [*_conditions(scene, node)]
        yield from found
        if not found:
            yield from _events(scene, node)
    yield from _cordons(nodes)
    yield from _skew(nodes)


def _conditions(scene: Scene, node: Object) -> Iterator[Finding]:
    ready = condition(node, "Ready")
    if ready and text(ready, "status") != "True" and not _is_booting(scene, node, ready):
        yield _not_ready(scene, node, ready)
    if text(ready, "status") == "Unknown":
        return
    for kind, (severity, said) in _BAD_IF_TRUE.items():
        found = condition(node, kind)
        if text(found, "status") == "True" and not _is_booting(scene, node, found):
            message = _in_brackets(found)
            yield _finding(scene, node, kind, severity, f"{said}{message}", found)


def _is_booting(scene: Scene, node: Object, found: Object) -> bool:
    """It was made a moment ago, and says so since a moment ago."""
    times = (text(node, "metadata", "creationTimestamp"), text(found, "lastTransitionTime"))
    ages = [age for age in (age_seconds(each, scene.now) for each in times) if age is not None]
    return bool(ages) and max(ages) < _BOOT_SECONDS


def _in_brackets(found: Object) -> str:
    message = quoted(text(found, "message"))
    return f" ({message})" if message else ""


def _not_ready(scene: Scene, node: Object, ready: Object) -> Finding:
    bound = sum(row.node == name_of(node) and not row.is_done for row in scene.rows)
    there = f"; {counted(bound, 'pod')} of those looked at {'is' if bound == 1 else 'are'} on it"
    if text(ready, "status") == "Unknown":
        said = "has not been heard of: its kubelet stopped reporting"
        beat = text(ready, "lastHeartbeatTime")
        said += f", last at {beat}" if beat else ""
    else:
        said = f"is not ready{_in_brackets(ready)}"
    cause = f"{said}{there if bound else ''}"
    return _finding(scene, node, "NodeNotReady", "critical", cause, ready)


def _finding(
    scene: Scene, node: Object, reason: str, severity: Severity, said: str, found: Object
) -> Finding:
    name = name_of(node)
    kind = text(found, "type")
    where = f"status.conditions[{kind}]"
    ref = Ref("Node", "", name)
    return Finding(
        reason=reason,
        severity=severity,
        about=ref,
        cause=f"Node `{name}` {said}.",
        since=text(found, "lastTransitionTime"),
        evidence=(
            seen(ref, f"{where}.status", text(found, "status")),
            seen(ref, f"{where}.message", f"{text(found, 'reason')}: {text(found, 'message')}"),
            *_taints(ref, node),
            *(told(each) for each in _recent(scene, name)[-2:]),
        ),
        next=(
            f"kubectl describe node {name}",
            f"kubectl get pods -A -o wide --field-selector spec.nodeName={name}",
        ),
    )


def _taints(ref: Ref, node: Object) -> Iterator[Evidence]:
    for each in items(node, "spec", "taints"):
        key = text(each, "key")
        if key.startswith("node.kubernetes.io/") and key != _CORDON:
            yield seen(ref, "spec.taints", f"{key}:{text(each, 'effect')}")


def _recent(scene: Scene, name: str) -> list[Object]:
    """Warnings about the node that matter and are not old."""
    found = []
    for each in scene.events_about("Node", "", name):
        seconds = age_seconds(event_time(each), scene.now)
        if text(each, "reason") in _EVENTS and seconds is not None and seconds < _RECENT_SECONDS:
            found.append(each)
    return found


def _events(scene: Scene, node: Object) -> Iterator[Finding]:
    """The latest of each kind, where no condition tells of it."""
    name = name_of(node)
    latest = {text(each, "reason"): each for each in _recent(scene, name)}
    for reason, event in latest.items():
        severity, said = _EVENTS[reason]
        message = quoted(text(event, "message"))
        yield Finding(
            reason=reason,
            severity=severity,
            about=Ref("Node", "", name),
            cause=f"Node `{name}` {said}: {message}.",
            since=text(event, "firstTimestamp") or event_time(event),
            evidence=(told(event),),
            next=(f"kubectl describe node {name}",),
        )


def _cordons(nodes: Sequence[Object]) -> Iterator[Finding]:
    """One node by itself is maintenance; all of them are an outage to come, told once."""
    closed = [each for each in nodes if flag(each, "spec", "unschedulable")]
    if len(closed) < len(nodes):
        for each in closed:
            said = f"Node `{name_of(each)}` has been cordoned ({_FIELD}): it takes no new pods."
            yield _cordoned(each, "info", said)
    elif closed:
        one = f"Node `{name_of(closed[0])}`, the only one, has"
        who = one if len(closed) == 1 else f"All {len(closed)} nodes have"
        said = f"{who} been cordoned ({_FIELD}): no new pod can be placed anywhere."
        yield _cordoned(closed[0], "warning", said)


def _cordoned(node: Object, severity: Severity, cause: str) -> Finding:
    name, ref = name_of(node), Ref("Node", "", name_of(node))
    taints = [each for each in items(node, "spec", "taints") if text(each, "key") == _CORDON]
    return Finding(
        reason="NodeUnschedulable",
        severity=severity,
        about=ref,
        cause=cause,
        since=next((text(each, "timeAdded") for each in taints), ""),
        evidence=(
            seen(ref, "spec.unschedulable", "true"),
            *(seen(ref, "spec.taints", f"{text(t, 'key')}:{text(t, 'effect')}") for t in taints),
        ),
        next=("kubectl get nodes", f"kubectl describe node {name}"),
    )


def _skew(nodes: Sequence[Object]) -> Iterator[Finding]:
    """Kubelets may be three minor versions behind the API server, so as much behind each other."""
    known = [each for each in nodes if _minor(each) is not None]
    known.sort(key=lambda each: (_minor(each) or 0, name_of(each)))
    if not known:
        return
    oldest, newest = known[0], known[-1]
    apart = (_minor(newest) or 0) - (_minor(oldest) or 0)
    if apart:
        yield _apart(oldest, newest, apart)


def _apart(oldest: Object, newest: Object, apart: int) -> Finding:
    is_too_much = apart > _SUPPORTED_SKEW
    limit = f", and {_SUPPORTED_SKEW} are supported" if is_too_much else ""
    return Finding(
        reason="VersionSkew",
        severity="warning" if is_too_much else "info",
        about=Ref("Node", "", name_of(oldest)),
        cause=(
            f"The kubelet of node `{name_of(oldest)}` is {_version(oldest)} and that of node "
            f"`{name_of(newest)}` {_version(newest)}: they are {counted(apart, 'minor version')} "
            f"apart{limit}."
        ),
        evidence=tuple(
            seen(Ref("Node", "", name_of(each)), "status.nodeInfo.kubeletVersion", _version(each))
            for each in (oldest, newest)
        ),
        next=("kubectl get nodes -o wide",),
    )


def _minor(node: Object) -> int | None:
    found = _MINOR.match(_version(node))
    return int(found[1]) if found else None


def _version(node: Object) -> str:
    return text(node, "status", "nodeInfo", "kubeletVersion")
