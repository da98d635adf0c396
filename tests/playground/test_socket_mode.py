"""Socket Mode as a raw client sees it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.playground import PlaygroundServer, Workspace
from bot.playground.clock import HandClock

Connect = Callable[[], AbstractAsyncContextManager["App"]]
Ask = Callable[..., Any]


class App:
    """The least a Socket Mode client does."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def frame(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            found: dict[str, Any] = await self.socket.receive_json()
            return found

    async def ack(self, frame: dict[str, Any], **more: Any) -> None:
        await self.socket.send_json({"envelope_id": frame["envelope_id"], **more})


@pytest.fixture
def connect(server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask) -> Connect:
    @asynccontextmanager
    async def connect() -> AsyncIterator[App]:
        opened = await ask("apps.connections.open", token=server.app_token)
        async with http.ws_connect(opened["url"]) as socket:
            app = App(socket)
            assert (await app.frame())["type"] == "hello"
            yield app

    return connect


async def test_hello_names_the_app_and_counts_connections(
    server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask
) -> None:
    opened = await ask("apps.connections.open", token=server.app_token)
    async with http.ws_connect(opened["url"]) as socket:
        hello = await socket.receive_json()

    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": server.workspace.directory.app_id}


async def test_a_ticket_is_good_for_one_connection(
    server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask
) -> None:
    opened = await ask("apps.connections.open", token=server.app_token)
    async with http.ws_connect(opened["url"]):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(opened["url"])

    assert refused.value.status == 403


async def test_a_ticket_expires(
    server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask, clock: HandClock
) -> None:
    opened = await ask("apps.connections.open", token=server.app_token)
    clock.advance(31)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(opened["url"])

    assert refused.value.status == 403


async def test_a_mention_comes_as_message_and_as_app_mention(
    connect: Connect, workspace: Workspace
) -> None:
    async with connect() as app:
        ts = workspace.say("ann", "incidents", "@kaia what is wrong in <shop>?")
        first, second = await app.frame(), await app.frame()

    events = [first["payload"]["event"], second["payload"]["event"]]
    assert [event["type"] for event in events] == ["message", "app_mention"]
    assert {event["ts"] for event in events} == {ts}
    assert events[0]["text"] == f"<@{workspace.bot.id}> what is wrong in &lt;shop&gt;?"
    assert events[0]["channel_type"] == "channel"
    assert events[0]["team"] == workspace.directory.team_id
    assert first["payload"]["event_id"] != second["payload"]["event_id"]
    assert first["payload"]["authorizations"][0]["user_id"] == workspace.bot.id
    assert first["payload"]["is_ext_shared_channel"] is False
    assert first["retry_attempt"] == 0


async def test_the_mention_may_come_first(connect: Connect, workspace: Workspace) -> None:
    workspace.announcer.mention_first = True
    async with connect() as app:
        workspace.say("ann", "incidents", "@kaia hello")
        first = await app.frame()

    assert first["payload"]["event"]["type"] == "app_mention"


async def test_an_ack_is_registered_with_its_latency(
    connect: Connect, workspace: Workspace, clock: HandClock
) -> None:
    async with connect() as app:
        workspace.say("ann", "incidents", "hello")
        frame = await app.frame()
        clock.advance(1.5)
        await app.ack(frame)
        await workspace.wait_for(lambda w: w.acks)

    [ack] = workspace.acks
    assert ack.envelope_id == frame["envelope_id"]
    assert ack.seconds == pytest.approx(1.5)
    assert workspace.problems == []


async def test_what_is_acked_is_not_sent_again(
    connect: Connect, workspace: Workspace, clock: HandClock
) -> None:
    async with connect() as app:
        workspace.say("ann", "incidents", "one")
        await app.ack(await app.frame())
        await workspace.wait_for(lambda w: w.acks)
        clock.advance(3)
        workspace.say("ann", "incidents", "two")
        await app.ack(await app.frame())
        await workspace.wait_for(lambda w: len(w.acks) == 2)

    assert [len(delivery.envelopes) for delivery in workspace.deliveries.all] == [1, 1]


async def test_an_unacked_event_is_sent_again_after_three_seconds(
    connect: Connect, workspace: Workspace, clock: HandClock
) -> None:
    async with connect() as app:
        workspace.say("ann", "incidents", "hello")
        first = await app.frame()
        clock.advance(3)
        again = await app.frame()
        await app.ack(again)
        await workspace.wait_for(lambda w: w.acks)

    assert again["retry_attempt"] == 1
    assert again["retry_reason"] == "timeout"
    assert again["payload"]["event_id"] == first["payload"]["event_id"]
    assert again["envelope_id"] != first["envelope_id"]
    assert workspace.problems == []


