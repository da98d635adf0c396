"""What may be watched and until when; pure. Secrets are not among it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.cluster.resources import RESOURCES, Resource

Goal = Literal["ready", "gone", "changed", "complete", "worse"]
"""`worse`: nothing but trouble is waited for."""

_LONG_LIVED: tuple[Goal, ...] = ("ready", "gone", "changed")


@dataclass(frozen=True, slots=True)
class Kind:
    word: str
    """As kubectl takes it: `deployment`."""
    plural: str
    spellings: tuple[str, ...]
    goals: tuple[Goal, ...] = _LONG_LIVED

    @property
    def resource(self) -> Resource:
        return RESOURCES[self.plural]


_ALL = (
    Kind("pod", "pods", ("po",), (*_LONG_LIVED, "complete")),
    Kind("deployment", "deployments", ("deploy",)),
    Kind("statefulset", "statefulsets", ("sts",)),
    Kind("daemonset", "daemonsets", ("ds",)),
    Kind("job", "jobs", (), ("complete", "gone", "changed")),
    Kind("node", "nodes", ("no",)),
    Kind("pvc", "persistentvolumeclaims", ("persistentvolumeclaim",)),
    Kind("namespace", "namespaces", ("ns",), ("ready", "gone")),
)
KINDS: Mapping[str, Kind] = {
    spelling: kind for kind in _ALL for spelling in (kind.word, kind.plural, *kind.spellings)
}
"""Each spelling -> the kind."""

WITH_PODS = ("deployment", "statefulset", "daemonset")
INSIDE = ("pods", "deployments", "statefulsets", "daemonsets", "jobs", "persistentvolumeclaims")
"""Plurals of what is followed in a namespace."""


@dataclass(frozen=True, slots=True)
class Target:
    """One object, or all that runs in one namespace."""

    kind: str
    """`Kind.word`."""
    namespace: str
    """Empty for a node and for a namespace."""
    name: str

    @property
    def spoken(self) -> str:
        """`deployment/web in shop`."""
        where = f" in {self.namespace}" if self.namespace else ""
        return f"{self.kind}/{self.name}{where}"

    @property
    def resource(self) -> Resource:
        return KINDS[self.kind].resource

    def to_json(self) -> dict[str, str]:
        return {"kind": self.kind, "namespace": self.namespace, "name": self.name}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Target":
        return cls(kept["kind"], kept["namespace"], kept["name"])
