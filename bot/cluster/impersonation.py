"""Whose rights a change runs with: kubectl told to act as a user and a group; it starts nothing."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.cluster.access import SERVICE_ACCOUNT, ClusterAccess, environ_for, with_context
from bot.cluster.frame import Folders
from bot.errors import SettingsError

_RESERVED = "system:"


@dataclass(frozen=True, slots=True)
class Impersonation:
    """A user and a group that hold rights Kaia's own account does not. Raises SettingsError."""

    user: str
    group: str

    def __post_init__(self) -> None:
        for name in (self.user, self.group):
            if not name or name.startswith(_RESERVED):
                raise SettingsError(
                    "Changes cannot run as a user or group of Kubernetes' own (system:…), nor as"
                    " nobody. Name others with as_user and as_group under writes in KAIA_CONFIG."
                )


def impersonated(
    access: ClusterAccess,
    argv: tuple[str, ...],
    environ: Mapping[str, str],
    folders: Folders,
    identity: Impersonation,
    *,
    service_account: Path = SERVICE_ACCOUNT,
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The command and the environment with which kubectl acts as this identity.

    In a cluster a kubeconfig says it: given `--as`, kubectl would leave the in-cluster
    configuration and dial localhost:8080.
    """
    prepared = environ_for(access, environ, folders)
    if access.kind == "in-cluster":
        path = _written(folders.root, _kubeconfig(access, identity, service_account))
        return argv, prepared | {"KUBECONFIG": str(path)}
    flags = (f"--as={identity.user}", f"--as-group={identity.group}")
    return (*with_context(access, argv), *flags), prepared


def _kubeconfig(
    access: ClusterAccess, identity: Impersonation, service_account: Path
) -> dict[str, Any]:
    """Names files and holds no token, which is renewed every hour."""
    user = {
        "tokenFile": str(service_account / "token"),
        "as": identity.user,
        "as-groups": [identity.group],
    }
    cluster = {
        "server": access.server,
        "certificate-authority": str(service_account / "ca.crt"),
    }
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "cluster", "cluster": cluster}],
        "users": [{"name": "approved", "user": user}],
        "contexts": [{"name": "approved", "context": {"cluster": "cluster", "user": "approved"}}],
        "current-context": "approved",
    }


def _written(folder: Path, kubeconfig: Mapping[str, Any]) -> Path:
    """Moved into its place whole: kubectl takes an empty file for no impersonation at all."""
    path = folder / "approved.kubeconfig"
    part = folder / f"approved.{secrets.token_hex(4)}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(kubeconfig, file)
    part.replace(path)
    return path
