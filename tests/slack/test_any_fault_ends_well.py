"""Any mixture of faults ends with each answer once, in order of its parts, and no sign hanging."""

import asyncio
import random
from typing import Any, get_args

import pytest

from bot.dialogue import Answer, Input
from bot.errors import DeliveryError
from bot.playground.faults import FaultKind
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from bot.slack.sending.outbound import Method
from tests.doubles.ledger import answers_by_turn, doubled, hanging
from tests.slack.conftest import Receiver

_METHODS = [
    Method.POST_MESSAGE,
    Method.REPLIES,
    Method.SET_STATUS,
    Method.SET_SESSION,
    Method.ADD_REACTION,
    Method.REMOVE_REACTION,
]
_QUESTIONS = 6


def _plan_faults(slack: Workspace, chance: random.Random) -> None:
    for _ in range(25):
        kind: FaultKind = chance.choice(get_args(FaultKind))
        details = _details(kind, chance)
        times, after = chance.randint(1, 2), chance.randint(0, 4)
        slack.faults.add(chance.choice(_METHODS), kind, times, after=after, **details)


def _details(kind: FaultKind, chance: random.Random) -> dict[str, Any]:
    match kind:
        case "error":
            return {"code": chance.choice(["internal_error", "fatal_error"])}
        case "ratelimited":
            return {"retry_after": chance.choice([0, 1])}
        case "hang":
            return {"seconds": 1}
        case _:
            return {}


async def _answered(front: SlackFront, said: Input, answer: Answer) -> None:
    """As the engine does it: again and again, and from the second time on as a repetition."""
    audience = front.audience_for(said)
    await audience.begin()
    try:
        for attempt in range(20):
            try:
                await audience.deliver(answer, turn=said.id, repeated=attempt > 0)
            except DeliveryError:
                await asyncio.sleep(0.1)
            else:
                return
    finally:
        await audience.end()


@pytest.mark.parametrize("seed", range(2))
async def test_each_answer_is_there_once_and_nothing_hangs(
    front: SlackFront, slack: Workspace, receiver: Receiver, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a schedule, not a secret
    slack.visibility.after_looks = chance.choice([0, 1, 2])
    for number in range(_QUESTIONS):
        slack.say("ann", "incidents", f"@kaia question {number}")
    await slack.wait_for(lambda _: len(receiver.inputs) == _QUESTIONS)
    inputs = list(receiver.inputs.values())
    long = Answer("\n\n".join(f"paragraph {n} " + "word " * 100 for n in range(25)), "prod")
    _plan_faults(slack, chance)

    async with asyncio.TaskGroup() as tasks:
        for said in inputs:
            tasks.create_task(_answered(front, said, chance.choice([long, Answer("well", "prod")])))

    found = answers_by_turn(slack, "incidents")
    assert set(found) == {said.id for said in inputs}
    assert doubled(slack) == []
    for messages in found.values():
        parts = [one.metadata["event_payload"]["part"] for one in messages if one.metadata]
        assert parts == list(range(1, len(parts) + 1))
    await slack.wait_for(lambda now: not hanging(now), timeout=20)
