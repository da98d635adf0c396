"""What keeps a pod off a node because of the pods that run there already; pure."""

from collections.abc import Iterator, Sequence

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.scheduling.hurdles import Hurdle, asking, asks, ref_of_node, ref_of_pod
from bot.cluster.checks.scheduling.room import (
    holders,
    is_short,
    living,
    offered,
    requests_of,
    reserved,
    spoken,
)
from bot.cluster.objects import (
    Object,
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

HOST = "kubernetes.io/hostname"
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_HOLDERS = 2


def passing(pod: Object, node: Object, there: Sequence[Object]) -> Iterator[Hurdle]:
    """`there` is every pod bound to the node."""
    others = [each for each in living(there) if name_of(each) != name_of(pod)]
    yield from _ports(pod, node, others)
    yield from _slots(node, others)
    yield from _room(pod, node, others)
    yield from _apart(pod, others)


def _ports(pod: Object, node: Object, others: Sequence[Object]) -> Iterator[Hurdle]:
    for port, protocol, address in host_ports(pod):
        for other in others:
            taken = any(
                (port, protocol) == (p, q) and _overlap(address, a) for p, q, a in host_ports(other)
            )
            if taken:
                name = f"{namespace_of(other)}/{name_of(other)}"
                wish = f"it wants port {port}/{protocol} of its host"
                mine = seen(ref_of_pod(pod), "spec.containers.ports.hostPort", port)
                its = seen(ref_of_pod(other), "spec.containers.ports.hostPort", port)
                at = seen(ref_of_pod(other), "spec.nodeName", name_of(node))
                yield Hurdle("port", wish, f"that port taken by pod `{name}`", (mine, its, at))
                break


def host_ports(pod: Object) -> Iterator[tuple[int, str, str]]:
    for container in items(part(pod, "spec"), "containers"):
        for each in items(container, "ports"):
            if number(each, "hostPort"):
                protocol = text(each, "protocol") or "TCP"
                yield number(each, "hostPort"), protocol, text(each, "hostIP")


def _overlap(one: str, other: str) -> bool:
    everywhere = {"", "0.0.0.0", "::"}  # noqa: S104  (an address that is read, not bound)
    return one == other or one in everywhere or other in everywhere


def _slots(node: Object, others: Sequence[Object]) -> Iterator[Hurdle]:
    most = offered(node, "pods")
    if most is not None and len(others) + 1 > most:
        proof = seen(ref_of_node(node), "status.allocatable.pods", f"{most:.0f}")
        yield Hurdle("pods", "", f"all of its {most:.0f} places for pods taken", (proof,))


def _room(pod: Object, node: Object, others: Sequence[Object]) -> Iterator[Hurdle]:
    held = reserved(others)
    for resource, asked in requests_of(pod).items():
        has = offered(node, resource) or 0.0
        free = max(has - held.get(resource, 0.0), 0.0)
        # A node that is too small altogether is told as such, without its guests.
        if asked > 0 and is_short(asked, free) and not is_short(asked, has):
            proofs = (
                asking(pod, resource, asked),
                seen(ref_of_node(node), f"status.allocatable.{resource}", spoken(resource, has)),
            )
            found = _spoken_room(resource, free, has, others)
            yield Hurdle("room", asks(pod, resource, asked), found, proofs, amount=free)


def _spoken_room(resource: str, free: float, has: float, others: Sequence[Object]) -> str:
    biggest = list(holders(others, resource))[:_HOLDERS]
    names = ", ".join(f"`{name}` {spoken(resource, amount)}" for name, amount in biggest)
    left = f"{spoken(resource, free)} of {spoken(resource, has)} left"
    return f"{left} (asked for by others: {names}{', …' if len(biggest) == _HOLDERS else ''})"


def _apart(pod: Object, others: Sequence[Object]) -> Iterator[Hurdle]:
    """Required anti-affinity by host name, the pod's own and that of those who are there."""
    for other in others:
        mine = next((t for t in anti_terms(pod) if _selects(t, pod, other)), None)
        its = next((t for t in anti_terms(other) if _selects(t, other, pod)), None)
        if mine is None and its is None:
            continue
        name = f"{namespace_of(other)}/{name_of(other)}"
        holder = pod if mine is not None else other
        wanted = spoken_selector(part(mine or its or {}, "labelSelector"))
        proof = seen(ref_of_pod(holder), f"spec.affinity.podAntiAffinity.{_REQUIRED}", wanted)
        label = seen(ref_of_pod(other), "metadata.labels", _spoken_labels(other))
        if mine is not None:
            wish = f"its anti-affinity keeps it from every host that has a pod with {wanted}"
            yield Hurdle("apart", wish, f"`{name}`", (proof, label))
        else:
            wish = "pods that are there already do not want it on their host"
            yield Hurdle("apart", wish, f"`{name}`, whose anti-affinity names {wanted}", (proof,))
        return


def anti_terms(pod: Object, *, of_hosts: bool = True) -> list[Object]:
    found = items(pod, "spec", "affinity", "podAntiAffinity", _REQUIRED)
    return [t for t in found if (text(t, "topologyKey") == HOST) is of_hosts]


def beside_terms(pod: Object) -> list[Object]:
    return items(pod, "spec", "affinity", "podAffinity", _REQUIRED)


def _selects(term: Object, holder: Object, other: Object) -> bool:
    is_meant = namespace_of(other) in _namespaces(term, holder)
    is_anywhere = term.get("namespaceSelector") == {}
    has_selector = isinstance(term.get("labelSelector"), dict)
    selected = has_selector and matches(part(term, "labelSelector"), labels_of(other))
    return (is_meant or is_anywhere) and selected


def _namespaces(term: Object, holder: Object) -> list[str]:
    named = words(term, "namespaces")
    return named or ([] if "namespaceSelector" in term else [namespace_of(holder)])


def only_namespace(term: Object, pod: Object) -> str:
    """Where the pods of a term can be, if that is one namespace; else nothing."""
    found = _namespaces(term, pod)
    return found[0] if len(found) == 1 and "namespaceSelector" not in term else ""


def spoken_selector(selector: Object) -> str:
    """ "`app=web`", "`tier` in `a`, `b`"."""
    pairs = [f"`{k}={v}`" for k, v in strings(selector, "matchLabels").items()]
    for each in items(selector, "matchExpressions"):
        values = words(each, "values")
        if text(each, "operator") == "In" and len(values) == 1:
            pairs.append(f"`{text(each, 'key')}={values[0]}`")
        else:
            said = " ".join([text(each, "key"), text(each, "operator"), ",".join(values)]).strip()
            pairs.append(f"`{said}`")
    return " and ".join(pairs) or "any labels"


def _spoken_labels(pod: Object) -> str:
    return ",".join(f"{k}={v}" for k, v in labels_of(pod).items())
