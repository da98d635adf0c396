"""The recorded objects of one kind, in the server's order, ready to be written out often."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.recordings.format import Recording, Table
from bot.recordings.layout import Kind
from bot.recordings.replay.times import Stamped
from bot.recordings.replay.twins import as_asked_for, stored_as

Json = dict[str, Any]

_DIGITS = 19
_NAME_COLUMN = {"name": "Name", "type": "string", "format": "name", "priority": 0}
_PLAIN_COLUMNS = [{**_NAME_COLUMN, "description": "Name of the object."}]


class Entry:
    """One object, in each of the forms that it can be asked for in."""

    def __init__(
        self, kind: Kind, found: Json, cells: Sequence[Any], age: int | None = None
    ) -> None:
        self.found = found
        metadata = found["metadata"]
        self.name = str(metadata["name"])
        self.namespace = str(metadata.get("namespace") or "")
        self.key = f"{self.namespace}/{self.name}" if self.namespace else self.name
        self.version = str(metadata.get("resourceVersion") or "1")
        self._kind = kind
        self._cells = cells
        self._age = age

    @property
    def labels(self) -> dict[str, str]:
        found = self.found["metadata"].get("labels")
        return found if isinstance(found, dict) else {}

    @cached_property
    def item(self) -> Stamped:
        """As it stands in a list."""
        return Stamped(self.found)

    @cached_property
    def whole(self) -> Stamped:
        """As it is given alone: it says what it is."""
        head = {"kind": self._kind.kind, "apiVersion": self._kind.api_version}
        return Stamped({**head, **self.found, **head})

    @cached_property
    def partial(self) -> Stamped:
        head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
        return Stamped({**head, "metadata": self.found["metadata"]})

    @property
    def age(self) -> Any:
        """As the table says it."""
        return self._cells[self._age] if self._age is not None else "<unknown>"

    @cached_property
    def cells(self) -> Stamped:
        return Stamped(list(self._cells), is_cells=True)


@dataclass(frozen=True, slots=True)
class Shelf:
    kind: Kind
    columns: Sequence[Json]
    entries: Sequence[Entry]
    version: str
    """The list's resourceVersion: the newest of its objects'."""

    def named(self, namespace: str, name: str) -> Entry | None:
        return next((one for one in self.inside(namespace) if one.name == name), None)

    def inside(self, namespace: str) -> Sequence[Entry]:
        if not namespace:
            return self.entries
        return [entry for entry in self.entries if entry.namespace == namespace]


def shelf_of(recording: Recording, kind: Kind) -> Shelf:
    stored = stored_as(kind)
    table = recording.table(stored)
    columns = table.columns if table else _PLAIN_COLUMNS
    age = next((n for n, column in enumerate(columns) if column["name"] == "Age"), None)
    entries = [
        Entry(kind, as_asked_for(kind, found), _cells(table, found, len(columns)), age)
        for found in recording.objects(stored)
    ]
    entries.sort(key=lambda entry: entry.key)
    newest = max((int(one.version) for one in entries if _is_number(one.version)), default=1)
    return Shelf(kind, columns, entries, str(newest))


def _is_number(version: str) -> bool:
    """Of 64 bits, as a server's are."""
    return version.isascii() and version.isdecimal() and len(version) < _DIGITS


def _cells(table: Table | None, found: Json, count: int) -> Sequence[Any]:
    """An object that the table had no row for is known by its name alone."""
    metadata = found["metadata"]
    name = metadata["name"]
    where = (str(metadata.get("namespace") or ""), name)
    cells = table.rows.get(where) if table else None
    return cells if cells is not None else [name, *[None] * (count - 1)]
