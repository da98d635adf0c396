"""A workspace with its server, and a foreign client to look at it from outside."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import PlaygroundServer, Workspace
from bot.playground.clock import HandClock

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def server(clock: HandClock) -> AsyncIterator[PlaygroundServer]:
    server = PlaygroundServer(Workspace(clock=clock))
    await server.start()
    yield server
    await server.close()


@pytest.fixture
def workspace(server: PlaygroundServer) -> Workspace:
    return server.workspace


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
def ask(server: PlaygroundServer, http: aiohttp.ClientSession) -> Ask:
    """Calls a method as a bot with a JSON body and gives the answer back."""

    async def ask(method: str, *, token: str | None = None, **arguments: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token or server.bot_token}"}
        async with http.post(server.api_url + method, json=arguments, headers=headers) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    return ask


@pytest.fixture
def slack(server: PlaygroundServer) -> AsyncWebClient:
    return AsyncWebClient(token=server.bot_token, base_url=server.api_url, retry_handlers=[])


@pytest.fixture
def incidents(workspace: Workspace) -> str:
    return workspace.directory.channel("incidents").id


@pytest.fixture
def asked(workspace: Workspace) -> str:
    """The timestamp of a question in #incidents."""
    return workspace.say("ann", "incidents", "@kaia what is wrong?")
