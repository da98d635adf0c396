"""Whatever Slack does to its sockets, events keep coming, and what a person must mend is said."""

import asyncio
import dataclasses
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.slack import SlackFront, Watch
from bot.slack.sending.outbound import Method
from tests.slack.conftest import QUICK, BuildFront, Connect, Receiver

OPEN = Method.CONNECTIONS_OPEN.value
_PATIENT = 100


async def _both_connected(server: PlaygroundServer) -> None:
    await server.workspace.wait_for(lambda _: len(server.sockets.connections) == 2)


async def _answers_a_mention(slack: Workspace, receiver: Receiver) -> None:
    before = len(receiver.inputs)
    slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda _: len(receiver.inputs) > before)
    await slack.wait_for(lambda now: not now.deliveries.unacked)


def _opened(slack: Workspace) -> int:
    return sum(call.method == OPEN for call in slack.calls)


async def _stream_of_mentions(slack: Workspace, count: int, pause: float) -> list[str]:
    stamps = []
    for number in range(count):
        stamps.append(slack.say("ann", "incidents", f"@kaia question {number}"))
        await asyncio.sleep(pause)
    return stamps


async def _all_arrive(slack: Workspace, receiver: Receiver, stamps: list[str]) -> None:
    await slack.wait_for(lambda _: len(receiver.inputs) >= len(stamps), timeout=30)
    await slack.wait_for(lambda now: not now.deliveries.unacked, timeout=30)
    assert {said.ts for said in receiver.inputs.values()} == set(stamps)
    assert not any(delivery.given_up for delivery in slack.deliveries.all)


# Renewal


async def test_events_keep_coming_while_slack_renews_every_socket_again_and_again(
    front: SlackFront, server: PlaygroundServer, receiver: Receiver
) -> None:
    await _both_connected(server)
    slack = server.workspace

    async def renew() -> None:
        for reason in ("warning", "refresh_requested", "warning", "refresh_requested"):
            await asyncio.sleep(0.3)
            await server.disconnect(reason)
            assert front.is_ready or reason != "warning"

    renewing = asyncio.create_task(renew())
    stamps = await _stream_of_mentions(slack, 150, 0.01)
    await renewing

    await _all_arrive(slack, receiver, stamps)


async def test_a_warned_socket_is_read_and_acked_on_until_another_has_taken_over(
    connect: Connect, server: PlaygroundServer, receiver: Receiver
) -> None:
    front = await connect(watch=dataclasses.replace(QUICK, leaving_seconds=30))
    await _both_connected(server)
    old = set(server.sockets.connections)
    await server.disconnect("warning")
    slack = server.workspace
    await slack.wait_for(lambda _: len(server.sockets.connections) == 4)
    assert front.is_ready

    slack.deliveries.choose = lambda connections, _: next(one for one in connections if one in old)
    await _answers_a_mention(slack, receiver)

    assert all(ack.attempt == 0 for ack in slack.acks)


async def test_two_sockets_are_never_opened_at_the_same_moment(
    front: SlackFront, server: PlaygroundServer
) -> None:
    await _both_connected(server)
    slack = server.workspace
    before = _opened(slack)
    server.sockets.says_hello = False
    await server.disconnect("warning")

    await slack.wait_for(lambda _: _opened(slack) > before)
    await asyncio.sleep(0.3)

    assert _opened(slack) == before + 1  # the other waits until this one has been greeted
    assert front.is_ready


# Sockets that only look alive


async def test_a_half_open_socket_is_replaced(
    connect: Connect, server: PlaygroundServer, receiver: Receiver
) -> None:
    front = await connect()
    await _both_connected(server)
    old = set(server.sockets.connections)
    server.sockets.half_open()
    slack = server.workspace
    slack.deliveries.most_attempts = _PATIENT
    slack.say("ann", "incidents", "@kaia anybody?")

    await slack.wait_for(lambda _: len(set(server.sockets.connections) - old) == 2)
    await slack.wait_for(lambda _: front.is_ready)

    await slack.wait_for(lambda _: len(receiver.inputs) == 1)


async def test_unanswered_pings_replace_a_socket_though_slack_sends_none_itself(
    connect: Connect, server: PlaygroundServer
) -> None:
    server.sockets.sends_pings = False
    server.sockets.answers_pings = False
    await connect()
    await _both_connected(server)
    old = set(server.sockets.connections)

    await server.workspace.wait_for(lambda _: not old & set(server.sockets.connections))


