"""Every check there is, and what they all ask for; it judges nothing itself."""

from collections.abc import Callable, Iterator
from types import ModuleType

from bot.cluster.checks import nodes, quotas
from bot.cluster.checks.customs import conditions, webhooks
from bot.cluster.checks.jobs import jobs
from bot.cluster.checks.logs import denials, logs
from bot.cluster.checks.network import ingresses, policies, services
from bot.cluster.checks.pods import pods
from bot.cluster.checks.scheduling import scheduling
from bot.cluster.checks.storage import storage
from bot.cluster.checks.workloads import autoscaling, workloads
from bot.cluster.findings import Finding
from bot.cluster.needs import Need
from bot.cluster.scene import Scene

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
