"""User groups decide who may ask: remembered for a minute, and nobody is in an unknown one."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import DeliveryError
from bot.playground.directory import ONCALL
from bot.playground.workspace import Workspace
from bot.slack import House
from bot.slack.hearing.groups import Groups
from bot.slack.house import Identity
from bot.slack.identity import unreadable_groups
from bot.slack.sending.outbound import Outbound
from tests.slack.conftest import Connect, Hand, Receiver

ON_CALL = frozenset({ONCALL})


@pytest.fixture
async def groups(outbound: Outbound, clock: Hand) -> AsyncIterator[Groups]:
    groups = Groups(outbound, clock)
    yield groups
    await groups.close()


def _asked(slack: Workspace) -> int:
    return [call.method for call in slack.calls].count("usergroups.users.list")


async def test_members_are_remembered_for_a_minute_and_not_longer(
    groups: Groups, slack: Workspace, clock: Hand
) -> None:
    ben = slack.directory.person("ben").id
    assert (await groups.of(ben, ON_CALL)).groups == ON_CALL
    slack.directory.group(ONCALL).members.remove(ben)

    clock.now = 59
    assert (await groups.of(ben, ON_CALL)).groups == ON_CALL
    assert _asked(slack) == 1

    clock.now = 61
    assert not (await groups.of(ben, ON_CALL)).groups
    assert _asked(slack) == 2


async def test_what_was_known_a_minute_ago_is_not_trusted_while_slack_is_away(
    groups: Groups, slack: Workspace, clock: Hand
) -> None:
    ben = slack.directory.person("ben").id
    await groups.of(ben, ON_CALL)
    slack.faults.add("usergroups.users.list", "server_error", times=9)
    clock.now = 61

    found = await groups.of(ben, ON_CALL)

    assert (found.groups, found.unknown) == (frozenset(), ON_CALL)
    assert isinstance(found.failure, DeliveryError)
    assert ONCALL in found.doubt


async def test_one_group_that_is_unknown_takes_nothing_away_from_the_others(
    groups: Groups, slack: Workspace
) -> None:
    ben = slack.directory.person("ben").id

    found = await groups.of(ben, ON_CALL | {"S0GONE"})

    assert (found.groups, found.unknown) == (ON_CALL, frozenset({"S0GONE"}))
    assert found.failure is None


async def test_no_group_asked_about_is_no_call(groups: Groups, slack: Workspace) -> None:
    assert not (await groups.of("U1", frozenset())).groups
    assert _asked(slack) == 0


async def test_members_of_a_permitted_group_are_answered_and_others_are_not(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=House(users=ON_CALL))
    slack.say("ann", "incidents", "@kaia why?")
    slack.say("ben", "incidents", "@kaia why?")

    await slack.wait_for(lambda now: receiver.inputs and now.ephemerals)

    assert receiver.only.speaker_name == "ben"
    assert "you are not on it" in slack.ephemerals[0].text


async def test_who_is_named_needs_no_group(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    ann = slack.directory.person("ann").id
    await connect(house=House(users=ON_CALL | {ann}))
    slack.faults.add("usergroups.users.list", "error", times=9, code="missing_scope")
    slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda _: receiver.inputs)

    assert _asked(slack) == 0


async def test_without_the_scope_a_group_permits_nobody_and_says_why(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=House(users=ON_CALL))
    slack.faults.add("usergroups.users.list", "error", times=9, code="missing_scope")
    slack.say("ben", "incidents", "@kaia why?")

    await slack.wait_for(lambda now: now.ephemerals)

    assert f"who is in the user group {ONCALL}" in slack.ephemerals[0].text
    assert not receiver.inputs


async def test_a_group_that_cannot_be_looked_up_for_now_lets_slack_deliver_again(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=House(users=ON_CALL))
    slack.faults.add("usergroups.users.list", "server_error")
    slack.say("ben", "incidents", "@kaia why?", mention_event=False)

    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)

    assert [ack.attempt for ack in slack.acks] == [1]


@pytest.mark.parametrize(
    ("scopes", "unreadable"),
    [
        (frozenset(), frozenset()),
        (frozenset({"usergroups:read"}), frozenset()),
        (frozenset({"chat:write"}), frozenset({"S1", "S2"})),
    ],
)
def test_groups_that_cannot_be_read_are_known_at_start(
    scopes: frozenset[str], unreadable: frozenset[str]
) -> None:
    house = House(users=frozenset({"U1", "S1"}), approver_groups=frozenset({"S2"}))

    assert unreadable_groups(Identity("T1", "", "U0", "B0", scopes=scopes), house) == unreadable