async def test_a_socket_that_answers_pings_and_brings_nothing_for_long_is_renewed(
    connect: Connect, server: PlaygroundServer, receiver: Receiver
) -> None:
    front = await connect(watch=dataclasses.replace(QUICK, idle_seconds=0.6))
    await _both_connected(server)
    old = set(server.sockets.connections)
    server.sockets.swallow_events()
    slack = server.workspace
    slack.deliveries.most_attempts = _PATIENT
    slack.say("ann", "incidents", "@kaia anybody?")

    await slack.wait_for(lambda _: not old & set(server.sockets.connections))

    assert front.is_ready
    await slack.wait_for(lambda _: len(receiver.inputs) == 1)


async def test_a_socket_without_a_hello_is_not_ready_and_is_given_up(
    build_front: BuildFront, server: PlaygroundServer, slack: Workspace
) -> None:
    server.sockets.says_hello = False
    front = build_front(watch=dataclasses.replace(QUICK, hello_seconds=0.3))
    await front.start()
    running = asyncio.create_task(front.run())
    await slack.wait_for(lambda _: _opened(slack) >= 3)
    assert not front.is_ready

    server.sockets.says_hello = True
    await slack.wait_for(lambda _: front.is_ready)

    await front.close()
    await running


async def test_every_address_is_tried_once(
    build_front: BuildFront, server: PlaygroundServer, slack: Workspace
) -> None:
    server.refuse_upgrades(5)
    front = build_front()
    await front.start()
    running = asyncio.create_task(front.run())

    await slack.wait_for(lambda _: front.is_ready)
    await _both_connected(server)

    assert _opened(slack) == 5 + 2
    await front.close()
    await running


# What a person must mend


