"""Connections come back by themselves, and the process says when they do not."""

import asyncio
import dataclasses
import gc
import weakref
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.dialogue import Input
from bot.errors import SettingsError
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.slack import SlackFront, Watch
from tests.slack.conftest import QUICK, BuildFront, Connect, Receiver


async def _answers_a_mention(slack: Workspace, receiver: Receiver) -> None:
    before = len(receiver.inputs)
    slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda _: len(receiver.inputs) > before)
    await slack.wait_for(lambda now: not now.deliveries.unacked)


async def _both_connected(server: PlaygroundServer) -> None:
    await server.workspace.wait_for(lambda _: len(server.sockets.connections) == 2)


async def test_two_connections_listen(
    front: SlackFront, server: PlaygroundServer, receiver: Receiver
) -> None:
    await _both_connected(server)
    await _answers_a_mention(server.workspace, receiver)

    opened = [call for call in server.workspace.calls if call.method == "apps.connections.open"]
    assert len(opened) == 2  # the address that tried the token is used
    assert front.is_ready
    assert front.is_alive


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "too_many_websockets"])
async def test_a_connection_slack_ends_is_replaced(
    front: SlackFront, server: PlaygroundServer, receiver: Receiver, reason: str
) -> None:
    await _both_connected(server)
    before = set(server.sockets.connections)

    await server.disconnect(reason)

    slack = server.workspace
    await slack.wait_for(lambda _: not before & set(server.sockets.connections))
    await slack.wait_for(lambda _: front.is_ready)
    await _answers_a_mention(slack, receiver)


async def test_a_cut_connection_is_replaced_and_nothing_is_lost(
    front: SlackFront, server: PlaygroundServer, receiver: Receiver
) -> None:
    await _both_connected(server)
    server.cut()
    server.workspace.say("ann", "incidents", "@kaia said in the dark")
    await server.workspace.wait_for(lambda _: receiver.inputs, timeout=20)

    await server.workspace.wait_for(lambda _: front.is_ready)

    assert receiver.only.text == "said in the dark"


async def test_an_address_that_leads_nowhere_any_more_is_thrown_away(
    build_front: BuildFront, server: PlaygroundServer, receiver: Receiver
) -> None:
    front = build_front()
    await front.start()
    server.refuse_upgrades(2)  # uses up the tickets: the SDK would try them for ever
    running = asyncio.create_task(front.run())
    slack = server.workspace
    await slack.wait_for(lambda _: server.sockets.connections, timeout=15)
    await slack.wait_for(lambda _: front.is_ready)

    await _answers_a_mention(slack, receiver)

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await front.close()


async def test_dead_is_who_hears_nothing_though_slack_answers(
    connect: Connect, server: PlaygroundServer
) -> None:
    watch = dataclasses.replace(QUICK, dead_seconds=0.5, canary_seconds=0.1)
    front = await connect(watch=watch)
    await _both_connected(server)
    slack = server.workspace
    slack.faults.add("auth.test", "server_error", times=10_000)
    slack.faults.add("apps.connections.open", "server_error", times=10_000)
    server.cut()
    await slack.wait_for(lambda _: not front.is_ready)
    await slack.wait_for(lambda now: now.faults.met.count(("auth.test", "server_error")) > 8)
    assert front.is_alive  # Slack itself is down: a new process would not help

    slack.faults.clear()
    slack.faults.add("apps.connections.open", "server_error", times=10_000)

    await slack.wait_for(lambda _: not front.is_alive)


async def test_closing_is_quick_though_slack_ignores_it(
    build_front: BuildFront, deaf_server: str, slack: Workspace
) -> None:
    front = build_front(api_url=deaf_server, bot_token="xoxb-1", app_token="xapp-1")
    await front.start()
    running = asyncio.create_task(front.run())
    await slack.wait_for(lambda _: front.is_ready)
    started = asyncio.get_running_loop().time()

    await front.close()
    await front.close()

    assert asyncio.get_running_loop().time() - started < 3
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_what_is_being_handled_at_the_end_is_still_kept_and_acked(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    front = await connect()
    receiver.slowness = 0.3
    slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda _: receiver.calls == 2)

    await front.close()

    assert len(receiver.inputs) == 1
    assert not slack.deliveries.unacked


