"""How many pods a workload wants and how many it has, whatever its kind; pure."""

import re
from dataclasses import dataclass

from bot.cluster.checks.pods.containers import is_lost
from bot.cluster.checks.quotation import counted
from bot.cluster.findings import Ref
from bot.cluster.needs import ListOf
from bot.cluster.objects import (
    SPEC_CHANGED,
    Object,
    age_seconds,
    condition,
    controller_of,
    items,
    name_of,
    namespace_of,
    number,
    part,
    strings,
    text,
)
from bot.cluster.scene import Scene

PATIENCE_SECONDS = 120
"""A rollout younger than this is under way, and no fault."""
_REVISION = "deployment.kubernetes.io/revision"
_LISTED = {
    "Deployment": "deployments",
    "StatefulSet": "statefulsets",
    "DaemonSet": "daemonsets",
    "Job": "jobs",
    "CronJob": "cronjobs",
}


@dataclass(frozen=True, slots=True)
class Replicas:
    wanted: int
    present: int
    """Pods that exist, of whatever version."""
    updated: int
    """Pods of the newest version."""
    ready: int
    available: int

    @property
    def is_behind(self) -> bool:
        return min(self.present, self.updated, self.available) < self.wanted


def ref_of(found: Object, kind: str) -> Ref:
    return Ref(kind, namespace_of(found), name_of(found))


def workload(scene: Scene, about: Ref) -> Object:
    """The object behind a reference; an empty mapping where it was not read."""
    return scene.one(about.kind, about.namespace, about.name) or {}


def all_workloads(scene: Scene, *kinds: str) -> list[tuple[Ref, Object]]:
    return [(ref_of(each, kind), each) for kind in kinds for each in scene.all(_LISTED[kind])]


def replicas_of(kind: str, found: Object) -> Replicas:
    status = part(found, "status")
    if kind == "DaemonSet":
        return Replicas(
            number(status, "desiredNumberScheduled"),
            number(status, "currentNumberScheduled"),
            number(status, "updatedNumberScheduled"),
            number(status, "numberReady"),
            number(status, "numberAvailable"),
        )
    if kind == "Job":
        return _of_job(found)
    present = number(status, "replicas")
    ready = number(status, "readyReplicas")
    updated = number(status, "updatedReplicas") if kind != "ReplicaSet" else present
    wanted = number(found, "spec", "replicas", default=1)
    return Replicas(wanted, present, updated, ready, number(status, "availableReplicas"))


def _of_job(found: Object) -> Replicas:
    parallel = number(found, "spec", "parallelism", default=1)
    done = number(found, "status", "succeeded")
    to_do = number(found, "spec", "completions", default=parallel + done) - done
    active = number(found, "status", "active")
    is_over = is_finished(found) or found.get("spec", {}).get("suspend") is True
    wanted = 0 if is_over else min(parallel, to_do)
    return Replicas(wanted, active, active, number(found, "status", "ready"), active)


def is_finished(job: Object) -> bool:
    ends = (condition(job, "Complete"), condition(job, "Failed"))
    return any(text(each, "status") == "True" for each in ends)


def pods_of(scene: Scene, about: Ref) -> list[Object]:
    """Its unwell pods, whole."""
    return list(scene.pods_of(about))


def lost_nodes(scene: Scene, about: Ref) -> tuple[Ref, ...]:
    """Nodes that are not ready and have pods of it: those still look well, and are not read."""
    its_pod = re.compile(rf"{re.escape(about.name)}(?:-[a-z0-9]{{1,10}})?-[a-z0-9]{{1,5}}")
    nodes = {
        row.node
        for row in scene.rows
        if row.namespace == about.namespace and its_pod.fullmatch(row.name)
    }
    return tuple(Ref("Node", "", each) for each in sorted(nodes) if is_lost(scene, each))


def are_young(pods: list[Object], scene: Scene) -> bool:
    """All of them were made a moment ago and none has restarted: they are starting."""
    return bool(pods) and all(
        (age_seconds(text(pod, "metadata", "creationTimestamp"), scene.now) or 0) < PATIENCE_SECONDS
        and not any(number(c, "restartCount") for c in items(pod, "status", "containerStatuses"))
        for pod in pods
    )


def is_old_enough(since: str, scene: Scene) -> bool:
    """It has lasted longer than a rollout needs; so has what nobody dates."""
    age = age_seconds(since, scene.now)
    return age is None or age >= PATIENCE_SECONDS


def is_unobserved(found: Object) -> bool:
    """Its controller has not looked at what its spec says now, so its status is of before."""
    wanted = number(found, "metadata", "generation", default=1)
    return number(found, "status", "observedGeneration") < wanted


def changed_at(found: Object) -> str:
    """When its spec was last written: at its creation where nothing says otherwise."""
    created = text(found, "metadata", "creationTimestamp")
    return max(created, text(found, "metadata", SPEC_CHANGED))


def has_just_changed(found: Object, scene: Scene) -> bool:
    """A controller may still be about to act on it."""
    return is_unobserved(found) and not is_old_enough(changed_at(found), scene)


def spoken_share(some: int, wanted: int, kind: str, name: str) -> str:
    """``2 of 3 pods of Deployment `web` are``, ``0 of 1 pod of Deployment `web` is``."""
    owner = f"{kind} `{name}`".lstrip()
    return f"{some} of {counted(wanted, 'pod')} of {owner} {'is' if wanted == 1 else 'are'}"


def replicasets(scene: Scene, namespace: str) -> tuple[Object, ...]:
    """Those of a namespace, where a check has asked for them."""
    asked = scene.answer(ListOf("replicasets", namespace))
    return asked if asked is not None else scene.all("replicasets", namespace)


def owned(children: tuple[Object, ...], about: Ref) -> list[Object]:
    return [each for each in children if controller_of(each) == (about.kind, about.name)]


def revision(found: Object) -> int:
    """Of a Deployment or one of its ReplicaSets; 0 where none is written."""
    written = strings(found, "metadata", "annotations").get(_REVISION, "")
    return int(written) if written.isdigit() else 0
