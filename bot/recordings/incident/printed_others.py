"""The server's cells of what pods stand beside: services, nodes, claims, events; pure."""

from collections.abc import Iterator
from datetime import datetime

from bot.cluster.objects import (
    Object,
    condition,
    event_count,
    event_time,
    flag,
    items,
    labels_of,
    number,
    part,
    strings,
    text,
    words,
)
from bot.recordings.incident.durations import ago
from bot.recordings.incident.printed_workloads import Cells, pairs

_ROLE = "node-role.kubernetes.io/"
_MODES = {
    "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
}  # fmt: skip


def service(found: Object, _at: datetime) -> Cells:
    return {
        "Type": text(found, "spec", "type"),
        "Cluster-IP": text(found, "spec", "clusterIP") or "None",
        "External-IP": _outside(found),
        "Port(s)": ",".join(map(_port, items(found, "spec", "ports"))) or "<none>",
        "Selector": pairs(strings(found, "spec", "selector")),
    }


def _outside(found: Object) -> str:
    given = words(found, "spec", "externalIPs")
    match text(found, "spec", "type"):
        case "LoadBalancer":
            held = items(found, "status", "loadBalancer", "ingress")
            told = [text(each, "ip") or text(each, "hostname") for each in held]
            return ",".join((*filter(None, told), *given)) or "<pending>"
        case "ExternalName":
            return text(found, "spec", "externalName")
    return ",".join(given) or "<none>"


def _port(found: Object) -> str:
    node = number(found, "nodePort")
    at_node = f":{node}" if node else ""
    return f"{number(found, 'port')}{at_node}/{text(found, 'protocol') or 'TCP'}"


def node(found: Object, _at: datetime) -> Cells:
    info = part(found, "status", "nodeInfo")
    places = {text(each, "type"): text(each, "address") for each in _addresses(found)}
    return {
        "Status": ",".join(_node_status(found)),
        "Roles": ",".join(_roles(found)) or "<none>",
        "Version": text(info, "kubeletVersion"),
        "Internal-IP": places.get("InternalIP", "<none>"),
        "External-IP": places.get("ExternalIP", "<none>"),
        "OS-Image": text(info, "osImage") or "<unknown>",
        "Kernel-Version": text(info, "kernelVersion") or "<unknown>",
        "Container-Runtime": text(info, "containerRuntimeVersion") or "<unknown>",
    }


def _addresses(found: Object) -> list[Object]:
    return items(found, "status", "addresses")


def _node_status(found: Object) -> Iterator[str]:
    ready = text(condition(found, "Ready"), "status")
    yield {"True": "Ready", "": "Unknown"}.get(ready, "NotReady")
    if flag(found, "spec", "unschedulable"):
        yield "SchedulingDisabled"


def _roles(found: Object) -> list[str]:
    return sorted(
        key.removeprefix(_ROLE) if key.startswith(_ROLE) else value
        for key, value in labels_of(found).items()
        if key.startswith(_ROLE) or key == "kubernetes.io/role"
    )


def event(found: Object, at: datetime) -> Cells:
    about = part(found, "involvedObject")
    source = (text(found, "source", key) for key in ("component", "host"))
    reporter = (text(found, key) for key in ("reportingComponent", "reportingInstance"))
    first = text(found, "firstTimestamp") or text(found, "eventTime")
    return {
        "Last Seen": ago(event_time(found), at),
        "Type": text(found, "type"),
        "Reason": text(found, "reason"),
        "Object": f"{text(about, 'kind').lower()}/{text(about, 'name')}",
        "Subobject": text(about, "fieldPath"),
        "Source": ", ".join(filter(None, source)) or ", ".join(filter(None, reporter)),
        "Message": text(found, "message").strip(),
        "First Seen": ago(first, at),
        "Count": event_count(found),
    }


def claim(found: Object, _at: datetime) -> Cells:
    is_bound = bool(text(found, "spec", "volumeName"))
    modes = words(found, "status", "accessModes") if is_bound else []
    is_going = text(found, "metadata", "deletionTimestamp")
    return {
        "Status": "Terminating" if is_going else text(found, "status", "phase"),
        "Volume": text(found, "spec", "volumeName"),
        "Capacity": text(found, "status", "capacity", "storage") if is_bound else "",
        "Access Modes": ",".join(_MODES.get(each, each) for each in modes),
        "StorageClass": text(found, "spec", "storageClassName"),
        "VolumeAttributesClass": text(found, "spec", "volumeAttributesClassName") or "<unset>",
        "VolumeMode": text(found, "spec", "volumeMode") or "<unset>",
    }
