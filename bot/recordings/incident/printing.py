"""The cells that the server prints of the usual kinds, from the objects alone; pure.

Source: pkg/printers/internalversion of Kubernetes 1.34. A replica of the columns by their names,
so that columns of another version are left empty rather than filled wrongly.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.cluster.objects import Object, name_of, text
from bot.cluster.scene import PodRow
from bot.recordings.incident import printed_others as others
from bot.recordings.incident import printed_workloads as workloads
from bot.recordings.incident.durations import ago
from bot.recordings.incident.printed_workloads import Cells


def printed(kind: str, found: Object, at: datetime) -> Cells | None:
    """None of a kind whose columns are not known here."""
    cells = _PRINTERS.get(kind)
    if cells is None:
        return None
    return {"Name": name_of(found), "Age": age(found, at), **cells(found, at)}


def is_relative(kind: str) -> bool:
    """Other cells than its age say how long ago something was."""
    return kind in ("Event", "Job")


def printed_pod(row: PodRow, found: Object) -> Cells:
    """As its row was read: the server's own words."""
    last = f" ({row.restarted_ago} ago)" if row.restarted_ago else ""
    return {
        "Name": row.name,
        "Ready": f"{row.ready}/{row.containers}",
        "Status": row.status,
        "Restarts": f"{row.restarts}{last}",
        "Age": row.age,
        "IP": text(found, "status", "podIP") or "<none>",
        "Node": row.node or "<none>",
        "Nominated Node": text(found, "status", "nominatedNodeName") or "<none>",
        "Readiness Gates": "<none>",
    }


def age(found: Object, at: datetime) -> str:
    return ago(text(found, "metadata", "creationTimestamp"), at)


def in_columns(cells: Mapping[str, Any], columns: Sequence[Mapping[str, Any]]) -> list[Any]:
    """What is not known of a column is told to be unknown."""
    return [cells.get(str(each.get("name")), "<unknown>") for each in columns]


def columns_of(cells: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where the server does not say which it has."""
    return [
        {
            "name": name,
            "type": "integer" if isinstance(value, int) else "string",
            "format": "name" if name == "Name" else "",
            "description": "",
            "priority": 0 if name in _NARROW else 1,
        }
        for name, value in cells.items()
    ]


_NARROW = frozenset({
    "Name", "Ready", "Status", "Restarts", "Age", "Up-to-date", "Available", "Desired", "Current",
    "Node Selector", "Completions", "Duration", "Type", "Cluster-IP", "External-IP", "Port(s)",
    "Roles", "Version", "Last Seen", "Reason", "Object", "Message", "Volume", "Capacity",
    "Access Modes", "StorageClass",
})  # fmt: skip


_PRINTERS: dict[str, Callable[[Object, datetime], Cells]] = {
    "Deployment": workloads.deployment,
    "ReplicaSet": workloads.replica_set,
    "StatefulSet": workloads.stateful_set,
    "DaemonSet": workloads.daemon_set,
    "Job": workloads.job,
    "Service": others.service,
    "Node": others.node,
    "Event": others.event,
    "PersistentVolumeClaim": others.claim,
}
