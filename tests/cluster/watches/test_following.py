"""What a follower does when its server forgets, hangs up or refuses, on a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.cluster.access import ClusterAccess
from bot.cluster.api import opened_api
from bot.cluster.watches.states import State
from bot.cluster.watches.targets import Target
from bot.cluster.watches.watcher import Watcher

PVC = Target("pvc", "shop", "data")
GONE = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired"}}


def claim(phase: str, version: int) -> dict[str, Any]:
    meta = {"name": "data", "namespace": "shop", "uid": "u", "resourceVersion": str(version)}
    return {"metadata": meta, "status": {"phase": phase}}


def event(phase: str, version: int) -> dict[str, Any]:
    return {"type": "MODIFIED", "object": claim(phase, version)}


@dataclass
class Server:
    """Lists and watches are answered in the order given; the last list again and again."""

    lists: list[Any]
    watches: list[Any]
    """Events; or a status."""
    since: list[str] = field(default_factory=list)
    listed: int = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("watch"):
            return await self._watch(request)
        self.listed += 1
        found = self.lists.pop(0) if len(self.lists) > 1 else self.lists[0]
        if isinstance(found, int):
            return web.json_response({"message": "no"}, status=found)
        version = found["metadata"]["resourceVersion"]
        return web.json_response({"metadata": {"resourceVersion": version}, "items": [found]})

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        self.since.append(request.query["resourceVersion"])
        given = self.watches.pop(0) if self.watches else []
        if isinstance(given, int):
            return web.json_response({"message": "no"}, status=given)
        stream = web.StreamResponse()
        await stream.prepare(request)
        for each in given:
            written = json.dumps(each).encode() + b"\n"
            await stream.write(written[:20])  # an event may come in pieces
            await asyncio.sleep(0)
            await stream.write(written[20:])
        return stream


async def until_bound(server: Server, folder: Path) -> str:
    async with served(server) as url:
        config = folder / "config"
        config.write_text(json.dumps({
            "current-context": "c",
            "clusters": [{"name": "c", "cluster": {"server": url}}],
            "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        }))  # fmt: skip
        access = ClusterAccess("kubeconfig", context="c", server=url, kubeconfig=str(config))
        async with opened_api(access, {}) as api, asyncio.timeout(10):
            watcher = Watcher(api, pause_seconds=0.01)
            try:
                return await watcher.until(PVC, bound)
            finally:
                await watcher.close()


def bound(state: State) -> str:
    return state.words if state.is_ready else ""


@asynccontextmanager
async def served(server: Server) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("forgotten", [[GONE], 410], ids=["as an event", "as a status"])
async def test_after_410_the_list_is_read_again(forgotten: Any, tmp_path: Path) -> None:
    pending = claim("Pending", 5)
    server = Server([pending, pending, claim("Bound", 90)], [forgotten])

    assert await until_bound(server, tmp_path) == "Bound"
    assert (server.since[0], server.listed) == ("5", 3)


async def test_a_watch_that_ends_goes_on_where_it_stopped(tmp_path: Path) -> None:
    bookmark = {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "8"}}}
    watches = [[event("Pending", 6)], [bookmark], [event("Bound", 9)]]
    server = Server([claim("Pending", 5)], watches)

    assert await until_bound(server, tmp_path) == "Bound"
    assert server.since == ["5", "6", "8"]


async def test_what_is_refused_for_a_while_is_tried_again(tmp_path: Path) -> None:
    server = Server([500, claim("Pending", 5)], [403, 500, 401, [event("Bound", 6)]])

    assert await until_bound(server, tmp_path) == "Bound"
    assert server.since == ["5"] * 4
