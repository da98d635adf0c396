"""Takes from the shop's OpenAPI what `kubectl explain` of its own kinds never shows."""

import json
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

KEPT = ("api/v1", "apis/apps/v1", "apis/batch/v1", "apis/networking.k8s.io/v1")
"""What people explain who look at a shop; these four are two thirds of it all."""

_REFERENCE = re.compile(r'"#/components/schemas/([^"]+)"')
_KIND = "x-kubernetes-group-version-kind"
_OF_EVERY_GROUP = ("DeleteOptions", "WatchEvent")
_INDEX = "v3.json"


def trim(servers: Path) -> None:
    """In place, in the folder that holds what recordings share."""
    for server in servers.iterdir():
        trim_server(server)


def trim_server(server: Path, kept: Collection[str] = KEPT) -> None:
    """`kept` are the documents that stay."""
    openapi = server / "openapi"
    index = json.loads((openapi / _INDEX).read_text())
    paths = {path: where for path, where in index["paths"].items() if path in kept}
    _write(openapi / _INDEX, {**index, "paths": paths})
    for file in sorted((openapi / "v3").rglob("*.json")):
        path = file.relative_to(openapi / "v3").with_suffix("").as_posix()
        if path in kept:
            _write(file, trimmed(json.loads(file.read_text())))
        else:
            file.unlink()
            _remove_if_empty(file.parent)


def trimmed(document: dict[str, Any]) -> dict[str, Any]:
    """Only the types that its own kinds are made of."""
    schemas = document["components"]["schemas"]
    wanted, kept = _roots(document), dict[str, Any]()
    while wanted:
        name = wanted.pop()
        if name not in kept and name in schemas:
            kept[name] = schemas[name]
            wanted += _REFERENCE.findall(json.dumps(schemas[name]))
    return {**document, "components": {"schemas": kept}}


def _roots(document: dict[str, Any]) -> list[str]:
    kinds = [
        found[_KIND]
        for item in document["paths"].values()
        for found in item.values()
        if isinstance(found, dict) and _KIND in found
    ]
    return [
        name
        for name, schema in document["components"]["schemas"].items()
        if any(each in kinds for each in schema.get(_KIND, ()))
        and not name.endswith(_OF_EVERY_GROUP)
    ]


def _write(file: Path, found: dict[str, Any]) -> None:
    file.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
