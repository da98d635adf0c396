"""What an app answers to the `response_url` of a click."""

from typing import Any

import aiohttp
import pytest

from bot.playground import Workspace
from bot.playground.clock import HandClock
from tests.playground.conftest import Ask

BUTTON = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ],
}


@pytest.fixture
async def posted(ask: Ask) -> str:
    answer = await ask("chat.postMessage", channel="incidents", text="shall I?", blocks=[BUTTON])
    return str(answer["ts"])


@pytest.fixture
def address(workspace: Workspace, posted: str) -> str:
    workspace.click("ann", "incidents", posted, "go")
    return str(workspace.deliveries.all[-1].payload["response_url"])


@pytest.fixture
def respond(http: aiohttp.ClientSession, address: str) -> Any:
    async def respond(**said: Any) -> tuple[int, str]:
        async with http.post(address, json=said) as answer:
            return answer.status, await answer.text()

    return respond


async def test_by_itself_it_is_seen_by_who_clicked_only(respond: Any, workspace: Workspace) -> None:
    assert await respond(text="on my way") == (200, "ok")

    (whisper,) = workspace.ephemerals
    assert whisper.user == workspace.directory.person("ann").id
    assert whisper.text == "on my way"


async def test_it_may_be_said_to_all_or_take_the_place_of_what_was_clicked_on(
    respond: Any, workspace: Workspace, posted: str
) -> None:
    await respond(text="started", response_type="in_channel")
    await respond(text="approved by ann", blocks=[], replace_original=True)

    assert [m.text for m in workspace.messages("incidents")] == ["approved by ann", "started"]
    assert workspace.message("incidents", posted).blocks == []

    await respond(delete_original=True)
    assert [m.text for m in workspace.messages("incidents")] == ["started"]


async def test_an_ephemeral_message_is_rewritten_and_taken_away_for_who_sees_it(
    ask: Ask, http: aiohttp.ClientSession, workspace: Workspace
) -> None:
    ann = workspace.directory.person("ann").id
    said = {"channel": "incidents", "user": ann, "text": "not kept", "blocks": [BUTTON]}
    stamp = (await ask("chat.postEphemeral", **said))["message_ts"]
    workspace.click("ann", "incidents", stamp, "go")
    address = workspace.deliveries.all[-1].payload["response_url"]

    async with http.post(address, json={"text": "kept now", "replace_original": True}):
        assert [(w.text, w.blocks) for w in workspace.whispers("ann")] == [("kept now", [])]
    async with http.post(address, json={"delete_original": True}):
        assert workspace.whispers("ann") == []
    assert workspace.messages("incidents") == []


async def test_it_works_five_times_and_for_half_an_hour(respond: Any, clock: HandClock) -> None:
    assert [(await respond(text="x"))[0] for _ in range(5)] == [200] * 5
    status, said = await respond(text="x")
    assert (status, "used_url" in said) == (404, True)

    clock.advance(1_801)
    assert "expired_url" in (await respond(text="x"))[1]


async def test_what_slack_refuses_is_refused_here_too(respond: Any) -> None:
    status, said = await respond(text="x", blocks=[{"type": "bogus"}])

    assert status == 404
    assert "invalid_blocks" in said
