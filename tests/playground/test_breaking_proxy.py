"""The proxy that breaks: what a client behind it sees, and what the workspace has done."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.playground import PlaygroundServer, Workspace
from tests.doubles.breaking_proxy import BreakingProxy, breaking_proxy


@pytest.fixture
async def proxy(server: PlaygroundServer) -> AsyncIterator[BreakingProxy]:
    async with breaking_proxy(server.port, seed=1) as proxy:
        server.reached_by(proxy.url)
        yield proxy


async def _post(server: PlaygroundServer, http: aiohttp.ClientSession, text: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {server.bot_token}"}
    said = {"channel": "incidents", "text": text}
    url = server.api_url + "chat.postMessage"
    async with http.post(url, json=said, headers=headers) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def _connect(
    server: PlaygroundServer, http: aiohttp.ClientSession
) -> aiohttp.ClientWebSocketResponse:
    headers = {"Authorization": f"Bearer {server.app_token}"}
    async with http.post(server.api_url + "apps.connections.open", headers=headers) as answer:
        opened = await answer.json()
    socket = await http.ws_connect(opened["url"])
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_the_web_api_and_socket_mode_pass_through(
    server: PlaygroundServer, http: aiohttp.ClientSession, proxy: BreakingProxy
) -> None:
    assert server.api_url == f"{proxy.url}/api/"
    assert (await _post(server, http, "hi"))["ok"]
    socket = await _connect(server, http)
    server.workspace.say("ann", "incidents", "hello")

    assert str(socket.get_extra_info("peername")[1]) == str(proxy.port)
    assert (await socket.receive_json())["payload"]["event"]["text"] == "hi"
    assert (await socket.receive_json())["payload"]["event"]["text"] == "hello"


async def test_a_cut_breaks_what_is_open_and_nothing_new(
    server: PlaygroundServer, http: aiohttp.ClientSession, proxy: BreakingProxy
) -> None:
    socket = await _connect(server, http)
    broken = proxy.cut()
    frame = await socket.receive()
    await server.workspace.wait_for(lambda w: not w.deliveries.connections)

    assert broken == proxy.cuts == 1
    assert frame.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    assert (await _post(server, http, "again"))["ok"]


async def test_a_share_of_the_connections_is_chosen_by_the_seed(
    server: PlaygroundServer, http: aiohttp.ClientSession
) -> None:
    async def broken(seed: int) -> int:
        async with breaking_proxy(server.port, seed=seed) as proxy:
            server.reached_by(proxy.url)
            for _ in range(8):
                await _connect(server, http)
            return proxy.cut(share=0.5)

    first = await broken(3)
    await server.workspace.wait_for(lambda w: not w.deliveries.connections)

    assert 0 < first < 9
    assert await broken(3) == first


async def test_an_answer_is_lost_after_the_work_was_done(
    server: PlaygroundServer, http: aiohttp.ClientSession, proxy: BreakingProxy
) -> None:
    proxy.lose_answers(1, about="chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await _post(server, http, "lost")
    answer = await _post(server, http, "kept")

    assert answer["ok"]
    assert [m.text for m in server.workspace.messages("incidents")] == ["lost", "kept"]
    assert proxy.lost_answers == ["POST /api/chat.postMessage HTTP/1.1"]


async def test_a_held_connection_stays_open_and_is_quiet_until_it_is_released(
    server: PlaygroundServer, http: aiohttp.ClientSession, proxy: BreakingProxy
) -> None:
    socket = await _connect(server, http)
    proxy.hold("down")
    server.workspace.say("ann", "incidents", "hello")
    receiving = asyncio.create_task(socket.receive_json(), name="waiting for what is held")
    fresh = await _connect(server, http)
    await fresh.close()
    was_quiet = not receiving.done()
    proxy.release()

    assert was_quiet
    assert (await receiving)["payload"]["event"]["text"] == "hello"


async def test_new_connections_are_refused_for_a_while_and_then_no_more(
    server: PlaygroundServer, http: aiohttp.ClientSession, proxy: BreakingProxy
) -> None:
    proxy.refuse(60)
    with pytest.raises(aiohttp.ClientError):
        await _post(server, http, "no")
    proxy.refuse(0)

    assert (await _post(server, http, "yes"))["ok"]
    assert proxy.turned_away >= 1
    assert [m.text for m in server.workspace.messages("incidents")] == ["yes"]


async def test_what_is_delayed_arrives_whole(
    workspace: Workspace,
    server: PlaygroundServer,
    http: aiohttp.ClientSession,
    proxy: BreakingProxy,
) -> None:
    proxy.delay_seconds = 0.02
    text = "x" * 39_000

    assert (await _post(server, http, text))["ok"]
    assert workspace.messages("incidents")[0].text == text