async def test_what_is_being_handled_is_not_collected_as_garbage(
    connect: Connect, slack: Workspace
) -> None:
    handling: list[weakref.ref[asyncio.Task[object]]] = []

    class Waits(Receiver):
        async def receive(self, said: Input) -> bool:
            task = asyncio.current_task()
            assert task is not None
            handling.append(weakref.ref(task))
            # Nothing else in the program knows this future, and so the task that waits for it.
            await asyncio.get_running_loop().create_future()
            return bool(said)

    await connect(receiver=Waits())
    slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda _: len(handling) == 2)

    gc.collect()

    assert all(task() is not None for task in handling)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"bot_token": "xapp-1", "app_token": "xoxb-1"}, "are swapped"),
        ({"bot_token": "xoxp-1"}, "SLACK_BOT_TOKEN is not a bot token"),
        ({"bot_token": ""}, "SLACK_BOT_TOKEN is empty"),
        ({"app_token": "xoxb-1"}, "SLACK_APP_TOKEN is not an app-level token"),
        ({"app_token": ""}, "SLACK_APP_TOKEN is empty"),
        ({"bot_token": "xoxb-wrong"}, "does not accept SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-wrong"}, "does not accept SLACK_APP_TOKEN"),
    ],
)
async def test_wrong_tokens_are_told_at_once_in_plain_words(
    build_front: BuildFront, more: dict[str, str], sentence: str
) -> None:
    front = build_front(**more)

    with pytest.raises(SettingsError, match=sentence):
        await front.start()

    await front.close()


@pytest.mark.parametrize(
    ("method", "code", "sentence"),
    [
        ("auth.test", "account_inactive", "Install it again"),
        ("auth.test", "missing_scope", "lacks the scope users:read"),
        ("auth.test", "not_allowed_token_type", "not a bot token"),
        ("auth.test", "unknown_method", "SLACK_API_URL"),
        ("auth.test", "org_login_required", "org_login_required"),
        ("apps.connections.open", "missing_scope", "connections:write"),
        ("apps.connections.open", "not_allowed_token_type", "not an app-level token"),
        ("apps.connections.open", "socket_mode_not_enabled", "Socket Mode is off"),
    ],
)
async def test_what_slack_refuses_at_start_is_said_with_what_to_do(
    build_front: BuildFront, slack: Workspace, method: str, code: str, sentence: str
) -> None:
    slack.faults.add(method, "error", times=9, code=code, needed="users:read")
    front = build_front()

    with pytest.raises(SettingsError, match=sentence):
        await front.start()

    await front.close()


async def test_a_start_without_slack_waits_for_it(
    build_front: BuildFront, slack: Workspace
) -> None:
    slack.faults.add("auth.test", "server_error")
    slack.faults.add("apps.connections.open", "ratelimited", retry_after=0)
    front = build_front()

    await front.start()

    assert front.identity is not None
    assert front.identity.user == slack.bot.id
    await front.close()


@pytest.fixture
async def plain_server() -> AsyncIterator[str]:
    """A server that is no Slack at all."""
    runner = web.AppRunner(web.Application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api"
    await runner.cleanup()


@pytest.fixture
async def deaf_server() -> AsyncIterator[str]:
    """A Slack that says hello on a socket and reads nothing from it, not even its close."""
    over = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        url = f"ws://{request.host}/link"
        return web.json_response(
            {"ok": True, "url": url, "user_id": "U1", "team_id": "T1", "bot_id": "B1"}
        )

    async def link(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=0.1)
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        await over.wait()
        return socket

    application = web.Application()
    application.add_routes([web.post("/api/{method}", answer), web.get("/link", link)])
    runner = web.AppRunner(application, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    over.set()
    await runner.cleanup()


async def test_an_address_that_is_not_slack_is_told_apart_from_a_slack_that_is_down(
    build_front: BuildFront, plain_server: str
) -> None:
    front = build_front(api_url=plain_server)

    with pytest.raises(SettingsError, match="SLACK_API_URL"):
        await front.start()

    await front.close()


def test_the_watch_is_as_patient_as_slack_needs_it() -> None:
    usual = Watch()

    assert usual.connections == 2
    assert QUICK.dead_seconds < usual.dead_seconds
    assert 2 * usual.ping_seconds < usual.silent_seconds < usual.dead_seconds
