"""Admission webhooks that cannot be asked: their Service is missing, empty, or does not answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cluster.checks.evidence import absent, seen, told
from bot.cluster.checks.quotation import counted, quoted
from bot.cluster.checks.workloads.creations import maker, refused
from bot.cluster.checks.workloads.obstacles import WEBHOOK_KINDS
from bot.cluster.checks.workloads.replicas import ref_of
from bot.cluster.findings import Evidence, Finding, Ref, Severity
from bot.cluster.needs import ListOf, Need, One
from bot.cluster.objects import (
    Object,
    age_seconds,
    event_time,
    items,
    labels_of,
    matches,
    name_of,
    part,
    text,
    words,
)
from bot.cluster.scene import Scene

_SILENT = re.compile(r'failed calling webhook "(?P<name>[^"]+)": (?P<error>.+)', re.DOTALL)
_CALL = re.compile(r'^failed to call webhook: (?:Post|Get) "[^"]*": ')
_RECENT_SECONDS = 15 * 60.0
_MOST_NAMESPACES = 10


@dataclass(frozen=True, slots=True)
class _Hook:
    """One webhook of a configuration, and the Service it asks."""

    about: Ref
    name: str
    service: Ref
    """With empty names where it asks a URL."""
    is_required: bool
    """failurePolicy Fail: what it should judge is refused while it is silent."""
    spec: Object
    complaints: tuple[Object, ...]
    """Events of what was refused because of it, the latest last."""


def needs(scene: Scene) -> Iterator[Need]:
    """Services outside the namespaces in scope, and labels that selectors may ask for."""
    hooks = _hooks(scene)
    if not scene.is_whole_cluster and any(_selector(hook) for hook in hooks):
        yield from (One("namespaces", "", each) for each in scene.namespaces[:_MOST_NAMESPACES])
    for service in sorted({hook.service for hook in hooks}):
        if service.name and service.namespace not in scene.namespaces:
            # A list that lacks it proves that it is not there; a single read proves nothing.
            yield ListOf("services", service.namespace)
            yield ListOf("endpointslices", service.namespace)


def check(scene: Scene) -> Iterator[Finding]:
    told_of: set[tuple[Ref, Ref]] = set()
    for hook in _hooks(scene):
        found = _judged(scene, hook)
        # A configuration often holds several webhooks of one Service, which fail together.
        if found is not None and (hook.about, hook.service) not in told_of:
            told_of.add((hook.about, hook.service))
            yield found


def _hooks(scene: Scene) -> list[_Hook]:
    """Those that events complain about come first."""
    complaints = _complaints(scene)
    found = [
        _hook(ref_of(each, kind), hook, tuple(complaints.get(text(hook, "name"), ())))
        for kind, plural in WEBHOOK_KINDS.items()
        for each in scene.all(plural)
        for hook in items(each, "webhooks")
    ]
    return sorted(found, key=lambda hook: not hook.complaints)


def _hook(about: Ref, spec: Object, complaints: tuple[Object, ...]) -> _Hook:
    wanted = part(spec, "clientConfig", "service")
    service = Ref("Service", text(wanted, "namespace"), text(wanted, "name"))
    is_required = (text(spec, "failurePolicy") or "Fail") == "Fail"
    return _Hook(about, text(spec, "name"), service, is_required, spec, complaints)


def _judged(scene: Scene, hook: _Hook) -> Finding | None:
    complaints = hook.complaints
    broken = _broken(scene, hook)
    is_idle = not hook.is_required or not _concerns(scene, hook)
    if not complaints and (broken is None or is_idle):
        return None
    shown, proof = broken or ("", ())
    error = _error(complaints[-1]) if complaints else ""
    said = f"the API server says {quoted(error, 260)}" if error else ""
    return Finding(
        "WebhookFailed",
        _severity(hook),
        hook.about,
        f"The admission webhook `{hook.name}`{_asked(hook)} cannot be asked:"
        f" {'; '.join(filter(None, (shown, said)))}.{_consequence(scene, hook)}",
        since=_since(complaints),
        evidence=(
            seen(hook.about, f"webhooks[{hook.name}].failurePolicy", _policy(hook)),
            *proof,
            *(told(each) for each in complaints[-2:]),
        ),
        next=_commands(hook),
        because_of=(hook.service,) if hook.service.name else (),
        affects=tuple(sorted({maker(scene, each) for each in complaints})),
    )


def _policy(hook: _Hook) -> str:
    return "Fail" if hook.is_required else "Ignore"


def _asked(hook: _Hook) -> str:
    if not hook.service.name:
        return ""
    return f" (Service `{hook.service.name}` in `{hook.service.namespace}`)"


def _complaints(scene: Scene) -> dict[str, list[Object]]:
    """Name of a webhook -> what was refused because of it, and still is or was a moment ago."""
    short = {each.about for each in refused(scene)}
    by_name: dict[str, list[Object]] = {}
    for event in sorted(scene.all("events"), key=event_time):
        found = _SILENT.search(text(event, "message"))
        if found is not None and (maker(scene, event) in short or _is_recent(scene, event)):
            by_name.setdefault(found["name"], []).append(event)
    return by_name


def _is_recent(scene: Scene, event: Object) -> bool:
    """Of what is no workload that could be counted."""
    kind = text(event, "involvedObject", "kind")
    age = age_seconds(event_time(event), scene.now)
    is_counted = kind in {"ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Deployment"}
    return not is_counted and age is not None and age < _RECENT_SECONDS


def _error(event: Object) -> str:
    """`no endpoints available for service "guard"`, without the address that was asked."""
    found = _SILENT.search(text(event, "message"))
    return _CALL.sub("", found["error"]) if found is not None else ""


def _since(complaints: tuple[Object, ...]) -> str:
    begun = [text(each, "firstTimestamp") or event_time(each) for each in complaints]
    return min(filter(None, begun), default="")


def _broken(scene: Scene, hook: _Hook) -> tuple[str, tuple[Evidence, ...]] | None:
    """What the cluster shows of its Service; None where it is well, or not known."""
    service = hook.service
    field = seen(hook.about, f"webhooks[{hook.name}].clientConfig.service.name", service.name)
    found = _read_service(scene, service)
    if not service.name or found is None:
        return None
    if not found:
        return "that Service does not exist", (field, absent("Service", service.name))
    slices = _read_slices(scene, service)
    if slices is None or _is_external(found[0]):
        return None
    ready = sum(_ready(each) for each in slices)
    proof = seen(service, "endpoints", f"{ready} ready addresses")
    return None if ready else ("that Service has no ready endpoint", (field, proof))


def _is_external(service: Object) -> bool:
    return text(service, "spec", "type") == "ExternalName"


def _read_service(scene: Scene, service: Ref) -> list[Object] | None:
    """Empty where it does not exist, None where nobody knows."""
    known = _listed(scene, "services", service.namespace)
    return None if known is None else [e for e in known if name_of(e) == service.name]


def _listed(scene: Scene, plural: str, namespace: str) -> tuple[Object, ...] | None:
    if namespace not in scene.namespaces:
        return scene.answer(ListOf(plural, namespace))
    return scene.all(plural, namespace) if scene.was_read(plural, namespace) else None


def _read_slices(scene: Scene, service: Ref) -> list[Object] | None:
    known = _listed(scene, "endpointslices", service.namespace)
    if known is None:
        return None
    return [e for e in known if labels_of(e).get("kubernetes.io/service-name") == service.name]


def _ready(slice_: Object) -> int:
    """An endpoint whose readiness is not said counts as ready. Source: the EndpointSlice API."""
    return sum(
        part(each, "conditions").get("ready") is not False for each in items(slice_, "endpoints")
    )


def _severity(hook: _Hook) -> Severity:
    if not hook.is_required:
        return "info"
    return "critical" if hook.complaints else "warning"


def _selector(hook: _Hook) -> Object:
    return part(hook.spec, "namespaceSelector")


def _concerns(scene: Scene, hook: _Hook) -> bool:
    """It may judge objects of a namespace in scope."""
    if scene.is_whole_cluster or not _selector(hook):
        return True
    found = (scene.one("Namespace", "", each) for each in scene.namespaces)
    return any(each is None or matches(_selector(hook), labels_of(each)) for each in found)


def _consequence(scene: Scene, hook: _Hook) -> str:
    if not hook.is_required:
        return " Its failurePolicy is Ignore, so that nothing is refused for it."
    resources = sorted({
        each
        for rule in items(hook.spec, "rules")
        for each in words(rule, "resources")
    })  # fmt: skip
    what = ", ".join(resources[:4]) or "what it is asked about"
    affected = {maker(scene, each) for each in hook.complaints}
    whom = f", {counted(len(affected), 'object')} so far" if affected else ""
    return f" Its failurePolicy is Fail, so {what} it should judge are refused{whom}."


def _commands(hook: _Hook) -> tuple[str, ...]:
    place = hook.service.namespace
    own = f"kubectl get {hook.about.kind.lower()} {hook.about.name} -o yaml"
    if not hook.service.name:
        return (own,)
    return (
        f"kubectl get service,endpointslices -n {place}",
        f"kubectl get pods -n {place}",
        own,
    )
