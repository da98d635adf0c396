"""Slack's own Socket Mode client and Bolt, pointed at the playground."""

import asyncio
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import PlaygroundServer, Workspace


@pytest.fixture
async def server() -> Any:
    server = PlaygroundServer(Workspace())
    await server.start()
    yield server
    await server.close()


async def test_the_socket_mode_client_connects_acks_and_comes_back(
    server: PlaygroundServer,
) -> None:
    workspace, heard = server.workspace, []
    client = SocketModeClient(
        app_token=server.app_token, web_client=AsyncWebClient(base_url=server.api_url)
    )

    async def hear(client: Any, request: SocketModeRequest) -> None:
        heard.append(request.payload["event"]["text"])
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))

    client.socket_mode_request_listeners.append(hear)
    try:
        await client.connect()  # type: ignore[no-untyped-call]
        workspace.say("ann", "incidents", "before")
        await workspace.wait_for(lambda w: len(w.acks) == 1)
        await server.disconnect("refresh_requested")
        workspace.say("ann", "incidents", "after")
        await workspace.wait_for(lambda w: len(w.acks) == 2)
    finally:
        await client.close()  # type: ignore[no-untyped-call]

    assert heard == ["before", "after"]
    assert workspace.problems == []


async def test_a_bolt_app_answers_a_mention_in_its_thread(server: PlaygroundServer) -> None:
    workspace = server.workspace
    web_client = AsyncWebClient(token=server.bot_token, base_url=server.api_url)
    app = AsyncApp(client=web_client)

    @app.event("app_mention")
    async def answer(event: dict[str, Any], say: Any, set_status: Any) -> None:
        await set_status("is looking…")
        await say(text="Here I am", thread_ts=event["ts"])

    @app.event("message")
    async def ignore() -> None: ...

    handler = AsyncSocketModeHandler(app, server.app_token)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        ts = workspace.say("ann", "incidents", "@kaia where are you?")
        await workspace.wait_for(lambda w: len(w.thread("incidents", ts)) == 2)
        await workspace.wait_for(lambda w: not w.problems)
    finally:
        async with asyncio.timeout(5):
            await handler.close_async()  # type: ignore[no-untyped-call]

    assert workspace.transcript("incidents") == (
        "#incidents\nann: @kaia where are you?\n    kaia: Here I am\n"
    )
    statuses = [call for call in workspace.calls if call.method.endswith("setStatus")]
    assert [call.error for call in statuses] == [""]
