"""Who asks, and where: what Slack cannot say now loses no question, and lets nobody in."""

from typing import Any

import pytest

from bot.dialogue import Notice
from bot.playground.faults import FaultKind
from bot.playground.workspace import Workspace
from bot.slack import House
from bot.slack.sending.outbound import Method
from tests.doubles.ledger import answers_by_turn
from tests.slack.conftest import Connect, Receiver

_GROUP = "S0ONCALL"
# Each of them makes the look-up decide.
_HOUSES = {
    Method.USER_INFO: House(),
    Method.CHANNEL_INFO: House(channels=frozenset({"incidents"})),
    Method.GROUP_MEMBERS: House(users=frozenset({_GROUP})),
}
_PASSING: list[tuple[FaultKind, dict[str, Any]]] = [
    ("ratelimited", {"retry_after": 1}),
    ("server_error", {}),
    ("hang", {"seconds": 0.7}),
    ("drop", {}),
    ("garbled", {}),
]


def _tries(slack: Workspace, method: Method) -> int:
    return [name for name, _ in slack.faults.met].count(method)


@pytest.mark.parametrize(("kind", "details"), _PASSING)
@pytest.mark.parametrize("method", _HOUSES)
async def test_a_look_up_that_fails_once_loses_no_question_and_answers_it_once(
    connect: Connect,
    slack: Workspace,
    receiver: Receiver,
    method: Method,
    kind: FaultKind,
    details: dict[str, Any],
) -> None:
    slack.add_group("oncall", ["ann"], group_id=_GROUP)
    front = await connect(house=_HOUSES[method])
    slack.faults.add(method, kind, **details)
    slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)

    said = receiver.only
    await front.audience_for(said).deliver(Notice("Well."), turn=said.id, repeated=False)

    assert _tries(slack, method) == 1
    assert [len(one) for one in answers_by_turn(slack, "incidents").values()] == [1]
    assert not slack.ephemerals


@pytest.mark.parametrize("code", ["missing_scope", "unknown_method"])
@pytest.mark.parametrize("method", _HOUSES)
async def test_a_look_up_that_is_never_answered_is_made_once_and_whom_it_keeps_out_is_told_why(
    connect: Connect, slack: Workspace, receiver: Receiver, method: Method, code: str
) -> None:
    slack.add_group("oncall", ["ann"], group_id=_GROUP)
    await connect(house=_HOUSES[method])
    slack.faults.add(method, "error", 99, code=code)
    for _ in range(2):
        slack.say("ann", "incidents", "@kaia why?")
        await slack.wait_for(lambda now: not now.deliveries.unacked)

    assert _tries(slack, method) == 1
    is_let_in = (method, code) == (Method.USER_INFO, "unknown_method")
    if is_let_in:
        assert len(receiver.inputs) == 2
        assert not slack.ephemerals
    else:
        assert not receiver.inputs
        await slack.wait_for(lambda now: len(now.ephemerals) == 2)
        assert all(one.text.strip().endswith(".") for one in slack.ephemerals)


@pytest.mark.parametrize("method", [Method.USER_INFO, Method.CHANNEL_INFO])
async def test_whoever_slack_never_tells_of_is_let_in_nowhere_and_told_so_once(
    connect: Connect, slack: Workspace, receiver: Receiver, method: Method
) -> None:
    await connect(house=_HOUSES[method])
    slack.faults.add(method, "server_error", 99)
    slack.say("ann", "incidents", "@kaia why?")
    slack.say("ben", "incidents", "how was lunch?")
    await slack.wait_for(lambda now: all(one.given_up for one in now.deliveries.unacked))

    assert _tries(slack, method) >= 4
    assert not receiver.inputs
    (told,) = slack.whispers("ann")
    assert "Slack does not tell me now" in told.text
    assert not slack.whispers("ben")
