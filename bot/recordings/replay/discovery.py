"""Which groups, versions and resources there are, in the newer and in the older form."""

from collections.abc import Mapping
from typing import Any

from bot.recordings.replay.catalog import versions

Json = dict[str, Any]

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


class Discovery:
    def __init__(self, discovery: Mapping[str, Json], address: str) -> None:
        self._aggregated = discovery
        self._address = address
        self._by_group: dict[str, list[Json]] = {}
        for group, version in versions(discovery):
            self._by_group.setdefault(group, []).append(version)

    def answer(self, path: str, accept: str) -> tuple[Json, str] | None:
        """The document, and its content type; None where the path is none of discovery's."""
        plain = "application/json"
        match path.strip("/").split("/"):
            case ["api" | "apis" as top]:
                if "as=APIGroupDiscoveryList" in accept and "v=v2;" in f"{accept};".replace(
                    ",", ";"
                ):
                    return self._aggregated[f"/{top}"], AGGREGATED
                return (self._core() if top == "api" else self._groups()), plain
            case ["api", version]:
                found = self._resources("", version)
            case ["apis", group] if group in self._by_group:
                found = {"kind": "APIGroup", "apiVersion": "v1", **self._group(group)}
            case ["apis", group, version]:
                found = self._resources(group, version)
            case _:
                return None
        return (found, plain) if found else None

    def _core(self) -> Json:
        here = {"clientCIDR": "0.0.0.0/0", "serverAddress": self._address}
        names = [each["version"] for each in self._by_group.get("", [])]
        return {"kind": "APIVersions", "versions": names, "serverAddressByClientCIDRs": [here]}

    def _groups(self) -> Json:
        groups = [self._group(group) for group in self._by_group if group]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}

    def _group(self, group: str) -> Json:
        listed = [
            {"groupVersion": f"{group}/{each['version']}", "version": each["version"]}
            for each in self._by_group[group]
        ]
        return {"name": group, "versions": listed, "preferredVersion": listed[0]}

    def _resources(self, group: str, version: str) -> Json | None:
        for each in self._by_group.get(group, []):
            if each["version"] == version:
                named = f"{group}/{version}" if group else version
                listed = [one for found in each.get("resources") or [] for one in _plain(found)]
                head = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": named}
                return {**head, "resources": listed}
        return None


def _plain(found: Json) -> list[Json]:
    """One resource, and each of its subresources, as the older form has them: a row each."""
    name, is_namespaced = found.get("resource"), found.get("scope") == "Namespaced"
    row = {
        "name": name,
        "singularName": found.get("singularResource") or "",
        "namespaced": is_namespaced,
        "kind": (found.get("responseKind") or {}).get("kind") or "",
        "verbs": found.get("verbs") or [],
    }
    row |= {key: found[key] for key in ("shortNames", "categories") if key in found}
    return [row, *(_below(name, each, row) for each in found.get("subresources") or [])]


def _below(name: Any, found: Json, row: Json) -> Json:
    answered = found.get("responseKind") or {}
    below = {"name": f"{name}/{found.get('subresource')}", "singularName": ""}
    below |= {key: answered[key] for key in ("group", "version") if answered.get(key)}
    below |= {"namespaced": row["namespaced"], "kind": answered.get("kind") or ""}
    return {**below, "verbs": found.get("verbs") or []}
