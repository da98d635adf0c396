"""A small Kubernetes API on loopback that keeps every request; a real kubectl can read it."""

import asyncio
import json
import ssl
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from tests.apiserver.certificates import Authority


@dataclass(frozen=True, slots=True)
class Seen:
    """One request."""

    method: str
    path: str
    authorization: str


@dataclass(slots=True)
class KubeApi:
    """What it says is set by the test before kubectl asks."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)
    pods: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {"shop": [pod("web-0")]})
    logs: dict[str, str] = field(default_factory=dict)
    """Pod name -> what its log holds."""
    forbidden: set[str] = field(default_factory=set)
    """Namespaces whose pods this account may not list."""
    token: str = ""
    """Asked for where set."""
    is_hanging: bool = False
    """Nothing but discovery is answered."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody waits for an answer that does not come."""

    def write_kubeconfig(
        self, path: Path, *, context: str = "shop-cluster", user: Mapping[str, Any] | None = None
    ) -> Path:
        """A kubeconfig whose only context is this server, namespace `shop` its default."""
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": context,
            "clusters": [{"name": "c", "cluster": self._cluster()}],
            "users": [{"name": "u", "user": dict(user or {"token": "t"})}],
            "contexts": [
                {"name": context, "context": {"cluster": "c", "user": "u", "namespace": "shop"}}
            ],
        }
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        return path

    def _cluster(self) -> dict[str, Any]:
        return {"server": self.url, "insecure-skip-tls-verify": True}


def pod(name: str, **env: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "shop", "uid": f"uid-of-{name}"},
        "spec": {
            "containers": [
                {"name": "app", "env": [{"name": k, "value": v} for k, v in env.items()]}
            ]
        },
        "status": {"phase": "Running"},
    }


@asynccontextmanager
async def serve_kube_api() -> AsyncIterator[KubeApi]:
    api = KubeApi()
    runner = web.AppRunner(_make_app(api), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=_tls())
    await site.start()
    host, port = runner.addresses[0][:2]
    api.url = f"https://{host}:{port}"
    try:
        yield api
    finally:
        await runner.cleanup()


def _tls() -> ssl.SSLContext:
    """kubectl sends no credentials over plain http."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        identity = Authority(Path(folder)).issue("kube-api", addresses=("127.0.0.1",))
        context.load_cert_chain(identity.certificate, identity.key)
    return context


def _make_app(api: KubeApi) -> web.Application:
    @web.middleware
    async def keep(request: web.Request, handler: Any) -> web.StreamResponse:
        authorization = request.headers.get("Authorization", "")
        api.seen.append(Seen(request.method, request.path, authorization))
        if api.token and authorization != f"Bearer {api.token}":
            return _status(401, "Unauthorized", "Unauthorized")
        response: web.StreamResponse = await handler(request)
        return response

    app = web.Application(middlewares=[keep])
    app.add_routes([
        web.get("/version", _version),
        web.get("/api", _versions),
        web.get("/apis", _groups),
        web.get("/api/v1", _resources),
        web.get("/api/v1/namespaces/{namespace}/pods", partial(_list_pods, api)),
        web.get("/api/v1/namespaces/{namespace}/pods/{name}", partial(_get_pod, api)),
        web.get("/api/v1/namespaces/{namespace}/pods/{name}/log", partial(_log, api)),
        web.route("*", "/{rest:.*}", _nothing),
    ])  # fmt: skip
    return app


async def _version(_: web.Request) -> web.Response:
    return web.json_response({"major": "1", "minor": "34", "gitVersion": "v1.34.4"})


async def _versions(_: web.Request) -> web.Response:
    return web.json_response({"kind": "APIVersions", "versions": ["v1"]})


async def _groups(_: web.Request) -> web.Response:
    return web.json_response({"kind": "APIGroupList", "apiVersion": "v1", "groups": []})


async def _resources(_: web.Request) -> web.Response:
    kinds = (("pods", "Pod", True), ("namespaces", "Namespace", False), ("secrets", "Secret", True))
    return web.json_response({
        "kind": "APIResourceList",
        "groupVersion": "v1",
        "resources": [
            {"name": n, "singularName": "", "kind": k, "namespaced": own, "verbs": ["get", "list"]}
            for n, k, own in kinds
        ],
    })  # fmt: skip


async def _list_pods(api: KubeApi, request: web.Request) -> web.Response:
    namespace = request.match_info["namespace"]
    await _hang(api)
    if namespace in api.forbidden:
        words = f'pods is forbidden: User "kaia" cannot list resource "pods" in "{namespace}"'
        return _status(403, "Forbidden", words)
    pods = api.pods.get(namespace, [])
    if "as=Table" in request.headers.get("Accept", ""):
        return web.json_response(_table(pods))
    return web.json_response({"kind": "PodList", "apiVersion": "v1", "items": pods})


async def _get_pod(api: KubeApi, request: web.Request) -> web.Response:
    name = request.match_info["name"]
    await _hang(api)
    for held in api.pods.get(request.match_info["namespace"], []):
        if held["metadata"]["name"] == name:
            is_table = "as=Table" in request.headers.get("Accept", "")
            return web.json_response(_table([held]) if is_table else held)
    return _status(404, "NotFound", f'pods "{name}" not found')


async def _log(api: KubeApi, request: web.Request) -> web.Response:
    await _hang(api)
    return web.Response(text=api.logs.get(request.match_info["name"], ""))


async def _nothing(_: web.Request) -> web.Response:
    return _status(404, "NotFound", "the server could not find the requested resource")


async def _hang(api: KubeApi) -> None:
    if api.is_hanging:
        api.asked.set()
        await asyncio.Event().wait()


def _table(pods: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "columnDefinitions": [
            {"name": "Name", "type": "string", "format": "name"},
            {"name": "Status", "type": "string", "format": ""},
        ],
        "rows": [
            {
                "cells": [held["metadata"]["name"], held["status"]["phase"]],
                "object": {
                    "kind": "PartialObjectMetadata",
                    "apiVersion": "meta.k8s.io/v1",
                    "metadata": held["metadata"],
                },
            }
            for held in pods
        ],
    }


def _status(code: int, reason: str, words: str) -> web.Response:
    body = {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "message": words,
        "reason": reason,
        "code": code,
    }
    return web.Response(status=code, text=json.dumps(body), content_type="application/json")
