"""Which custom resources a cluster serves, from its own discovery; it reads none of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.cluster.api import DISCOVERY, ClusterApi, Json

_BUILT_IN = frozenset({
    "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
    "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
    "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
    "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io",
    "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io",
    "storage.k8s.io", "storagemigration.k8s.io", "metrics.k8s.io", "custom.metrics.k8s.io",
    "external.metrics.k8s.io",
})  # fmt: skip
_MAY_HOLD_SECRETS = ("secret", "credential", "token", "password")


@dataclass(frozen=True, slots=True)
class Custom:
    group: str
    version: str
    plural: str
    kind: str
    is_namespaced: bool

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}"

    def path(self, namespace: str) -> str:
        place = f"/namespaces/{namespace}" if namespace and self.is_namespaced else ""
        return f"/apis/{self.api_version}{place}/{self.plural}"

    def kept(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """Of what may hold a secret only what it is called and how it is."""
        known = {"kind": self.kind, "apiVersion": self.api_version}
        is_delicate = any(word in self.plural for word in _MAY_HOLD_SECRETS)
        wanted = ("metadata", "status") if is_delicate else tuple(item)
        return {**{key: item[key] for key in wanted if key in item}, **known}


async def read_discovery(api: ClusterApi) -> Json:
    """All groups in one answer (aggregated discovery, GA since 1.30). Raises NotReadable."""
    return await api.get("/apis", accept=DISCOVERY)


def customs_in(discovery: Mapping[str, Any]) -> list[Custom]:
    """What can be listed, in the version the group prefers."""
    return [
        custom
        for group in discovery.get("items") or []
        if (name := str((group.get("metadata") or {}).get("name"))) not in _BUILT_IN
        for custom in _preferred(name, group)
    ]


def _preferred(name: str, group: Mapping[str, Any]) -> Iterator[Custom]:
    seen: set[str] = set()
    for version in group.get("versions") or []:
        for each in version.get("resources") or []:
            plural = str(each.get("resource"))
            kind = str((each.get("responseKind") or {}).get("kind"))
            is_listed = "list" in (each.get("verbs") or [])
            if plural in seen or not is_listed:
                continue
            seen.add(plural)
            scope = each.get("scope") == "Namespaced"
            yield Custom(name, str(version.get("version")), plural, kind, scope)
