"""What keeps a pod off one node, as far as the two objects tell; what runs there is in `rivals`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.cluster.checks.evidence import seen
from bot.cluster.checks.scheduling.room import (
    Amounts,
    askers,
    is_short,
    offered,
    requests_of,
    spoken,
    spoken_with_name,
)
from bot.cluster.checks.scheduling.selectors import (
    Wish,
    alternatives_of,
    likely,
    near_keys,
    nearest,
    selector_of,
    terms_of,
    traits_of,
    unmet,
)
from bot.cluster.checks.scheduling.tolerations import is_tolerated, nearly_tolerated, spoken_taint
from bot.cluster.findings import Evidence, Ref
from bot.cluster.objects import (
    Object,
    condition,
    flag,
    items,
    labels_of,
    name_of,
    namespace_of,
    part,
    text,
)

_CORDON = "node.kubernetes.io/unschedulable"
_TROUBLES = {
    "node.kubernetes.io/not-ready": ("Ready", "True"),
    "node.kubernetes.io/unreachable": ("Ready", "True"),
    "node.kubernetes.io/memory-pressure": ("MemoryPressure", "False"),
    "node.kubernetes.io/disk-pressure": ("DiskPressure", "False"),
    "node.kubernetes.io/pid-pressure": ("PIDPressure", "False"),
    "node.kubernetes.io/network-unavailable": ("NetworkUnavailable", "False"),
}
"""Taints that the node controller sets itself, and the condition of a node that is well again."""


@dataclass(frozen=True, slots=True)
class Hurdle:
    """One reason why one node is out of the question."""

    kind: str
    """`labels`, `cordon`, `taint`, `trouble`, `size`, `room`, `pods`, `port`, `volume`, `spread`,
    `apart`, `beside`."""
    wish: str
    """What the pod wants, the same for every node: "it wants a node with `disktype=ssd`"."""
    found: str
    """What the node has instead, to be read after "has": "`disktype=hdd`"."""
    evidence: tuple[Evidence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    resource: str = ""
    """What of its labels or resources was asked for: names like them are looked for later, once."""
    amount: float | None = None
    """How much of the wanted resource the node has, where that can be compared between nodes."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pod and what it asks of any node, taken out once for all nodes."""

    pod: Object
    requests: Amounts
    selector: tuple[Wish, ...]
    alternatives: tuple[tuple[Wish, ...], ...]
    spread_over: tuple[str, ...]
    """The labels of hard spread constraints."""

    @classmethod
    def of(cls, pod: Object) -> "Candidate":
        keys = tuple(text(each, "topologyKey") for each in hard_spreads(pod))
        return cls(pod, requests_of(pod), selector_of(pod), alternatives_of(pod), keys)


def ref_of_pod(pod: Object) -> Ref:
    return Ref("Pod", namespace_of(pod), name_of(pod))


def ref_of_node(node: Object) -> Ref:
    return Ref("Node", "", name_of(node))


def lasting(candidate: Candidate, node: Object) -> Iterator[Hurdle]:
    """In the scheduler's own order; none of them needs to know what runs on the node."""
    yield from _cordon(candidate.pod, node)
    yield from _taints(candidate.pod, node)
    yield from _labels(candidate, node)
    yield from _sizes(candidate, node)
    yield from _spread(candidate, node)


def _cordon(pod: Object, node: Object) -> Iterator[Hurdle]:
    taint = {"key": _CORDON, "effect": "NoSchedule"}
    if flag(node, "spec", "unschedulable") and not is_tolerated(taint, pod):
        proof = seen(ref_of_node(node), "spec.unschedulable", "true")
        yield Hurdle("cordon", "", "been cordoned (`spec.unschedulable`)", (proof,))


def _taints(pod: Object, node: Object) -> Iterator[Hurdle]:
    for taint in items(node, "spec", "taints"):
        key, effect = text(taint, "key"), text(taint, "effect")
        is_binding = effect in {"NoSchedule", "NoExecute"} and key != _CORDON
        if not is_binding or _is_left_over(key, pod, node):
            continue
        if not is_tolerated(taint, pod):
            kind = "trouble" if key in _TROUBLES else "taint"
            proof = seen(ref_of_node(node), "spec.taints", spoken_taint(taint))
            near = "" if kind == "trouble" else nearly_tolerated(key, pod)
            wish = f"it does not tolerate the taint `{spoken_taint(taint)}`{near}"
            yield Hurdle(kind, wish, "it", (proof, _tolerations(pod)))


def _is_left_over(key: str, pod: Object, node: Object) -> bool:
    """The node is well, and the scheduler speaks of no taint: it was not what stopped the pod."""
    kind, well = _TROUBLES.get(key, ("", ""))
    is_blamed = "taint" in text(condition(pod, "PodScheduled"), "message")
    return bool(kind) and not is_blamed and text(condition(node, kind), "status") == well


def _tolerations(pod: Object) -> Evidence:
    known = ", ".join(spoken_taint(each) for each in items(pod, "spec", "tolerations"))
    return seen(ref_of_pod(pod), "spec.tolerations", known or "none")


