"""A note is readable in every Slack, and a refusal of what is optional is logged once."""

import dataclasses

import pytest
from structlog.testing import capture_logs

from bot.dialogue import Answer, Audience, Input
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from bot.slack.sending.outbound import Method
from tests.slack.conftest import Receiver

NOTE = "**Begun:** at 9 <!here>\n**Open:** nothing"


@pytest.fixture
async def said(front: SlackFront, slack: Workspace, receiver: Receiver) -> Input:
    assert front.is_ready
    slack.say("ann", "incidents", "@kaia what is wrong?")
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    return receiver.only


@pytest.fixture
def audience(front: SlackFront, said: Input) -> Audience:
    return front.audience_for(said)


async def test_what_one_person_is_told_is_markdown_with_plain_words_beside_it(
    audience: Audience, slack: Workspace
) -> None:
    await audience.note(NOTE, only_for=slack.directory.person("ben").id)

    (whispered,) = await slack.wait_for(lambda now: now.whispers("ben"))
    assert [block["type"] for block in whispered.blocks] == ["markdown"]
    assert whispered.blocks[0]["text"] == NOTE.replace("<!here>", "&lt;!here&gt;")
    assert whispered.text == "Begun: at 9 &lt;!here&gt;\nOpen: nothing"
    assert slack.problems == []


async def test_where_slack_takes_no_markdown_one_person_is_told_in_plain_words(
    audience: Audience, slack: Workspace
) -> None:
    slack.faults.add(Method.POST_EPHEMERAL, "error", code="invalid_blocks")

    await audience.note(NOTE, only_for=slack.directory.person("ben").id)

    (whispered,) = await slack.wait_for(lambda now: now.whispers("ben"))
    assert (whispered.blocks, "**" in whispered.text) == ([], False)


async def test_a_note_to_everybody_is_plain_words(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.note("**Heard:** it")

    assert slack.thread("incidents", said.thread.ts)[-1].text == "Heard: it"


async def _met(slack: Workspace, faults: int) -> None:
    await slack.wait_for(lambda now: len(now.faults.met) >= faults)


@pytest.mark.parametrize("code", ["not_enabled", "invalid_arguments"])
async def test_a_refusal_that_may_not_last_is_logged_once_and_tried_again(
    front: SlackFront, slack: Workspace, said: Input, code: str
) -> None:
    slack.faults.add(Method.SET_STATUS, "error", times=99, code=code)
    with capture_logs() as logs:
        for number in range(3):
            audience = front.audience_for(dataclasses.replace(said, id=f"{said.id}-{number}"))
            await audience.begin()
            await _met(slack, number + 1)
            await audience.deliver(Answer("well", "prod"), turn=f"t{number}", repeated=False)
            await audience.end()

    told = [one for one in logs if one["event"] == "slack.decoration_refused"]
    assert [(one["method"], one["code"], one["log_level"]) for one in told] == [
        (Method.SET_STATUS, code, "warning")
    ]


async def test_a_channel_is_called_what_people_call_it_and_nothing_where_slack_does_not_say(
    front: SlackFront, slack: Workspace, said: Input
) -> None:
    assert await front.audience_for(said).place() == "#incidents"
    slack.faults.add(Method.CHANNEL_INFO, "error", times=9, code="channel_not_found")
    elsewhere = dataclasses.replace(said.thread, channel="C0ELSEWHERE")
    asked = dataclasses.replace(said, thread=elsewhere)
    assert await front.audience_for(asked).place() == ""
    direct = dataclasses.replace(said.thread, channel="D0ANN")
    assert await front.audience_for(dataclasses.replace(said, thread=direct)).place() == (
        "a direct message"
    )
