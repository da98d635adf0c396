"""Services that lead nowhere: no ready endpoint, a port nobody listens on, no address outside."""

from collections.abc import Iterator

from bot.cluster.checks.evidence import absent, seen, told
from bot.cluster.checks.network import ports
from bot.cluster.checks.network.selection import (
    Emptiness,
    Labelled,
    Workload,
    emptiness,
    endpoints_of,
    finished_behind,
    lone_pods,
    selector_of,
    services_without_endpoints,
    slices_of,
    workloads_in,
)
from bot.cluster.checks.quotation import counted, listed
from bot.cluster.findings import Evidence, Finding, Ref
from bot.cluster.likeness import did_you_mean, differing, spoken_hint
from bot.cluster.needs import LabelsOf, Need
from bot.cluster.objects import (
    Object,
    age_seconds,
    event_count,
    event_time,
    items,
    name_of,
    namespace_of,
    text,
)
from bot.cluster.scene import Scene

_STARTING_SECONDS = 60
_ADDRESS_SECONDS = 600
_REFUSALS = 3
"""Told so often, it needs no more patience."""


def needs(scene: Scene) -> Iterator[Need]:
    """The labels of pods, where a Service has none behind it."""
    for service in services_without_endpoints(scene):
        yield LabelsOf("pods", namespace_of(service))


def check(scene: Scene) -> Iterator[Finding]:
    for service in services_without_endpoints(scene):
        why = emptiness(scene, service)
        if why is not None:
            yield from _empty(scene, service, why)
    workloads = Labelled(scene)
    for service in scene.all("services"):
        found = [*ports.check(service, workloads.behind(service))]
        yield from found or ports.unserved(service, slices_of(scene, service))
        yield from _without_address(scene, service)


def ref_of(service: Object) -> Ref:
    return Ref("Service", namespace_of(service), name_of(service))


def spoken_labels(labels: dict[str, str]) -> str:
    return ", ".join(f"`{key}={value}`" for key, value in sorted(labels.items()))


def _empty(scene: Scene, service: Object, why: Emptiness) -> Iterator[Finding]:
    # A workload scaled to 0 is somebody's wish, and is told of by itself.
    if why.why == "mismatch":
        yield _mismatched(scene, service)
    elif why.why == "unready":
        age = age_seconds(_made(service), scene.now)
        if age is None or age > _STARTING_SECONDS:
            yield _unready(scene, service, why)


def _mismatched(scene: Scene, service: Object) -> Finding:
    about, wanted = ref_of(service), selector_of(service)
    near = _nearest(scene, service)
    finished = finished_behind(scene, service)
    lack = f"no pod in `{about.namespace}` has these labels"
    if finished:
        lack = f"every pod with these labels has finished ({listed(finished)})"
    cause = (
        f"Service `{about.name}` selects pods with {spoken_labels(wanted)}, and {lack}, so it has "
        "no endpoints."
    )
    evidence = [
        seen(about, "spec.selector", _flat(wanted)),
        absent("Endpoints", about.name, "no endpoint in any EndpointSlice of the Service"),
    ]
    if near is not None:
        cause += _near_words(near, wanted)
        of_pods = "" if near.ref.kind == "Pod" else "spec.template."
        evidence.append(seen(near.ref, f"{of_pods}metadata.labels", _flat(near.labels)))
    return Finding(
        reason="SelectorMatchesNothing",
        severity="critical",
        about=about,
        cause=cause,
        since=_made(service),
        evidence=tuple(evidence),
        next=(
            f"kubectl get pods -n {about.namespace} --show-labels",
            f"kubectl describe service {about.name} -n {about.namespace}",
        ),
    )


def _near_words(near: Workload, wanted: dict[str, str]) -> str:
    gaps = differing(wanted, near.labels)
    have = {key: value for key, value in gaps.items() if value}
    lacking = sorted(set(gaps) - set(have))
    keys = [f"`{key}`" for key in lacking]
    words = [f"have {spoken_labels(have)}"] if have else []
    words += [f"have no label {' or '.join(keys)}"] if lacking else []
    meant = [f"{key}={value}" for key, value in have.items()]
    meant += [
        f"{other}={near.labels[other]}"
        for key in lacking
        for other in did_you_mean(key, set(near.labels) - set(wanted), most=1)
    ]
    if near.ref.kind == "Pod":
        words = [each.replace("have", "has", 1) for each in words]
    who = f"Pod `{near.ref.name}`" if near.ref.kind == "Pod" else f"The pods of {near.ref.spoken}"
    return f" {who} {' and '.join(words)}.{spoken_hint(meant[:2])}"


