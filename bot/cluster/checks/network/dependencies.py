"""Hosts and ports that a log complains about, compared with the Services there are. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cluster.checks.evidence import absent, seen
from bot.cluster.checks.logs.circumstances import port_beside
from bot.cluster.checks.logs.complaints import Complaint
from bot.cluster.checks.logs.unwell import Unwell
from bot.cluster.checks.network import ports
from bot.cluster.checks.network.hosts import (
    OWN_HOSTS,
    find_service,
    is_in_scope,
    known_services,
    knows_services,
    likely_services,
    may_be_service,
    service_at,
    service_named,
    spoken_stranger,
)
from bot.cluster.checks.network.reach import Obstacle, dns_obstacle, service_obstacle
from bot.cluster.checks.network.selection import (
    Emptiness,
    emptiness,
    endpoints_of,
    is_ready,
    workloads_behind,
)
from bot.cluster.findings import Evidence, Ref
from bot.cluster.likeness import spoken_hint
from bot.cluster.needs import LabelsOf, ListOf, Need
from bot.cluster.objects import Object, flag, items, name_of, namespace_of, text
from bot.cluster.scene import Scene

_DNS = Ref("Deployment", "kube-system", "coredns")
_DNS_FAILS = re.compile(
    r"EAI_AGAIN|temporary failure|server misbehaving|i/o timeout|try again|timed out|refused",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the cluster says about a complaint."""

    sentence: str
    evidence: tuple[Evidence, ...] = ()
    because_of: tuple[Ref, ...] = ()
    next: tuple[str, ...] = ()
    is_about_service: bool = True
    obstacle: Obstacle | None = None


def judge_host(scene: Scene, unwell: Unwell, complaint: Complaint) -> Judgement:
    """Of a name that does not resolve."""
    place = service_named(scene, complaint.host, unwell.namespace)
    fails = _DNS_FAILS.search(complaint.line)
    if place is None:
        obstacle = dns_obstacle(scene, unwell.pod) if fails else None
        because = (_DNS,) if fails else ()
        sentence = obstacle.sentence if obstacle else "it is no name of a Service in this cluster."
        return Judgement(sentence, because_of=because, is_about_service=False, obstacle=obstacle)
    found = find_service(scene, place)
    if found is not None:
        return _unresolved(scene, unwell, found, is_silent=bool(fails))
    if not knows_services(scene, place.namespace):
        return Judgement(f"Services of `{place.namespace}` could not be read.")
    return _missing(scene, place, port_beside(unwell, complaint))


def judge_address(scene: Scene, unwell: Unwell, complaint: Complaint) -> Judgement:
    """Of an address that refuses connections, or does not answer."""
    if complaint.host in OWN_HOSTS:
        return _own_pod(scene, unwell, complaint)
    found = service_at(scene, unwell.namespace, complaint.host)
    place = service_named(scene, complaint.host, unwell.namespace)
    if found is None and place is not None and knows_services(scene, place.namespace):
        return _missing(scene, place, complaint.port)
    if found is None:
        return Judgement(spoken_stranger(scene, unwell.namespace), is_about_service=False)
    return _unanswered(scene, unwell, found, complaint.port)


def needs_of(scene: Scene, unwell: Unwell, complaint: Complaint) -> Iterator[Need]:
    """Names of Services elsewhere, where the one named is not here."""
    place = service_named(scene, complaint.host, unwell.namespace)
    is_narrow = not scene.is_whole_cluster
    if is_narrow and may_be_service(complaint.host):
        if service_at(scene, unwell.namespace, complaint.host) is None:
            yield ListOf("services")
        return
    if place is None or find_service(scene, place) is not None:
        return
    if is_narrow:
        yield ListOf("services", place.namespace)
        yield LabelsOf("services")


def _missing(scene: Scene, place: Ref, port: int) -> Judgement:
    known = known_services(scene)
    elsewhere = sorted(e for e in known if e.name == place.name and e.namespace != place.namespace)
    near = likely_services(scene, place, port)
    if scene.is_whole_cluster and place.namespace not in scene.namespaces:
        where = f"there is no namespace `{place.namespace}`"
        gap = absent("Namespace", place.namespace)
    else:
        where = f"there is no Service `{place.name}` in namespace `{place.namespace}`"
        gap = absent("Service", place.name, f"no Service of this name in {place.namespace}")
    if elsewhere:
        other = elsewhere[0]
        where += f"; Service `{other.name}` is in namespace `{other.namespace}`"
        near = (f"{other.name}.{other.namespace}",)
    return Judgement(
        f"{where}.{spoken_hint(near)}",
        evidence=(gap,),
        next=(f"kubectl get services -n {place.namespace}",),
    )


