"""The line in front of a real workspace: limits are kept, and nothing that is said waits on it."""

import asyncio
import dataclasses

from bot.dialogue import Answer, Input
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from bot.slack.sending.outbound import Method
from tests.doubles.ledger import answers_by_turn, doubled, hanging
from tests.slack.conftest import Receiver

ANSWER = Answer("all is well", "prod")
POST = Method.POST_MESSAGE.value


async def _asked(slack: Workspace, receiver: Receiver, count: int) -> list[Input]:
    for number in range(count):
        slack.say("ann", "incidents", f"@kaia question {number}")
    await slack.wait_for(lambda _: len(receiver.inputs) == count)
    return list(receiver.inputs.values())


async def _answered(front: SlackFront, said: Input) -> None:
    audience = front.audience_for(said)
    await audience.begin()
    try:
        await audience.deliver(ANSWER, turn=said.id, repeated=False)
    finally:
        await audience.end()


async def test_many_answers_at_once_stay_below_slacks_limit(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    inputs = await _asked(slack, receiver, 7)
    slack.rates.are_on = True

    await asyncio.gather(*(_answered(front, said) for said in inputs))

    assert not [call for call in slack.calls if call.error == "ratelimited"]
    assert len(answers_by_turn(slack, "incidents")) == 7
    assert not doubled(slack)
    assert not hanging(slack)


async def test_a_limit_holds_up_the_answers_of_its_channel_and_no_ack(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    (said,) = await _asked(slack, receiver, 1)
    slack.faults.add(POST, "ratelimited", retry_after=2)
    answering = asyncio.create_task(_answered(front, said))
    await slack.wait_for(lambda now: now.faults.met)
    direct = dataclasses.replace(said.thread, channel=slack.direct("ann").id, ts="")
    elsewhere = dataclasses.replace(said, id="elsewhere", thread=direct)

    slack.say("ann", "incidents", "@kaia are you there?")
    await slack.wait_for(lambda _: len(receiver.inputs) == 2)
    await slack.wait_for(lambda now: not now.deliveries.unacked)
    await front.audience_for(elsewhere).deliver(ANSWER, turn="elsewhere", repeated=False)

    assert not answering.done()
    assert max(ack.seconds for ack in slack.acks) < 0.5
    await answering
    assert [call.error for call in slack.calls if call.method == POST].count("ratelimited") == 1
    assert len(answers_by_turn(slack, "incidents")) == 1


async def test_a_limit_is_not_asked_about_again_before_its_time(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    inputs = await _asked(slack, receiver, 5)
    slack.faults.add(POST, "ratelimited", retry_after=2)
    started = asyncio.get_running_loop().time()

    await asyncio.gather(*(_answered(front, said) for said in inputs))

    # The first few were on their way; whoever came later has waited without asking.
    assert asyncio.get_running_loop().time() - started >= 2
    assert [call.error for call in slack.calls if call.method == POST].count("ratelimited") == 1
    assert not doubled(slack)
