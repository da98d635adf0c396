"""Takes from a scenario's recording what no scenario is about, by name; its faults all stay.

What a server makes by itself, Kaia's own account, what other scenarios have made beside it, and
what names the machine it ran on.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.recordings import layout
from tests.evaluation.recording.compact import rewrite
from tests.recordings.shop import trimming as of_the_shop

Json = dict[str, Any]
Named = Collection[tuple[str, str]]
"""Kinds and names of objects."""

_KEPT_OF_A_COLUMN = ("name", "type", "format", "priority")
"""Where they say anything; the rest describes it to programs that no client of ours is."""
_OF_A_MACHINE = ("bootID", "kernelVersion", "machineID", "systemUUID")
_KERNEL, _UNKNOWN = "Kernel-Version", "<unknown>"
_OF_THE_STAGE = ("kaia", "kube-proxy")
"""Roles and bindings for who records, and for what makes a node."""
_EXPLAINED = (*of_the_shop.KEPT, "apis/autoscaling/v2")


def trim(folder: Path, others: Named) -> None:
    """In place. `others` goes for objects without a namespace alone: other scenarios made them."""
    accounts = {*_accounts(folder)}
    for file in sorted((folder / layout.OBJECTS).rglob("*.json")):
        table = folder / layout.TABLES / file.relative_to(folder / layout.OBJECTS)
        found = _read(file)
        kept = [each for each in found["items"] if not _is_noise(each, accounts, others)]
        if kept:
            rewrite(file, found | {"items": [_anonymous(each) for each in kept]})
            _trim_table(table, {each["metadata"]["name"] for each in kept})
        else:
            _remove(file, folder)
            _remove(table, folder)
    manifest, access = _read(folder / layout.MANIFEST), _read(folder / layout.ACCESS)
    kinds = [_without_defaults(each) for each in manifest["kinds"]]
    rewrite(folder / layout.MANIFEST, manifest | {"kinds": kinds})
    # Addresses that are no resources': every account may read them, and no scenario is about one.
    rewrite(folder / layout.ACCESS, {k: {**v, "nonResourceRules": []} for k, v in access.items()})


def trim_server(folder: Path) -> None:
    """OpenAPI of the usual groups; of a server with custom resources that of these alone, because
    it would hold the rest once more.
    """
    index = _read(folder / layout.OPENAPI / "v3.json")
    custom = {path for path in index["paths"] if _is_custom(path)}
    of_the_shop.trim_server(folder, custom or _EXPLAINED)
    for file in sorted(folder.rglob("*.json")):
        rewrite(file, _read(file))


def _without_defaults(kind: Json) -> Json:
    """What a reader takes for granted: the core group, and that a kind is of a namespace."""
    return {
        key: value
        for key, value in kind.items()
        if (key, value) not in {("group", ""), ("namespaced", True)}
    }


def _is_noise(found: Json, accounts: Collection[str], others: Named) -> bool:
    kind, name = str(found.get("kind")), str(found["metadata"]["name"])
    rule = _NOISE.get(kind)
    is_known = rule is not None and rule(name, found)
    if kind == "ServiceAccount":
        is_known = name == "default" and name not in accounts
    return is_known or ("namespace" not in found["metadata"] and (kind, name) in others)


def _is_bootstrapped(name: str, found: Json) -> bool:
    labels = found["metadata"].get("labels") or {}
    is_known = name in _OF_THE_STAGE or name.startswith("system:")
    return is_known or "kubernetes.io/bootstrapping" in labels


_NOISE: Mapping[str, Callable[[str, Json], bool]] = {
    "APIService": lambda _, found: not (found.get("spec") or {}).get("service"),
    "CSINode": lambda _name, _found: True,
    "ClusterRole": _is_bootstrapped,
    "ClusterRoleBinding": _is_bootstrapped,
    "ConfigMap": lambda name, _: name == "kube-root-ca.crt",
    "FlowSchema": lambda _name, _found: True,
    "Lease": lambda _name, _found: True,
    "PriorityClass": lambda name, _: name.startswith("system-"),
    "PriorityLevelConfiguration": lambda _name, _found: True,
}
"""What is no part of any scenario; a scenario that is about such a thing names it otherwise."""


def _accounts(folder: Path) -> Iterator[str]:
    """Those that pods name."""
    for file in (folder / layout.OBJECTS / layout.CORE / "v1" / "pods").glob("*.json"):
        for pod in _read(file)["items"]:
            yield str(pod["spec"].get("serviceAccountName"))


def _anonymous(found: Json) -> Json:
    if found.get("kind") == "Node":
        for each in _OF_A_MACHINE:
            (found["status"].get("nodeInfo") or {}).pop(each, None)
    return found


def _trim_table(file: Path, names: Collection[str]) -> None:
    if not file.is_file():
        return
    found = _read(file)
    hidden = {at for at, one in enumerate(found["columnDefinitions"]) if one["name"] == _KERNEL}
    columns = [
        {key: column[key] for key in _KEPT_OF_A_COLUMN if column.get(key)}
        for column in found["columnDefinitions"]
    ]
    rows = [
        {
            **row,
            "cells": [_UNKNOWN if at in hidden else each for at, each in enumerate(row["cells"])],
        }
        for row in found["rows"]
        if row["name"] in names
    ]
    rewrite(file, {"columnDefinitions": columns, "rows": rows})


def _is_custom(path: str) -> bool:
    group = path.removeprefix("apis/").partition("/")[0]
    return path.startswith("apis/") and "." in group and not group.endswith(".k8s.io")


def _remove(file: Path, top: Path) -> None:
    """With the folders that become empty."""
    file.unlink(missing_ok=True)
    for folder in file.parents:
        if folder == top or (folder.is_dir() and any(folder.iterdir())):
            return
        folder.rmdir()


def _read(file: Path) -> Json:
    found: Json = json.loads(file.read_text())
    return found
