"""An API server that answers one thing: whether somebody may do something."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web

May = Callable[[dict[str, str]], bool]
"""Given the `resourceAttributes` of an access review."""

_GROUP = "authorization.k8s.io"
_ATTRIBUTES = {1: "namespace", 2: "verb", 3: "group", 5: "resource", 6: "subresource"}
_KINDS = {
    "v1": {"pods": True, "events": True, "secrets": True, "nodes": False},
    "apps/v1": {"deployments": True},
    f"{_GROUP}/v1": {"selfsubjectaccessreviews": False},
}


class Authorizer:
    """Reached by the kubeconfig it writes; `reviews` holds what it was asked."""

    def __init__(self, may: May, *, minor: int = 34) -> None:
        self._may = may
        self._minor = minor
        self.requests: list[str] = []
        self.reviews: list[dict[str, str]] = []
        self._runner = web.AppRunner(self._application(), access_log=None)

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def close(self) -> None:
        await self._runner.cleanup()

    def write_kubeconfig(self, path: Path) -> Path:
        port = self._runner.addresses[0][1]
        path.write_text(
            "apiVersion: v1\nkind: Config\ncurrent-context: here\n"
            f"clusters: [{{name: c, cluster: {{server: 'http://127.0.0.1:{port}'}}}}]\n"
            "users: [{name: u, user: {}}]\n"
            "contexts: [{name: here, context: {cluster: c, user: u, namespace: shop}}]\n",
            encoding="utf-8",
        )
        return path

    def _application(self) -> web.Application:
        application = web.Application()
        review = f"/apis/{_GROUP}/v1/selfsubjectaccessreviews"
        application.router.add_post(review, self._review)
        application.router.add_get("/{path:.*}", self._get)
        return application

    async def _get(self, request: web.Request) -> web.Response:
        self.requests.append(request.path)
        answer = self._discovery().get(request.path)
        if answer is None:
            return web.json_response({"kind": "Status", "code": 404}, status=404)
        return web.json_response(answer)

    def _discovery(self) -> dict[str, dict[str, Any]]:
        groups = [
            {"name": group, "versions": [{"groupVersion": f"{group}/v1", "version": "v1"}]}
            for group in ("apps", _GROUP)
        ]
        version = {"major": "1", "minor": str(self._minor), "gitVersion": f"v1.{self._minor}.0"}
        answers: dict[str, dict[str, Any]] = {
            "/version": version,
            "/api": {"kind": "APIVersions", "versions": ["v1"]},
            "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups},
        }
        for name, kinds in _KINDS.items():
            path = "/api/v1" if name == "v1" else f"/apis/{name}"
            resources = [
                {"name": kind, "kind": kind, "namespaced": namespaced, "verbs": ["list"]}
                for kind, namespaced in kinds.items()
            ]
            answers[path] = {
                "kind": "APIResourceList",
                "groupVersion": name,
                "resources": resources,
            }
        return answers

    async def _review(self, request: web.Request) -> web.Response:
        asked = attributes_in(await request.read())
        self.reviews.append(asked)
        answer = {
            "kind": "SelfSubjectAccessReview",
            "apiVersion": f"{_GROUP}/v1",
            "status": {"allowed": self._may(asked)},
        }
        return web.json_response(answer, status=201)


def attributes_in(body: bytes) -> dict[str, str]:
    """kubectl asks in JSON or, where it is new, in protobuf: an envelope, then messages."""
    if body.startswith(b"{"):
        found: dict[str, str] = json.loads(body)["spec"]["resourceAttributes"]
        return found
    review = fields_of(fields_of(body.removeprefix(b"k8s\0"))[2])
    attributes = fields_of(fields_of(review[2])[1])
    return {
        name: attributes[number].decode()
        for number, name in _ATTRIBUTES.items()
        if attributes.get(number)
    }


def fields_of(message: bytes) -> dict[int, bytes]:
    """Fields that have a length; these messages hold no others, and none of 128 bytes or more."""
    fields, at = {}, 0
    while at < len(message):
        number, length = message[at] >> 3, message[at + 1]
        assert message[at] & 7 == 2
        assert length < 128
        fields[number] = message[at + 2 : at + 2 + length]
        at += 2 + length
    return fields
