"""Rate limits by tier, and messages that can be read back only after a while."""

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from bot.playground import PlaygroundServer, Workspace
from bot.playground.clock import HandClock
from bot.playground.rates import Rates
from tests.playground.conftest import Ask

Post = Callable[[str], Awaitable[tuple[int, str]]]


@pytest.fixture
def post(server: PlaygroundServer, http: aiohttp.ClientSession) -> Post:
    async def post(channel: str) -> tuple[int, str]:
        """The status, and how long to wait."""
        headers = {"Authorization": f"Bearer {server.bot_token}"}
        said = {"channel": channel, "text": "hi"}
        url = server.api_url + "chat.postMessage"
        async with http.post(url, json=said, headers=headers) as answer:
            return answer.status, answer.headers.get("Retry-After", "")

    return post


async def test_without_the_switch_nothing_is_limited(post: Post) -> None:
    assert {(await post("incidents"))[0] for _ in range(30)} == {200}


async def test_a_channel_takes_a_burst_and_then_a_message_a_second(
    post: Post, workspace: Workspace, clock: HandClock
) -> None:
    workspace.rates.are_on = True
    workspace.add_channel("other")
    burst = [await post("incidents") for _ in range(5)]
    elsewhere = await post("other")
    clock.advance(1)
    later = [await post("incidents") for _ in range(2)]

    assert burst == [(200, "")] * 4 + [(429, "1")]
    assert elsewhere == (200, "")
    assert later == [(200, ""), (429, "1")]
    assert len(workspace.messages("incidents")) == 5


@pytest.mark.parametrize(
    ("method", "most", "wait"),
    [
        ("apps.connections.open", 1, 60),
        ("usergroups.users.list", 20, 3),
        ("chat.update", 50, 2),
        ("users.info", 100, 1),
    ],
)
def test_each_tier_has_its_number_of_calls_a_minute(method: str, most: int, wait: int) -> None:
    clock = HandClock()
    rates = Rates(clock)
    rates.are_on = True
    waits = [rates.wait_for(method, "") for _ in range(most + 1)]
    clock.advance(60)

    assert waits == [0] * most + [wait]
    assert rates.wait_for(method, "") == 0


def test_who_am_i_is_never_limited() -> None:
    rates = Rates(HandClock())
    rates.are_on = True

    assert {rates.wait_for("auth.test", "") for _ in range(500)} == {0}


async def _replies(ask: Ask, asked: str) -> list[str]:
    answer = await ask("conversations.replies", channel="incidents", ts=asked)
    return [message["text"] for message in answer["messages"][1:]]


async def test_a_new_message_is_found_only_by_a_later_look(
    ask: Ask, workspace: Workspace, asked: str
) -> None:
    workspace.visibility.after_looks = 2
    await ask("chat.postMessage", channel="incidents", thread_ts=asked, text="answer")
    seen = [await _replies(ask, asked) for _ in range(3)]

    assert seen == [[], [], ["answer"]]


async def test_or_only_after_some_seconds(
    ask: Ask, workspace: Workspace, clock: HandClock, asked: str
) -> None:
    workspace.visibility.after_seconds = 2
    await ask("chat.postMessage", channel="incidents", text="answer")
    before = await ask("conversations.history", channel="incidents")
    clock.advance(2)
    after = await ask("conversations.history", channel="incidents")

    assert [m["ts"] for m in before["messages"]] == [asked]
    assert [m["text"] for m in after["messages"]][:1] == ["answer"]
