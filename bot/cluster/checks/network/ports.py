"""Ports of Services compared with those of the containers behind them; it asks nobody's socket."""

from collections.abc import Iterable, Iterator, Sequence

from bot.cluster.checks.evidence import absent, seen
from bot.cluster.checks.network.selection import Workload
from bot.cluster.findings import Finding, Ref
from bot.cluster.likeness import did_you_mean, spoken_hint
from bot.cluster.objects import (
    Object,
    containers_of,
    items,
    name_of,
    namespace_of,
    number,
    part,
    text,
)

_PROBES = ("readinessProbe", "livenessProbe", "startupProbe")


def check(service: Object, behind: Iterable[Workload]) -> Iterator[Finding]:
    """At most one for a Service; `behind` are the workloads it selects."""
    for workload in behind:
        if workload.is_scaled_to_zero:
            continue
        for port in items(service, "spec", "ports"):
            finding = _checked(service, port, workload)
            if finding is not None:
                yield finding
                return


def unserved(service: Object, slices: Sequence[Object]) -> Iterator[Finding]:
    """Endpoints without a port that is asked for by name: no container behind has one so called."""
    served = {text(port, "name") for each in slices for port in items(each, "ports")}
    # Without ports the API gives an empty list, or null; no field at all says nothing.
    ready = [one for each in slices if "ports" in each for one in items(each, "endpoints")]
    for port in items(service, "spec", "ports"):
        target = text(port, "targetPort")
        if ready and target and not target.isdigit() and text(port, "name") not in served:
            yield _portless(service, port, ready)
            return


def _portless(service: Object, port: Object, endpoints: Sequence[Object]) -> Finding:
    about, target = Ref("Service", namespace_of(service), name_of(service)), _target(port)
    pods = [text(each, "targetRef", "name") for each in endpoints]
    pod = f" pod/{pods[0]}" if pods[0] else " pods"
    count = f"{len(endpoints)} endpoint{'' if len(endpoints) == 1 else 's'} and no port"
    return Finding(
        reason="TargetPortNotFound",
        severity="critical",
        about=about,
        cause=(
            f"Service `{about.name}` sends its port {_spoken(port)} to the container port named "
            f"`{target}`, and no container behind it has a port of that name: its EndpointSlice "
            f"has {count} for it."
        ),
        since=text(service, "metadata", "creationTimestamp"),
        evidence=(
            seen(about, f"spec.ports[{text(port, 'port')}].targetPort", target),
            absent("EndpointPort", target, f"{count} in the EndpointSlices of {about.name}"),
        ),
        next=(
            f"kubectl describe{pod} -n {about.namespace}",
            f"kubectl describe service {about.name} -n {about.namespace}",
        ),
    )


def spoken_ports(service: Object) -> str:
    """`80 (`http`) and 9090`."""
    found = [_spoken(each) for each in items(service, "spec", "ports")]
    return " and ".join(found) if found else "no port"


def port_of(service: Object, number_or_name: int | str) -> Object | None:
    """The Service's port with this number, or this name."""
    key = "port" if isinstance(number_or_name, int) else "name"
    found = (each for each in items(service, "spec", "ports") if each.get(key) == number_or_name)
    return next(found, None)


def _spoken(port: Object) -> str:
    name = text(port, "name")
    return f"{text(port, 'port')} (`{name}`)" if name else text(port, "port")


def _checked(service: Object, port: Object, workload: Workload) -> Finding | None:
    target = port.get("targetPort", port.get("port"))
    declared = _declared(workload)
    if isinstance(target, str) and target and not target.isdigit():
        is_known = any(text(each, "name") == target for each in declared)
        return None if is_known else _unnamed(service, port, workload, declared)
    wanted = int(target) if isinstance(target, int | str) and str(target).isdigit() else 0
    numbers = {number(each, "containerPort") for each in declared}
    if not wanted or not numbers or wanted in numbers | _probed(workload):
        return None
    return _undeclared(service, port, workload, declared)


def _unnamed(service: Object, port: Object, workload: Workload, declared: list[Object]) -> Finding:
    target = text(port, "targetPort")
    names = [text(each, "name") for each in declared if each.get("name")]
    hint = spoken_hint(did_you_mean(target, names, most=1) or names[:1])
    return _finding(
        service,
        port,
        workload,
        declared,
        "TargetPortNotFound",
        f"Service `{name_of(service)}` sends its port {_spoken(port)} to the container port named "
        f"`{target}`, and no container of {workload.ref.spoken} has a port of that name; it has "
        f"{_spoken_declared(declared)}.{hint}",
    )


def _undeclared(
    service: Object, port: Object, workload: Workload, declared: list[Object]
) -> Finding:
    target = text(port, "targetPort") or text(port, "port")
    numbers = sorted({number(each, "containerPort") for each in declared})
    hint = spoken_hint([str(numbers[0])]) if len(numbers) == 1 else ""
    return _finding(
        service,
        port,
        workload,
        declared,
        "TargetPortMismatch",
        f"Service `{name_of(service)}` sends its port {_spoken(port)} to container port {target}, "
        f"and the containers of {workload.ref.spoken} declare {_spoken_declared(declared)} only, "
        f"so connections are probably refused.{hint}",
    )


def _finding(
    service: Object,
    port: Object,
    workload: Workload,
    declared: list[Object],
    reason: str,
    cause: str,
) -> Finding:
    namespace, name = namespace_of(service), name_of(service)
    about = Ref("Service", namespace, name)
    return Finding(
        reason=reason,
        severity="critical" if reason == "TargetPortNotFound" else "warning",
        about=about,
        cause=cause,
        since=text(service, "metadata", "creationTimestamp"),
        evidence=(
            seen(about, f"spec.ports[{text(port, 'port')}].targetPort", _target(port)),
            seen(
                workload.ref,
                "spec.template.spec.containers[*].ports",
                _spoken_declared(declared),
            ),
        ),
        next=(
            f"kubectl describe service {name} -n {namespace}",
            f"kubectl describe {workload.ref.spoken} -n {namespace}",
        ),
    )


def _target(port: Object) -> str:
    return text(port, "targetPort") or text(port, "port")


def _declared(workload: Workload) -> list[Object]:
    spec = part(workload.template, "spec")
    return [port for each, _ in containers_of(spec) for port in items(each, "ports")]


def _spoken_declared(declared: list[Object]) -> str:
    found = [
        text(each, "containerPort") + (f" (`{text(each, 'name')}`)" if each.get("name") else "")
        for each in declared
    ]
    return " and ".join(dict.fromkeys(found)) if found else "no declared port"


def _probed(workload: Workload) -> set[int]:
    """Ports that probes knock at are listened on, declared or not."""
    spec = part(workload.template, "spec")
    handlers = ("httpGet", "tcpSocket", "grpc")
    return {
        number(each, probe, handler, "port")
        for each, _ in containers_of(spec)
        for probe in _PROBES
        for handler in handlers
    }
