"""The namespaces Kaia is kept to, and what may be read there as the cluster says; it reads none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cluster.api import ClusterApi, NotReadable
from bot.cluster.gathering import gathered
from bot.cluster.resources import RESOURCES

_REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
_NAMED = 5

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Nothing outside of `namespaces` is read, and nothing that is known to be forbidden is tried:
    a Role in each of them would otherwise cost dozens of refused requests at every look.
    """

    namespaces: tuple[str, ...]
    rules: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    """Namespace -> what may be done there. Without one everything is tried."""

    def holds(self, namespace: str) -> bool:
        return namespace in self.namespaces

    def permits(self, verb: str, plural: str, namespace: str, group: str | None = None) -> bool:
        """False only where it is sure. An empty namespace stands for what belongs to none, or for
        all of them at once; the group of a built-in type is known. A subresource goes with its
        plural: `pods/log`.
        """
        resource = RESOURCES.get(plural.partition("/")[0]) if group is None else None
        if group is None:
            group = resource.group if resource else ""
        if not namespace:
            is_of_none = resource is None or not resource.is_namespaced
            # What holds everywhere stands in the rules of each.
            return is_of_none and self._allows(self.namespaces[0], verb, group, plural)
        return self.holds(namespace) and self._allows(namespace, verb, group, plural)

    def _allows(self, namespace: str, verb: str, group: str, plural: str) -> bool:
        rules = self.rules.get(namespace)
        return rules is None or any(_gives(rule, verb, group, plural) for rule in rules)


def check_listed(
    bounds: Bounds | None, plural: str, namespace: str, group: str | None = None
) -> None:
    """Raises NotReadable for what is known to be refused, so that it need not be asked for."""
    if bounds is not None and not bounds.permits("list", plural, namespace, group):
        raise NotReadable("forbidden", f"{plural} may not be listed here")


def outside(names: Iterable[str], namespaces: Sequence[str]) -> str:
    """A sentence about namespaces that are not looked into."""
    named = [*names]
    which = f"{', '.join(named)} {'is' if len(named) == 1 else 'are'} outside of"
    return (
        f"{which} the namespaces that Kaia looks into: {spoken(namespaces)}. Whoever runs Kaia can"
        " add to them with KAIA_NAMESPACES and give it the right to read there."
    )


def spoken(namespaces: Sequence[str]) -> str:
    more = len(namespaces) - _NAMED
    return ", ".join(namespaces[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def within(namespaces: Sequence[str]) -> str:
    """Behind "there is no namespace X" or "nothing": where it was looked for."""
    return f"among the namespaces Kaia looks into ({spoken(namespaces)})"


async def read_bounds(api: ClusterApi) -> Bounds | None:
    """None where the whole cluster may be looked into. Raises ClusterError."""
    namespaces = api.access.namespaces
    if not namespaces:
        return None
    found = await gathered(*(_rules(api, each) for each in namespaces))
    known = zip(namespaces, found, strict=True)
    return Bounds(namespaces, {name: rules for name, rules in known if rules is not None})


async def _rules(api: ClusterApi, namespace: str) -> list[Rule] | None:
    """None where they do not tell: not every authorizer can list what it would allow."""
    asked = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    try:
        status = (await api.review(_REVIEW, asked)).get("status") or {}
    except NotReadable:
        return None
    rules: list[Rule] = [r for r in status.get("resourceRules") or [] if isinstance(r, dict)]
    is_told = not status.get("incomplete") or any(_gives(r, "list", "", "pods") for r in rules)
    return rules if is_told else None


def _gives(rule: Rule, verb: str, group: str, plural: str) -> bool:
    return not rule.get("resourceNames") and all(
        {wanted, "*"} & {*(rule.get(key) or ())}
        for key, wanted in (("verbs", verb), ("apiGroups", group), ("resources", plural))
    )
