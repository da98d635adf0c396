"""Which containers of unwell pods have a log worth reading, one pod a workload; it reads none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.cluster.findings import Ref
from bot.cluster.needs import LogOf
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    containers_of,
    controller_of,
    flag,
    items,
    name_of,
    namespace_of,
    number,
    text,
)
from bot.cluster.scene import Scene

MOST_WORKLOADS = 24
"""Whose logs are read: each read is small, and eight go at once."""
_MOST_CONTAINERS = 2
_CRASHED_LATELY_SECONDS = 600
_STEADY_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Unwell:
    """A container that does not do its work, with the pod that stands for its workload."""

    owner: Ref
    pod: Object
    name: str
    status: Object
    pods: tuple[str, ...]
    """Every unwell pod of the workload."""

    @property
    def namespace(self) -> str:
        return namespace_of(self.pod)

    @property
    def ref(self) -> Ref:
        return Ref("Pod", self.namespace, name_of(self.pod))

    @property
    def has_crashed(self) -> bool:
        """Its log ends where it died; the last lines of a running one may be about the past."""
        return self.is_previous or bool(text(self.status, "state", "terminated", "exitCode"))

    @property
    def is_previous(self) -> bool:
        """What it said before its last restart tells more than what it says now."""
        # Of a container that has just ended the log is still the current one, and the log before
        # it may be deleted by now.
        has_ended = bool(text(self.status, "state", "terminated", "exitCode"))
        is_again = number(self.status, "restartCount") > 0
        return is_again and not has_ended and _failed(self.status, "lastState")

    def works(self, scene: Scene) -> bool:
        """It is ready, and has been running for longer than between two crashes."""
        began = text(self.status, "state", "running", "startedAt")
        age = age_seconds(began, scene.now)
        return flag(self.status, "ready") and age is not None and age > _STEADY_SECONDS

    @property
    def spec(self) -> Object:
        """The container as the pod's spec has it."""
        found = (each for each, _ in containers_of(self.pod.get("spec") or {}))
        return next((each for each in found if each.get("name") == self.name), {})

    @property
    def log_command(self) -> str:
        previous = " --previous" if self.is_previous else ""
        pod = name_of(self.pod)
        return f"kubectl logs {pod} -n {self.namespace} -c {self.name}{previous}"

    def since(self, scene: Scene) -> str:
        """When the trouble began, as far as the pod says."""
        events = scene.events_about("Pod", self.namespace, name_of(self.pod))
        firsts = (text(each, "firstTimestamp") for each in events)
        changed = text(condition(self.pod, "Ready"), "lastTransitionTime")
        began = text(self.pod, "metadata", "creationTimestamp")
        return min((each for each in (*firsts, changed) if each), default=began)


def unwell_containers(scene: Scene) -> list[Unwell]:
    """Those asked about first, then crashing ones; of at most `MOST_WORKLOADS`."""
    return [
        Unwell(owner, pod, text(status, "name"), status, tuple(sorted(map(name_of, its_pods))))
        for owner, its_pods in _ordered(scene)[:MOST_WORKLOADS]
        for pod in [max(its_pods, key=lambda each: (_restarts(each), name_of(each)))]
        for status in list(_chosen(pod, scene))[:_MOST_CONTAINERS]
    ]


def left_out(scene: Scene) -> tuple[Ref, ...]:
    """Unwell workloads whose logs are not read because there are too many."""
    return tuple(owner for owner, _ in _ordered(scene)[MOST_WORKLOADS:])


def _ordered(scene: Scene) -> list[tuple[Ref, list[Object]]]:
    pods: dict[Ref, list[Object]] = {}
    owners: dict[tuple[str, ...], Ref] = {}
    for pod in scene.pods:
        if text(pod, "metadata", "deletionTimestamp") or not any(_chosen(pod, scene)):
            continue
        kind, name = controller_of(pod)
        key = (namespace_of(pod), kind, name or name_of(pod))
        owner = owners[key] if key in owners else scene.owner(pod)
        owners[key] = owner
        pods.setdefault(owner, []).append(pod)
    # A Service, say, is asked about by the name that its workload has too.
    asked = {(each.namespace, each.name) for each in scene.asked}
    return sorted(
        pods.items(),
        key=lambda each: (
            asked.isdisjoint((each[0].namespace, name) for name in _names(*each)),
            -max(map(_restarts, each[1])),
            each[0],
        ),
    )


def _names(owner: Ref, pods: Iterable[Object]) -> Iterator[str]:
    yield owner.name
    for pod in pods:
        yield name_of(pod)
        yield controller_of(pod)[1]


def logs_of(scene: Scene) -> Iterator[LogOf]:
    for each in unwell_containers(scene):
        pod = name_of(each.pod)
        yield LogOf(each.namespace, pod, each.name, each.is_previous)


def lines_of(scene: Scene, unwell: Unwell) -> tuple[str, ...]:
    """Its log as far as it was read."""
    place = (unwell.namespace, name_of(unwell.pod), unwell.name)
    first = scene.log(*place, previous=unwell.is_previous)
    return first or scene.log(*place, previous=not unwell.is_previous)


def _chosen(pod: Object, scene: Scene) -> Iterator[Object]:
    for kind in ("initContainerStatuses", "containerStatuses"):
        yield from (each for each in items(pod, "status", kind) if _is_chosen(each, scene))


def _is_chosen(status: Object, scene: Scene) -> bool:
    if text(status, "state", "terminated", "reason") == "OOMKilled":
        return False
    if _failed(status, "state"):
        return True
    # A container killed for its memory says nothing of it, and what it says else misleads.
    if text(status, "lastState", "terminated", "reason") == "OOMKilled":
        return False
    if text(status, "state", "waiting", "reason"):
        return _failed(status, "lastState")
    if not text(status, "state", "running", "startedAt"):
        return False
    return not flag(status, "ready") or _crashed_lately(status, scene)


def _crashed_lately(status: Object, scene: Scene) -> bool:
    """Between two crashes a container without a readiness probe looks well for a moment."""
    finished = text(status, "lastState", "terminated", "finishedAt")
    age = age_seconds(finished, scene.now)
    is_again = number(status, "restartCount") > 1 and _failed(status, "lastState")
    return is_again and age is not None and age < _CRASHED_LATELY_SECONDS


def _failed(status: Object, state: str) -> bool:
    return text(status, state, "terminated", "exitCode") not in {"", "0"}


def _restarts(pod: Object) -> int:
    kinds = ("initContainerStatuses", "containerStatuses")
    found = [number(each, "restartCount") for kind in kinds for each in items(pod, "status", kind)]
    return sum(found)
