"""Pods as rows of the server's own table, and objects without what nobody reads; pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

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
    """Without managedFields and what kubectl applied: two thirds of an object, and no news."""
    meta = {k: v for k, v in (item.get("metadata") or {}).items() if k != "managedFields"}
    notes = meta.get("annotations")
    if isinstance(notes, Mapping):
        meta["annotations"] = {k: v for k, v in notes.items() if k not in _UNREAD_ANNOTATIONS}
    return {**item, "metadata": meta}
