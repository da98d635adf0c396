"""What the recorded server serves: its discovery, and the resource that a path names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.recordings.layout import Kind
from bot.recordings.replay.statuses import NoSuchPath, unknown_resource

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    kind: Kind
    verbs: frozenset[str]
    subresources: frozenset[str]
    can_be_listed: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What a path asks for: a list where it names no object."""

    resource: Resource
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    @property
    def kind(self) -> Kind:
        return self.resource.kind


class Catalog:
    def __init__(self, discovery: Mapping[str, Json]) -> None:
        self.discovery = discovery
        self._served = {
            (group, version): {each.kind.plural: each for each in resources}
            for group, version, resources in _served(discovery)
        }
        self._groups = {group for group, _ in self._served}

    def target(self, path: str) -> Target:
        """Raises Refused or NoSuchPath."""
        match path.strip("/").split("/"):
            case ["api", version, *rest]:
                group = ""
            case ["apis", group, version, *rest] if group in self._groups:
                pass
            case _:
                raise NoSuchPath
        resources = self._served.get((group, version))
        if resources is None or not rest:
            raise unknown_resource()
        return _target(resources, rest)

    def resource(self, kind: Kind) -> Resource | None:
        return self._served.get((kind.group, kind.version), {}).get(kind.plural)


def _target(resources: Mapping[str, Resource], rest: list[str]) -> Target:
    match rest:
        case ["namespaces", namespace, plural, *named] if plural not in ("status", "finalize"):
            found = resources.get(plural)
            is_there = found is not None and found.kind.is_namespaced
        case [plural, *named]:
            found, namespace = resources.get(plural), ""
            # Without a namespace all can be listed, and none can be named.
            is_there = found is not None and (not found.kind.is_namespaced or not named)
        case _:
            raise unknown_resource()
    name, subresource, *more = [*named, "", ""]
    if found is None or not is_there or any(more) or "" in named:
        raise unknown_resource()
    if subresource and subresource not in found.subresources:
        raise unknown_resource()
    return Target(found, namespace, name, subresource)


def _served(discovery: Mapping[str, Json]) -> Iterator[tuple[str, str, list[Resource]]]:
    for group, version in versions(discovery):
        yield (
            group,
            version["version"],
            [_resource(group, version["version"], each) for each in _dicts(version, "resources")],
        )


def versions(discovery: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Each group's name, the core group's being empty, with each of its versions."""
    for path in ("/api", "/apis"):
        for item in _dicts(discovery.get(path) or {}, "items"):
            group = "" if path == "/api" else str((item.get("metadata") or {}).get("name") or "")
            for version in _dicts(item, "versions"):
                yield group, {**version, "version": str(version.get("version") or "")}


def _resource(group: str, version: str, found: Json) -> Resource:
    answered = found.get("responseKind") or {}
    is_namespaced = found.get("scope") == "Namespaced"
    kind = Kind(
        group, version, str(found.get("resource")), str(answered.get("kind")), is_namespaced
    )
    verbs = frozenset(map(str, found.get("verbs") or []))
    below = frozenset(str(each.get("subresource")) for each in _dicts(found, "subresources"))
    return Resource(kind, verbs, below, can_be_listed="list" in verbs)


def _dicts(found: Json, key: str) -> list[Json]:
    listed = found.get(key)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
