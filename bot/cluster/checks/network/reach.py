"""Whether NetworkPolicies let a pod reach DNS or a Service. Pure; it never accuses on a guess.

What the API says of policies: a pod is isolated in a direction as soon as one policy of that
direction selects it, and then whatever any of these permits is permitted.
Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.network import ports
from bot.cluster.checks.network.selection import labels_behind, workloads_behind
from bot.cluster.findings import Evidence, Ref
from bot.cluster.objects import (
    Object,
    containers_of,
    items,
    labels_of,
    matches,
    name_of,
    namespace_of,
    number,
    part,
    strings,
    text,
    words,
)
from bot.cluster.scene import Scene

Direction = Literal["Ingress", "Egress"]
_NAME_LABEL = "kubernetes.io/metadata.name"
_DNS_NAMESPACE = "kube-system"


@dataclass(frozen=True, slots=True)
class Place:
    """An end of a connection: pods with these labels, in this namespace."""

    namespace: str
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class Socket:
    """What is knocked at, after the Service's port has become the container's."""

    port: int
    protocol: str = "TCP"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A policy that leaves out this connection."""

    policy: Ref
    sentence: str
    evidence: Evidence


def dns_obstacle(scene: Scene, pod: Object) -> Obstacle | None:
    """What keeps the pod from asking the cluster's DNS."""
    source = Place(namespace_of(pod), labels_of(pod))
    policies = _isolating(scene, source, "Egress")
    # Only the namespace of the DNS pods is known, so a rule about pods there passes as one for it.
    resolver = Place(_DNS_NAMESPACE, {"k8s-app": "kube-dns"})
    rules = _rules(policies, "egress")
    if not policies or any(
        _permits_port(rule, Socket(53, "UDP", "dns")) and _permits(rule, "to", resolver, source)
        for rule in rules
    ):
        return None
    spoken = "lets nothing out" if not rules else "has no rule that lets DNS (port 53) out"
    return _obstacle(policies[0], f"{spoken} of the pods it selects, this one among them", "egress")


def service_obstacle(scene: Scene, pod: Object, service: Object, port: int) -> Obstacle | None:
    """What keeps the pod from the pods behind this Service: going out here, or coming in there."""
    behind = workloads_behind(scene, service)
    labels = labels_behind(scene, service)
    socket = _socket(service, port, behind[0].template if behind else {})
    if not labels or socket is None:
        return None
    source = Place(namespace_of(pod), labels_of(pod))
    target = Place(namespace_of(service), labels)
    outward = _closed(scene, source, target, socket, "Egress")
    if outward:
        words_ = f"lets the pod out to {_permitted(outward, 'egress')} only, not to"
        return _obstacle(outward[0], f"{words_} Service `{name_of(service)}`", "egress")
    inward = _closed(scene, target, source, socket, "Ingress")
    if inward:
        admitted = _permitted(inward, "ingress")
        words_ = f"admits {admitted} only to the pods of Service `{name_of(service)}`"
        return _obstacle(inward[0], f"{words_}; this pod has {_own(inward, source)}", "ingress")
    return None


def _isolating(scene: Scene, place: Place, direction: Direction) -> list[Object]:
    return [
        each
        for each in scene.all("networkpolicies", place.namespace)
        if direction in _directions(each)
        and matches(part(each, "spec", "podSelector"), place.labels)
    ]


def _directions(policy: Object) -> set[str]:
    stated = set(words(policy, "spec", "policyTypes"))
    implied = {"Ingress", "Egress"} if items(policy, "spec", "egress") else {"Ingress"}
    return stated or implied


def _closed(
    scene: Scene, own: Place, other: Place, socket: Socket, direction: Direction
) -> list[Object]:
    """The policies that isolate `own` and do not permit `other`; none where one permits it."""
    field, peers = ("egress", "to") if direction == "Egress" else ("ingress", "from")
    policies = _isolating(scene, own, direction)
    is_open = any(
        _permits_port(rule, socket) and _permits(rule, peers, other, own)
        for rule in _rules(policies, field)
    )
    return [] if is_open else policies


def _rules(policies: Sequence[Object], field: str) -> list[Object]:
    return [rule for each in policies for rule in items(each, "spec", field)]


def _permits_port(rule: Object, socket: Socket) -> bool:
    found = items(rule, "ports")
    return not found or any(_is_port(each, socket) for each in found)


