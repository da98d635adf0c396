"""One kind of a scenario: objects as they were seen, others as they are now or as receipts have
them, each with its row and told where it is from; pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.cluster.objects import (
    SPEC_CHANGED,
    Object,
    event_time,
    moment,
    name_of,
    namespace_of,
    text,
)
from bot.cluster.scene import PodRow
from bot.recordings.files import Json
from bot.recordings.incident.kept import Kept, place_of
from bot.recordings.incident.pods import pod_from_row
from bot.recordings.incident.printing import (
    age,
    columns_of,
    in_columns,
    is_relative,
    printed,
    printed_pod,
)
from bot.recordings.layout import Kind
from bot.recordings.listing import Listing

NOT_KEPT = "[not kept: only the names of keys are]"


class Origin(StrEnum):
    SEEN = "as seen then"
    AGAIN = "read again at export, which may differ from then"
    RECEIPT = "from the output of a command, and gone since"
    ROW = "put together from the table of pods and the workload, and gone since"


@dataclass(slots=True)
class Sources:
    """What there is of each kind, by `NAMESPACE/NAME`."""

    at: datetime
    kept: Kept | None
    then: Mapping[Kind, Mapping[str, Json]]
    past: Mapping[Kind, Mapping[str, Json]]
    """What receipts show."""
    now: Mapping[Kind, Listing]
    origins: dict[tuple[str, str, Origin], list[str]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Kind, namespace and origin -> names."""
    _rows: dict[str, PodRow] = field(init=False)

    def __post_init__(self) -> None:
        rows = self.kept.rows if self.kept else ()
        self._rows = {f"{row.namespace}/{row.name}": row for row in rows}

    def listing(self, kind: Kind) -> Listing:
        now = self.now.get(kind)
        made = Listing(kind, columns=now.columns if now else None)
        for place, (found, origin, cells) in sorted(self._chosen(kind, now).items()):
            namespace = namespace_of(found)
            self.origins[kind.name, namespace, origin].append(name_of(found))
            known = self._cells(kind, found, cells, made.columns or (), place)
            if not isinstance(known, list):
                made.columns = made.columns or columns_of(known)
                known = in_columns(known, made.columns)
            made.objects[namespace].append(found)
            made.rows[namespace].append((name_of(found), known))
        return made

    def _chosen(
        self, kind: Kind, now: Listing | None
    ) -> dict[str, tuple[Json, Origin, list[Any] | None]]:
        there = dict(_served(now)) if now else {}
        then = self.then.get(kind, {})
        found: dict[str, tuple[Json, Origin, list[Any] | None]] = {
            place: (each, Origin.RECEIPT, None)
            for place, each in self.past.get(kind, {}).items()
            if place not in there and self._was_there(kind, place, each)
        }
        for place, (each, cells) in there.items():
            if self._was_there(kind, place, each):
                found[place] = each, Origin.AGAIN, cells
        for place, each in then.items():
            same = there.get(place)
            if same is not None and _is_unchanged(each, same[0]):
                found[place] = same[0], Origin.SEEN, same[1]
            else:
                found[place] = restored(each), Origin.SEEN, None
        if kind.name == "pods":
            self._add_rows(found)
        return found

    def _was_there(self, kind: Kind, place: str, found: Object) -> bool:
        """What came later is none of what was seen then."""
        if self.kept is None:
            return True
        begun = moment(text(found, "metadata", "creationTimestamp"))
        if begun is not None and begun > self.at:
            return False
        if kind.name == "events":
            last = moment(event_time(found))
            if text(found, "type") == "Normal":
                return last is None or last <= self.at
        listed = self.kept.listed.get(kind.plural) if _is_usual(kind) else None
        return listed is None or place in listed or not self._is_inside(place)

    def _is_inside(self, place: str) -> bool:
        assert self.kept is not None  # noqa: S101 - asked only where something was kept
        return place.partition("/")[0] in {*self.kept.namespaces, ""}

    def _add_rows(self, found: dict[str, tuple[Json, Origin, list[Any] | None]]) -> None:
        workloads = [each for held in self.then.values() for each in held.values()]
        for place, row in self._rows.items():
            if place not in found:
                labels = self.kept.labels.get(place) if self.kept else None
                pod = pod_from_row(row, labels, workloads, self.at)
                found[place] = pod, Origin.ROW, None

    def _cells(
        self,
        kind: Kind,
        found: Json,
        cells: list[Any] | None,
        columns: Sequence[Json],
        place: str,
    ) -> Mapping[str, Any] | list[Any]:
        row = self._rows.get(place) if kind.name == "pods" else None
        if row is not None:
            return printed_pod(row, found)
        if cells is not None and not (self.kept and is_relative(kind.kind)):
            return self._aged(found, cells, columns)
        known = printed(kind.kind, found, self.at)
        return known or {"Name": name_of(found), "Age": age(found, self.at)}

    def _aged(self, found: Json, cells: list[Any], columns: Sequence[Json]) -> list[Any]:
        """The server's own cells, as old as the object was then."""
        if self.kept is None:
            return cells
        return [
            age(found, self.at) if column.get("name") == "Age" else cell
            for column, cell in zip(columns, cells, strict=False)
        ]


def restored(found: Json) -> Json:
    """A kept object as the server would give it."""
    metadata = dict(found.get("metadata") or {})
    if changed := metadata.pop(SPEC_CHANGED, ""):
        entry = {"manager": "unknown", "operation": "Update", "fieldsType": "FieldsV1"}
        metadata["managedFields"] = [{**entry, "fieldsV1": {"f:spec": {}}, "time": changed}]
    if found.get("kind") != "ConfigMap":
        return {**found, "metadata": metadata}
    named = {key: value for key, value in found.items() if key != "keys"}
    return {**named, "metadata": metadata, "data": dict.fromkeys(found.get("keys") or (), NOT_KEPT)}


def _served(listing: Listing) -> Iterator[tuple[str, tuple[Json, list[Any] | None]]]:
    for namespace, held in listing.objects.items():
        rows = dict(listing.rows.get(namespace, ()))
        for each in held:
            yield place_of(each), (each, rows.get(name_of(each)))


def _is_unchanged(then: Object, now: Object) -> bool:
    keys = ("uid", "resourceVersion")
    return all(text(then, "metadata", key) == text(now, "metadata", key) for key in keys)


def _is_usual(kind: Kind) -> bool:
    """A custom resource may share its plural with one of Kubernetes' own."""
    return "." not in kind.group or kind.group.endswith(".k8s.io")
