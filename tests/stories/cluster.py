"""The small shop that stories are told about: two pods and a deployment that a real kubectl and a
watch can read. Nothing in it changes but what a story changes.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from aiohttp import web

from tests.doubles.tiny_cluster import TinyCluster

Json = dict[str, Any]

_DISCOVERY: dict[str, Json] = {
    "/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.4"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
}
_GROUPS: Json = {
    "kind": "APIGroupList",
    "apiVersion": "v1",
    "groups": [
        {
            "name": "apps",
            "versions": [{"groupVersion": "apps/v1", "version": "v1"}],
            "preferredVersion": {"groupVersion": "apps/v1", "version": "v1"},
        }
    ],
    "items": [],
}


def _kinds(version: str, *kinds: tuple[str, str]) -> Json:
    verbs = ["get", "list", "watch"]
    resources = [
        {"name": name, "singularName": "", "kind": kind, "namespaced": True, "verbs": verbs}
        for name, kind in kinds
    ]
    return {"kind": "APIResourceList", "groupVersion": version, "resources": resources}


_DISCOVERY["/api/v1"] = _kinds("v1", ("pods", "Pod"), ("events", "Event"))
_DISCOVERY["/apis/apps/v1"] = _kinds("apps/v1", ("deployments", "Deployment"))
_DISCOVERY["/apis"] = _GROUPS


@dataclass(slots=True)
class Shop(TinyCluster):
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: asyncio.Event = field(default_factory=asyncio.Event)

    def _table(self, namespace: str) -> Json:
        table = TinyCluster._table(self, namespace)
        rows = [row | {"object": _of_row(namespace, row)} for row in table["rows"]]
        return table | {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "rows": rows}

    def deploy(self, name: str, *, wanted: int, ready: int) -> None:
        """A deployment as it is now; whoever watches it hears of it."""
        status = {"observedGeneration": 1, "replicas": wanted, "updatedReplicas": wanted}
        labels = {"app": name}
        made = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": "shop", "uid": f"uid-{name}", "generation": 1},
            "spec": {"replicas": wanted, "selector": {"matchLabels": labels}},
            "status": status | {"readyReplicas": ready, "availableReplicas": ready},
        }
        others = [each for each in self.objects.get("deployments", []) if _name(each) != name]
        self.objects["deployments"] = [*others, made]
        self.changed.set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if (known := _DISCOVERY.get(request.path)) is not None:
            return web.json_response(known)
        if request.query.get("watch"):
            return await self._follow(request)
        if (app := _app_of(request)) is not None:
            return await self._only(app).answer(request)
        return await self.answer(request)

    def _only(self, app: str) -> "Shop":
        """The same shop with nothing in it but the pods of one app."""
        pods = [each for each in self.objects["pods"] if _name(each).startswith(f"{app}-")]
        rows = [each for each in self.rows["shop"] if each[0].startswith(f"{app}-")]
        return replace(self, objects={**self.objects, "pods": pods}, rows={"shop": rows})

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        """Every object of a list as it is after each change, as MODIFIED."""
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        plural = request.path.rsplit("/", 1)[-1]
        while not self.is_over.is_set():
            self.changed.clear()
            app = _app_of(request)
            shown = self if app is None else self._only(app)
            for found in shown.objects.get(plural, []):
                event = {"type": "MODIFIED", "object": found}
                await response.write(json.dumps(event).encode() + b"\n")
            await self.changed.wait()
        return response


def _app_of(request: web.Request) -> str | None:
    """Which app's pods are meant by `app=cart`; None where all are."""
    selector = request.query.get("labelSelector", "")
    return selector.removeprefix("app=") if selector.startswith("app=") else None


def _of_row(namespace: str, row: Json) -> Json:
    metadata = {"name": row["cells"][0], "namespace": namespace}
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}


def _name(found: Json) -> str:
    return str(found["metadata"]["name"])


@asynccontextmanager
async def served_shop() -> AsyncIterator[Shop]:
    shop = Shop()
    shop.add_namespaces("shop")
    shop.add_pod("shop", "cart-0", status="CrashLoopBackOff", restarts="7")
    shop.add_pod("shop", "web-0")
    for pod in shop.objects["pods"]:
        pod["apiVersion"] = "v1"
    shop.logs["cart-0"] = "panic: cannot reach the database at db:5432\n"
    shop.deploy("web", wanted=2, ready=2)
    app = web.Application()
    app.add_routes([web.get("/{rest:.*}", shop.serve)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    shop.url = f"http://{host}:{port}"
    try:
        yield shop
    finally:
        shop.is_over.set()
        shop.changed.set()
        await runner.cleanup()
