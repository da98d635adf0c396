"""Whatever is handed to the one door, nothing alive passes it, and its answers are told apart."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.faults import FaultKind
from bot.playground.server import PlaygroundServer
from bot.slack.sending.inert import inert
from bot.slack.sending.outbound import (
    CallLimited,
    CallRefused,
    CallUnclear,
    Method,
    Outbound,
)


@pytest.fixture
async def outbound(server: PlaygroundServer) -> AsyncIterator[Outbound]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=server.bot_token, base_url=server.api_url, session=session, retry_handlers=[]
        )
        yield Outbound(client, timeout_seconds=0.3)


def test_a_control_sequence_is_stopped_wherever_it_is_hidden() -> None:
    given = {"text": "<!here>", "blocks": [{"type": "markdown", "text": "<@U1>"}], "limit": 5}

    assert inert(given) == {
        "text": "&lt;!here>",
        "blocks": [{"type": "markdown", "text": "&lt;@U1>"}],
        "limit": 5,
    }


async def test_a_message_that_skipped_every_other_care_is_inert_and_not_unfurled(
    outbound: Outbound, server: PlaygroundServer
) -> None:
    slack = server.workspace
    channel = slack.directory.channel("incidents").id

    await outbound.call(Method.POST_MESSAGE, channel=channel, text="<!channel>")

    (posted,) = slack.messages("incidents")
    assert posted.text == "&lt;!channel&gt;"
    assert (posted.unfurl_links, posted.unfurl_media) == (False, False)
    assert not any("channel" in problem for problem in slack.problems)


@pytest.mark.parametrize("kind", ["server_error", "unavailable", "hang", "drop"])
async def test_no_usable_answer_is_unclear(
    outbound: Outbound, server: PlaygroundServer, kind: FaultKind
) -> None:
    server.workspace.faults.add("auth.test", kind)

    with pytest.raises(CallUnclear):
        await outbound.call(Method.AUTH_TEST)


@pytest.mark.parametrize(
    ("mimetype", "body"),
    [
        ("text/html", "<html>Sign in to this network first.</html>"),
        ("application/json", "<html>"),
        ("application/json", b"\xff\xfe"),
        ("application/json", "[1]"),
        ("application/json", '"ok"'),
        ("application/json", "null"),
        ("application/json", ""),
        pytest.param("application/json", "[" * 100_000, id="deep"),
        ("application/gzip", "{}"),
    ],
)
async def test_what_is_no_answer_of_slacks_is_unclear(
    outbound: Outbound, server: PlaygroundServer, mimetype: str, body: str | bytes
) -> None:
    server.workspace.faults.add("auth.test", "garbled", body=body, mimetype=mimetype)

    with pytest.raises(CallUnclear):
        await outbound.call(Method.AUTH_TEST)


async def test_a_limit_says_how_long_to_wait(outbound: Outbound, server: PlaygroundServer) -> None:
    server.workspace.faults.add("auth.test", "ratelimited", retry_after=7)

    with pytest.raises(CallLimited) as raised:
        await outbound.call(Method.AUTH_TEST)

    assert raised.value.retry_after_seconds == 7


async def test_a_refusal_names_its_code_and_the_scope_it_wants(
    outbound: Outbound, server: PlaygroundServer
) -> None:
    server.workspace.faults.add("users.info", "error", code="missing_scope", needed="users:read")

    with pytest.raises(CallRefused, match="users:read") as raised:
        await outbound.call(Method.USER_INFO, user="U1")

    assert raised.value.code == "missing_scope"
