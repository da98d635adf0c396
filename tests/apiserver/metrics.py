"""The metrics API as metrics-server serves it, behind the API server's aggregation; it measures
nothing: what containers and nodes use stands in `metrics.json`.
"""

import argparse
import asyncio
import datetime
import json
import ssl
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.apiserver import processes
from tests.apiserver.certificates import Authority
from tests.apiserver.client import ApiRefused
from tests.apiserver.server import ApiServer

GROUP, VERSION = "metrics.k8s.io", "v1beta1"
ROOT = f"/apis/{GROUP}/{VERSION}"
_READY_WITHIN_SECONDS = 45
_SERVICE = "metrics-server"
_HOME = web.AppKey("home", Path)

Used = Mapping[str, tuple[str, str]]
"""CPU and memory by container."""


def pod(namespace: str, name: str, labels: Mapping[str, str], used: Used) -> dict[str, Any]:
    meta = {"name": name, "namespace": namespace, "labels": dict(labels)}
    listed = [
        {"name": container, "usage": {"cpu": cpu, "memory": memory}}
        for container, (cpu, memory) in used.items()
    ]
    return {"metadata": meta, "containers": listed}


def node(name: str, labels: Mapping[str, str], cpu: str, memory: str) -> dict[str, Any]:
    usage = {"cpu": cpu, "memory": memory}
    return {"metadata": {"name": name, "labels": dict(labels)}, "usage": usage}


def start(
    server: ApiServer, pods: Iterable[dict[str, Any]], nodes: Iterable[dict[str, Any]]
) -> None:
    """Returns when the API server passes requests for metrics on."""
    home = server.home
    (home / "metrics.json").write_text(json.dumps({"pods": [*pods], "nodes": [*nodes]}))
    (home / "metrics-pki").mkdir()
    Authority(home / "metrics-pki").issue(_SERVICE, addresses=("127.0.0.1",))
    argv = [sys.executable, "-m", "tests.apiserver.metrics", str(home)]
    processes.start(home, "metrics", argv, outlives_us=False)
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    _until(deadline, server, is_ready=(home / "metrics.port").exists)
    _register(server, int((home / "metrics.port").read_text()))
    _until(deadline, server, is_ready=lambda: _answers(server))


def _register(server: ApiServer, port: int) -> None:
    place = "/api/v1/namespaces/kube-system/services"
    service = {"type": "ExternalName", "externalName": "localhost"}
    server.client.post(place, {"metadata": {"name": _SERVICE}, "spec": service})
    spec = {
        "group": GROUP,
        "version": VERSION,
        "service": {"namespace": "kube-system", "name": _SERVICE, "port": port},
        "insecureSkipTLSVerify": True,
        "groupPriorityMinimum": 100,
        "versionPriority": 100,
    }
    body = {"metadata": {"name": f"{VERSION}.{GROUP}"}, "spec": spec}
    server.client.post("/apis/apiregistration.k8s.io/v1/apiservices", body)


def _answers(server: ApiServer) -> bool:
    """It is listed and served: each comes in its own time."""
    try:
        groups = server.client.get("/apis")["groups"]
        return any(each["name"] == GROUP for each in groups) and server.client.has(f"{ROOT}/nodes")
    except ApiRefused:
        return False


def _until(deadline: float, server: ApiServer, *, is_ready: Any) -> None:
    while not is_ready():
        assert processes.is_running(server.home, "metrics"), processes.end_of_log(
            server.home, "metrics"
        )
        assert time.monotonic() < deadline, "metrics are not served in time"
        time.sleep(0.05)


async def _resources(_: web.Request) -> web.Response:
    verbs = ["get", "list"]
    listed = [
        {"name": "nodes", "singularName": "", "namespaced": False, "kind": "NodeMetrics"},
        {"name": "pods", "singularName": "", "namespaced": True, "kind": "PodMetrics"},
    ]
    return web.json_response(
        {
            "kind": "APIResourceList",
            "apiVersion": "v1",
            "groupVersion": f"{GROUP}/{VERSION}",
            "resources": [{**each, "verbs": verbs} for each in listed],
        }
    )


