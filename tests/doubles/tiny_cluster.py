"""An API server on loopback with whatever objects a test gives it, in all the forms Kaia reads."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from aiohttp import web

from bot.cluster.access import ClusterAccess

Json = dict[str, Any]
_COLUMNS = ("Name", "Ready", "Status", "Restarts", "Age", "IP", "Node")


@dataclass(slots=True)
class TinyCluster:
    objects: dict[str, list[Json]] = field(default_factory=dict)
    """Plural -> objects. Namespaces are `namespaces`."""
    rows: dict[str, list[list[Any]]] = field(default_factory=dict)
    """Namespace -> cells of its pods' rows."""
    logs: dict[str, str] = field(default_factory=dict)
    discovery: Json = field(default_factory=lambda: {"items": []})
    forbidden: set[str] = field(default_factory=set)
    """Plurals, or `plural/namespace`, that may not be read."""
    paths: list[str] = field(default_factory=list)
    is_hanging: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    def add_namespaces(self, *names: str) -> None:
        self.objects.setdefault("namespaces", []).extend({"metadata": {"name": n}} for n in names)

    def add_pod(
        self, namespace: str, name: str, *, status: str = "Running", restarts: str = "0"
    ) -> None:
        ready = "1/1" if status == "Running" else "0/1"
        cells = [name, ready, status, restarts, "5d", "10.0.0.1", "node-1"]
        self.rows.setdefault(namespace, []).append(cells)
        pod = _pod(namespace, name, status)
        self.objects.setdefault("pods", []).append(pod)

    def add(self, plural: str, namespace: str, name: str, **more: Any) -> None:
        made = {"metadata": {"name": name, "namespace": namespace}, **more}
        self.objects.setdefault(plural, []).append(made)

    def access(self, folder: Path, *, namespace: str = "shop") -> ClusterAccess:
        path = folder / "tiny.kubeconfig"
        context = {"cluster": "c", "user": "u", "namespace": namespace}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "tiny",
            "clusters": [{"name": "c", "cluster": {"server": self.url}}],
            "users": [{"name": "u", "user": {"token": "t"}}],
            "contexts": [{"name": "tiny", "context": context}],
        }
        path.write_text(yaml.safe_dump(config), encoding="utf-8")
        return ClusterAccess("kubeconfig", "tiny", self.url, namespace, str(path))

    async def answer(self, request: web.Request) -> web.Response:
        self.paths.append(request.path)
        if self.is_hanging:
            self.asked.set()
            await asyncio.Event().wait()
        accept = request.headers.get("Accept", "")
        if request.path == "/apis":
            return web.json_response(self.discovery)
        plural, namespace, name, is_log = _read_path(request.path)
        if {plural, f"{plural}/{namespace}"} & self.forbidden:
            return _refuse(403, f"{plural} is forbidden")
        if is_log:
            return web.Response(text=self.logs.get(name, ""))
        if "as=Table" in accept:
            return web.json_response(self._table(namespace))
        return self._objects(plural, namespace, name)

    def _table(self, namespace: str) -> Json:
        rows = [{"cells": cells} for cells in self.rows.get(namespace, [])]
        return {"columnDefinitions": [{"name": n} for n in _COLUMNS], "rows": rows}

    def _objects(self, plural: str, namespace: str, name: str) -> web.Response:
        found = [
            each
            for each in self.objects.get(plural, [])
            if not namespace or each["metadata"].get("namespace") == namespace
        ]
        if not name:
            return web.json_response({"metadata": {}, "items": found})
        one = next((each for each in found if each["metadata"]["name"] == name), None)
        return _refuse(404, f"{name} not found") if one is None else web.json_response(one)


@asynccontextmanager
async def serve_tiny_cluster() -> AsyncIterator[TinyCluster]:
    cluster = TinyCluster()
    app = web.Application()
    app.add_routes([web.get("/{rest:.*}", cluster.answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    cluster.url = f"http://{host}:{port}"
    try:
        yield cluster
    finally:
        await runner.cleanup()


def _read_path(path: str) -> tuple[str, str, str, bool]:
    """Plural, namespace, name, and whether its log is meant."""
    words = path.strip("/").split("/")
    rest = words[2:] if words[0] == "api" else words[3:]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    is_log = len(rest) == 3 and rest[2] == "log"
    return rest[0], namespace, rest[1] if len(rest) > 1 else "", is_log


def _refuse(status: int, words: str) -> web.Response:
    return web.json_response({"kind": "Status", "message": words, "code": status}, status=status)


def _pod(namespace: str, name: str, status: str) -> Json:
    waiting: Mapping[str, Any] = {"waiting": {"reason": status, "message": "it does not start"}}
    ended = {"terminated": {"reason": "Error", "exitCode": 3}}
    is_well = status == "Running"
    container = {
        "name": "app",
        "image": "shop/app:1",
        "ready": is_well,
        "restartCount": 0 if is_well else 7,
        "state": {"running": {}} if is_well else waiting,
        "lastState": {} if is_well else ended,
    }
    return {
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"nodeName": "node-1", "containers": [{"name": "app", "image": "shop/app:1"}]},
        "status": {"phase": "Running", "containerStatuses": [container]},
    }
