"""PodDisruptionBudgets that allow no disruption: no fault, but a drain of the node would hang."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.quotation import counted
from bot.cluster.checks.workloads.replicas import ref_of
from bot.cluster.findings import Finding, Ref
from bot.cluster.objects import Object, matches, number, part, strings, text
from bot.cluster.scene import Scene

_WORKLOADS = {"Deployment": "deployments", "StatefulSet": "statefulsets"}


def check(scene: Scene) -> Iterator[Finding]:
    for budget in scene.all("poddisruptionbudgets"):
        status = part(budget, "status")
        is_closed = status and number(status, "disruptionsAllowed") == 0
        if is_closed and number(status, "expectedPods") > 0:
            yield _finding(scene, ref_of(budget, "PodDisruptionBudget"), budget)


def _finding(scene: Scene, about: Ref, budget: Object) -> Finding:
    healthy, needed = (
        number(budget, "status", f"{each}Healthy") for each in ("current", "desired")
    )
    rule = next(
        (f"{each} {text(budget, 'spec', each)}" for each in ("minAvailable", "maxUnavailable")
         if text(budget, "spec", each)), "its rule"
    )  # fmt: skip
    return Finding(
        "NoDisruptionAllowed",
        "info",
        about,
        f"It allows no disruption, so a drain of a node with its pods would wait: {rule} wants"
        f" {counted(needed, 'healthy pod')}, and there {'is' if healthy == 1 else 'are'} {healthy}"
        f" of {number(budget, 'status', 'expectedPods')}.",
        evidence=(
            seen(about, "status.disruptionsAllowed", "0"),
            seen(about, "spec", rule),
        ),
        next=(f"kubectl describe poddisruptionbudget {about.name} -n {about.namespace}",),
        because_of=tuple(_protected(scene, about.namespace, budget)) if healthy < needed else (),
    )


def _protected(scene: Scene, namespace: str, budget: Object) -> Iterator[Ref]:
    selector = part(budget, "spec", "selector")
    for kind, plural in _WORKLOADS.items():
        for each in scene.all(plural, namespace):
            if matches(selector, strings(each, "spec", "template", "metadata", "labels")):
                yield ref_of(each, kind)
