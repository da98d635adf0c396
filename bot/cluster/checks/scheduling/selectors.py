"""Which labels a pod wants of its node, and how a node differs from that; it knows no scene."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.cluster.likeness import did_you_mean
from bot.cluster.objects import Object, items, labels_of, name_of, part, strings, text, words

_TAKEN = {"In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"}


@dataclass(frozen=True, slots=True)
class Wish:
    """One requirement on one label (or on the name) of a node."""

    key: str
    operator: str
    values: tuple[str, ...]
    path: str
    """Where in the pod's spec it stands."""

    @property
    def is_of_host(self) -> bool:
        """No two nodes share it, so there is no use in telling what every node has instead."""
        return self.key in {"metadata.name", "kubernetes.io/hostname"}

    @property
    def is_of_name(self) -> bool:
        return self.key == "metadata.name"

    @property
    def spoken(self) -> str:
        known = " or ".join(f"`{each}`" for each in self.values)
        match self.operator:
            case "In" if len(self.values) == 1:
                return f"`{self.key}={self.values[0]}`"
            case "In":
                return f"`{self.key}` {known}"
            case "NotIn":
                return f"`{self.key}` other than {known}"
            case "Exists":
                return f"a label `{self.key}`"
            case "DoesNotExist":
                return f"no label `{self.key}`"
            case _:
                return f"`{self.key}` {'above' if self.operator == 'Gt' else 'below'} {known}"

    def holds(self, labels: Mapping[str, str]) -> bool:
        value = labels.get(self.key)
        match self.operator:
            case "In":
                return value in self.values
            case "NotIn":
                return value not in self.values
            case "Exists":
                return value is not None
            case "DoesNotExist":
                return value is None
            case _:
                return _compares(self.operator, value, self.values)


def _compares(operator: str, value: str | None, values: Sequence[str]) -> bool:
    numbers = [each for each in (value, *values) if each is not None]
    if len(numbers) != 2 or not all(each.lstrip("-").isdigit() for each in numbers):
        return False
    found, bound = int(numbers[0]), int(numbers[1])
    return found > bound if operator == "Gt" else found < bound


def traits_of(node: Object) -> dict[str, str]:
    """Its labels, and its name under the field's name."""
    return {**labels_of(node), "metadata.name": name_of(node)}


def selector_of(pod: Object) -> tuple[Wish, ...]:
    found = strings(pod, "spec", "nodeSelector")
    return tuple(Wish(k, "In", (v,), "spec.nodeSelector") for k, v in found.items())


def alternatives_of(pod: Object) -> tuple[tuple[Wish, ...], ...]:
    """The required node affinity: one of these has to hold whole. None where nothing is asked."""
    path = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
    return terms_of(part(pod, *path.split(".")), path)


def terms_of(selector: Object, path: str) -> tuple[tuple[Wish, ...], ...]:
    """A NodeSelector of a pod or of a volume."""
    terms = (_wishes(each, path) for each in items(selector, "nodeSelectorTerms"))
    return tuple(each for each in terms if each)


def _wishes(term: Object, path: str) -> tuple[Wish, ...]:
    found = (*items(term, "matchExpressions"), *items(term, "matchFields"))
    return tuple(
        Wish(text(each, "key"), text(each, "operator"), tuple(words(each, "values")), path)
        for each in found
        if text(each, "operator") in _TAKEN
    )


def unmet(wishes: Iterable[Wish], traits: Mapping[str, str]) -> tuple[Wish, ...]:
    return tuple(each for each in wishes if not each.holds(traits))


def nearest(
    alternatives: Sequence[tuple[Wish, ...]], traits: Mapping[str, str]
) -> tuple[Wish, ...]:
    """What is missing of the alternative that comes closest; nothing where one holds."""
    gaps = [unmet(each, traits) for each in alternatives]
    return min(gaps, key=len) if gaps else ()


def named_nodes(pod: Object) -> tuple[str, ...]:
    """The nodes it is made for, as the pods of a DaemonSet are; none where any will do."""
    alternatives = alternatives_of(pod)
    names = [w.values for each in alternatives for w in each if w.is_of_name and w.operator == "In"]
    return tuple(name for each in names for name in each) if len(names) == len(alternatives) else ()


def likely(wish: Wish, nodes: Iterable[Object]) -> tuple[str, ...]:
    """Labels of these nodes that may have been meant."""
    labels = [labels_of(each) for each in nodes]
    if wish.operator not in {"In", "Exists"} or wish.is_of_name:
        return ()
    values = {each[wish.key] for each in labels if wish.key in each}
    if values and wish.operator == "In":
        wanted = wish.values[0] if wish.values else ""
        return tuple(f"{wish.key}={each}" for each in near(wanted, values))
    keys = {key for each in labels for key in each}
    return tuple(_with_value(key, wish, labels) for key in near_keys(wish.key, keys))


def _with_value(key: str, wish: Wish, labels: Sequence[Mapping[str, str]]) -> str:
    has_it = any(each.get(key) in wish.values for each in labels)
    return f"{key}={wish.values[0]}" if has_it and len(wish.values) == 1 else key


def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Like `did_you_mean`, and knows that people write `SSD` for `ssd`."""
    every = {*known} - {name}
    same = tuple(sorted(each for each in every if each.casefold() == name.casefold()))
    return same or did_you_mean(name, every, most=1)


def near_keys(key: str, known: Iterable[str]) -> tuple[str, ...]:
    """Compares names only: `node-role.kubernetes.io/` makes any two keys look alike."""
    every = {*known} - {key}
    prefix, _, name = key.rpartition("/")
    parted = {each.rpartition("/")[2]: each for each in every if each.rpartition("/")[0] == prefix}
    elsewhere = sorted(each for each in every if each.rpartition("/")[2] == name)
    return tuple(parted[each] for each in near(name, parted)) or tuple(elsewhere[:1])
