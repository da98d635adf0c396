"""Writes kubeconfigs of a test's own; it never reads or changes one of the person's."""

import base64
import json
from pathlib import Path

from tests.apiserver.certificates import Authority


def write(path: Path, url: str, authority: Authority, user: dict[str, str]) -> Path:
    """One cluster, one context, one user, who is named for the file."""
    cluster = {"server": url, "certificate-authority-data": _base64(authority.certificate)}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "kaia-tests", "cluster": cluster}],
        "users": [{"name": path.stem, "user": user}],
        "contexts": [
            {"name": "kaia-tests", "context": {"cluster": "kaia-tests", "user": path.stem}}
        ],
        "current-context": "kaia-tests",
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(config, indent=1))
    return path


def certificate_of(authority: Authority, name: str) -> dict[str, str]:
    """The user that a certificate issued to `name` stands for."""
    folder, file_name = authority.certificate.parent, name.replace(":", "-")
    return {
        "client-certificate-data": _base64(folder / f"{file_name}.crt"),
        "client-key-data": _base64(folder / f"{file_name}.key"),
    }


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
