"""Every check there is, and what they all ask for; it judges nothing itself."""

from collections.abc import Callable, Iterator
from types import ModuleType

from bot.cluster.checks import (
    autoscaling,
    conditions,
    denials,
    ingresses,
    jobs,
    logs,
    nodes,
    pods,
    policies,
    quotas,
    scheduling,
    services,
    storage,
    webhooks,
    workloads,
)
from bot.cluster.findings import Finding
from bot.cluster.scene import Need, Scene

CHECKS: tuple[ModuleType, ...] = (
    pods, scheduling, workloads, jobs, services, ingresses, storage, autoscaling, nodes, quotas,
    policies, denials, webhooks, conditions, logs,
)  # fmt: skip

_Needs = Callable[[Scene], Iterator[Need]]


def needs(scene: Scene) -> Iterator[Need]:
    for each in CHECKS:
        ask: _Needs | None = getattr(each, "needs", None)
        if ask is not None:
            yield from ask(scene)


def found(scene: Scene) -> Iterator[Finding]:
    for each in CHECKS:
        yield from each.check(scene)
