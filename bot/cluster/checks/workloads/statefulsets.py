"""StatefulSets: which pod holds the others up, and what their rollout waits for."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import absent, seen
from bot.cluster.checks.quotation import counted
from bot.cluster.checks.workloads.replicas import (
    Replicas,
    all_workloads,
    are_young,
    has_just_changed,
    is_old_enough,
    lost_nodes,
    pods_of,
    replicas_of,
    spoken_share,
)
from bot.cluster.findings import Finding, Ref
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.objects import Object, condition, name_of, number, part, text
from bot.cluster.scene import PodRow, Scene


def check(scene: Scene) -> Iterator[Finding]:
    for about, found in all_workloads(scene, "StatefulSet"):
        counts = replicas_of(about.kind, found)
        if has_just_changed(found, scene):
            continue
        if min(counts.present, counts.ready) < counts.wanted and found.get("status"):
            yield from _behind(scene, about, found, counts)
        yield from _held_back(about, found, counts)
        yield from _nameless(scene, about, found)


def _behind(scene: Scene, about: Ref, found: Object, counts: Replicas) -> Iterator[Finding]:
    pods = pods_of(scene, about)
    since = _since(pods) or text(found, "metadata", "creationTimestamp")
    if are_young(pods, scene) or not is_old_enough(since, scene):
        return
    blocker = _blocker(scene, about, found, counts)
    ready = f"{spoken_share(counts.ready, counts.wanted, '', about.name)} ready"
    yield Finding(
        "StatefulSetBlocked" if blocker else "ReplicasUnavailable",
        "warning" if counts.ready else "critical",
        about,
        f"{ready}{blocker}.",
        since=since,
        evidence=(
            seen(about, "status.readyReplicas", f"{counts.ready} of {counts.wanted} wanted"),
            seen(about, "spec.podManagementPolicy", _policy(found)),
            *(seen(Ref("Pod", about.namespace, name_of(pod)), "status.phase",
                   text(pod, "status", "phase")) for pod in pods[:2]),
        ),
        next=(
            f"kubectl describe statefulset {about.name} -n {about.namespace}",
            f"kubectl get pods -n {about.namespace} -o wide",
        ),
        because_of=(about, *lost_nodes(scene, about)),
        pods=tuple(name_of(pod) for pod in pods),
    )  # fmt: skip


def _since(pods: list[Object]) -> str:
    changed = [text(condition(pod, "Ready"), "lastTransitionTime") for pod in pods]
    return min(filter(None, changed), default="")


def _policy(found: Object) -> str:
    return text(found, "spec", "podManagementPolicy") or "OrderedReady"


def _blocker(scene: Scene, about: Ref, found: Object, counts: Replicas) -> str:
    """The first pod in order that is not ready, and who waits for it; nothing where none waits."""
    first = number(found, "spec", "ordinals", "start")
    names = [f"{about.name}-{first + each}" for each in range(counts.wanted)]
    rows = {row.name: row for row in scene.rows if row.namespace == about.namespace}
    if counts.present >= counts.wanted or _policy(found) == "Parallel":
        waiting = [name for name in names if not _is_ready(rows.get(name))]
        return f": {_spoken(rows, waiting[0])}" if waiting and rows else ""
    at = next((n for n, name in enumerate(names) if not _is_ready(rows.get(name))), None)
    if at is None or not rows:
        return ""
    later = [name for name in names[at + 1 :] if name not in rows]
    wait = f", and pods start in order, so {_all_of(later)} for it" if later else ""
    return f": {_spoken(rows, names[at])}{wait}"


def _all_of(later: list[str]) -> str:
    if len(later) == 1:
        return f"`{later[0]}` waits"
    return f"`{later[0]}` {'and' if len(later) == 2 else 'to'} `{later[-1]}` wait"


def _is_ready(row: PodRow | None) -> bool:
    return row is not None and row.status == "Running" and row.ready >= row.containers > 0


def _spoken(rows: dict[str, PodRow], name: str) -> str:
    row = rows.get(name)
    return f"`{name}` is {f'not ready ({row.status})' if row else 'not there'}"


def _is_held(found: Object) -> bool:
    """A partition or OnDelete keeps old pods as they are, on purpose."""
    strategy = part(found, "spec", "updateStrategy")
    is_manual = text(strategy, "type") == "OnDelete"
    return is_manual or number(strategy, "rollingUpdate", "partition") > 0


def _held_back(about: Ref, found: Object, counts: Replicas) -> Iterator[Finding]:
    old, new = text(found, "status", "currentRevision"), text(found, "status", "updateRevision")
    if not _is_held(found) or old == new or counts.updated >= counts.wanted:
        return
    partition = number(found, "spec", "updateStrategy", "rollingUpdate", "partition")
    why = (
        f"its partition is {partition}, so pods with a lower number keep the old version"
        if partition
        else "its update strategy is OnDelete, so pods keep the old version until deleted"
    )
    yield Finding(
        "RolloutHeldBack",
        "info",
        about,
        f"The new version is on {counts.updated} of {counted(counts.wanted, 'pod')}: {why}.",
        evidence=(
            seen(about, "status.updateRevision", f"{new}, before {old}"),
            seen(about, "spec.updateStrategy", partition or "OnDelete"),
        ),
        next=(f"kubectl rollout history statefulset {about.name} -n {about.namespace}",),
    )


def _nameless(scene: Scene, about: Ref, found: Object) -> Iterator[Finding]:
    """Without the Service it names, its pods have no names in DNS."""
    service = text(found, "spec", "serviceName")
    is_known = scene.was_read("services", about.namespace)
    if not service or not is_known or not number(found, "spec", "replicas", default=1):
        return
    names = [name_of(each) for each in scene.all("services", about.namespace)]
    if service in names:
        return
    yield Finding(
        "ServiceNotFound",
        "warning",
        about,
        f"Its spec.serviceName names Service `{service}`, which does not exist: its pods have no"
        f" DNS names such as `{about.name}-0.{service}`."
        f"{spoken_hint(did_you_mean(service, names))}",
        since=text(found, "metadata", "creationTimestamp"),
        evidence=(seen(about, "spec.serviceName", service), absent("Service", service)),
        next=(f"kubectl get services -n {about.namespace}",),
    )
