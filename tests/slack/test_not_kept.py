"""A message that the store could not keep is not lost without a word: its thread learns of it."""

import pytest

from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from tests.slack.conftest import Receiver


def _told(slack: Workspace, root: str) -> list[str]:
    return [message.text for message in slack.thread("incidents", root)[1:]]


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


@pytest.mark.usefixtures("front")
async def test_the_thread_is_told_once_and_nothing_more_when_it_comes_again(
    slack: Workspace, receiver: Receiver
) -> None:
    receiver.failures = 4
    ts = slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda now: receiver.inputs and _told(now, ts))
    await _all_acked(slack)

    (told,) = _told(slack, ts)
    assert "could not keep this message" in told
    assert "please ask again" in told
    assert receiver.only.ts == ts


@pytest.mark.usefixtures("front")
async def test_each_message_is_told_of_in_its_own_thread(
    slack: Workspace, receiver: Receiver
) -> None:
    receiver.failures = 4
    first = slack.say("ann", "incidents", "@kaia why?")
    second = slack.say("ben", "incidents", "@kaia and this?")

    await slack.wait_for(lambda now: _told(now, first) and _told(now, second))


@pytest.mark.usefixtures("front")
async def test_talk_in_a_thread_that_is_none_of_kaias_is_left_alone(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "down")
    await _all_acked(slack)
    receiver.failures = 1
    slack.say("ben", "incidents", "again?", root)

    await slack.wait_for(lambda now: receiver.calls == 2 and not now.deliveries.unacked)

    assert _told(slack, root) == ["again?"]


async def test_a_reply_in_a_thread_kaia_answers_in_is_told_of(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda _: receiver.inputs)
    await _all_acked(slack)
    front.audience_for(receiver.only)
    receiver.failures = 1
    slack.say("ben", "incidents", "and payments?", root)

    await slack.wait_for(lambda now: len(_told(now, root)) == 2)


@pytest.mark.usefixtures("front")
async def test_a_thread_that_cannot_be_told_either_loses_nothing(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.faults.add("chat.postMessage", "error", times=9, code="is_archived")
    receiver.failures = 2
    slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)


@pytest.mark.usefixtures("front")
async def test_a_press_on_slacks_stop_that_was_not_kept_is_told_of_wherever_it_is(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    receiver.failures = 1
    slack.stop("ann", "incidents", root)

    await slack.wait_for(lambda now: len(receiver.inputs) == 2 and _told(now, root))
    await _all_acked(slack)

    (told,) = _told(slack, root)
    assert "could not keep this press on Stop" in told


@pytest.mark.usefixtures("front")
async def test_an_edit_that_was_not_kept_is_told_of_in_its_thread(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    receiver.failures = 1
    slack.edit("incidents", root, "@kaia why in shop?")

    await slack.wait_for(lambda now: receiver.revisions and _told(now, root))
    await _all_acked(slack)

    (told,) = _told(slack, root)
    assert "could not keep this edit" in told


@pytest.mark.usefixtures("front")
async def test_an_edit_of_talk_that_is_none_of_kaias_is_left_alone(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "down")
    reply = slack.say("ben", "incidents", "again?", root)
    await _all_acked(slack)
    receiver.failures = 1
    slack.edit("incidents", reply, "again??")

    await slack.wait_for(lambda now: receiver.revisions and not now.deliveries.unacked)

    assert _told(slack, root) == ["again??"]
