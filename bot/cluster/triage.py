"""The first look: read, let the checks ask, judge, and say it in one report. Changes nothing."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from bot.cluster.api import ClusterApi
from bot.cluster.asking import Asker
from bot.cluster.causes import causes
from bot.cluster.checks import all as checks
from bot.cluster.checks import events
from bot.cluster.checks.logs import logs, unwell
from bot.cluster.checks.pods.containers import is_lost
from bot.cluster.findings import Evidence, Finding, Ref
from bot.cluster.objects import labels_of
from bot.cluster.reading import Reader, Scope
from bot.cluster.report import Report
from bot.cluster.rules import merged
from bot.cluster.sayings import hide_in_sayings
from bot.cluster.scene import NotRead, Scene

_MOST_ROUNDS = 3
_SMALL_SCENE = 400
"""Objects that are judged on the event loop; more goes to a thread."""

Redact = Callable[[str], str]


async def look(api: ClusterApi, redact: Redact, scope: Scope) -> tuple[Report, Scene]:
    """Raises ClusterError where the cluster does not answer."""
    scene = await Reader(api).scene(scope)
    return await examine(api, redact, scene), scene


async def examine(
    api: ClusterApi, redact: Redact, scene: Scene, *, first: Collection[Ref] = ()
) -> Report:
    """Lets the checks ask for more, about `first` before all else, then judges. Raises
    ClusterError.
    """
    asker = Asker(api, redact)
    scene.asked = frozenset(first)
    for _ in range(_MOST_ROUNDS):
        if not await asker.answer(scene, list(checks.needs(scene))):
            break
    scene.not_read += _unread_logs(scene)
    if sum(scene.counts.values()) < _SMALL_SCENE:
        return _judge_safely(scene, redact)
    return await asyncio.to_thread(_judge_safely, scene, redact)


def _unread_logs(scene: Scene) -> Iterator[NotRead]:
    count = len(unwell.left_out(scene))
    if count:
        yield NotRead(f"logs of {count} more workload{'' if count == 1 else 's'}", "left out")


def _judge_safely(scene: Scene, redact: Redact) -> Report:
    hide_in_sayings(scene, redact)
    return judge(scene, redact)


def judge(scene: Scene, redact: Redact) -> Report:
    """Pure: what the scene shows, with every text in it redacted."""
    found = causes(checks.found(scene), precise=logs.PRECISE)
    told = {ref for each in found for ref in (each.about, *each.affects)}
    found += events.grouped(scene, told)
    safe = tuple(_redacted(each, redact) for each in found)
    return Report(
        namespaces=scene.namespaces,
        is_whole_cluster=scene.is_whole_cluster,
        objects=dict(sorted(scene.counts.items())),
        findings=safe,
        not_read=merged(scene.not_read),
        fine=tuple(_fine(scene, found)),
        could_look="pods" in scene.lists,
        labels=_labels(scene, found),
    )


def _redacted(finding: Finding, redact: Redact) -> Finding:
    """Messages and logs are free text, and a path may hold a URL's; names pass unchanged."""
    evidence = tuple(Evidence(redact(each.path), redact(each.value)) for each in finding.evidence)
    return replace(finding, cause=redact(finding.cause), evidence=evidence)


def _fine(scene: Scene, found: list[Finding]) -> Iterator[str]:
    """Kinds that were looked at and have no finding."""
    touched = {ref.kind for each in found for ref in (each.about, *each.affects)}
    # Pods of a node that is lost look as well as they did when it was last heard of.
    pods = sum(not is_lost(scene, row.node) for row in scene.rows)
    if pods and not scene.pods and "Pod" not in touched:
        yield f"{pods} pod{'' if pods == 1 else 's'}"
    for plural, kind in _TOLD:
        count = scene.counts.get(plural, 0)
        if count and kind not in touched:
            yield f"{count} {kind}{'' if count == 1 else 's' if kind[-1] != 's' else 'es'}"


_TOLD = (
    ("deployments", "Deployment"),
    ("statefulsets", "StatefulSet"),
    ("daemonsets", "DaemonSet"),
    ("jobs", "Job"),
    ("cronjobs", "CronJob"),
    ("services", "Service"),
    ("ingresses", "Ingress"),
    ("persistentvolumeclaims", "PersistentVolumeClaim"),
    ("horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    ("nodes", "Node"),
)


def _labels(scene: Scene, found: list[Finding]) -> dict[Ref, dict[str, str]]:
    """Of the objects with findings, for whoever chooses by them; pods lend theirs."""
    labels: dict[Ref, dict[str, str]] = {}
    for each in found:
        known = scene.one(*each.about)
        labels[each.about] = labels_of(known) if known is not None else {}
    for pod in scene.pods:
        owner = scene.owner(pod)
        if owner in labels:
            labels[owner] = {**labels_of(pod), **labels[owner]}
    return labels
