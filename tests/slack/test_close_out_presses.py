"""A press below a close-out is the words it stands for, said by whoever pressed; once a message."""

import pytest

from bot.dialogue import Closed
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from tests.slack.conftest import Receiver

WORDS = [("kaia_broadcast", "post to the channel"), ("kaia_export", "export")]


async def closed(front: SlackFront, slack: Workspace, receiver: Receiver) -> str:
    slack.say("ann", "incidents", "@kaia thanks!")
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    outcome = Closed("You're welcome.", offers_broadcast=True)
    return await front.audience_for(receiver.only).deliver(outcome, turn="t1", repeated=False)


@pytest.mark.parametrize(("action", "words"), WORDS)
async def test_it_is_taken_as_words_in_its_thread(
    front: SlackFront, slack: Workspace, receiver: Receiver, action: str, words: str
) -> None:
    ts = await closed(front, slack, receiver)
    slack.click("ben", "incidents", ts, action)
    await slack.wait_for(lambda now: len(receiver.inputs) == 2 and not now.deliveries.unacked)
    asked, pressed = receiver.inputs.values()
    assert (pressed.text, pressed.speaker) == (words, slack.directory.person("ben").id)
    assert pressed.thread == asked.thread


@pytest.mark.parametrize(("action", "words"), WORDS)
async def test_a_second_press_is_told_that_it_was_asked_for_already(
    front: SlackFront, slack: Workspace, receiver: Receiver, action: str, words: str
) -> None:
    ts = await closed(front, slack, receiver)
    for person in ("ben", "ann"):
        slack.click(person, "incidents", ts, action)
        await slack.wait_for(lambda now: not now.deliveries.unacked)
    await slack.wait_for(lambda now: now.whispers("ann"))
    assert f"write {words}" in slack.whispers("ann")[0].text
