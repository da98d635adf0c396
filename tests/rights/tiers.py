"""The tiers of rights that the chart offers, rendered by helm and given on a real API server."""

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.apiserver import workloads
from tests.apiserver.client import Client
from tests.apiserver.server import ApiServer
from tests.chart.rendering import Object, Release, Renderer, Values
from tests.doubles import troubles

ROLES = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
_RBAC = "/apis/rbac.authorization.k8s.io/v1"


@dataclass(frozen=True, slots=True)
class Tier:
    """One way to ask for rights."""

    name: str
    release: Release
    values: Values
    namespaces: tuple[str, ...] = ()
    """Those that its Roles are in."""

    def __str__(self) -> str:
        return self.name

    @property
    def account(self) -> tuple[str, str]:
        return self.release.namespace, self.release.name

    @property
    def user(self) -> str:
        return f"system:serviceaccount:{self.release.namespace}:{self.release.name}"

    @property
    def approved(self) -> str:
        """The user and the group of its changes, where the values name none."""
        return f"kaia-approved:{self.release.namespace}:{self.release.name}"


BOUND = ("rights-bank", "rights-shop")
UNBOUND = "rights-elsewhere"

CLUSTER = Tier("cluster", Release("kaia-wide", "kaia-wide"), {})
NAMESPACED = Tier(
    "namespaced",
    Release("kaia-narrow", "kaia-narrow"),
    {"rbac": {"scope": "namespaced", "namespaces": [*BOUND]}},
    BOUND,
)
WRITES = Tier(
    "writes",
    Release("kaia-writes", "kaia-writes"),
    {
        "writes": {
            "enabled": True,
            "approvers": ["U0123ABCD"],
            "namespaces": {BOUND[0]: {}, BOUND[1]: {"changes": ["scale"]}},
            "nodes": {"changes": ["cordon", "uncordon"]},
        }
    },
)
APPROVED = WRITES.approved
TIERS = (CLUSTER, NAMESPACED, WRITES)


@dataclass(frozen=True, slots=True)
class Given:
    """A tier whose roles an API server has, and its account's kubeconfig."""

    tier: Tier
    objects: list[Object]
    kubeconfig: Path
    environ: dict[str, str]


def roles(chart: Renderer, tier: Tier) -> list[Object]:
    return [each for each in chart.objects(tier.values, tier.release) if each["kind"] in ROLES]


def give(server: ApiServer, tier: Tier, objects: Sequence[Object], folder: Path) -> Given:
    """Makes the account and its roles, where they are not there yet."""
    namespace, name = tier.account
    _add_namespaces(server.client, (namespace, *BOUND, UNBOUND))
    if not server.client.has(f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}"):
        troubles.add_account(server.client, namespace, name)
    for each in objects:
        place = each["metadata"].get("namespace")
        root = f"{_RBAC}/namespaces/{place}" if place else _RBAC
        kind = f"{root}/{each['kind'].lower()}s"
        if not server.client.has(f"{kind}/{each['metadata']['name']}"):
            server.client.post(kind, each)
    kubeconfig = troubles.kubeconfig_of(server, tier.account, folder / "kubeconfig")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    environ = {"KUBECONFIG": str(kubeconfig), "HOME": str(folder), "PATH": path}
    return Given(tier, list(objects), kubeconfig, environ)


def _add_namespaces(client: Client, names: Iterable[str]) -> None:
    for name in names:
        if not client.has(f"/api/v1/namespaces/{name}"):
            workloads.add_namespace(client, name)
