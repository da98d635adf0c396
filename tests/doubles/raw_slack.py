"""The door to a Web API of one's own, served on loopback: for what the workspace never does."""

from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.sending.outbound import Outbound


@asynccontextmanager
async def outbound_to(
    routes: Iterable[web.RouteDef], *, timeout_seconds: float
) -> AsyncIterator[Outbound]:
    """Its routes are below `/api/`; a request that is given up is cancelled there too."""
    application = web.Application()
    application.add_routes(routes)
    runner = web.AppRunner(application, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        session = await stack.enter_async_context(aiohttp.ClientSession())
        client = AsyncWebClient(
            token="xoxb-1",
            base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/",
            session=session,
            retry_handlers=[],
        )
        yield Outbound(client, timeout_seconds=timeout_seconds)
