"""Which lists tell how a target is, and how an object of each is kept; pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bot.cluster.api import Query
from bot.cluster.objects import Object
from bot.cluster.resources import RESOURCES
from bot.cluster.watches.pods import see_pod
from bot.cluster.watches.seen import (
    Seen,
    see_claim,
    see_job,
    see_namespace,
    see_node,
    see_workload,
)
from bot.cluster.watches.targets import INSIDE, WITH_PODS, Target

See = Callable[[Object], Seen]

_SEE: dict[str, See] = {
    "pods": see_pod,
    "deployments": partial(see_workload, "deployment"),
    "statefulsets": partial(see_workload, "statefulset"),
    "daemonsets": partial(see_workload, "daemonset"),
    "jobs": see_job,
    "nodes": see_node,
    "persistentvolumeclaims": see_claim,
    "namespaces": see_namespace,
}


@dataclass(frozen=True, slots=True)
class Feed:
    plural: str
    namespace: str = ""
    query: Query = field(default_factory=dict)

    @property
    def path(self) -> str:
        return RESOURCES[self.plural].path(self.namespace)

    @property
    def see(self) -> See:
        return _SEE[self.plural]

    @property
    def spoken(self) -> str:
        return f"{self.plural} in {self.namespace}" if self.namespace else self.plural


def own_feed(target: Target) -> Feed:
    """Of the object itself."""
    named = {"fieldSelector": f"metadata.name={target.name}"}
    return Feed(target.resource.plural, target.namespace, named)


def other_feeds(target: Target, selector: str) -> tuple[Feed, ...]:
    """Of what belongs to it; `selector` is that of its pods."""
    if target.kind == "namespace":
        return tuple(Feed(plural, target.name) for plural in INSIDE)
    if target.kind in WITH_PODS and selector:
        return (Feed("pods", target.namespace, {"labelSelector": selector}),)
    return ()
