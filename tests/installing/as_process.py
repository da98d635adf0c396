"""What a container of a deployment would be given, laid out on this machine for a process.

Its variables and files are those of the objects in the cluster; only the folders are others. That
of the image itself it knows nothing.
"""

import base64
from collections.abc import Iterator
from pathlib import Path

from tests.apiserver.client import Client, Manifest

_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount"


def environ_of(client: Client, deployment: Manifest, folder: Path) -> dict[str, str]:
    """Of its first container; makes in `folder` what its variables point at."""
    namespace, spec = deployment["metadata"]["namespace"], deployment["spec"]["template"]["spec"]
    container = spec["containers"][0]
    volumes = {each["name"]: each for each in spec["volumes"]}
    places = {each["mountPath"]: volumes[each["name"]] for each in container["volumeMounts"]}
    for path, volume in places.items():
        target = Path(f"{folder}{path}")
        target.mkdir(parents=True, exist_ok=True)
        for name, content in _files(client, namespace, volume):
            (target / name).write_bytes(content)
    variables = dict(_variables(client, namespace, container))
    return {name: _moved(value, sorted(places), folder) for name, value in variables.items()}


def _variables(client: Client, namespace: str, container: Manifest) -> Iterator[tuple[str, str]]:
    for source in container.get("envFrom", []):
        yield from _data(client, namespace, "configmaps", source["configMapRef"]["name"])
    for each in container.get("env", []):
        if "value" in each:
            yield each["name"], each["value"]


def _files(client: Client, namespace: str, volume: Manifest) -> Iterator[tuple[str, bytes]]:
    if "secret" in volume:
        yield from _chosen(client, namespace, "secrets", volume["secret"])
    if "configMap" in volume:
        yield from _chosen(client, namespace, "configmaps", volume["configMap"])


def _chosen(
    client: Client, namespace: str, resource: str, source: Manifest
) -> Iterator[tuple[str, bytes]]:
    """The keys that are mounted, under the names they get."""
    held = dict(_data(client, namespace, resource, source.get("secretName") or source["name"]))
    items = source.get("items") or [{"key": key, "path": key} for key in held]
    for item in items:
        yield item["path"], held[item["key"]].encode()


def _data(client: Client, namespace: str, resource: str, name: str) -> Iterator[tuple[str, str]]:
    held = client.get(f"/api/v1/namespaces/{namespace}/{resource}/{name}").get("data", {})
    for key, value in held.items():
        yield key, base64.b64decode(value).decode() if resource == "secrets" else value


def _moved(value: str, paths: list[str], folder: Path) -> str:
    """The longest first, so that none is moved twice."""
    for path in sorted(paths, key=len, reverse=True):
        if path in value and path != _TOKEN:
            return value.replace(path, f"{folder}{path}")
    return value
