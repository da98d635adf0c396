"""What stands behind a Service: its endpoints, pods and workloads, or why nothing does. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.cluster.findings import Ref
from bot.cluster.needs import LabelsOf
from bot.cluster.objects import (
    Object,
    controller_of,
    items,
    labels_of,
    name_of,
    namespace_of,
    number,
    part,
    strings,
    text,
)
from bot.cluster.scene import Scene

_PLURALS = {"deployments": "Deployment", "statefulsets": "StatefulSet", "daemonsets": "DaemonSet"}


@dataclass(frozen=True, slots=True)
class Workload:
    """What makes pods, and the labels and containers they get."""

    ref: Ref
    object: Object
    labels: dict[str, str]
    """Of its pods."""

    @classmethod
    def of(cls, kind: str, found: Object) -> "Workload":
        ref = Ref(kind, namespace_of(found), name_of(found))
        return cls(ref, found, labels_of(part(found, "spec", "template")))

    @property
    def template(self) -> Object:
        return part(self.object, "spec", "template")

    @property
    def is_scaled_to_zero(self) -> bool:
        is_scaled = self.ref.kind != "DaemonSet"
        return is_scaled and number(self.object, "spec", "replicas", default=1) == 0


@dataclass(frozen=True, slots=True)
class Emptiness:
    """Why a Service has no ready endpoint."""

    why: Literal["mismatch", "unready", "zero"]
    workloads: tuple[Ref, ...] = ()
    """Behind it, as far as known."""
    pods: tuple[str, ...] = ()


def workloads_in(scene: Scene, namespace: str) -> list[Workload]:
    return [
        Workload.of(kind, found)
        for plural, kind in _PLURALS.items()
        for found in scene.all(plural, namespace)
    ]


def selector_of(service: Object) -> dict[str, str]:
    """Empty where it selects no pods: ExternalName, or endpoints made by hand."""
    is_external = text(service, "spec", "type") == "ExternalName"
    return {} if is_external else strings(service, "spec", "selector")


def selects(selector: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in selector.items())


class Labelled:
    """Workloads by each label of their pods, so that a Service looks at few of them."""

    def __init__(self, scene: Scene) -> None:
        self._by_label: dict[tuple[str, str, str], list[Workload]] = {}
        for plural, kind in _PLURALS.items():
            for each in scene.all(plural):
                workload = Workload.of(kind, each)
                for key, value in workload.labels.items():
                    place = (workload.ref.namespace, key, value)
                    self._by_label.setdefault(place, []).append(workload)

    def behind(self, service: Object) -> list[Workload]:
        wanted = selector_of(service)
        for key, value in wanted.items():
            near = self._by_label.get((namespace_of(service), key, value), [])
            return [each for each in near if selects(wanted, each.labels)]
        return []


def selected(service: Object, workloads: Iterable[Workload]) -> list[Workload]:
    wanted = selector_of(service)
    return [each for each in workloads if wanted and selects(wanted, each.labels)]


def workloads_behind(scene: Scene, service: Object) -> list[Workload]:
    return selected(service, workloads_in(scene, namespace_of(service)))


def labels_behind(scene: Scene, service: Object) -> dict[str, str]:
    """Of a pod behind the Service; empty where none is known."""
    wanted = selector_of(service)
    pods = map(labels_of, pods_in(scene, namespace_of(service)).values())
    made = (each.labels for each in workloads_behind(scene, service))
    return next((each for each in (*made, *pods) if wanted and selects(wanted, each)), {})


def slices_of(scene: Scene, service: Object) -> tuple[Object, ...]:
    place = namespace_of(service)
    return scene.labelled("endpointslices", place, "kubernetes.io/service-name", name_of(service))


def endpoints_of(scene: Scene, service: Object) -> list[Object]:
    """Of all its slices."""
    return [each for found in slices_of(scene, service) for each in items(found, "endpoints")]


def is_ready(endpoint: Object) -> bool:
    # The API says that an unknown readiness counts as ready.
    return part(endpoint, "conditions").get("ready") is not False


def is_empty(scene: Scene, service: Object) -> bool:
    """It selects pods, and none of them is ready. False where endpoints could not be read."""
    if not selector_of(service) or not scene.was_read("endpointslices", namespace_of(service)):
        return False
    return not any(map(is_ready, endpoints_of(scene, service)))


def services_without_endpoints(scene: Scene) -> list[Object]:
    """All that `is_empty` holds for, in one pass over the slices."""
    served = {
        (namespace_of(each), labels_of(each).get("kubernetes.io/service-name", ""))
        for each in scene.all("endpointslices")
        if any(map(is_ready, items(each, "endpoints")))
    }
    return [
        each
        for each in scene.all("services")
        if (namespace_of(each), name_of(each)) not in served and is_empty(scene, each)
    ]


def emptiness(scene: Scene, service: Object) -> Emptiness | None:
    """None where it has a ready endpoint, needs none, or what it selects was not read."""
    if not is_empty(scene, service):
        return None
    pods = _pods_behind(scene, service)
    behind = workloads_behind(scene, service)
    refs = dict.fromkeys([*(each.ref for each in behind), *_owners(scene, service, pods)])
    running = [each.ref for each in behind if not each.is_scaled_to_zero]
    if pods or running:
        return Emptiness("unready", tuple(refs), tuple(sorted(pods)))
    if behind:
        return Emptiness("zero", tuple(refs))
    return Emptiness("mismatch") if knows_pods(scene, namespace_of(service)) else None


def knows_pods(scene: Scene, namespace: str) -> bool:
    """That no pod has some labels can be said: all pods were asked for, or there are none."""
    is_told = scene.answer(LabelsOf("pods", namespace)) is not None
    return is_told or (
        scene.was_read("pods", namespace)
        and not any(row.namespace == namespace for row in scene.rows)
    )


def pods_in(scene: Scene, namespace: str) -> dict[str, Object]:
    """Name -> pod, of some only the labels."""
    told = scene.answer(LabelsOf("pods", namespace)) or ()
    whole = scene.all("pods", namespace)
    return {name_of(each): each for each in (*told, *whole)}


def lone_pods(scene: Scene, namespace: str) -> list[Workload]:
    """Pods that nothing made but a person, and that have not finished: each its own workload."""
    done = _done_in(scene, namespace)
    return [
        Workload(Ref("Pod", namespace, name), pod, labels_of(pod))
        for name, pod in sorted(pods_in(scene, namespace).items())
        if name not in done and not controller_of(pod)[0]
    ]


def finished_behind(scene: Scene, service: Object) -> list[str]:
    """Pods that it selects and that serve nobody any more."""
    known = pods_in(scene, namespace_of(service))
    done = _done_in(scene, namespace_of(service))
    wanted = selector_of(service)
    return sorted(e for e in done if e in known and selects(wanted, labels_of(known[e])))


def _done_in(scene: Scene, namespace: str) -> set[str]:
    return {row.name for row in scene.rows if row.namespace == namespace and row.is_done}


def _pods_behind(scene: Scene, service: Object) -> set[str]:
    namespace = namespace_of(service)
    done = _done_in(scene, namespace)
    targets = (part(each, "targetRef") for each in endpoints_of(scene, service))
    known = {text(each, "name") for each in targets if each.get("kind") == "Pod"}
    wanted = selector_of(service)
    for name, pod in pods_in(scene, namespace).items():
        if selects(wanted, labels_of(pod)):
            known.add(name)
    return known - done


def _owners(scene: Scene, service: Object, pods: Iterable[str]) -> list[Ref]:
    known = pods_in(scene, namespace_of(service))
    return [scene.owner(known[name]) for name in sorted(pods) if name in known]
