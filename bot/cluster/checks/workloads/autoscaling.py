"""HorizontalPodAutoscalers that cannot measure, cannot scale, or stand at their maximum."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import absent, seen, told
from bot.cluster.checks.quotation import listed, quoted
from bot.cluster.checks.workloads.demand import demand_of
from bot.cluster.checks.workloads.replicas import PATIENCE_SECONDS, ref_of, workload
from bot.cluster.findings import Evidence, Finding, Ref
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.objects import (
    Object,
    age_seconds,
    condition,
    containers_of,
    items,
    name_of,
    number,
    part,
    text,
)
from bot.cluster.resources import PLURALS
from bot.cluster.scene import Scene

METRICS = Ref("APIService", "", "v1beta1.metrics.k8s.io")
_SCALED = ("Deployment", "StatefulSet")
_CERTAIN = ("missing request", "could not find the requested resource", "unable to handle")
"""No waiting for the first metrics helps against these."""
_UNREADY = ("no pods returned", "did not receive metrics", "pods might be unready")


def check(scene: Scene) -> Iterator[Finding]:
    for scaler in scene.all("horizontalpodautoscalers"):
        about = ref_of(scaler, "HorizontalPodAutoscaler")
        found = next(_troubles(scene, about, scaler), None)
        if found is not None:
            yield found


def _troubles(scene: Scene, about: Ref, scaler: Object) -> Iterator[Finding]:
    """The deepest first: what has no target cannot measure it either."""
    yield from _targetless(scene, about, scaler)
    if number(scaler, "spec", "minReplicas", default=1) and _target_is_at_zero(scene, scaler):
        return
    yield from _unable(scene, about, scaler)
    yield from _blind(scene, about, scaler)
    yield from _unseen(scene, about, scaler)
    yield from _at_maximum(about, scaler)


def _target(scaler: Object) -> Ref:
    wanted = part(scaler, "spec", "scaleTargetRef")
    namespace = text(scaler, "metadata", "namespace")
    return Ref(text(wanted, "kind"), namespace, text(wanted, "name"))


def _target_is_at_zero(scene: Scene, scaler: Object) -> bool:
    """Scaled to zero by hand switches autoscaling off, which is meant so."""
    return number(workload(scene, _target(scaler)), "spec", "replicas", default=1) == 0


def _commands(about: Ref, *first: str) -> tuple[str, ...]:
    return *first, f"kubectl describe hpa {about.name} -n {about.namespace}"


def _targetless(scene: Scene, about: Ref, scaler: Object) -> Iterator[Finding]:
    target = _target(scaler)
    plural = PLURALS.get(target.kind, "")
    is_known = target.kind in _SCALED and scene.was_read(plural, about.namespace)
    if not is_known or workload(scene, target):
        return
    names = [name_of(each) for each in scene.all(plural, about.namespace)]
    state = condition(scaler, "AbleToScale")
    said = text(state, "message") if text(state, "status") == "False" else ""
    yield Finding(
        "ScaleTargetNotFound",
        "critical",
        about,
        f"It scales {target.kind} `{target.name}`, which does not exist."
        f"{spoken_hint(did_you_mean(target.name, names))}",
        since=text(state, "lastTransitionTime") or text(scaler, "metadata", "creationTimestamp"),
        evidence=(
            seen(about, "spec.scaleTargetRef.name", target.name),
            absent(target.kind, target.name),
            *((seen(about, "status.conditions[AbleToScale].message", said),) if said else ()),
        ),
        next=_commands(about, f"kubectl get {plural} -n {about.namespace}"),
    )


def _unable(scene: Scene, about: Ref, scaler: Object) -> Iterator[Finding]:
    state = condition(scaler, "AbleToScale")
    if text(state, "status") == "False" and not _is_new(scene, scaler):
        yield Finding(
            text(state, "reason") or "FailedGetScale",
            "warning",
            about,
            f"It cannot scale {_spoken(scaler)}: {quoted(text(state, 'message'), 300)}.",
            since=text(state, "lastTransitionTime"),
            evidence=_proof(scene, about, state),
            next=_commands(about),
        )


def _is_new(scene: Scene, scaler: Object) -> bool:
    """Its first metrics are still to come."""
    age = age_seconds(text(scaler, "metadata", "creationTimestamp"), scene.now)
    return age is not None and age < PATIENCE_SECONDS


def _spoken(scaler: Object) -> str:
    target = _target(scaler)
    return f"{target.kind} `{target.name}`"


def _proof(scene: Scene, about: Ref, state: Object) -> tuple[Evidence, ...]:
    kind, reason = text(state, "type"), text(state, "reason")
    events = scene.events_about(about.kind, about.namespace, about.name)
    last = [told(each) for each in events if text(each, "reason") == reason][-1:]
    message = f"{reason}: {text(state, 'message')}"
    return seen(about, f"status.conditions[{kind}].message", message), *last


def _blind(scene: Scene, about: Ref, scaler: Object) -> Iterator[Finding]:
    state = condition(scaler, "ScalingActive")
    reason, message = text(state, "reason"), text(state, "message")
    if text(state, "status") != "False" or reason == "ScalingDisabled":
        return
    if _is_new(scene, scaler) and not any(each in message for each in _CERTAIN):
        return
    words, proof = _why_blind(scene, scaler, message)
    is_unready = any(each in message for each in _UNREADY)
    yield Finding(
        reason or "FailedGetMetric",
        "warning",
        about,
        f"It cannot scale {_spoken(scaler)}: {words}.",
        since=text(state, "lastTransitionTime"),
        evidence=(*_proof(scene, about, state), *proof),
        next=_commands(about, *_more(about, scaler, message)),
        because_of=(METRICS, *((_target(scaler),) if is_unready else ())),
    )


def _why_blind(scene: Scene, scaler: Object, message: str) -> tuple[str, tuple[Evidence, ...]]:
    lacking = _without_request(scene, scaler)
    words, proof = _requestless(_target(scaler), *lacking) if lacking else ("", ())
    if "missing request" in message and lacking:
        return f"{words} ({quoted(message, 200)})", proof
    if (
        "metrics.k8s.io" in message
        and "custom.metrics" not in message
        and "external" not in message
    ):
        said, absence = _without_metrics(scene, message)
        return (f"{said}; besides, {words}" if lacking else said), (*absence, *proof)
    return quoted(message, 320), ()


def _without_request(scene: Scene, scaler: Object) -> tuple[str, list[str]] | None:
    """The resource it measures as a percentage, and the containers that ask for none of it."""
    spec = part(workload(scene, _target(scaler)), "spec", "template", "spec")
    for metric in items(scaler, "spec", "metrics"):
        resource = text(metric, "resource", "name")
        if not resource or text(metric, "resource", "target", "type") != "Utilization":
            continue
        names = [
            text(each, "name")
            for each, is_init in containers_of(spec)
            if not is_init
            and not any(text(each, "resources", kind, resource) for kind in ("requests", "limits"))
        ]
        if names:
            return resource, names
    return None


def _requestless(target: Ref, resource: str, names: list[str]) -> tuple[str, tuple[Evidence, ...]]:
    field = f"spec.template.spec.containers[{names[0]}].resources.requests.{resource}"
    noun = "container" if len(names) == 1 else "containers"
    words = f"{noun} {listed(names)} of it set no {resource} request, of which the target is a"
    return f"{words} percentage", (seen(target, field, "not set"),)


def _without_metrics(scene: Scene, message: str) -> tuple[str, tuple[Evidence, ...]]:
    is_absent = scene.was_read("apiservices") and not workload(scene, METRICS)
    if is_absent:
        words = (
            "nothing serves the metrics it needs, for no metrics server is installed (APIService"
            f" `{METRICS.name}` does not exist): {quoted(message, 200)}"
        )
        return words, (absent(METRICS.kind, METRICS.name),)
    return f"the metrics API does not answer: {quoted(message, 260)}", ()


def _more(about: Ref, scaler: Object, message: str) -> tuple[str, ...]:
    if "missing request" in message:
        target = _target(scaler)
        return (f"kubectl get {target.kind.lower()} {target.name} -n {about.namespace} -o yaml",)
    if "metrics.k8s.io" in message:
        return (f"kubectl get apiservice {METRICS.name}",)
    return ()


def _unseen(scene: Scene, about: Ref, scaler: Object) -> Iterator[Finding]:
    """No controller has written a condition yet; what is wrong may show in the specs already."""
    if items(scaler, "status", "conditions") or _is_new(scene, scaler):
        return
    lacking = _without_request(scene, scaler)
    is_defaulted = bool(scene.all("limitranges", about.namespace))
    words = "no controller has looked at it, for it has no conditions"
    if lacking and not is_defaulted:
        words += f"; and {listed(lacking[1])} of its target set no {lacking[0]} request"
    yield Finding(
        "NotObserved",
        "warning",
        about,
        f"It does not scale {_spoken(scaler)}: {words}.",
        since=text(scaler, "metadata", "creationTimestamp"),
        evidence=(seen(about, "status.conditions", "none"),),
        next=_commands(about),
    )


def _at_maximum(about: Ref, scaler: Object) -> Iterator[Finding]:
    state = condition(scaler, "ScalingLimited")
    most = number(scaler, "spec", "maxReplicas")
    current = number(scaler, "status", "currentReplicas")
    is_limited = text(state, "status") == "True" and text(state, "reason") == "TooManyReplicas"
    above = [each for each in demand_of(scaler) if each.is_above]
    if not is_limited or current < most or not above:
        return
    measured = " and ".join(each.spoken for each in above)
    yield Finding(
        "AtMaximum",
        "warning",
        about,
        f"It is at its maximum of {most} replicas and would need more: {measured}.",
        since=text(state, "lastTransitionTime"),
        evidence=(
            seen(about, "status.conditions[ScalingLimited].reason", "TooManyReplicas"),
            seen(about, "spec.maxReplicas", most),
            *(seen(about, f"status.currentMetrics[{each.name}]", each.current) for each in above),
        ),
        next=_commands(about, f"kubectl top pods -n {about.namespace}"),
    )
