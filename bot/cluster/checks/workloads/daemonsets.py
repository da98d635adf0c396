"""DaemonSets: on how many nodes they should run, on which they do not, and where none fits."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.quotation import counted, listed
from bot.cluster.checks.workloads.replicas import (
    Replicas,
    all_workloads,
    are_young,
    has_just_changed,
    is_old_enough,
    lost_nodes,
    pods_of,
    replicas_of,
)
from bot.cluster.findings import Finding, Ref
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.objects import Object, condition, labels_of, name_of, number, strings, text
from bot.cluster.scene import Scene


def check(scene: Scene) -> Iterator[Finding]:
    for about, found in all_workloads(scene, "DaemonSet"):
        counts = replicas_of(about.kind, found)
        if has_just_changed(found, scene):
            continue
        if counts.wanted and min(counts.present, counts.available) < counts.wanted:
            yield from _behind(scene, about, found, counts)
        elif not counts.wanted and found.get("status"):
            yield from _nowhere(scene, about, found)
        if number(found, "status", "numberMisscheduled"):
            yield _astray(about, found)


def _behind(scene: Scene, about: Ref, found: Object, counts: Replicas) -> Iterator[Finding]:
    pods = pods_of(scene, about)
    changed = [text(condition(pod, "Ready"), "lastTransitionTime") for pod in pods]
    since = min(filter(None, changed), default="")
    created = text(found, "metadata", "creationTimestamp")
    if are_young(pods, scene) or not is_old_enough(since or created, scene):
        return
    nodes = sorted({text(pod, "spec", "nodeName") for pod in pods} - {""})
    where = f" (not on {listed(nodes)})" if nodes else ""
    lacking = counts.wanted - counts.present
    yield Finding(
        "DaemonSetUnavailable",
        "warning" if counts.available else "critical",
        about,
        f"`{about.name}` is ready on {counts.ready} of {counted(counts.wanted, 'node')}{where}"
        f"{f'; on {lacking} it has no pod at all' if lacking > 0 else ''}.",
        since=since or created,
        evidence=(
            seen(about, "status.numberReady", f"{counts.ready} of {counts.wanted} desired"),
            seen(about, "status.numberUnavailable", number(found, "status", "numberUnavailable")),
        ),
        next=(
            f"kubectl describe daemonset {about.name} -n {about.namespace}",
            f"kubectl get pods -n {about.namespace} -o wide",
        ),
        because_of=(about, *lost_nodes(scene, about)),
        pods=tuple(name_of(pod) for pod in pods),
    )


def _nowhere(scene: Scene, about: Ref, found: Object) -> Iterator[Finding]:
    """No node has its labels. Usual where such nodes are to come; a typo where a near one is."""
    wanted = strings(found, "spec", "template", "spec", "nodeSelector")
    nodes = [labels_of(node) for node in scene.all("nodes")]
    missing = {k: v for k, v in wanted.items() if all(each.get(k) != v for each in nodes)}
    if not nodes or not missing:
        return
    hints = [hint for k, v in missing.items() for hint in _near(k, v, nodes)]
    spoken = " and ".join(f"`{key}={value}`" for key, value in missing.items())
    yield Finding(
        "NoNodeMatches",
        "warning" if hints else "info",
        about,
        f"It runs on no node: {_none_of(len(nodes))} the label {spoken} that its nodeSelector"
        f" asks for.{spoken_hint(hints)}",
        since=text(found, "metadata", "creationTimestamp"),
        evidence=(
            seen(about, "spec.template.spec.nodeSelector", spoken.replace("`", "")),
            seen(about, "status.desiredNumberScheduled", "0"),
        ),
        next=("kubectl get nodes --show-labels",),
    )


def _none_of(count: int) -> str:
    return "the only node does not have" if count == 1 else f"none of the {count} nodes has"


def _near(key: str, value: str, nodes: list[dict[str, str]]) -> list[str]:
    values = {labels[key] for labels in nodes if key in labels}
    if values:
        return [f"{key}={each}" for each in did_you_mean(value, values)]
    keys = did_you_mean(key, {each for labels in nodes for each in labels}, most=1)
    return [f"{each}={value}" for each in keys if any(n.get(each) == value for n in nodes)]


def _astray(about: Ref, found: Object) -> Finding:
    count = number(found, "status", "numberMisscheduled")
    return Finding(
        "Misscheduled",
        "info",
        about,
        f"`{about.name}` runs on {counted(count, 'node')} where it should not any more.",
        evidence=(seen(about, "status.numberMisscheduled", count),),
        next=(f"kubectl get pods -n {about.namespace} -o wide",),
    )
