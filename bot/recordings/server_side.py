"""What all recordings of one server version share: its version, discovery and OpenAPI."""

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import orjson

from bot.cluster.api import DISCOVERY, ClusterApi, NotReadable
from bot.errors import RecordingError
from bot.recordings import layout
from bot.recordings.files import Json, is_segment
from bot.recordings.layout import Kind
from bot.redaction import Redactor

_DIGEST_CHARS = 6
_KEPT_OF_AN_OPERATION = ("x-kubernetes-action", "x-kubernetes-group-version-kind")
"""With these `kubectl explain` finds a type's schema; it shows nothing else of a path."""


async def read_discovery(api: ClusterApi) -> dict[str, Json]:
    """Raises ClusterError, and RecordingError where the server is too old to tell all at once."""
    found: dict[str, Json] = {}
    for path in ("/api", "/apis"):
        try:
            answer = await api.get(path, accept=DISCOVERY)
        except NotReadable as error:
            raise RecordingError(
                f"The cluster does not say what it serves ({error}). Kaia's account needs the"
                " ClusterRole system:discovery, which every account has by default."
            ) from error
        if answer.get("kind") != "APIGroupDiscoveryList":
            raise RecordingError(
                "This cluster cannot be recorded: its discovery is older than Kubernetes 1.30."
            )
        found[path] = {"kind": answer["kind"], "apiVersion": answer.get("apiVersion"),
                       "metadata": {}, "items": answer.get("items") or []}  # fmt: skip
    return found


async def read_openapi(
    api: ClusterApi, kinds: Iterable[Kind], redactor: Redactor
) -> dict[str, Json]:
    """Path -> document: the index, and one for each group and version that was recorded.

    Raises NotReadable and ClusterError.
    """
    index = await api.get("/openapi/v3")
    wanted = sorted({_document(kind) for kind in kinds} & {*(index.get("paths") or {})})
    found: dict[str, Json] = {"v3": {"paths": {each: index["paths"][each] for each in wanted}}}
    for each in wanted:
        document = await api.get(f"/openapi/v3/{each}")
        is_own = "." not in each or each.partition("/")[2].partition("/")[0].endswith(".k8s.io")
        pruned = _pruned(document)
        found[f"v3/{each}"] = (
            pruned if is_own else await asyncio.to_thread(_redacted, pruned, redactor)
        )
    return found


def files_of(
    version: Json, discovery: Mapping[str, Json], openapi: Mapping[str, Json]
) -> dict[PurePosixPath, str]:
    """What is written, by its place in the server's folder."""
    named: dict[PurePosixPath, Any] = {
        PurePosixPath(layout.VERSION): version,
        PurePosixPath(layout.DISCOVERY): dict(discovery),
    }
    named |= {layout.openapi_file(path): found for path, found in openapi.items()}
    return {place: written(found) for place, found in named.items()}


def name_of(version: Json, files: Mapping[PurePosixPath, str]) -> str:
    """The version, and a piece of the digest of all that is told apart from."""
    digest = hashlib.sha256()
    for place, text in sorted(files.items()):
        digest.update(f"{place}\0{text}\0".encode())
    said = str(version.get("gitVersion") or "unknown")
    safe = said if is_segment(said) else "unknown"
    return f"{safe}-{digest.hexdigest()[:_DIGEST_CHARS]}"


def written(found: Any) -> str:
    """Sorted and a value a line, so that two recordings can be compared as text."""
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _document(kind: Kind) -> str:
    return f"apis/{kind.api_version}" if kind.group else f"api/{kind.version}"


def _pruned(document: Json) -> Json:
    paths = {
        path: {verb: _of_operation(each) for verb, each in item.items() if isinstance(each, dict)}
        for path, item in (document.get("paths") or {}).items()
    }
    schemas = (document.get("components") or {}).get("schemas") or {}
    head: Json = {key: document[key] for key in ("openapi", "info") if key in document}
    return {**head, "paths": paths, "components": {"schemas": schemas}}


def _of_operation(found: Json) -> Json:
    return {key: found[key] for key in _KEPT_OF_AN_OPERATION if key in found}


def _redacted(document: Json, redactor: Redactor) -> Json:
    """A custom resource's schema is written by people, examples and defaults included."""
    found = redactor.redact_counted(json.dumps(document, indent=4, ensure_ascii=False))
    try:
        read = orjson.loads(found.text)
    except orjson.JSONDecodeError:
        read = None
    return read if isinstance(read, dict) else {**document, "components": {"schemas": {}}}