async def test_socket_mode_switched_off_is_said_once_and_mended_without_a_restart(
    connect: Connect,
    server: PlaygroundServer,
    receiver: Receiver,
    capsys: pytest.CaptureFixture[str],
) -> None:
    front = await connect(watch=dataclasses.replace(QUICK, dead_seconds=0.5, canary_seconds=0.1))
    await _both_connected(server)
    slack = server.workspace
    await _answers_a_mention(slack, receiver)  # on both sockets, so that both have been greeted
    await server.switch_sockets_off()
    await slack.wait_for(
        lambda now: [c.error for c in now.calls].count("socket_mode_not_enabled") >= 3
    )
    assert not front.is_ready
    assert front.is_alive  # a new process would find it off just the same

    server.switch_sockets_on()
    await slack.wait_for(lambda _: front.is_ready)

    await _answers_a_mention(slack, receiver)
    logged = capsys.readouterr().out
    assert logged.count("slack.kept_out") == 1
    assert "slack.let_in" in logged


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_an_app_token_that_goes_bad_later_heals_when_it_is_good_again(
    connect: Connect,
    server: PlaygroundServer,
    receiver: Receiver,
    code: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    front = await connect(watch=dataclasses.replace(QUICK, dead_seconds=0.5, canary_seconds=0.1))
    await _both_connected(server)
    slack = server.workspace
    slack.revoke("app", code)
    server.cut()
    await slack.wait_for(lambda now: [c.error for c in now.calls].count(code) >= 3)
    assert not front.is_ready
    assert front.is_alive

    slack.restore("app")
    await slack.wait_for(lambda _: front.is_ready)

    await _answers_a_mention(slack, receiver)
    assert capsys.readouterr().out.count("slack.kept_out") == 1


@pytest.mark.parametrize("code", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_a_bot_token_that_goes_bad_later_heals_when_it_is_good_again(
    connect: Connect, server: PlaygroundServer, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    front = await connect(watch=dataclasses.replace(QUICK, canary_seconds=0.05))
    slack = server.workspace
    slack.revoke("bot", code)
    await slack.wait_for(lambda now: [call.error for call in now.calls].count(code) >= 3)
    assert not front.is_ready
    assert front.is_alive

    slack.restore("bot")
    await slack.wait_for(lambda _: front.is_ready)

    assert capsys.readouterr().out.count("slack.token_refused") == 1


async def test_one_connection_too_many_leaves_the_other_alone_and_is_tried_slowly(
    connect: Connect, server: PlaygroundServer, slack: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(9):
        await connect(watch=dataclasses.replace(QUICK, connections=1))
    front = await connect(watch=dataclasses.replace(QUICK, refused_seconds=60))
    await slack.wait_for(lambda _: _opened(slack) >= 9 + 2)
    await asyncio.sleep(0.5)

    assert _opened(slack) == 9 + 2
    assert front.is_ready
    assert len(server.sockets.connections) == 10
    assert capsys.readouterr().out.count("slack.kept_out") == 1


async def test_a_connection_that_was_one_too_many_comes_in_once_there_is_room(
    connect: Connect, server: PlaygroundServer, receiver: Receiver, slack: Workspace
) -> None:
    others = [await connect(watch=dataclasses.replace(QUICK, connections=1)) for _ in range(9)]
    await connect()
    await slack.wait_for(lambda _: _opened(slack) >= 9 + 3)

    await others[0].close()

    await slack.wait_for(lambda _: len(server.sockets.connections) == 10)
    await _answers_a_mention(slack, receiver)


# How often Slack is asked


async def test_a_limit_on_opening_is_respected_by_all_sockets_together(
    front: SlackFront, server: PlaygroundServer
) -> None:
    await _both_connected(server)
    slack = server.workspace
    slack.faults.add(OPEN, "ratelimited", retry_after=2)
    before = asyncio.get_running_loop().time()
    limited = _opened(slack)
    server.cut()
    await slack.wait_for(lambda _: not front.is_ready)

    await slack.wait_for(lambda _: front.is_ready)

    assert asyncio.get_running_loop().time() - before >= 2
    await _both_connected(server)
    assert _opened(slack) - limited == 3


async def test_sockets_that_end_as_soon_as_they_are_greeted_are_opened_ever_more_slowly(
    build_front: BuildFront, hasty_server: tuple[str, list[float]]
) -> None:
    url, opened = hasty_server
    watch = dataclasses.replace(QUICK, connections=1, retry_seconds=0.2, brief_seconds=1)
    front = build_front(api_url=url, bot_token="xoxb-1", app_token="xapp-1", watch=watch)
    await front.start()
    running = asyncio.create_task(front.run())

    await asyncio.sleep(2)

    assert 2 < len(opened) < 9
    await front.close()
    await running


@pytest.fixture
async def hasty_server() -> AsyncIterator[tuple[str, list[float]]]:
    """A Slack that wants every socket renewed at once."""
    opened: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        if request.match_info["method"] == OPEN:
            opened.append(asyncio.get_running_loop().time())
        url = f"ws://{request.host}/link"
        return web.json_response(
            {"ok": True, "url": url, "user_id": "U1", "team_id": "T1", "bot_id": "B1"}
        )

    async def link(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
        await socket.close()
        return socket

    application = web.Application()
    application.add_routes([web.post("/api/{method}", answer), web.get("/link", link)])
    runner = web.AppRunner(application, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/", opened
    await runner.cleanup()


def test_pauses_grow_to_a_bound_and_are_spread_out() -> None:
    watch = Watch()

    assert [watch.pause_after(failures, 0.5) for failures in (1, 2, 3, 6, 100_000)] == [
        1, 2, 4, 30, 30,
    ]  # fmt: skip
    assert watch.pause_after(1, 0) == 0.5
    assert watch.pause_after(1, 1) == 1.5
    assert (watch.refused_pause(0), watch.refused_pause(1)) == (30, 90)


# Stopping, and everything at once


async def test_a_graceful_stop_first_takes_no_more_and_can_still_post(
    connect: Connect, server: PlaygroundServer, receiver: Receiver
) -> None:
    front = await connect()
    await _both_connected(server)
    slack = server.workspace
    receiver.slowness = 0.3
    slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda _: receiver.calls >= 1)

    await front.stop_taking()
    await front.stop_taking()

    assert not front.is_ready
    assert not server.sockets.connections
    assert not slack.deliveries.unacked  # what was being handled has been acked
    await front.audience_for(receiver.only).note("Kaia is restarting.")
    assert "Kaia is restarting." in slack.transcript("incidents")

    slack.say("ann", "incidents", "@kaia said to nobody")
    other = await connect()
    await slack.wait_for(lambda _: len(receiver.inputs) == 2)
    assert other.is_ready


@pytest.mark.parametrize("seed", range(3))
async def test_sockets_killed_at_random_lose_and_double_nothing(
    connect: Connect, server: PlaygroundServer, receiver: Receiver, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    front = await connect(watch=dataclasses.replace(QUICK, silent_seconds=1.2))
    await _both_connected(server)
    slack = server.workspace
    slack.deliveries.redelivery_seconds = 1.0
    slack.deliveries.most_attempts = _PATIENT  # Slack's attempts go on for minutes

    async def kill() -> None:
        ways: list[Any] = [server.cut, server.sockets.half_open]
        while True:
            await asyncio.sleep(chance.uniform(0.05, 0.4))
            if count := len(server.sockets.connections):
                chance.choice(ways)(chance.randrange(count))

    killing = asyncio.create_task(kill())
    stamps = await _stream_of_mentions(slack, 200, 0.012)
    killing.cancel()
    await asyncio.gather(killing, return_exceptions=True)

    await _all_arrive(slack, receiver, stamps)
    await slack.wait_for(lambda _: front.is_ready)
