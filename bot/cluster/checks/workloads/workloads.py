"""Deployments, StatefulSets, DaemonSets and lone ReplicaSets; what their pods say is not here."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.workloads import creations, daemonsets, disruptions, rollouts, statefulsets
from bot.cluster.checks.workloads.replicas import (
    all_workloads,
    changed_at,
    is_old_enough,
    is_unobserved,
)
from bot.cluster.findings import Finding, Ref
from bot.cluster.needs import Need
from bot.cluster.objects import Object, number, strings, text
from bot.cluster.scene import Scene


def needs(scene: Scene) -> Iterator[Need]:
    yield from rollouts.needs(scene)
    yield from creations.needs(scene)


def check(scene: Scene) -> Iterator[Finding]:
    yield from creations.check(scene)
    yield from rollouts.check(scene)
    yield from statefulsets.check(scene)
    yield from daemonsets.check(scene)
    yield from disruptions.check(scene)
    for about, found in all_workloads(scene, "Deployment", "StatefulSet", "DaemonSet"):
        yield from _unobserved(scene, about, found)
        yield from _at_zero(scene, about, found)


def _unobserved(scene: Scene, about: Ref, found: Object) -> Iterator[Finding]:
    """Its controller has not looked at it, or not at what it says now."""
    since = changed_at(found)
    if not since or not is_unobserved(found) or not is_old_enough(since, scene):
        return
    wanted = number(found, "metadata", "generation", default=1)
    observed = number(found, "status", "observedGeneration")
    what = f"only its generation {observed} was acted on" if observed else "it has no pods"
    yield Finding(
        "NotObserved",
        "warning",
        about,
        f"No controller has acted on generation {wanted} of it, {what}: is the controller manager"
        " running?",
        since=since,
        evidence=(
            seen(about, "metadata.generation", wanted),
            seen(about, "status.observedGeneration", observed or "none"),
        ),
        next=(
            f"kubectl describe {about.kind.lower()} {about.name} -n {about.namespace}",
            "kubectl get pods -n kube-system",
        ),
    )


def _at_zero(scene: Scene, about: Ref, found: Object) -> Iterator[Finding]:
    """Scaled to zero is a wish. Where a Service leads to it, it is worth a word."""
    if about.kind == "DaemonSet" or number(found, "spec", "replicas", default=1) != 0:
        return
    labels = strings(found, "spec", "template", "metadata", "labels")
    services = [
        text(each, "metadata", "name")
        for each in scene.all("services", about.namespace)
        if (wanted := strings(each, "spec", "selector")) and wanted.items() <= labels.items()
    ]
    if services:
        yield Finding(
            "ScaledToZero",
            "info",
            about,
            f"{about.kind} `{about.name}` is scaled to zero, and Service `{services[0]}` leads to"
            " it.",
            evidence=(seen(about, "spec.replicas", "0"),),
            next=(f"kubectl describe {about.kind.lower()} {about.name} -n {about.namespace}",),
            because_of=(Ref("Service", about.namespace, services[0]),),
        )
