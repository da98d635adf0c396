"""Objects as a client wants them: JSON, the server's table, or metadata alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import orjson

from bot.recordings.replay.shelves import Entry, Shelf
from bot.recordings.replay.statuses import Refused
from bot.recordings.replay.times import Stamped

Json = dict[str, Any]
Form = Literal["whole", "table", "partial"]
Rows = Literal["Metadata", "Object", "None"]

_META = '"apiVersion":"meta.k8s.io/v1"'


@dataclass(frozen=True, slots=True)
class Wanted:
    form: Form
    rows: Rows = "Metadata"
    """What each row of a table carries of its object."""


def wanted(accept: str, include: str) -> Wanted:
    """The first that can be given. Raises Refused where none can."""
    rows: Rows = include if include in ("Object", "None") else "Metadata"  # type: ignore[assignment]
    for each in accept.split(",") if accept.strip() else ["*/*"]:
        media, *parameters = (part.strip() for part in each.split(";"))
        asked = dict(part.partition("=")[::2] for part in parameters)
        if media not in ("application/json", "application/*", "*/*"):
            continue
        match asked.get("as"):
            case None:
                return Wanted("whole")
            case "Table" if asked.get("v") == "v1":
                return Wanted("table", rows)
            case "PartialObjectMetadata" | "PartialObjectMetadataList" if asked.get("v") == "v1":
                return Wanted("partial")
    raise Refused(406, "NotAcceptable", "only JSON is served of a recording", {})


def one(shelf: Shelf, entry: Entry, form: Wanted, shift: timedelta) -> bytes:
    match form.form:
        case "table":
            meta = {"resourceVersion": entry.version}
            return table(shelf.columns, meta, _rows([entry], form, shift))
        case "partial":
            return entry.partial.at(shift)
        case "whole":
            return entry.whole.at(shift)


def many(
    shelf: Shelf, entries: Sequence[Entry], metadata: Json, form: Wanted, shift: timedelta
) -> bytes:
    if form.form == "table":
        return table(shelf.columns, metadata, _rows(entries, form, shift))
    if form.form == "partial":
        head = f'"kind":"PartialObjectMetadataList",{_META}'
        items = (entry.partial.at(shift) for entry in entries)
    else:
        head = f'"kind":"{shelf.kind.kind}List","apiVersion":"{shelf.kind.api_version}"'
        items = (entry.item.at(shift) for entry in entries)
    return b'{%b,"metadata":%b,"items":[%b]}' % (
        head.encode(),
        orjson.dumps(metadata),
        b",".join(items),
    )


def table(columns: Sequence[Json], metadata: Json, rows: Iterable[bytes]) -> bytes:
    return b'{"kind":"Table",%b,"metadata":%b,"columnDefinitions":%b,"rows":[%b]}' % (
        _META.encode(),
        orjson.dumps(metadata),
        orjson.dumps(list(columns)),
        b",".join(rows),
    )


def row(cells: Stamped, carried: Stamped | None, shift: timedelta) -> bytes:
    carries = carried.at(shift) if carried else b"null"
    return b'{"cells":%b,"object":%b}' % (cells.at(shift), carries)


def _rows(entries: Iterable[Entry], form: Wanted, shift: timedelta) -> Iterable[bytes]:
    for entry in entries:
        match form.rows:
            case "Object":
                carried = entry.whole
            case "None":
                yield row(entry.cells, None, shift)
                continue
            case _:
                carried = entry.partial
        yield row(entry.cells, carried, shift)