def _nearest(scene: Scene, service: Object) -> Workload | None:
    """The workload it was probably written for: its labels, or its name, are nearly these."""
    wanted, name = selector_of(service), name_of(service)

    def likeness(each: Workload) -> tuple[int, int]:
        gaps = differing(wanted, each.labels)
        alike = [k for k, found in gaps.items() if found and did_you_mean(wanted[k], [found])]
        same_name = each.ref.name == name or bool(did_you_mean(name, [each.ref.name]))
        return len(wanted) - len(gaps) + len(alike) + same_name, -len(gaps)

    namespace = namespace_of(service)
    known = [*workloads_in(scene, namespace), *lone_pods(scene, namespace)]
    found = max(known, key=likeness, default=None)
    return found if found is not None and likeness(found)[0] > 0 else None


def _unready(scene: Scene, service: Object, why: Emptiness) -> Finding:
    about = ref_of(service)
    pods = [Ref("Pod", about.namespace, each) for each in why.pods]
    return Finding(
        reason="NoReadyEndpoints",
        severity="critical",
        about=about,
        cause=f"Service `{about.name}` has no ready endpoint: {_unready_words(why)}.",
        since=_made(service),
        evidence=tuple(_unready_evidence(scene, service, why)),
        next=(
            f"kubectl get pods -n {about.namespace} -l {_selector_flag(service)}",
            (
                f"kubectl get endpointslices -n {about.namespace} "
                f"-l kubernetes.io/service-name={about.name}"
            ),
        ),
        because_of=tuple(dict.fromkeys((*why.workloads, *pods))),
        pods=why.pods,
    )


def _unready_words(why: Emptiness) -> str:
    owners = " and ".join(each.spoken for each in why.workloads[:3])
    of_owners = f" of {owners}" if owners and owners != f"pod/{''.join(why.pods)}" else ""
    match why.pods:
        case ():
            return f"{owners} has no pod"
        case (only,):
            return f"pod `{only}`{of_owners} is not ready"
        case several:
            return f"none of the {len(several)} pods{of_owners} is ready"


def _unready_evidence(scene: Scene, service: Object, why: Emptiness) -> Iterator[Evidence]:
    about = ref_of(service)
    found = endpoints_of(scene, service)
    if found:
        slices = f"{len(found)} endpoint(s), 0 with conditions.ready true"
        yield seen(about, "endpointslices", slices)
    else:
        yield absent("Endpoints", about.name, "no endpoint in any EndpointSlice of the Service")
    ready = {row.name: row for row in scene.rows if row.namespace == about.namespace}
    for name in why.pods[:2]:
        if name in ready:
            row = ready[name]
            shown = f"{row.ready}/{row.containers} ready, {row.status}"
            yield seen(Ref("Pod", about.namespace, name), "status", shown)


def _without_address(scene: Scene, service: Object) -> Iterator[Finding]:
    if text(service, "spec", "type") != "LoadBalancer":
        return
    about = ref_of(service)
    events = scene.events_about("Service", about.namespace, about.name)
    failed = sorted((e for e in events if "LoadBalancer" in text(e, "reason")), key=event_time)
    age = age_seconds(_made(service), scene.now) or 0
    is_refused = sum(map(event_count, failed)) >= _REFUSALS
    is_waited_for = age >= _ADDRESS_SECONDS or is_refused
    if items(service, "status", "loadBalancer", "ingress") or not is_waited_for:
        return
    said = f" It was told: “{text(failed[-1], 'message')[:200]}”." if failed else ""
    yield Finding(
        reason="LoadBalancerPending",
        severity="warning" if failed else "info",
        about=about,
        cause=(
            f"Service `{about.name}` of type LoadBalancer has had no address from outside "
            f"{_lately(age)}.{said or ' Nothing in the cluster may be handing any out.'}"
        ),
        since=_made(service),
        evidence=(
            seen(about, "status.loadBalancer.ingress", "empty"),
            *(told(each) for each in failed[-1:]),
        ),
        next=(f"kubectl describe service {about.name} -n {about.namespace}",),
    )


def _lately(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"for {counted(minutes, 'minute')}" if minutes else "since it was made"


def _made(service: Object) -> str:
    return text(service, "metadata", "creationTimestamp")


def _flat(labels: dict[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def _selector_flag(service: Object) -> str:
    return _flat(selector_of(service))
