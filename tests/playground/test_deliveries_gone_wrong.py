"""Late, repeated and lost deliveries, connections that go quiet, tokens that are taken away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.playground import PlaygroundServer, Workspace
from bot.playground.clock import HandClock
from bot.playground.deliveries import at_random
from tests.playground.conftest import Ask

Socket = aiohttp.ClientWebSocketResponse
_SOON = aiohttp.ClientWSTimeout(ws_close=0.2)
_BUTTON = {
    "type": "actions",
    "block_id": "b1",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ],
}
Connect = Callable[..., AbstractAsyncContextManager[Socket]]


@pytest.fixture
def connect(server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask) -> Connect:
    @asynccontextmanager
    async def connect(**more: Any) -> AsyncIterator[Socket]:
        opened = await ask("apps.connections.open", token=server.app_token)
        async with http.ws_connect(opened["url"], **more) as socket:
            if server.sockets.says_hello:
                assert (await socket.receive_json())["type"] == "hello"
            yield socket

    return connect


def _text(frame: dict[str, Any]) -> str:
    return str(frame["payload"]["event"]["text"])


async def test_hello_counts_the_connections_of_all_replicas(
    connect: Connect, server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask
) -> None:
    async with connect(), connect():
        opened = await ask("apps.connections.open", token=server.app_token)
        async with http.ws_connect(opened["url"]) as third:
            hello = await third.receive_json()

    assert hello["num_connections"] == 3


async def test_events_go_to_any_one_connection_as_the_seed_chooses(
    connect: Connect, server: PlaygroundServer, workspace: Workspace
) -> None:
    workspace.deliveries.choose, again = at_random(5), at_random(5)
    async with AsyncExitStack() as stack, asyncio.timeout(5):
        sockets = [await stack.enter_async_context(connect()) for _ in range(3)]
        open_ones = server.sockets.connections
        for number in range(30):
            workspace.say("ann", "incidents", str(number))
        chosen = [open_ones.index(again(open_ones, number)) for number in range(30)]
        heard = [_text(await sockets[number].receive_json()) for number in chosen]

    assert heard == [str(number) for number in range(30)]
    assert set(chosen) == {0, 1, 2}


async def test_an_event_comes_again_hours_later_with_its_old_time_and_a_new_id(
    connect: Connect, workspace: Workspace, clock: HandClock
) -> None:
    async with connect() as socket, asyncio.timeout(5):
        ts = workspace.say("ann", "incidents", "@kaia hello")
        first = [await socket.receive_json() for _ in range(2)]
        clock.advance(4 * 3600)
        replayed = workspace.replay("incidents", ts)
        # The first two were never acked, so that they are among what comes now as well.
        late = [await socket.receive_json() for _ in range(4)]

    fresh = [one["payload"] for one in late if one["retry_attempt"] == 0]
    assert len(replayed) == len(fresh) == 2
    assert [one["event"] for one in fresh] == [one["payload"]["event"] for one in first]
    assert {one["event_time"] for one in fresh} == {first[0]["payload"]["event_time"]}
    known = {one["payload"]["event_id"] for one in first}
    assert known.isdisjoint({one["event_id"] for one in fresh})


async def test_a_press_that_reaches_nobody_has_failed_at_once(workspace: Workspace) -> None:
    ts = workspace.say("alerts", "incidents", "", blocks=[_BUTTON])
    pressed = workspace.click("ann", "incidents", ts, "go")

    assert pressed is not None
    assert (pressed.acked, pressed.given_up) == (False, True)


async def test_a_press_that_is_acked_has_gone_through_and_an_unacked_one_is_not_repeated(
    connect: Connect, workspace: Workspace, clock: HandClock
) -> None:
    ts = workspace.say("alerts", "incidents", "", blocks=[_BUTTON])
    async with connect() as socket, asyncio.timeout(5):
        await socket.receive_json()  # the message itself, which was waiting
        acked = workspace.click("ann", "incidents", ts, "go")
        await socket.send_json({"envelope_id": (await socket.receive_json())["envelope_id"]})
        await workspace.wait_for(lambda w: w.acks)
        lost = workspace.click("ann", "incidents", ts, "go")
        await socket.receive_json()
        clock.advance(3)
        await workspace.wait_for(lambda _: lost is not None and lost.given_up)

    assert acked is not None
    assert (acked.acked, acked.given_up) == (True, False)
    assert lost is not None
    assert len(lost.envelopes) == 1


async def test_switched_off_sockets_are_closed_and_refused_until_they_are_on_again(
    connect: Connect, server: PlaygroundServer, ask: Ask
) -> None:
    async with connect() as socket:
        switching = asyncio.create_task(server.switch_sockets_off())
        told = await socket.receive_json()
        closing = await socket.receive()
        await switching
    refused = await ask("apps.connections.open", token=server.app_token)
    server.switch_sockets_on()

    assert told["reason"] == "link_disabled"
    assert closing.type == aiohttp.WSMsgType.CLOSE
    assert refused["error"] == "socket_mode_not_enabled"
    async with connect():
        pass


async def test_one_connection_can_be_refreshed_while_the_others_stay(
    connect: Connect, server: PlaygroundServer, workspace: Workspace
) -> None:
    async with connect() as first, connect() as second:
        refreshing = asyncio.create_task(server.disconnect("refresh_requested", only=0))
        told = await first.receive_json()
        await first.receive()
        await refreshing
        await workspace.wait_for(lambda w: len(w.deliveries.connections) == 1)
        workspace.say("ann", "incidents", "still there?")
        heard = await second.receive_json()

    assert told["reason"] == "refresh_requested"
    assert _text(heard) == "still there?"


async def test_a_half_open_connection_neither_answers_nor_hears_and_its_events_come_elsewhere(
    connect: Connect, server: PlaygroundServer, ask: Ask, clock: HandClock
) -> None:
    async with connect(autoping=False, timeout=_SOON) as dead, asyncio.timeout(5):
        server.sockets.half_open()
        async with connect() as alive:
            await dead.ping(b"there?")
            server.workspace.say("ann", "incidents", "to the dead one")
            await ask("api.test")  # by now the redelivery waits for the clock
            clock.advance(3)
            again = await alive.receive_json()
            with pytest.raises(TimeoutError):
                await dead.receive(timeout=0.1)

    assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")


async def test_a_connection_may_look_healthy_and_deliver_nothing(
    connect: Connect, server: PlaygroundServer, workspace: Workspace
) -> None:
    async with connect(autoping=False) as socket, asyncio.timeout(5):
        server.sockets.swallow_events()
        workspace.say("ann", "incidents", "hello")
        await socket.ping(b"there?")
        frame = await socket.receive()

    assert frame.type == aiohttp.WSMsgType.PONG


async def test_a_close_frame_may_stay_unanswered(
    connect: Connect, server: PlaygroundServer, workspace: Workspace
) -> None:
    server.sockets.answers_close = False
    async with connect(timeout=_SOON) as socket:
        began = asyncio.get_running_loop().time()
        await socket.close()
        waited = asyncio.get_running_loop().time() - began
    await workspace.wait_for(lambda w: not w.deliveries.connections)

    assert waited >= 0.2


async def test_a_connection_may_open_without_a_word(
    connect: Connect, server: PlaygroundServer, workspace: Workspace
) -> None:
    server.sockets.says_hello = False
    async with connect() as socket, asyncio.timeout(5):
        await workspace.wait_for(lambda w: w.deliveries.connections)
        workspace.say("ann", "incidents", "first word")
        frame = await socket.receive_json()

    assert frame["type"] == "events_api"


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
async def test_a_token_can_be_taken_away_and_given_back(
    workspace: Workspace, server: PlaygroundServer, ask: Ask, error: str
) -> None:
    workspace.revoke("bot", error)
    workspace.revoke("app", error)
    refused = [
        (await ask("auth.test"))["error"],
        (await ask("apps.connections.open", token=server.app_token))["error"],
    ]
    workspace.restore("bot")
    workspace.restore("app")

    assert refused == [error, error]
    assert (await ask("auth.test"))["ok"]
    assert (await ask("apps.connections.open", token=server.app_token))["ok"]
