"""Makes and lists objects of any kind through the API, at the paths that the API itself names."""

import datetime
import re
import time
from dataclasses import dataclass, field
from typing import Any

from bot.cluster.resources import PLURALS, RESOURCES
from tests.apiserver.client import ApiRefused, Client, Manifest

_AGO = re.compile(r"(\d+)([smhd]) ago")
_SERVED_WITHIN_SECONDS = 5
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, slots=True)
class Objects:
    client: Client
    _served: dict[str, dict[str, str]] = field(default_factory=dict)
    """API version -> kind -> where its objects are, `{}` standing for the namespace."""

    def add(self, manifest: Manifest, namespace: str) -> Manifest:
        """Makes it, in its own namespace or else in this one. Owners need no uid."""
        body = in_time(manifest)
        metadata = body["metadata"] = dict(body["metadata"])
        path = self._collection(body["apiVersion"], body["kind"])
        if "{}" in path:
            metadata.setdefault("namespace", namespace)
        metadata["ownerReferences"] = [
            self._owner(owner, namespace) for owner in metadata.get("ownerReferences", ())
        ]
        return self.client.post(path.format(metadata.get("namespace", "")), body)

    def change(self, manifest: Manifest, namespace: str) -> None:
        """Lays this over the object of the same name."""
        path = self._collection(manifest["apiVersion"], manifest["kind"]).format(namespace)
        self.client.patch(f"{path}/{manifest['metadata']['name']}", in_time(manifest))

    def write_status(self, made: Manifest, status: Manifest) -> None:
        self.client.patch(f"{self.path_of(made)}/status", {"status": in_time(status)})

    def path_of(self, made: Manifest) -> str:
        metadata = made["metadata"]
        path = self._collection(made["apiVersion"], made["kind"])
        return f"{path.format(metadata.get('namespace', ''))}/{metadata['name']}"

    def all(self, kind: str, namespace: str) -> list[Manifest]:
        found: list[Manifest] = self.client.get(RESOURCES[PLURALS[kind]].path(namespace))["items"]
        return found

    def _owner(self, owner: dict[str, Any], namespace: str) -> dict[str, Any]:
        path = self._collection(owner["apiVersion"], owner["kind"]).format(namespace)
        uid = self.client.get(f"{path}/{owner['name']}")["metadata"]["uid"]
        return {"controller": True, **owner, "uid": uid}

    def _collection(self, api_version: str, kind: str) -> str:
        """A custom resource is served a moment after its definition was made."""
        deadline = time.monotonic() + _SERVED_WITHIN_SECONDS
        while kind not in self._served.get(api_version, {}):
            try:
                self._served[api_version] = self._discover(api_version)
                return self._served[api_version][kind]
            except (ApiRefused, KeyError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        return self._served[api_version][kind]

    def _discover(self, api_version: str) -> dict[str, str]:
        root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        return {
            one["kind"]: f"{root}/{'namespaces/{}/' if one['namespaced'] else ''}{one['name']}"
            for one in self.client.get(root)["resources"]
            if "/" not in one["name"]
        }


def in_time(given: Any) -> Any:
    """The same with `10m ago` turned into the time it was then."""
    match given:
        case dict():
            return {key: in_time(value) for key, value in given.items()}
        case list() | tuple():
            return [in_time(value) for value in given]
        case str() if ago := _AGO.fullmatch(given):
            return _then(int(ago[1]) * _SECONDS[ago[2]])
    return given


def _then(seconds_ago: int) -> str:
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=seconds_ago)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")