async def test_what_is_never_acked_is_a_problem(connect: Connect, workspace: Workspace) -> None:
    async with connect() as app:
        workspace.say("ann", "incidents", "hello")
        await app.frame()

    assert "never acked: events_api message" in workspace.problems[0]


async def test_each_envelope_goes_to_one_connection_only(
    connect: Connect, workspace: Workspace
) -> None:
    async with connect() as first, connect() as second:
        workspace.say("ann", "incidents", "one")
        workspace.say("ann", "incidents", "two")
        texts = [(await app.frame())["payload"]["event"]["text"] for app in (first, second)]

    assert texts == ["one", "two"]


async def test_the_eleventh_connection_is_turned_away(
    connect: Connect, server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask
) -> None:
    async with asyncio.timeout(20):
        async with AsyncExitStack() as stack:
            for _ in range(10):
                await stack.enter_async_context(connect())
            opened = await ask("apps.connections.open", token=server.app_token)
            async with http.ws_connect(opened["url"]) as socket:
                frame = await socket.receive_json()

    assert frame == {"type": "disconnect", "reason": "too_many_websockets"}


@pytest.mark.parametrize("reason", ["refresh_requested", "link_disabled"])
async def test_disconnect_says_why_and_closes(
    connect: Connect, server: PlaygroundServer, reason: str
) -> None:
    async with connect() as app:
        telling = asyncio.create_task(server.disconnect(reason))
        frame = await app.frame()
        closing = await app.socket.receive()
        await telling

    assert frame["reason"] == reason
    assert closing.type == aiohttp.WSMsgType.CLOSE


async def test_a_warning_leaves_the_connection_open(
    connect: Connect, server: PlaygroundServer, workspace: Workspace
) -> None:
    async with connect() as app:
        await server.disconnect("warning")
        frame = await app.frame()
        workspace.say("ann", "incidents", "still there?")
        said = await app.frame()

    assert frame["reason"] == "warning"
    assert said["payload"]["event"]["text"] == "still there?"


async def test_a_cut_connection_gets_what_it_missed_on_the_next_one(
    connect: Connect, server: PlaygroundServer, workspace: Workspace
) -> None:
    async with connect() as app:
        server.cut()
        closing = await app.socket.receive()
    await workspace.wait_for(lambda w: not w.deliveries.connections)
    workspace.say("ann", "incidents", "anybody?")
    async with connect() as app:
        said = await app.frame()

    assert closing.type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    assert said["payload"]["event"]["text"] == "anybody?"


async def test_a_refused_upgrade_uses_its_ticket_up(
    server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask
) -> None:
    server.refuse_upgrades(1)
    opened = await ask("apps.connections.open", token=server.app_token)
    statuses = []
    for _ in range(2):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await http.ws_connect(opened["url"])
        statuses.append(refused.value.status)

    assert statuses == [503, 403]


async def test_duplicates_are_delivered_on_demand(connect: Connect, workspace: Workspace) -> None:
    workspace.deliveries.duplicate()
    async with connect() as app:
        workspace.say("ann", "incidents", "once")
        first, second = await app.frame(), await app.frame()

    assert first["payload"] == second["payload"]


async def test_held_events_are_released_backwards(connect: Connect, workspace: Workspace) -> None:
    async with connect() as app:
        workspace.deliveries.hold()
        for word in ("one", "two", "three"):
            workspace.say("ann", "incidents", word)
        workspace.deliveries.release()
        texts = [(await app.frame())["payload"]["event"]["text"] for _ in range(3)]

    assert texts == ["three", "two", "one"]


@pytest.mark.parametrize("answers", [True, False])
async def test_pings_are_answered_unless_the_connection_is_to_look_dead(
    server: PlaygroundServer, http: aiohttp.ClientSession, ask: Ask, answers: bool
) -> None:
    server.sockets.answers_pings = answers
    workspace = server.workspace
    opened = await ask("apps.connections.open", token=server.app_token)
    async with http.ws_connect(opened["url"], autoping=False) as socket, asyncio.timeout(5):
        await socket.receive_json()
        workspace.say("ann", "incidents", "hello")
        said = await socket.receive_json()
        await socket.ping(b"there?")
        await App(socket).ack(said)
        await workspace.wait_for(lambda w: w.acks)
        await server.disconnect("warning")
        next_frame = await socket.receive()

    expected = aiohttp.WSMsgType.PONG if answers else aiohttp.WSMsgType.TEXT
    assert next_frame.type == expected


async def test_only_the_app_token_opens_connections(server: PlaygroundServer, ask: Ask) -> None:
    refused = await ask("apps.connections.open", token=server.bot_token)

    assert refused["error"] == "not_allowed_token_type"
