"""What `--subresource=scale` gives of a workload, made from the workload itself."""

from datetime import timedelta
from typing import Any

from bot.recordings.replay import forms
from bot.recordings.replay.forms import Wanted
from bot.recordings.replay.shelves import Entry
from bot.recordings.replay.times import Stamped

Json = dict[str, Any]

_KEPT = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
_COLUMNS = [
    {"name": name, "type": kind, "format": "", "description": "", "priority": 0}
    for name, kind in (
        ("Name", "string"),
        ("Desired", "integer"),
        ("Available", "integer"),
        ("Age", "string"),
    )
]


def scale(entry: Entry, form: Wanted, shift: timedelta) -> bytes:
    found = _scale(entry)
    if form.form == "whole":
        return Stamped(found).at(shift)
    head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    partial = Stamped({**head, "metadata": found["metadata"]})
    if form.form == "partial":
        return partial.at(shift)
    carried = {"None": None, "Object": Stamped(found), "Metadata": partial}[form.rows]
    cells = [entry.name, found["spec"]["replicas"], found["status"]["replicas"], entry.age]
    rows = [forms.row(Stamped(cells), carried, shift)]
    return forms.table(_COLUMNS, {"resourceVersion": entry.version}, rows)


def _scale(entry: Entry) -> Json:
    metadata = entry.found["metadata"]
    spec, status = entry.found.get("spec") or {}, entry.found.get("status") or {}
    selector = spec.get("selector") or {}
    # A ReplicationController's selector is the labels themselves.
    labels = selector.get("matchLabels", selector)
    wanted = ",".join(f"{key}={labels[key]}" for key in sorted(labels))
    return {
        "kind": "Scale",
        "apiVersion": "autoscaling/v1",
        "metadata": {key: metadata[key] for key in _KEPT if key in metadata},
        "spec": {"replicas": spec.get("replicas", 0)},
        "status": {"replicas": status.get("replicas", 0), "selector": wanted},
    }
