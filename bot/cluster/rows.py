"""Pods as rows of the server's own table, and objects without what nobody reads; pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.cluster.objects import SPEC_CHANGED
from bot.cluster.scene import PodRow

_READY = re.compile(r"(\d+)/(\d+)")
_RESTARTS = re.compile(r"(\d+)(?: \((\S+) ago\))?")
_UNREAD_ANNOTATIONS = ("kubectl.kubernetes.io/last-applied-configuration",)


def pod_rows(table: Mapping[str, Any], namespace: str = "") -> Iterator[PodRow]:
    """`namespace` where the rows come without their objects, which would name it."""
    columns = [str(each.get("name")) for each in table.get("columnDefinitions") or []]
    for row in table.get("rows") or []:
        cells = dict(zip(columns, row.get("cells") or [], strict=False))
        meta = (row.get("object") or {}).get("metadata") or {}
        yield _row(cells, str(meta.get("namespace") or namespace))


def _row(cells: Mapping[str, Any], namespace: str) -> PodRow:
    ready = _READY.match(str(cells.get("Ready") or ""))
    restarts = _RESTARTS.match(str(cells.get("Restarts") or ""))
    return PodRow(
        namespace,
        str(cells.get("Name") or ""),
        int(ready[1]) if ready else 0,
        int(ready[2]) if ready else 0,
        str(cells.get("Status") or ""),
        int(restarts[1]) if restarts else 0,
        (restarts[2] or "") if restarts else "",
        str(cells.get("Age") or ""),
        str(cells.get("Node") or "").replace("<none>", ""),
    )


def slim(item: Mapping[str, Any]) -> dict[str, Any]:
    """Without managedFields and what kubectl applied: two thirds of an object, and no news but
    when somebody last changed what it asks for.
    """
    meta = {k: v for k, v in (item.get("metadata") or {}).items() if k != "managedFields"}
    notes = meta.get("annotations")
    if isinstance(notes, Mapping):
        meta["annotations"] = {k: v for k, v in notes.items() if k not in _UNREAD_ANNOTATIONS}
    if changed := _spec_changed(item):
        meta[SPEC_CHANGED] = changed
    return {**item, "metadata": meta}


def _spec_changed(item: Mapping[str, Any]) -> str:
    """The newest of the times at which each manager wrote to the spec; they sort as they are."""
    managers = (item.get("metadata") or {}).get("managedFields") or []
    return max(
        (str(each.get("time") or "") for each in managers if "f:spec" in _written(each)), default=""
    )


def _written(manager: Mapping[str, Any]) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = manager.get("fieldsV1") or {}
    return fields
