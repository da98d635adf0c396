"""What ails pods, one finding for each cause and workload; pods without a node are not its part."""

from collections.abc import Callable, Iterator, Sequence

from bot.cluster.checks.pods import (
    crashes,
    departures,
    images,
    memory,
    probes,
    references,
    standstills,
    starts,
)
from bot.cluster.checks.pods.containers import Container, Trouble, containers_in, node_of
from bot.cluster.checks.pods.restarts import is_settled
from bot.cluster.findings import SEVERITIES, Finding, Ref
from bot.cluster.needs import LogOf, Need
from bot.cluster.objects import Object, name_of, number, text
from bot.cluster.scene import Scene

_MOST_LOGS = 8

# The first that finds something has said what ails the container: the deeper the earlier.
_EXAMINATIONS: Sequence[Callable[[Scene, Container], Trouble | None]] = (
    images.examine,
    references.examine,
    starts.examine,
    memory.examine,
    probes.examine_kill,
    crashes.examine_exit,
    standstills.examine_blocking,
    probes.examine_readiness,
    crashes.examine_restart,
)


def needs(scene: Scene) -> Iterator[Need]:
    asked: set[tuple[Ref, str]] = set()
    for pod in _ailing(scene):
        yield from references.needs(scene, pod)
        for container in containers_in(pod):
            yield from starts.needs(scene, container)
            log = _wanted_log(scene, container)
            who = (scene.owner(pod), container.name)
            if log is None or who in asked or len({ref for ref, _ in asked}) >= _MOST_LOGS:
                continue
            asked.add(who)
            yield log


def check(scene: Scene) -> Iterator[Finding]:
    groups: dict[tuple[Ref, str, str], list[Trouble]] = {}
    for pod in _ailing(scene):
        for each in _troubles(scene, pod):
            groups.setdefault((scene.owner(pod), each.reason, each.key), []).append(each)
    for (about, _, _), group in groups.items():
        yield _finding(scene, about, group)


def _ailing(scene: Scene) -> Iterator[Object]:
    for pod in scene.pods:
        is_unplaced = not node_of(pod) and text(pod, "status", "phase") != "Failed"
        if not is_unplaced and text(pod, "status", "phase") != "Succeeded":
            yield pod


def _troubles(scene: Scene, pod: Object) -> Iterator[Trouble]:
    departed = departures.examine(scene, pod)
    if departed is not None or departures.is_leaving(pod) or is_settled(scene, pod):
        yield from filter(None, (departed,))
        return
    if standstills.front_of(pod) is not None:
        missing = list(references.examine_volumes(scene, pod))
        yield from missing or filter(None, (standstills.examine_creation(scene, pod),))
    for container in containers_in(pod):
        found = (examine(scene, container) for examine in _EXAMINATIONS)
        yield from filter(None, (next(filter(None, found), None),))


def _wanted_log(scene: Scene, container: Container) -> LogOf | None:
    return crashes.wanted_log(scene, container) or standstills.wanted_log(scene, container)


def _siblings(scene: Scene, about: Ref) -> int:
    """How many pods its workload has; 0 where nothing says."""
    found = scene.one(*about) if about.kind != "Pod" else None
    return number(found or {}, "status", "replicas")


def _finding(scene: Scene, about: Ref, group: Sequence[Trouble]) -> Finding:
    # A log is read of one pod of a workload, so that one speaks for the others.
    worst = max(group, key=lambda each: (any(e.is_free_text for e in each.evidence), each.weight))
    names = tuple(dict.fromkeys(name_of(each.pod) for each in group))
    others = f" {len(names)} of its pods show it." if len(names) > 1 else ""
    if len(names) == 1 and (count := _siblings(scene, about)) > 1 and names[0] not in worst.cause:
        others = f" Of its {count} pods only `{names[0]}` shows it."
    return Finding(
        reason=worst.reason,
        severity=min((each.severity for each in group), key=SEVERITIES.index),
        about=about,
        cause=worst.cause + others,
        since=min(filter(None, (each.since for each in group)), default=""),
        evidence=worst.evidence,
        next=worst.next,
        because_of=tuple(dict.fromkeys(ref for each in group for ref in each.because_of)),
        is_possible=all(each.is_possible for each in group),
        pods=names if about.kind != "Pod" else (),
    )
