"""What looks saw, in the form in which it is kept with its conversation; data only."""

from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Self

from bot.cluster.needs import LogOf
from bot.cluster.scene import PodRow
from bot.recordings.files import Json

FORMAT = 1
_ROW_FIELDS = tuple(each.name for each in fields(PodRow))


@dataclass(frozen=True, slots=True)
class Kept:
    """Nothing in it is secret, and of ConfigMaps it holds the names of keys alone."""

    at: datetime
    """In UTC; of several looks the last."""
    namespaces: tuple[str, ...]
    """Those that the trouble is in."""
    objects: tuple[Json, ...] = ()
    """Each says its kind and apiVersion."""
    listed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Plural -> `NAMESPACE/NAME` of all there were, also of those that are not among `objects`."""
    rows: tuple[PodRow, ...] = ()
    """Every pod."""
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`NAMESPACE/NAME` -> labels of pods that were not read whole, as far as they are known."""
    logs: Mapping[LogOf, tuple[str, ...]] = field(default_factory=dict)
    left_out: int = 0
    """Objects that did not fit."""

    def holds(self, namespaces: Collection[str]) -> bool:
        """One of these was looked into; so was what is in none."""
        return not namespaces or not {*namespaces}.isdisjoint({*self.namespaces, ""})

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "at": self.at.timestamp(),
            "namespaces": [*self.namespaces],
            "objects": [*self.objects],
            "listed": {plural: sorted(names) for plural, names in sorted(self.listed.items())},
            "rows": [list(astuple(row)) for row in self.rows],
            "labels": {name: dict(found) for name, found in self.labels.items()},
            "logs": [[*astuple(log), list(lines)] for log, lines in self.logs.items()],
            "left_out": self.left_out,
        }

    @classmethod
    def from_json(cls, kept: Any) -> Self | None:
        """None where nothing was kept, or by a release that kept it in another form."""
        if not isinstance(kept, Mapping) or kept.get("format") != FORMAT:
            return None
        return cls(
            datetime.fromtimestamp(float(kept["at"]), UTC),
            tuple(kept["namespaces"]),
            tuple(kept["objects"]),
            {plural: frozenset(names) for plural, names in kept["listed"].items()},
            tuple(PodRow(**dict(zip(_ROW_FIELDS, row, strict=True))) for row in kept["rows"]),
            dict(kept["labels"]),
            {LogOf(*each[:-1]): tuple(each[-1]) for each in kept["logs"]},
            int(kept["left_out"]),
        )


def place_of(found: Mapping[str, Any]) -> str:
    """`NAMESPACE/NAME`; without a namespace it begins with the slash."""
    metadata = found.get("metadata") or {}
    return f"{metadata.get('namespace') or ''}/{metadata.get('name') or ''}"
