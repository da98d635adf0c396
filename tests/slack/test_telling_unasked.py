"""What nobody has just asked is said only where its asker could ask for it now."""

import pytest
from structlog.testing import capture_logs

from bot.dialogue import Input, Notice, Thread
from bot.errors import DeliveryError
from bot.playground.workspace import Workspace
from bot.slack import House, SlackFront
from tests.slack.conftest import BuildFront, Connect


@pytest.fixture
async def said(slack: Workspace) -> Input:
    """The end of a watch that Ann has begun."""
    root = slack.say("ann", "incidents", "watch deployment/web")
    channel, ann = slack.directory.channel("incidents"), slack.directory.person("ann")
    thread = Thread("T1", channel.id, root)
    words = "It is ready."
    return Input("watch:w1", thread, root, ann.id, "Ann", words, addressed=True, received=1.0)


async def test_in_a_channel_of_this_workspace_its_member_is_told(
    front: SlackFront, said: Input
) -> None:
    assert await front.audience_for(said).may_be_told()


async def test_in_a_channel_that_has_become_shared_nothing_is_told_and_the_log_says_why(
    front: SlackFront, slack: Workspace, said: Input
) -> None:
    slack.directory.channel("incidents").is_ext_shared = True
    with capture_logs() as logs:
        assert not await front.audience_for(said).may_be_told()
    told = [each for each in logs if each["event"] == "slack.not_told"]
    assert len(told) == 1
    assert "shared with other workspaces" in told[0]["why"]
    assert not slack.ephemerals


@pytest.mark.parametrize(
    "house", [House(users=frozenset({"U1"})), House(channels=frozenset({"C99999999"}))]
)
async def test_who_may_no_longer_ask_or_not_here_is_not_told(
    connect: Connect, said: Input, house: House
) -> None:
    front = await connect(house=house)
    assert not await front.audience_for(said).may_be_told()


async def test_where_slack_says_nothing_of_the_channel_nothing_is_told(
    front: SlackFront, slack: Workspace, said: Input
) -> None:
    slack.faults.add("conversations.info", "error", times=9, code="channel_not_found")
    assert not await front.audience_for(said).may_be_told()


async def test_before_slack_is_reached_it_waits(build_front: BuildFront, said: Input) -> None:
    audience = build_front().audience_for(said)
    with pytest.raises(DeliveryError, match="not connected to Slack yet"):
        await audience.may_be_told()
    with pytest.raises(DeliveryError):
        await audience.deliver(Notice("x"), turn="t", repeated=False)
