"""Pods that are not there, because the API server refuses to create them: quota, admission, …"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.cluster.checks.evidence import seen, told
from bot.cluster.checks.quotation import counted
from bot.cluster.checks.workloads.obstacles import looked_up
from bot.cluster.checks.workloads.refusals import Refusal, understood
from bot.cluster.checks.workloads.replicas import (
    Replicas,
    all_workloads,
    ref_of,
    replicas_of,
    replicasets,
    workload,
)
from bot.cluster.findings import Evidence, Finding, Ref, Severity
from bot.cluster.needs import ListOf, Need, One
from bot.cluster.objects import Object, condition, controller_of, event_time, text
from bot.cluster.scene import Scene

_MAKERS = frozenset({"ReplicaSet", "StatefulSet", "DaemonSet", "Job"})
_REASONS = frozenset({"FailedCreate", "ReplicaSetCreateError"})


@dataclass(frozen=True, slots=True)
class Refused:
    """A workload and the API server's last word about its pods."""

    about: Ref
    message: str
    since: str
    evidence: tuple[Evidence, ...]

    @property
    def refusal(self) -> Refusal:
        return understood(self.message)


def needs(scene: Scene) -> Iterator[Need]:
    for each in refused(scene):
        namespace = each.about.namespace
        match each.refusal.kind:
            case "ServiceAccount":
                yield ListOf("serviceaccounts", namespace)
            case "LimitRange":
                yield ListOf("limitranges", namespace)
            case "Namespace":
                yield One("namespaces", "", namespace)
            case "PriorityClass":
                yield ListOf("priorityclasses")


def check(scene: Scene) -> Iterator[Finding]:
    for each in refused(scene):
        yield _finding(scene, each)


def refused(scene: Scene) -> list[Refused]:
    """One for each workload that lacks pods now; what has caught up since is left out."""
    found = {each.about: each for each in _from_events(scene)}
    for each in _from_conditions(scene):
        other = found.get(each.about)
        evidence = (*each.evidence, *(other.evidence if other else ()))
        found[each.about] = Refused(each.about, each.message, each.since, evidence)
    return [each for about, each in sorted(found.items()) if _is_short(scene, about)]


def _from_events(scene: Scene) -> Iterator[Refused]:
    """The latest last, so that it is what counts."""
    for event in sorted(scene.all("events"), key=event_time):
        kind = text(event, "involvedObject", "kind")
        if text(event, "reason") in _REASONS and kind in {*_MAKERS, "Deployment"}:
            begun = text(event, "firstTimestamp") or event_time(event)
            yield Refused(maker(scene, event), text(event, "message"), begun, (told(event),))


def maker(scene: Scene, event: Object) -> Ref:
    """The workload a person would open for an event about a ReplicaSet, a Job or itself."""
    about = Ref(
        text(event, "involvedObject", "kind"),
        text(event, "involvedObject", "namespace"),
        text(event, "involvedObject", "name"),
    )
    above = Ref("Deployment", about.namespace, about.name.rpartition("-")[0])
    if about.kind == "ReplicaSet" and workload(scene, above):
        return above
    kind, name = controller_of(workload(scene, about)) if about.kind == "Job" else ("", "")
    return Ref(kind, about.namespace, name) if kind == "CronJob" else about


def _from_conditions(scene: Scene) -> Iterator[Refused]:
    known = all_workloads(scene, "Deployment")
    known += [
        (ref_of(each, "ReplicaSet"), each)
        for namespace in scene.namespaces
        for each in replicasets(scene, namespace)
        if not controller_of(each)[0]
    ]
    for about, found in known:
        for kind, bad in (("ReplicaFailure", "True"), ("Progressing", "False")):
            state = condition(found, kind)
            if text(state, "status") == bad and text(state, "reason") in _REASONS:
                message = text(state, "message")
                proof = seen(about, f"status.conditions[{kind}].message", message)
                yield Refused(about, message, text(state, "lastTransitionTime"), (proof,))


def _is_short(scene: Scene, about: Ref) -> bool:
    if about.kind == "CronJob":
        return any(_counts(each.kind, scene, each) for each in _runs(scene, about))
    return _counts(about.kind, scene, about)


def _counts(kind: str, scene: Scene, about: Ref) -> bool:
    found = workload(scene, about)
    counts = replicas_of(kind, found)
    is_refused = text(condition(found, "ReplicaFailure"), "status") == "True"
    return bool(found) and (is_refused or min(counts.present, counts.updated) < counts.wanted)


def _runs(scene: Scene, about: Ref) -> list[Ref]:
    return [
        ref_of(job, "Job")
        for job in scene.all("jobs", about.namespace)
        if controller_of(job) == ("CronJob", about.name)
    ]


def _finding(scene: Scene, each: Refused) -> Finding:
    refusal, about = each.refusal, each.about
    proof, hint, owner = looked_up(scene, about, refusal)
    counts = replicas_of(about.kind, workload(scene, about))
    return Finding(
        refusal.reason,
        _severity(about, counts),
        about,
        f"{_shortfall(about, counts)}: {refusal.words}.{hint}",
        since=each.since,
        evidence=(*each.evidence, *proof),
        next=_commands(about, refusal, owner),
        because_of=owner if refusal.reason == "WebhookFailed" else (),
        explains=owner if refusal.kind == "ResourceQuota" else (),
    )


def _severity(about: Ref, counts: Replicas) -> Severity:
    return "warning" if counts.available and about.kind != "Job" else "critical"


def _shortfall(about: Ref, counts: Replicas) -> str:
    """`0 of 3 pods exist, and the API server refuses to create more`."""
    if about.kind == "CronJob":
        return "The API server refuses to create the pods of its run"
    if counts.present >= counts.wanted > counts.updated:
        old = counts.present - counts.updated
        return (
            f"The API server refuses to create pods of the new version: {counts.updated} of"
            f" {counted(counts.wanted, 'pod')} {'exists' if counts.wanted == 1 else 'exist'},"
            f" {old} of the old version {'stays' if old == 1 else 'stay'}"
        )
    verb = "exists" if counts.wanted == 1 else "exist"
    wanted = counted(counts.wanted, "pod")
    return f"{counts.present} of {wanted} {verb}, and the API server refuses to create more"


def _commands(about: Ref, refusal: Refusal, owner: tuple[Ref, ...]) -> tuple[str, ...]:
    place = f"-n {about.namespace}"
    first = {
        "ResourceQuota": f"kubectl describe resourcequota {refusal.name} {place}",
        "ServiceAccount": f"kubectl get serviceaccounts {place}",
        "LimitRange": f"kubectl describe limitranges {place}",
        "Namespace": f"kubectl get namespace {about.namespace} --show-labels",
        "PriorityClass": "kubectl get priorityclasses",
    }.get(refusal.kind, "")
    if refusal.kind == "Webhook" and owner:
        first = f"kubectl get {owner[0].kind.lower()} {owner[0].name} -o yaml"
    events = f"kubectl get events {place} --field-selector reason=FailedCreate"
    describe = f"kubectl describe {about.kind.lower()} {about.name} {place}"
    return tuple(each for each in (first, describe, events) if each)
