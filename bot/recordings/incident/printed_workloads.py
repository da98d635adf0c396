"""The server's cells of what makes pods; pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.cluster.objects import Object, condition, items, moment, number, part, strings, text
from bot.recordings.incident.durations import between

Cells = dict[str, Any]
"""By the names of their columns."""


def deployment(found: Object, _at: datetime) -> Cells:
    wanted, ready = number(found, "spec", "replicas", default=1), _status(found, "readyReplicas")
    return {
        "Ready": f"{ready}/{wanted}",
        "Up-to-date": _status(found, "updatedReplicas"),
        "Available": _status(found, "availableReplicas"),
        **_template(found),
        "Selector": _selector(found),
    }


def replica_set(found: Object, _at: datetime) -> Cells:
    return {
        "Desired": number(found, "spec", "replicas", default=1),
        "Current": _status(found, "replicas"),
        "Ready": _status(found, "readyReplicas"),
        **_template(found),
        "Selector": _selector(found),
    }


def stateful_set(found: Object, _at: datetime) -> Cells:
    wanted = number(found, "spec", "replicas", default=1)
    return {"Ready": f"{_status(found, 'readyReplicas')}/{wanted}", **_template(found)}


def daemon_set(found: Object, _at: datetime) -> Cells:
    chosen = strings(found, "spec", "template", "spec", "nodeSelector")
    return {
        "Desired": _status(found, "desiredNumberScheduled"),
        "Current": _status(found, "currentNumberScheduled"),
        "Ready": _status(found, "numberReady"),
        "Up-to-date": _status(found, "updatedNumberScheduled"),
        "Available": _status(found, "numberAvailable"),
        "Node Selector": pairs(chosen),
        **_template(found),
        "Selector": _selector(found),
    }


def job(found: Object, at: datetime) -> Cells:
    done, wanted = _status(found, "succeeded"), part(found, "spec").get("completions")
    begun, ended = (text(found, "status", key) for key in ("startTime", "completionTime"))
    until = moment(ended) if ended else at
    first = moment(begun)
    return {
        "Status": _job_status(found),
        "Completions": f"{done}/{wanted if wanted is not None else 1}",
        "Duration": between(first, until) if first and until else "",
        **_template(found),
        "Selector": _selector(found),
    }


def _job_status(found: Object) -> str:
    for kind, said in (("Complete", "Complete"), ("Failed", "Failed"), ("Suspended", "Suspended")):
        if text(condition(found, kind), "status") == "True":
            return said
    return "Terminating" if text(found, "metadata", "deletionTimestamp") else "Running"


def _status(found: Object, key: str) -> int:
    return number(found, "status", key)


def _template(found: Object) -> Cells:
    held = items(found, "spec", "template", "spec", "containers")
    return {
        "Containers": ",".join(text(each, "name") for each in held),
        "Images": ",".join(text(each, "image") for each in held),
    }


def _selector(found: Object) -> str:
    return pairs(strings(found, "spec", "selector", "matchLabels"))


def pairs(found: Mapping[str, str]) -> str:
    return ",".join(f"{key}={value}" for key, value in sorted(found.items())) or "<none>"
