"""Every object there is, in a namespace and in none, by name; it reads no content."""

from collections.abc import Iterator

from tests.apiserver.client import ApiRefused, Client

_COME_AND_GO = {"events", "leases", "componentstatuses"}
"""What a cluster writes by itself, whatever is installed."""


def objects_of(client: Client, namespace: str) -> set[str]:
    """Each as `resource/name`."""
    return {
        f"{resource}/{each['metadata']['name']}"
        for resource, path in _lists(client, namespace)
        for each in _items(client, path)
    }


def _lists(client: Client, namespace: str) -> Iterator[tuple[str, str]]:
    """The resources that can be listed, each with its path."""
    for version in _versions(client):
        for resource in client.get(version)["resources"]:
            name, is_of_namespace = resource["name"], resource["namespaced"]
            if "list" in resource["verbs"] and name not in _COME_AND_GO:
                yield (
                    name,
                    f"{version}/namespaces/{namespace}/{name}"
                    if is_of_namespace
                    else (f"{version}/{name}"),
                )


def _versions(client: Client) -> Iterator[str]:
    yield "/api/v1"
    for group in client.get("/apis")["groups"]:
        yield f"/apis/{group['preferredVersion']['groupVersion']}"


def _items(client: Client, path: str) -> list[dict[str, dict[str, str]]]:
    """A resource that has just gone with its definition has none."""
    try:
        found: list[dict[str, dict[str, str]]] = client.get(path)["items"]
    except ApiRefused as refused:
        if refused.status != 404:
            raise
        return []
    return found
