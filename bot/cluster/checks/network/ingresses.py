"""Ingresses that nobody serves, or that lead nowhere. Secrets of TLS are never looked at."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import absent, seen
from bot.cluster.checks.network import ports
from bot.cluster.checks.network.selection import emptiness
from bot.cluster.findings import Evidence, Finding, Ref, Severity
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.objects import Object, age_seconds, items, name_of, namespace_of, part, text
from bot.cluster.scene import Scene

_OLD_CLASS = "kubernetes.io/ingress.class"
_DEFAULT = "ingressclass.kubernetes.io/is-default-class"
_STARTING_SECONDS = 60


def check(scene: Scene) -> Iterator[Finding]:
    for ingress in scene.all("ingresses"):
        yield from _check_class(scene, ingress)
        yield from _check_backends(scene, ingress)


def ref_of(ingress: Object) -> Ref:
    return Ref("Ingress", namespace_of(ingress), name_of(ingress))


def _check_class(scene: Scene, ingress: Object) -> Iterator[Finding]:
    if not scene.was_read("ingressclasses") or items(ingress, "status", "loadBalancer", "ingress"):
        return
    classes = {name_of(each): each for each in scene.all("ingressclasses")}
    wanted = text(ingress, "spec", "ingressClassName")
    if wanted and wanted not in classes:
        yield _without_class(ingress, wanted, classes)
    if wanted or text(ingress, "metadata", "annotations", _OLD_CLASS):
        return
    notes = (part(each, "metadata", "annotations") for each in classes.values())
    if not any(each.get(_DEFAULT) == "true" for each in notes):
        yield _unclaimed(ingress, classes)


def _without_class(ingress: Object, wanted: str, classes: dict[str, Object]) -> Finding:
    about = ref_of(ingress)
    known = _listed(classes)
    meant = did_you_mean(wanted, classes) or (tuple(classes) if len(classes) == 1 else ())
    return _finding(
        ingress,
        "IngressClassNotFound",
        f"Ingress `{about.name}` asks for IngressClass `{wanted}`, which does not exist, so no "
        f"controller serves it; the cluster has {known}.{spoken_hint(meant)}",
        (
            seen(about, "spec.ingressClassName", wanted),
            absent("IngressClass", wanted, f"the cluster has {known}"),
        ),
        ("kubectl get ingressclasses",),
    )


def _unclaimed(ingress: Object, classes: dict[str, Object]) -> Finding:
    about = ref_of(ingress)
    known = _listed(classes)
    meant = tuple(classes) if len(classes) == 1 else ()
    return _finding(
        ingress,
        "NoIngressClass",
        f"Ingress `{about.name}` names no IngressClass and none is the default, so probably no "
        f"controller serves it; the cluster has {known}.{spoken_hint(meant)}",
        (
            seen(about, "spec.ingressClassName", "not set"),
            seen(about, "status.loadBalancer.ingress", "empty"),
            absent("IngressClass", "default", f"the cluster has {known}, none the default"),
        ),
        ("kubectl get ingressclasses",),
        severity="warning",
    )


def _listed(classes: dict[str, Object]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(classes)) or "no IngressClass at all"


def _check_backends(scene: Scene, ingress: Object) -> Iterator[Finding]:
    if not scene.was_read("services", namespace_of(ingress)):
        return
    told: set[tuple[str, str]] = set()
    for place, backend in _backends(ingress):
        key = (text(backend, "name"), _port(backend))
        if key[0] and key not in told:
            told.add(key)
            yield from _check_backend(scene, ingress, place, backend)


def _backends(ingress: Object) -> Iterator[tuple[str, Object]]:
    """Where each is named, and its service."""
    first = part(ingress, "spec", "defaultBackend", "service")
    if first:
        yield "spec.defaultBackend.service", first
    for rule in items(ingress, "spec", "rules"):
        for path in items(rule, "http", "paths"):
            where = f"{text(rule, 'host') or '*'}{text(path, 'path') or '/'}"
            yield f"spec.rules[{where}].backend.service", part(path, "backend", "service")


def _port(backend: Object) -> str:
    return text(backend, "port", "name") or text(backend, "port", "number")


def _check_backend(scene: Scene, ingress: Object, place: str, backend: Object) -> Iterator[Finding]:
    name, namespace = text(backend, "name"), namespace_of(ingress)
    service = scene.one("Service", namespace, name)
    if service is None:
        yield _without_service(scene, ingress, place, name)
    elif not _has_port(service, backend):
        yield _without_port(ingress, place, backend, service)
    else:
        yield from _without_endpoints(scene, ingress, place, service)


def _has_port(service: Object, backend: Object) -> bool:
    if text(service, "spec", "type") == "ExternalName" or not _port(backend):
        return True
    named = part(backend, "port")
    wanted = named.get("name") or named.get("number")
    return isinstance(wanted, int | str) and ports.port_of(service, wanted) is not None


def _without_service(scene: Scene, ingress: Object, place: str, name: str) -> Finding:
    about = ref_of(ingress)
    known = [name_of(each) for each in scene.all("services", about.namespace)]
    others = [
        namespace_of(each)
        for each in scene.all("services")
        if name_of(each) == name and namespace_of(each) != about.namespace
    ]
    elsewhere = f", though there is one in namespace `{others[0]}`" if others else ""
    return _finding(
        ingress,
        "BackendNotFound",
        f"Ingress `{about.name}` sends requests for `{_route(place)}` to Service `{name}`, which "
        f"does not exist in namespace `{about.namespace}`{elsewhere}."
        f"{spoken_hint(did_you_mean(name, known))}",
        (
            seen(about, f"{place}.name", name),
            absent("Service", name, f"no Service of this name in {about.namespace}"),
        ),
        (f"kubectl get services -n {about.namespace}",),
    )


def _without_port(ingress: Object, place: str, backend: Object, service: Object) -> Finding:
    about, name, port = ref_of(ingress), name_of(service), _port(backend)
    has = ports.spoken_ports(service)
    found = items(service, "spec", "ports")
    names = [text(each, "name") for each in found if each.get("name")]
    only = [text(each, "port") for each in found] if len(found) == 1 else []
    return _finding(
        ingress,
        "BackendPortNotFound",
        f"Ingress `{about.name}` sends requests for `{_route(place)}` to port `{port}` of Service "
        f"`{name}`, which has {has}.{spoken_hint(did_you_mean(port, names, most=1) or only)}",
        (
            seen(about, f"{place}.port", port),
            seen(Ref("Service", about.namespace, name), "spec.ports", has),
        ),
        (f"kubectl describe service {name} -n {about.namespace}",),
    )


def _without_endpoints(
    scene: Scene, ingress: Object, place: str, service: Object
) -> Iterator[Finding]:
    why = emptiness(scene, service)
    age = age_seconds(text(service, "metadata", "creationTimestamp"), scene.now)
    # A workload scaled to 0 is somebody's wish, and is told of by itself.
    if why is None or why.why == "zero" or (age is not None and age < _STARTING_SECONDS):
        return
    about, name = ref_of(ingress), name_of(service)
    behind = Ref("Service", about.namespace, name)
    yield _finding(
        ingress,
        "BackendNotReady",
        f"Ingress `{about.name}` sends requests for `{_route(place)}` to Service `{name}`, which "
        f"has no ready endpoint.",
        (
            seen(about, f"{place}.name", name),
            seen(behind, "endpointslices", "no endpoint is ready"),
        ),
        (f"kubectl describe service {name} -n {about.namespace}",),
        because_of=(behind, *why.workloads),
    )


def _route(place: str) -> str:
    """`shop.example.com/cart`, as the rule has it."""
    return place.partition("[")[2].partition("]")[0] or "anything else"


def _finding(
    ingress: Object,
    reason: str,
    cause: str,
    evidence: tuple[Evidence, ...],
    commands: tuple[str, ...],
    *,
    severity: Severity = "critical",
    because_of: tuple[Ref, ...] = (),
) -> Finding:
    about = ref_of(ingress)
    return Finding(
        reason=reason,
        severity=severity,
        about=about,
        cause=cause,
        since=text(ingress, "metadata", "creationTimestamp"),
        evidence=evidence,
        next=(*commands, f"kubectl describe ingress {about.name} -n {about.namespace}"),
        because_of=because_of,
    )
