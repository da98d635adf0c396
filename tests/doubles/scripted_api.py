"""An API server on loopback that answers as a test says, and a client with a token for it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import yaml
from aiohttp import web

from bot.cluster.access import ClusterAccess
from bot.cluster.api import ClusterApi, opened_api

Answer = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def serving(answer: Answer, folder: Path) -> AsyncIterator[ClusterApi]:
    app = web.Application()
    app.add_routes([web.route("*", "/{rest:.*}", answer)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        async with opened_api(access_to(f"http://{host}:{port}", folder), {}) as api:
            yield api
    finally:
        await runner.cleanup()


def access_to(url: str, folder: Path, user: dict[str, str] | None = None) -> ClusterAccess:
    path = folder / "kubeconfig"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "c",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": user or {"token": "canary-token"}}],
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
    }
    path.write_text(yaml.safe_dump(config))
    return ClusterAccess("kubeconfig", "c", url, "shop", str(path))