def _labels(candidate: Candidate, node: Object) -> Iterator[Hurdle]:
    if not (candidate.selector or candidate.alternatives):
        return
    traits = traits_of(node)
    gaps = (unmet(candidate.selector, traits), nearest(candidate.alternatives, traits))
    for gap in gaps:
        if gap:
            yield Hurdle(
                "labels",
                f"it wants a node with {' and '.join(each.spoken for each in gap)}",
                _spoken_traits(gap, traits),
                tuple(_proofs(candidate.pod, node, gap)),
                gap,
            )


def _spoken_traits(gap: Iterable[Wish], traits: Mapping[str, str]) -> str:
    return " and ".join(_spoken_trait(each, traits) for each in gap)


def _spoken_trait(wish: Wish, traits: Mapping[str, str]) -> str:
    if wish.is_of_host:
        return "another name"
    has_it = wish.key in traits
    return f"`{wish.key}={traits[wish.key]}`" if has_it else f"no label `{wish.key}`"


def _proofs(pod: Object, node: Object, gap: Sequence[Wish]) -> Iterator[Evidence]:
    for wish in gap:
        yield seen(ref_of_pod(pod), wish.path, wish.spoken.replace("`", ""))
        value = labels_of(node).get(wish.key, "(not set)")
        yield seen(ref_of_node(node), f"metadata.labels.{wish.key}", value)


def _sizes(candidate: Candidate, node: Object) -> Iterator[Hurdle]:
    if not part(node, "status", "allocatable"):
        return
    for resource, asked in candidate.requests.items():
        has = offered(node, resource)
        if asked > 0 and is_short(asked, has or 0.0):
            yield _too_small(candidate.pod, node, resource, (asked, has))


def _too_small(
    pod: Object, node: Object, resource: str, sizes: tuple[float, float | None]
) -> Hurdle:
    asked, has = sizes
    found = f"{spoken(resource, has)} in all" if has else "none of it"
    written = "(not offered)" if has is None else spoken(resource, has)
    proof = seen(ref_of_node(node), f"status.allocatable.{resource}", written)
    proofs = (asking(pod, resource, asked), proof)
    wish = asks(pod, resource, asked)
    return Hurdle("size", wish, found, proofs, resource=resource, amount=has or 0.0)


def meant_instead(hurdle: Hurdle, pod: Object, nodes: Sequence[Object]) -> tuple[str, ...]:
    """Labels, resources or amounts that may have been meant."""
    if hurdle.wishes:
        return tuple(hint for wish in hurdle.wishes for hint in likely(wish, nodes))
    known = {name for each in nodes for name in part(each, "status", "allocatable")}
    if hurdle.resource and hurdle.resource not in known:
        return near_keys(hurdle.resource, known)
    return _in_thousandths(hurdle.resource, requests_of(pod).get(hurdle.resource, 0.0))


def _in_thousandths(resource: str, asked: float) -> tuple[str, ...]:
    """People forget the `m` of `500m`, and nobody asks for 500 cores."""
    is_likely = resource == "cpu" and asked >= 100 and asked == round(asked)
    return (f"{asked:.0f}m",) if is_likely else ()


def asks(pod: Object, resource: str, asked: float) -> str:
    """ "container `app` asks for 64 cpu"."""
    names = askers(pod, resource)
    amount = spoken_with_name(resource, asked)
    if len(names) == 1:
        return f"container `{names[0]}` asks for {amount}"
    return f"its containers ask for {amount} together" if names else f"it asks for {amount}"


def asking(pod: Object, resource: str, asked: float) -> Evidence:
    names = askers(pod, resource)
    field = f"spec.containers[{names[0]}]" if len(names) == 1 else "spec.containers"
    return seen(ref_of_pod(pod), f"{field}.resources.requests.{resource}", spoken(resource, asked))


def _spread(candidate: Candidate, node: Object) -> Iterator[Hurdle]:
    for key in candidate.spread_over:
        if key not in labels_of(node):
            asked = seen(
                ref_of_pod(candidate.pod), "spec.topologySpreadConstraints.topologyKey", key
            )
            proof = seen(ref_of_node(node), f"metadata.labels.{key}", "(not set)")
            wish = f"its pods are to be spread over `{key}`"
            yield Hurdle("spread", wish, f"no label `{key}`", (asked, proof))


def hard_spreads(pod: Object) -> list[Object]:
    found = items(pod, "spec", "topologySpreadConstraints")
    return [each for each in found if text(each, "whenUnsatisfiable") != "ScheduleAnyway"]


def out_of_reach(node: Object, volume: Object, claim: str) -> Iterator[Hurdle]:
    """A bound volume that can be used on some nodes only."""
    required = part(volume, "spec", "nodeAffinity", "required")
    gap = nearest(terms_of(required, "spec.nodeAffinity.required"), traits_of(node))
    if gap:
        where = Ref("PersistentVolume", "", name_of(volume))
        wanted = " and ".join(each.spoken for each in gap)
        wish = f"its claim `{claim}` is bound to volume `{where.name}`, which wants {wanted}"
        proofs = [seen(where, each.path, each.spoken.replace("`", "")) for each in gap]
        yield Hurdle("volume", wish, _spoken_traits(gap, traits_of(node)), tuple(proofs))