def _is_port(port: Object, socket: Socket) -> bool:
    if (text(port, "protocol") or "TCP") != socket.protocol:
        return False
    wanted = port.get("port")
    if isinstance(wanted, str) and not wanted.isdigit():
        # Its number is a matter of the pods at the other end; a name that is not known may be it.
        return not socket.name or wanted == socket.name or socket.port == 53
    if wanted is None:
        return True
    first = int(wanted) if isinstance(wanted, int | str) else 0
    return first <= socket.port <= max(first, number(port, "endPort"))


def _permits(rule: Object, peers: str, other: Place, own: Place) -> bool:
    found = items(rule, peers)
    return not found or any(_is_peer(each, other, own) for each in found)


def _is_peer(peer: Object, other: Place, own: Place) -> bool:
    if "ipBlock" in peer:
        return True
    is_here = other.namespace == own.namespace
    if "namespaceSelector" in peer:
        is_here = _may_be_namespace(part(peer, "namespaceSelector"), other.namespace)
    return is_here and matches(part(peer, "podSelector"), other.labels)


def _may_be_namespace(selector: Object, namespace: str) -> bool:
    """Labels of namespaces are not read: but for their name, any of them may be there."""
    wanted = strings(selector, "matchLabels").get(_NAME_LABEL, namespace)
    listed = [e for e in items(selector, "matchExpressions") if e.get("key") == _NAME_LABEL]
    return wanted == namespace and matches({"matchExpressions": listed}, {_NAME_LABEL: namespace})


def _socket(service: Object, port: int, template: Object) -> Socket | None:
    """None where it cannot be told which port of the container is meant."""
    found = ports.port_of(service, port)
    if found is None:
        every = items(service, "spec", "ports")
        found = every[0] if not port and len(every) == 1 else None
    if found is None:
        return None
    target = found.get("targetPort", found.get("port"))
    declared = [
        each
        for container, _ in containers_of(part(template, "spec"))
        for each in items(container, "ports")
    ]
    known = next((e for e in declared if target in (e.get("containerPort"), e.get("name"))), {})
    if isinstance(target, str) and not known:
        return None
    at = number(known, "containerPort") or (target if isinstance(target, int) else 0)
    return Socket(at, text(found, "protocol") or "TCP", text(known, "name"))


def _permitted(policies: Sequence[Object], field: str) -> str:
    rules = _rules(policies, field)
    found = list(dict.fromkeys(said for rule in rules for said in _spoken_rule(rule, field)))
    return " and ".join(found[:3]) if found else "nothing"


def _spoken_rule(rule: Object, field: str) -> Iterator[str]:
    numbers = [text(each, "port") for each in items(rule, "ports") if text(each, "port")]
    at = f" at port {' and '.join(numbers)}" if numbers else ""
    for peer in items(rule, "to" if field == "egress" else "from") or [{}]:
        yield _spoken_peer(peer) + at


def _spoken_peer(peer: Object) -> str:
    labels = [_spoken_selector(part(peer, key)) for key in ("podSelector", "namespaceSelector")]
    if text(peer, "ipBlock", "cidr"):
        return f"addresses in {text(peer, 'ipBlock', 'cidr')}"
    pods = f"pods labelled {labels[0]}" if labels[0] else "pods"
    if "namespaceSelector" in peer:
        return f"{pods} of namespaces labelled {labels[1]}" if labels[1] else pods
    return pods if peer else "anything"


def _spoken_selector(selector: Object) -> str:
    said = [f"`{k}={v}`" for k, v in strings(selector, "matchLabels").items()]
    for each in items(selector, "matchExpressions"):
        values = ", ".join(words(each, "values"))
        said.append(f"`{text(each, 'key')} {text(each, 'operator')} {values}`".replace(" `", "`"))
    return " and ".join(said)


def _own(policies: Sequence[Object], source: Place) -> str:
    """Of the source's labels those that the rules speak of."""
    keys = {
        key
        for rule in _rules(policies, "ingress")
        for peer in items(rule, "from")
        for key in strings(peer, "podSelector", "matchLabels")
    }
    said = [
        f"`{key}={source.labels[key]}`" if key in source.labels else f"no label `{key}`"
        for key in sorted(keys)
    ]
    return " and ".join(said) or f"namespace `{source.namespace}`"


def _obstacle(policy: Object, words_: str, field: str) -> Obstacle:
    ref = Ref("NetworkPolicy", namespace_of(policy), name_of(policy))
    rules = len(items(policy, "spec", field))
    found = seen(ref, f"spec.{field}", f"{rules} rule(s), none for this connection")
    return Obstacle(ref, f"NetworkPolicy `{ref.name}` {words_}.", found)