async def _metrics(request: web.Request) -> web.Response:
    asked = request.match_info
    kind = "NodeMetrics" if asked["plural"] == "nodes" else "PodMetrics"
    kept = json.loads((request.app[_HOME] / "metrics.json").read_text())[asked["plural"]]
    found = [_measured(kind, each) for each in kept if _is_selected(each, request)]
    if name := asked.get("name"):
        named = [each for each in found if each["metadata"]["name"] == name]
        return web.json_response(named[0]) if named else _no_such(asked["plural"], name)
    if "as=Table" in request.headers.get("Accept", ""):
        return web.json_response(_table(found, carries=request.query.get("includeObject", "")))
    head = {"kind": f"{kind}List", "apiVersion": f"{GROUP}/{VERSION}", "metadata": {}}
    return web.json_response({**head, "items": found})


def _measured(kind: str, kept: dict[str, Any]) -> dict[str, Any]:
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    meta = {**kept["metadata"], "creationTimestamp": now}
    head = {"kind": kind, "apiVersion": f"{GROUP}/{VERSION}"}
    return {**head, **kept, "metadata": meta, "timestamp": now, "window": "15s"}


def _is_selected(kept: dict[str, Any], request: web.Request) -> bool:
    meta = kept["metadata"]
    place = request.match_info.get("namespace", "")
    fields = {f"metadata.{key}": meta.get(key, "") for key in ("name", "namespace")}
    return (
        place in ("", meta.get("namespace"))
        and _has(meta["labels"], request.query.get("labelSelector", ""))
        and _has(fields, request.query.get("fieldSelector", ""))
    )


def _has(found: Mapping[str, str], selector: str) -> bool:
    """Equality is all that the tests ask for; of other fields metrics-server knows none."""
    terms = (each.partition("=") for each in selector.split(",") if each)
    return all(found.get(key, "") == value.lstrip("=") for key, _, value in terms)


def _table(found: list[dict[str, Any]], *, carries: str) -> dict[str, Any]:
    columns = [
        ("Name", "name"),
        ("cpu", "quantity"),
        ("memory", "quantity"),
        ("Window", "duration"),
    ]
    rows = [{"cells": _cells(each), "object": _carried(each, carries)} for each in found]
    described = [{"name": name, "type": "string", "format": form} for name, form in columns]
    head = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {}}
    return {**head, "columnDefinitions": described if found else [], "rows": rows}


def _carried(found: dict[str, Any], carries: str) -> dict[str, Any] | None:
    head = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
    partial = {**head, "metadata": found["metadata"]}
    return {"Object": found, "None": None}.get(carries, partial)


def _cells(found: dict[str, Any]) -> list[str]:
    usage = found.get("usage") or found["containers"][0]["usage"]
    return [found["metadata"]["name"], usage["cpu"], usage["memory"], found["window"]]


def _no_such(plural: str, name: str) -> web.Response:
    said = f'{plural}.{GROUP} "{name}" not found'
    status = {"kind": "Status", "status": "Failure", "message": said, "reason": "NotFound"}
    details = {"name": name, "group": GROUP, "kind": plural}
    return web.json_response({**status, "details": details, "code": 404}, status=404)


def application(home: Path) -> web.Application:
    app = web.Application()
    app[_HOME] = home
    app.router.add_get(ROOT, _resources)
    for place in ("/{plural:pods|nodes}", "/namespaces/{namespace}/{plural:pods}"):
        app.router.add_get(f"{ROOT}{place}", _metrics)
        app.router.add_get(f"{ROOT}{place}/{{name}}", _metrics)
    return app


async def serve(home: Path) -> None:
    """Serves until cancelled; the port it got stands in `metrics.port`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pki = home / "metrics-pki"
    context.load_cert_chain(pki / f"{_SERVICE}.crt", pki / f"{_SERVICE}.key")
    runner = web.AppRunner(application(home), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    part = home / "metrics.port.part"
    part.write_text(str(runner.addresses[0][1]))
    part.rename(home / "metrics.port")
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    asyncio.run(serve(parser.parse_args().home))
