"""What a pod asks of a node and what is left there, in numbers; it judges nothing."""

from collections.abc import Iterable, Iterator

from bot.cluster.objects import Object, items, name_of, namespace_of, part, quantity, text

Amounts = dict[str, float]
"""Resource -> cores, bytes or pieces."""

_BYTES = ("memory", "storage", "ephemeral-storage")
_UNITS = (("Ti", 2.0**40), ("Gi", 2.0**30), ("Mi", 2.0**20), ("Ki", 2.0**10))
_ROUNDING = 1e-6


def amounts(found: Object, *path: str) -> Amounts:
    """The quantities in the mapping at this path."""
    read = ((name, quantity(value)) for name, value in part(found, *path).items())
    return {name: value for name, value in read if value is not None}


def requests_of(pod: Object) -> Amounts:
    """What the scheduler reserves for a pod.

    The containers and sidecars together, or the greediest init container with the sidecars that
    are already up, whichever is more; then the overhead of the runtime class. Source: KEP-753.
    """
    spec = part(pod, "spec")
    sidecars: Amounts = {}
    starting: Amounts = {}
    for container in items(spec, "initContainers"):
        asked = amounts(container, "resources", "requests")
        if text(container, "restartPolicy") == "Always":
            sidecars = added(sidecars, asked)
        else:
            starting = _most(starting, added(sidecars, asked))
    together = sidecars
    for container in items(spec, "containers"):
        together = added(together, amounts(container, "resources", "requests"))
    whole = {**_most(together, starting), **amounts(spec, "resources", "requests")}
    return added(whole, amounts(spec, "overhead"))


def added(one: Amounts, other: Amounts) -> Amounts:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in {**one, **other}}


def _most(one: Amounts, other: Amounts) -> Amounts:
    return {name: max(one.get(name, 0.0), other.get(name, 0.0)) for name in {**one, **other}}


def allocatable(node: Object) -> Amounts:
    return amounts(node, "status", "allocatable")


def offered(node: Object, resource: str) -> float | None:
    """One of the allocatable resources; None where the node does not have such a thing."""
    return quantity(part(node, "status", "allocatable").get(resource, ""))


def living(pods: Iterable[Object]) -> list[Object]:
    """Those that hold what they asked for."""
    return [p for p in pods if text(p, "status", "phase") not in {"Succeeded", "Failed"}]


def reserved(pods: Iterable[Object]) -> Amounts:
    total: Amounts = {}
    for pod in living(pods):
        total = added(total, requests_of(pod))
    return total


def is_short(asked: float, left: float) -> bool:
    return asked > left + _ROUNDING


def askers(pod: Object, resource: str) -> list[str]:
    """Names of the containers that ask for some of it."""
    spec = part(pod, "spec")
    every = (*items(spec, "initContainers"), *items(spec, "containers"))
    asking = (c for c in every if amounts(c, "resources", "requests").get(resource))
    return [text(each, "name") for each in asking]


def holders(pods: Iterable[Object], resource: str) -> Iterator[tuple[str, float]]:
    """`namespace/pod` and what it holds of a resource, the most first."""
    held = [(requests_of(p).get(resource, 0.0), p) for p in living(pods)]
    for amount, pod in sorted(held, key=lambda each: (-each[0], name_of(each[1]))):
        if amount > 0:
            yield f"{namespace_of(pod)}/{name_of(pod)}", amount


def spoken(resource: str, amount: float) -> str:
    """`1500m`, `64Gi`, `3`: as one would write it in a manifest."""
    if resource.endswith(_BYTES) or resource.startswith("hugepages-"):
        return _bytes(amount)
    if resource.endswith("cpu") and abs(amount - round(amount)) > _ROUNDING:
        return f"{round(amount * 1000)}m"
    return f"{amount:.0f}"


def _bytes(amount: float) -> str:
    for unit, size in _UNITS:
        if amount >= size:
            return f"{amount / size:.1f}".removesuffix(".0") + unit
    return f"{amount:.0f}"


def spoken_with_name(resource: str, amount: float) -> str:
    """`64 cpu`, `64Gi of memory`, "1 `nvidia.com/gpu`"."""
    written = spoken(resource, amount)
    if resource == "cpu":
        return f"{written} cpu"
    if resource in _BYTES:
        return f"{written} of {resource.replace('-', ' ')}"
    return f"{written} `{resource}`"
