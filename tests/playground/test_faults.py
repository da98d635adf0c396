"""Faults on demand, as a client meets them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.playground import PlaygroundServer, Workspace

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def post(server: PlaygroundServer, http: aiohttp.ClientSession) -> Callable[..., Any]:
    headers = {"Authorization": f"Bearer {server.bot_token}"}
    said = {"channel": "incidents", "text": "hi"}
    url = server.api_url + "chat.postMessage"
    return lambda **more: http.post(url, json=said, headers=headers, **more)


async def test_a_rate_limit_says_how_long_to_wait(workspace: Workspace, post: Any) -> None:
    workspace.faults.add("chat.postMessage", "ratelimited", times=2, retry_after=7)
    statuses = []
    for _ in range(3):
        async with post() as answer:
            statuses.append((answer.status, answer.headers.get("Retry-After")))

    assert statuses == [(429, "7"), (429, "7"), (200, None)]
    assert len(workspace.messages("incidents")) == 1


@pytest.mark.parametrize(("kind", "status"), [("server_error", 500), ("unavailable", 503)])
async def test_a_broken_server_answers_without_json(
    workspace: Workspace, post: Any, kind: Any, status: int
) -> None:
    workspace.faults.add("*", kind)
    async with post() as answer:
        assert answer.status == status
        assert answer.content_type != "application/json"

    assert workspace.messages("incidents") == []


async def test_any_error_may_be_had_after_some_calls_that_go_well(
    workspace: Workspace, ask: Ask
) -> None:
    workspace.faults.add("auth.test", "error", after=1, code="fatal_error", detail="x")

    answers = [await ask("auth.test") for _ in range(3)]

    assert [answer["ok"] for answer in answers] == [True, False, True]
    assert (answers[1]["error"], answers[1]["detail"]) == ("fatal_error", "x")


async def test_a_hang_outlasts_the_callers_patience(workspace: Workspace, post: Any) -> None:
    workspace.faults.add("chat.postMessage", "hang")
    with pytest.raises(TimeoutError):
        async with post(timeout=aiohttp.ClientTimeout(total=0.2)):
            pass

    assert workspace.messages("incidents") == []


async def test_a_hang_does_not_keep_the_server_from_closing(
    server: PlaygroundServer, post: Any
) -> None:
    server.workspace.faults.add("chat.postMessage", "hang")

    async def call() -> None:
        with pytest.raises(aiohttp.ClientError):
            async with post():
                pass

    calling = asyncio.create_task(call())
    await server.workspace.wait_for(lambda w: w.faults.met)
    began = time.monotonic()
    await server.close()
    await calling

    assert time.monotonic() - began < 3


async def test_a_connection_dropped_after_the_commit_has_posted(
    workspace: Workspace, post: Any
) -> None:
    workspace.faults.add("chat.postMessage", "drop_after_commit")
    with pytest.raises(aiohttp.ClientError):
        async with post():
            pass

    assert [message.text for message in workspace.messages("incidents")] == ["hi"]


async def test_a_connection_dropped_before_has_not(workspace: Workspace, post: Any) -> None:
    workspace.faults.add("chat.postMessage", "drop")
    with pytest.raises(aiohttp.ClientError):
        async with post():
            pass

    assert workspace.messages("incidents") == []


def test_a_misspelt_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="no fault is called"):
        Workspace().faults.add("auth.test", "explode")  # type: ignore[arg-type]
