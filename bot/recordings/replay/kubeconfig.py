"""A kubeconfig that names a recording's address and nobody's credentials."""

import os
from pathlib import Path

import orjson

from bot.errors import RecordingError
from bot.recordings.format import Manifest

NAME = "recording"


def kubeconfig(url: str, manifest: Manifest, *, name: str = NAME) -> bytes:
    """JSON, which is YAML. The context's namespace is the only recorded one, else `default`."""
    place = {"namespace": only} if (only := _only(manifest)) else {}
    return orjson.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": {"server": url}}],
            "users": [{"name": name, "user": {}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name, **place}}],
            "current-context": name,
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )


def write(path: Path, found: bytes) -> None:
    """For its owner only; never over a file that is there already. Raises RecordingError."""
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as file:
            file.write(found)
    except FileExistsError as error:
        raise RecordingError(
            f"{path} is there already, and may be a kubeconfig that is needed."
            " Name a file that does not exist yet."
        ) from error
    except OSError as error:
        raise RecordingError(
            f"The kubeconfig cannot be written to {path} ({error.strerror})."
            " Name a file in a folder that can be written to."
        ) from error


def _only(manifest: Manifest) -> str:
    return manifest.namespaces[0] if len(manifest.namespaces) == 1 else ""
