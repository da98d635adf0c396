"""What a kubeconfig says about its contexts, merged as kubectl merges; it reads no credential."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ClusterError


@dataclass(frozen=True, slots=True)
class Context:
    """A context of a kubeconfig: which server, which namespace by default."""

    name: str
    server: str
    namespace: str
    has_exec_plugin: bool
    """Credentials come from a program, which may take seconds the first time."""


def find_kubeconfig(environ: Mapping[str, str]) -> str | None:
    """The path list that kubectl would use, as far as its files exist."""
    listed = environ.get("KUBECONFIG")
    if listed:
        paths = [path for path in listed.split(os.pathsep) if path]
    else:
        paths = [str(Path(environ.get("HOME") or Path.home()) / ".kube" / "config")]
    there = [path for path in paths if Path(path).is_file()]
    # kubectl is started in a folder of its own, where a relative path would lead elsewhere.
    return os.pathsep.join(str(Path(path).absolute()) for path in there) or None


def read_context(kubeconfig: str, name: str | None) -> Context:
    """The context `name`, else the current one. Raises ClusterError; reads files."""
    files = [_load(Path(path)) for path in kubeconfig.split(os.pathsep)]
    contexts = _merge(files, "contexts", "context")
    wanted = name or next(
        (str(f["current-context"]) for f in files if f.get("current-context")), ""
    )
    if not wanted:
        raise ClusterError(
            "The kubeconfig has no current context. Choose one with --context "
            f"(there are: {_list(contexts)}) or with `kubectl config use-context NAME`."
        )
    if wanted not in contexts:
        raise ClusterError(_say_unknown(wanted, contexts))
    context = contexts[wanted]
    cluster = _merge(files, "clusters", "cluster").get(str(context.get("cluster")), {})
    user = _merge(files, "users", "user").get(str(context.get("user")), {})
    return Context(
        name=wanted,
        server=str(cluster.get("server") or ""),
        namespace=str(context.get("namespace") or "default"),
        has_exec_plugin="exec" in user or "auth-provider" in user,
    )


def _load(path: Path) -> Mapping[str, Any]:
    try:
        held = yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # safe loaders both
    except OSError as error:
        raise ClusterError(
            f"The kubeconfig {path} cannot be read: {error.strerror}. Check its permissions."
        ) from error
    except (yaml.YAMLError, UnicodeError) as error:
        # The parser's own words quote the file, which holds credentials.
        raise ClusterError(
            f"The kubeconfig {path} is not valid YAML. Check it with `kubectl config view`."
        ) from error
    return held if isinstance(held, dict) else {}


def _merge(files: list[Mapping[str, Any]], plural: str, singular: str) -> dict[str, dict[str, Any]]:
    """Of entries with one name the first file's holds."""
    merged: dict[str, dict[str, Any]] = {}
    for entry in (entry for file in files for entry in _entries(file, plural)):
        held = entry.get(singular)
        merged.setdefault(str(entry.get("name")), held if isinstance(held, dict) else {})
    return merged


def _entries(file: Mapping[str, Any], plural: str) -> list[dict[str, Any]]:
    entries = file.get(plural)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def _say_unknown(wanted: str, contexts: Mapping[str, object]) -> str:
    nearest = difflib.get_close_matches(wanted, contexts, n=1, cutoff=0.5)
    if nearest:
        return f'The kubeconfig has no context "{wanted}". Did you mean "{nearest[0]}"?'
    return f'The kubeconfig has no context "{wanted}". There are: {_list(contexts)}.'


def _list(contexts: Mapping[str, object]) -> str:
    return ", ".join(sorted(contexts)[:10]) or "none"
