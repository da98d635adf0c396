"""How often pods had been restarted whenever a conversation looked, and when Kubernetes says that
they were; pure and bounded.

The API keeps a number and the last time, no history: a conversation keeps what its looks read
anyway. Names and numbers only. Every look counts the same: by pod, as the server's table shows it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.cluster.objects import (
    Object,
    controller_of,
    event_count,
    event_time,
    items,
    labels_of,
    moment,
    name_of,
    namespace_of,
    number,
    part,
    text,
)
from bot.cluster.scene import PodRow, Scene

RESTARTS = "restarts"
"""The note that keeps the samples."""
MOST_SAMPLES = 24
_MOST_PODS = 40
_MOST_NAMESPACES = 50
BACK_OFF = "BackOff"
_STATUSES = ("containerStatuses", "initContainerStatuses")
_OF_CRON_JOB = re.compile(r"-\d{8,10}$")
"""A CronJob's controller names each Job after its minute."""


@dataclass(frozen=True, slots=True)
class Sample:
    at: float
    """Seconds since the epoch."""
    counts: Mapping[str, int]
    """`shop/cart-0` -> its restarts by then; a pod that never was restarted is left out."""
    namespaces: tuple[str, ...] = ()
    """Empty where all of the cluster was read."""
    is_whole: bool = True
    """False where more were restarted than are kept: then one that is missing is not 0."""

    def covers(self, places: Iterable[str]) -> bool:
        return not self.namespaces or {*places} <= {*self.namespaces}

    def to_json(self) -> dict[str, Any]:
        where = {"in": list(self.namespaces)} if self.namespaces else {}
        part_of = {} if self.is_whole else {"whole": False}
        return {"at": round(self.at), "pods": dict(self.counts), **where, **part_of}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Sample":
        places = tuple(map(str, kept.get("in") or ()))
        counts = {str(name): int(count) for name, count in kept["pods"].items()}
        return cls(float(kept["at"]), counts, places, bool(kept.get("whole", True)))


@dataclass(frozen=True, slots=True)
class Restart:
    """The last one of a container."""

    container: str
    """`shop/cart (app)`."""
    workload: str
    at: datetime
    exit_code: int
    reason: str


@dataclass(frozen=True, slots=True)
class BackOff:
    """That the kubelet waited before it started something again, as one event counts it."""

    pod: str
    """`shop/cart-0`."""
    count: int
    first: datetime
    last: datetime


class Owned(NamedTuple):
    """What is known of a pod that is there."""

    workload: str
    """`shop/cart`."""
    created: float
    """Seconds since the epoch; 0 where nobody knows it."""


def samples_in(notes: Mapping[str, Any]) -> tuple[Sample, ...]:
    """Without those that another release kept by other names than those of pods."""
    kept = notes.get(RESTARTS) or ()
    return tuple(Sample.from_json(each) for each in kept if "pods" in each)


def sampled(scene: Scene) -> Sample | None:
    """None where pods could not be listed."""
    places = _places(scene)
    if places is None:
        return None
    counted = counted_in(row for row in scene.rows if not places or row.namespace in places)
    return sample_of(counted, scene.now.timestamp(), places)


def counted_in(rows: Iterable[PodRow]) -> Counter[str]:
    return Counter({f"{row.namespace}/{row.name}": row.restarts for row in rows if row.restarts})


def sample_of(counted: Counter[str], at: float, places: Sequence[str] = ()) -> Sample:
    """Of very many pods those that were restarted most."""
    most = dict(counted.most_common(_MOST_PODS))
    return Sample(at, most, tuple(places), len(most) == len(counted))


def kept_with(earlier: Sequence[Sample], new: Sample) -> list[dict[str, Any]]:
    """As JSON, the newest last; of two that see the same within a minute the newer."""
    if earlier and earlier[-1].namespaces == new.namespaces and new.at - earlier[-1].at < 60:
        earlier = earlier[:-1]
    return [each.to_json() for each in (*earlier, new)][-MOST_SAMPLES:]


def _places(scene: Scene) -> tuple[str, ...] | None:
    if "pods" not in scene.lists:
        return None
    unread = {namespace for plural, namespace in scene.unread_plurals if plural == "pods"}
    if scene.is_whole_cluster and not unread:
        return ()
    if "" in unread:
        return None
    return tuple(each for each in scene.namespaces if each not in unread)[:_MOST_NAMESPACES] or None


def owned(pod: Object) -> tuple[str, Owned]:
    """`shop/cart-0`, and what is known of it."""
    place, created = namespace_of(pod), moment(text(pod, "metadata", "creationTimestamp"))
    known = Owned(f"{place}/{workload_of(pod)}", created.timestamp() if created else 0.0)
    return f"{place}/{name_of(pod)}", known


def workload_of(pod: Object) -> str:
    """The name of what a person would open first, by how controllers name what they make."""
    kind, name = controller_of(pod)
    if kind == "ReplicaSet":
        template = labels_of(pod).get("pod-template-hash", "")
        return name.removesuffix(f"-{template}") if template else name
    if kind == "Job":
        return _OF_CRON_JOB.sub("", name)
    return name if kind and kind != "Node" else name_of(pod)


def restarts_of(pod: Object) -> dict[str, int]:
    """Container -> how often it was restarted; those that never were are left out."""
    counted = {text(each, "name"): number(each, "restartCount") for each in _statuses(pod)}
    return {name: count for name, count in counted.items() if count > 0}


def last_restarts(pod: Object) -> Iterator[Restart]:
    """Of each container that was restarted and says when it ended before."""
    workload = f"{namespace_of(pod)}/{workload_of(pod)}"
    for each in _statuses(pod):
        ended = part(each, "lastState", "terminated")
        at = moment(text(ended, "finishedAt"))
        if at is not None and number(each, "restartCount") > 0:
            container = f"{workload} ({text(each, 'name')})"
            yield Restart(container, workload, at, number(ended, "exitCode"), text(ended, "reason"))


def back_off_of(event: Object) -> BackOff | None:
    """None where an event tells something else, or not when."""
    last = moment(event_time(event))
    first = moment(text(event, "firstTimestamp") or text(event, "eventTime")) or last
    if text(event, "reason") != BACK_OFF or first is None or last is None:
        return None
    pod = f"{text(event, 'involvedObject', 'namespace')}/{text(event, 'involvedObject', 'name')}"
    return BackOff(pod, event_count(event), first.astimezone(UTC), last.astimezone(UTC))


def _statuses(pod: Object) -> Iterator[Object]:
    for kind in _STATUSES:
        yield from items(pod, "status", kind)
