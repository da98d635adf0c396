"""Deployments that are not where they should be, and which ReplicaSet serves meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.quotation import counted
from bot.cluster.checks.workloads.replicas import (
    Replicas,
    all_workloads,
    are_young,
    has_just_changed,
    is_old_enough,
    lost_nodes,
    owned,
    pods_of,
    ref_of,
    replicas_of,
    replicasets,
    revision,
    spoken_share,
)
from bot.cluster.checks.workloads.templates import changes, images_of
from bot.cluster.findings import Evidence, Finding, Ref
from bot.cluster.needs import ListOf, Need
from bot.cluster.objects import (
    Object,
    condition,
    controller_of,
    flag,
    name_of,
    number,
    text,
)
from bot.cluster.scene import Scene

_OVERDUE = "ProgressDeadlineExceeded"


@dataclass(frozen=True, slots=True)
class _Sets:
    """The ReplicaSet that is being rolled out, and the older ones that still have pods."""

    new: Object
    old: tuple[Object, ...]

    @property
    def serving(self) -> int:
        return sum(number(each, "status", "readyReplicas") for each in self.old)


def needs(scene: Scene) -> Iterator[Need]:
    behind = {about.namespace for about, found in all_workloads(scene, "Deployment")
              if replicas_of(about.kind, found).is_behind}  # fmt: skip
    alone = {text(each, "involvedObject", "namespace") for each in scene.all("events")
             if text(each, "involvedObject", "kind") == "ReplicaSet"}  # fmt: skip
    loose = {owner.namespace for pod in scene.pods
             if (owner := scene.owner(pod)).kind == "ReplicaSet"}  # fmt: skip
    for namespace in sorted(behind | alone | loose):
        yield ListOf("replicasets", namespace)


def check(scene: Scene) -> Iterator[Finding]:
    for about, found in all_workloads(scene, "Deployment"):
        counts = replicas_of(about.kind, found)
        if has_just_changed(found, scene):
            continue
        if flag(found, "spec", "paused"):
            yield from _paused(about, found, counts)
        elif counts.wanted and counts.is_behind and found.get("status"):
            yield from _behind(scene, about, found, counts)
    for namespace in scene.namespaces:
        for each in replicasets(scene, namespace):
            if not controller_of(each)[0]:
                yield from _alone(scene, ref_of(each, "ReplicaSet"), each)


def _behind(scene: Scene, about: Ref, found: Object, counts: Replicas) -> Iterator[Finding]:
    state = _state(found)
    is_overdue = text(state, "reason") == _OVERDUE
    since = text(state, "lastTransitionTime")
    if text(state, "status") == "True":
        since = text(state, "lastUpdateTime") or since
    pods = pods_of(scene, about)
    if not is_overdue and (not is_old_enough(since, scene) or are_young(pods, scene)):
        return
    sets = _sets(scene, about, found)
    is_rollout = is_overdue or counts.updated < counts.wanted or bool(sets and sets.serving)
    yield Finding(
        (_OVERDUE if is_overdue else "RolloutStuck") if is_rollout else "ReplicasUnavailable",
        "warning" if counts.available else "critical",
        about,
        _cause(about, counts, sets) if is_rollout else _shortage(about, counts),
        since=since,
        evidence=_evidence(about, found, state, counts, sets),
        next=_commands(about),
        because_of=(about, *lost_nodes(scene, about)),
        pods=tuple(name_of(pod) for pod in pods),
    )


def _state(found: Object) -> Object:
    """The condition that says since when: the first of these that is bad, else the progress."""
    for kind in ("Progressing", "Available"):
        state = condition(found, kind)
        if text(state, "status") == "False":
            return state
    return condition(found, "Progressing")


def _sets(scene: Scene, about: Ref, found: Object) -> _Sets | None:
    known = owned(replicasets(scene, about.namespace), about)
    known.sort(key=revision, reverse=True)
    if not known:
        return None
    wanted = revision(found)
    new = next((each for each in known if revision(each) == wanted), known[0])
    others = (each for each in known if each is not new)
    return _Sets(new, tuple(each for each in others if number(each, "status", "replicas")))


def _cause(about: Ref, counts: Replicas, sets: _Sets | None) -> str:
    start = f"The rollout of `{about.name}` is stuck"
    if sets is None:
        return (
            f"{start}: the new version is on {counts.updated} of {counted(counts.wanted, 'pod')};"
            f" available, of whatever version: {counts.available}."
        )
    ready = number(sets.new, "status", "readyReplicas")
    new = f"the new ReplicaSet {_spoken(sets.new)} has {ready} of {counts.wanted} pods ready"
    if not sets.old:
        return f"{start}: {new}, and no older one serves."
    changed = changes(sets.old[0], sets.new)
    return f"{start}: {new}; {_serving(sets)}{f' ({changed})' if changed else ''}."


def _serving(sets: _Sets) -> str:
    old = " and ".join(_spoken(each) for each in sets.old)
    verb = "still serves" if len(sets.old) == 1 else "still serve"
    if not sets.serving:
        return f"the old one {old} has no ready pod either"
    return f"the old one {old} {verb} with {counted(sets.serving, 'pod')}"


def _spoken(found: Object) -> str:
    return f"`{name_of(found)}` (image {images_of(found)})"


def _shortage(about: Ref, counts: Replicas) -> str:
    return f"{spoken_share(counts.available, counts.wanted, about.kind, about.name)} available."


def _evidence(
    about: Ref, found: Object, state: Object, counts: Replicas, sets: _Sets | None
) -> tuple[Evidence, ...]:
    kind = text(state, "type")
    proof = (
        [seen(about, f"status.conditions[{kind}].reason", text(state, "reason"))] if kind else []
    )
    # Of a finding that is folded into another only the first few are shown.
    for each in (sets.new, *sets.old) if sets else ():
        age = "new" if sets and each is sets.new else "old"
        ready = f"{number(each, 'status', 'readyReplicas')} ({age}, image {images_of(each)})"
        proof.append(seen(ref_of(each, "ReplicaSet"), "status.readyReplicas", ready))
    proof.append(seen(about, "status.availableReplicas", f"{counts.available} of {counts.wanted}"))
    return (*proof, seen(about, "spec.replicas", number(found, "spec", "replicas", default=1)))


def _commands(about: Ref) -> tuple[str, ...]:
    name, place = f"deployment {about.name}", f"-n {about.namespace}"
    return (
        f"kubectl describe {name} {place}",
        f"kubectl get replicasets {place} -o wide",
        f"kubectl rollout history {name} {place}",
    )


def _paused(about: Ref, found: Object, counts: Replicas) -> Iterator[Finding]:
    """A pause on purpose is no fault; changes that wait behind it surprise whoever made them."""
    if not counts.wanted or not found.get("status") or counts.updated >= counts.wanted:
        return
    has_pods = counts.present > 0
    what = (
        f"its newest version waits: {counts.updated} of {_have(counts.wanted)} it"
        if has_pods
        else f"it has no pods of {counts.wanted} wanted"
    )
    yield Finding(
        "DeploymentPaused",
        "warning" if counts.available else "critical",
        about,
        f"Deployment `{about.name}` is paused (spec.paused is true), so {what}.",
        since=text(condition(found, "Progressing"), "lastTransitionTime"),
        evidence=(
            seen(about, "spec.paused", "true"),
            seen(about, "status.updatedReplicas", counts.updated),
        ),
        next=_commands(about),
    )


def _have(pods: int) -> str:
    return f"{counted(pods, 'pod')} {'has' if pods == 1 else 'have'}"


def _alone(scene: Scene, about: Ref, found: Object) -> Iterator[Finding]:
    """A ReplicaSet that no Deployment owns."""
    counts = replicas_of(about.kind, found)
    pods = pods_of(scene, about)
    created = text(found, "metadata", "creationTimestamp")
    is_early = not is_old_enough(created, scene) or are_young(pods, scene)
    if not counts.wanted or not counts.is_behind or is_early or not found.get("status"):
        return
    yield Finding(
        "ReplicasUnavailable",
        "warning" if counts.available else "critical",
        about,
        _shortage(about, counts),
        since=created,
        evidence=(
            seen(about, "status.availableReplicas", counts.available),
            seen(about, "spec.replicas", counts.wanted),
        ),
        next=(f"kubectl describe replicaset {about.name} -n {about.namespace}",),
        because_of=(about,),
        pods=tuple(name_of(pod) for pod in pods),
    )