def _unresolved(scene: Scene, unwell: Unwell, service: Object, *, is_silent: bool) -> Judgement:
    """The Service is there: its name should resolve."""
    about = Ref("Service", namespace_of(service), name_of(service))
    alias = text(service, "spec", "externalName")
    if alias:
        sentence = f"Service `{about.name}` stands for `{alias}`, and that does not resolve."
        return Judgement(sentence, evidence=(seen(about, "spec.externalName", alias),))
    policy = text(unwell.pod, "spec", "dnsPolicy")
    is_on_host = flag(unwell.pod, "spec", "hostNetwork") and policy == "ClusterFirst"
    if policy == "Default" or is_on_host:
        host = " with hostNetwork" if is_on_host else ""
        return Judgement(
            f"Service `{about.name}` exists, but the pod has dnsPolicy {policy}{host} and so does "
            f"not ask the cluster's DNS.",
            evidence=(seen(unwell.ref, "spec.dnsPolicy", policy + host),),
        )
    why = emptiness(scene, service)
    if text(service, "spec", "clusterIP") == "None" and why is not None:
        return Judgement(
            f"Service `{about.name}` is headless and has no ready endpoint, so its name has no "
            f"address.",
            evidence=(seen(about, "spec.clusterIP", "None"),),
            because_of=() if _is_its_own(unwell, why) else (about,),
        )
    if is_silent:
        return _without_dns(scene, unwell, about)
    made = text(service, "metadata", "creationTimestamp")
    return Judgement(
        f"Service `{about.name}` exists by now, made at {made}: since then its name should "
        f"resolve, unless the pod asks another DNS than the cluster's.",
        next=(f"kubectl get service {about.name} -n {about.namespace}",),
    )


def _without_dns(scene: Scene, unwell: Unwell, about: Ref) -> Judgement:
    obstacle = dns_obstacle(scene, unwell.pod)
    if obstacle is not None:
        return Judgement(obstacle.sentence, (obstacle.evidence,), obstacle=obstacle)
    return Judgement(
        f"Service `{about.name}` exists, so it is DNS itself that does not answer.",
        because_of=(_DNS,),
        next=("kubectl get pods -n kube-system -l k8s-app=kube-dns",),
    )


def _unanswered(scene: Scene, unwell: Unwell, service: Object, port: int) -> Judgement:
    about = Ref("Service", namespace_of(service), name_of(service))
    look = f"kubectl describe service {about.name} -n {about.namespace}"
    has = ports.spoken_ports(service)
    if port and ports.port_of(service, port) is None and not _is_container_port(service, port):
        return Judgement(
            f"Service `{about.name}` has no port {port}, it has {has}.{_port_hint(service, about)}",
            evidence=(seen(about, "spec.ports", has),),
            next=(look,),
        )
    if not is_in_scope(scene, service):
        place = f"Service `{about.name}` of namespace `{about.namespace}`"
        return Judgement(f"that is {place}, whose endpoints were not looked at.", next=(look,))
    why = emptiness(scene, service)
    if why is not None:
        zero = f": {why.workloads[0].spoken} is scaled to 0 replicas" if why.why == "zero" else ""
        return Judgement(
            f"Service `{about.name}` has no ready endpoint{zero}.",
            evidence=(seen(about, "endpointslices", "no endpoint is ready"),),
            # A workload scaled to 0 has no finding that this one could be folded into.
            because_of=() if zero or _is_its_own(unwell, why) else (about, *why.workloads),
            next=(look,),
        )
    return _reachable(scene, unwell, service, port)


def _reachable(scene: Scene, unwell: Unwell, service: Object, port: int) -> Judgement:
    """Port and endpoints are there: a policy may be in between, or the trouble is over."""
    obstacle = service_obstacle(scene, unwell.pod, service, port)
    if obstacle is not None:
        return Judgement(obstacle.sentence, (obstacle.evidence,), obstacle=obstacle)
    ready = sum(map(is_ready, endpoints_of(scene, service)))
    return Judgement(
        f"Service `{name_of(service)}` has this port and {ready} ready endpoint(s) now.",
        because_of=tuple(
            each.about for each in ports.check(service, workloads_behind(scene, service))
        ),
        next=(f"kubectl describe service {name_of(service)} -n {namespace_of(service)}",),
    )


def _is_its_own(unwell: Unwell, why: Emptiness) -> bool:
    """The pod asks for a Service of its own workload, which waits for the pod in turn."""
    return unwell.owner in why.workloads or name_of(unwell.pod) in why.pods


def _is_container_port(service: Object, port: int) -> bool:
    """Through a headless Service the containers' own ports are spoken to."""
    is_headless = text(service, "spec", "clusterIP") == "None"
    return is_headless and any(
        each.get("targetPort", each.get("port")) == port for each in items(service, "spec", "ports")
    )


def _port_hint(service: Object, about: Ref) -> str:
    found = items(service, "spec", "ports")
    return spoken_hint([f"{about.name}:{text(found[0], 'port')}"]) if len(found) == 1 else ""


def _own_pod(scene: Scene, unwell: Unwell, complaint: Complaint) -> Judgement:
    """`localhost` is the pod itself, which people forget who come from one machine."""
    near = [
        f"{name_of(each)}:{complaint.port}"
        for each in scene.all("services", unwell.namespace)
        if complaint.port and ports.port_of(each, complaint.port) is not None
    ]
    return Judgement(
        f"that is the pod itself, where nothing listens on port {complaint.port}."
        f"{spoken_hint(near[:2])}",
        is_about_service=bool(near),
        next=(f"kubectl get services -n {unwell.namespace}",),
    )
