"""Nobody talks to Kaia whom Slack does not vouch for, and no question is lost while it cannot."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.playground.workspace import Workspace
from bot.slack.hearing.people import People, sharing_in
from bot.slack.sending.outbound import Outbound
from tests.slack.conftest import Hand, Receiver


@pytest.fixture
async def people(outbound: Outbound, clock: Hand) -> AsyncIterator[People]:
    people = People(outbound, clock)
    yield people
    await people.close()


def _asked(slack: Workspace, method: str = "users.info") -> int:
    return [call.method for call in slack.calls].count(method)


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
@pytest.mark.usefixtures("front")
async def test_a_question_asked_while_the_token_was_revoked_is_taken_once_it_holds_again(
    slack: Workspace, receiver: Receiver, error: str
) -> None:
    slack.revoke(error=error)
    first = slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda now: _asked(now))
    assert not receiver.inputs
    slack.restore()

    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    assert receiver.only.ts == first
    assert not slack.ephemerals

    second = slack.say("ann", "incidents", "@kaia and now?")
    await slack.wait_for(lambda _: len(receiver.inputs) == 2)
    assert second in {said.ts for said in receiver.inputs.values()}


@pytest.mark.parametrize("code", ["access_denied", "team_access_not_granted", "said_by_no_manual"])
@pytest.mark.usefixtures("front")
async def test_whatever_else_slack_refuses_lets_it_deliver_again(
    slack: Workspace, receiver: Receiver, code: str
) -> None:
    slack.faults.add("users.info", "error", code=code)
    slack.say("ann", "incidents", "@kaia why?", mention_event=False)

    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)

    assert [ack.attempt for ack in slack.acks] == [1]
    assert not slack.ephemerals


@pytest.mark.parametrize("code", ["user_not_found", "user_not_visible", "missing_scope"])
async def test_who_is_unknown_is_asked_about_again_after_a_minute(
    people: People, slack: Workspace, clock: Hand, code: str
) -> None:
    ann = slack.directory.person("ann").id
    slack.faults.add("users.info", "error", code=code)
    assert not (await people.person(ann)).is_known
    clock.now = 59
    assert not (await people.person(ann)).is_known
    assert _asked(slack) == 1

    clock.now = 61
    assert (await people.person(ann)).is_known
    clock.now = 600
    assert (await people.person(ann)).is_known
    assert _asked(slack) == 2


@pytest.mark.usefixtures("front")
async def test_a_scope_that_is_missing_is_acked_with_a_sentence(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.faults.add("users.info", "error", times=99, code="missing_scope", needed="users:read")
    slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda now: now.ephemerals and not now.deliveries.unacked)

    assert "could not find out who you are" in slack.ephemerals[0].text
    assert [ack.attempt for ack in slack.acks] == [0, 0]
    assert receiver.calls == 0


@pytest.mark.usefixtures("front")
async def test_who_is_of_no_workspace_that_slack_names_is_refused(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.directory.person("ann").team_id = ""
    slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda now: now.ephemerals and not now.deliveries.unacked)

    assert "which workspace you are of" in slack.ephemerals[0].text
    assert receiver.calls == 0


def _say_without_the_key(slack: Workspace, channel: str = "incidents") -> None:
    """As servers do that are not Slack's: nothing tells whether the channel is shared."""
    home = slack.directory.channel(channel)
    event = {
        "type": "message",
        "channel": home.id,
        "channel_type": "im" if home.kind == "im" else "channel",
        "user": slack.directory.person("ann").id,
        "ts": "1790000000.000100",
        "text": f"<@{slack.bot.id}> why?",
    }
    slack.deliveries.send("events_api", {"type": "event_callback", "event": event}, "Ev1")


@pytest.mark.usefixtures("front")
async def test_where_an_event_does_not_say_whether_its_channel_is_shared_slack_is_asked(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.directory.channel("incidents").is_ext_shared = True
    _say_without_the_key(slack)

    await slack.wait_for(lambda now: now.ephemerals and not now.deliveries.unacked)

    assert "in channels shared with other workspaces" in slack.ephemerals[0].text
    assert receiver.calls == 0


@pytest.mark.parametrize("code", ["missing_scope", "channel_not_found"])
@pytest.mark.usefixtures("front")
async def test_where_nobody_can_tell_whether_a_channel_is_shared_nothing_is_answered(
    slack: Workspace, receiver: Receiver, code: str
) -> None:
    slack.faults.add("conversations.info", "error", times=9, code=code)
    _say_without_the_key(slack)

    await slack.wait_for(lambda now: now.ephemerals and not now.deliveries.unacked)

    assert "could not find out whether this channel is shared" in slack.ephemerals[0].text
    assert receiver.calls == 0


@pytest.mark.parametrize(
    "fault", [{"kind": "server_error"}, {"kind": "error", "code": "token_revoked"}]
)
@pytest.mark.usefixtures("front")
async def test_a_channel_that_cannot_be_looked_up_for_now_loses_no_question(
    slack: Workspace, receiver: Receiver, fault: Any
) -> None:
    slack.faults.add("conversations.info", **fault)
    _say_without_the_key(slack)

    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)

    assert [ack.attempt for ack in slack.acks] == [1]
    assert not slack.ephemerals


@pytest.mark.usefixtures("front")
async def test_a_server_that_cannot_say_it_at_all_shares_no_channels(
    slack: Workspace, receiver: Receiver
) -> None:
    slack.faults.add("conversations.info", "error", times=9, code="unknown_method")
    _say_without_the_key(slack)

    await slack.wait_for(lambda _: receiver.inputs)


@pytest.mark.usefixtures("front")
async def test_direct_messages_are_answered_without_the_key_too(
    slack: Workspace, receiver: Receiver
) -> None:
    _say_without_the_key(slack, slack.direct("ann").id)

    await slack.wait_for(lambda _: receiver.inputs)


@pytest.mark.parametrize(
    ("found", "is_shared"),
    [
        ({"is_shared": False, "is_ext_shared": False}, False),
        ({"is_shared": True, "is_ext_shared": True}, True),
        ({"is_shared": True, "is_org_shared": True, "is_ext_shared": False}, False),
        ({"is_shared": True, "is_org_shared": True, "is_ext_shared": True}, True),
        ({"is_shared": True}, True),
        ({"is_ext_shared": False, "is_pending_ext_shared": True}, True),
        ({"is_ext_shared": False, "pending_connected_team_ids": ["T1"]}, True),
        ({"is_im": True, "is_org_shared": False}, False),
        ({"is_im": True, "is_ext_shared": True}, True),
        ({"name": "incidents"}, None),
        ({}, None),
    ],
)
def test_a_channel_is_shared_with_others_as_slack_describes_it(
    found: dict[str, Any], is_shared: bool | None
) -> None:
    assert sharing_in(found) is is_shared
