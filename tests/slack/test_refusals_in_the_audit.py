"""Every refusal of somebody who meant Kaia is recorded, told or not; passers-by are not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.audit import Kind
from bot.dialogue import Input
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from tests.slack.conftest import Connect, Receiver, proposed


@dataclass
class Records:
    """Implements `Record`, as the audit's log would have it."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    changed: Callable[[], None] = lambda: None

    def __call__(self, kind: Kind, **fields: Any) -> None:
        self.lines.append({"kind": kind, **fields})
        self.changed()


@pytest.fixture
def records(slack: Workspace) -> Records:
    return Records(changed=slack.changes.notify)


@pytest.fixture
async def front(connect: Connect, records: Records) -> SlackFront:
    return await connect(record=records)


def _join(slack: Workspace, user: str) -> str:
    person = slack.directory.person(user)
    slack.directory.channel("incidents").members.append(person.id)
    return person.id


async def _asked(slack: Workspace, receiver: Receiver) -> Input:
    slack.say("ann", "incidents", "@kaia why?")
    return (await slack.wait_for(lambda _: list(receiver.inputs.values())))[0]


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


@pytest.mark.usefixtures("front")
async def test_each_attempt_is_one_line_though_the_person_hears_it_once(
    slack: Workspace, records: Records
) -> None:
    guest = _join(slack, "guest")
    root = slack.say("guest", "incidents", "@kaia show me everything")
    for _ in range(2):
        slack.say("guest", "incidents", "@kaia please", root)
    await slack.wait_for(lambda now: len(records.lines) == 3 and now.ephemerals)
    await _all_acked(slack)

    channel = slack.directory.channel("incidents").id
    assert len(records.lines) == 3
    assert len(slack.ephemerals) == 1
    for line in records.lines:
        assert (line["kind"], line["who"], line["where"]) == ("refusal", guest, channel)
        assert line["thread"] == f"{channel}:{root}"
        assert "guests" in line["why"]


@pytest.mark.parametrize(
    ("user", "why"), [("gone", "deactivated"), ("alerts", "KAIA_ALLOWED_APPS")]
)
@pytest.mark.usefixtures("front")
async def test_who_left_and_apps_that_may_not_ask_are_recorded_and_hear_nothing(
    slack: Workspace, receiver: Receiver, records: Records, user: str, why: str
) -> None:
    _join(slack, user)
    slack.say(user, "incidents", "@kaia why?")
    await _all_acked(slack)

    (line,) = records.lines
    assert why in line["why"]
    assert not slack.ephemerals
    assert receiver.calls == 0


async def test_talk_counts_in_kaias_threads_and_is_nobodys_business_elsewhere(
    front: SlackFront, slack: Workspace, receiver: Receiver, records: Records
) -> None:
    said = await _asked(slack, receiver)
    front.audience_for(said)
    elsewhere = slack.say("ann", "incidents", "down")
    slack.say("guest", "incidents", "really?", elsewhere)
    slack.say("alerts", "incidents", "still down", elsewhere)
    await _all_acked(slack)
    assert not records.lines

    slack.say("guest", "incidents", "and billing?", said.thread.ts)
    await slack.wait_for(lambda _: records.lines)

    assert records.lines[0]["thread"].endswith(said.thread.ts)


async def test_a_press_is_recorded_here_or_by_the_engine_and_never_by_both(
    front: SlackFront, slack: Workspace, receiver: Receiver, records: Records
) -> None:
    guest = _join(slack, "guest")
    said = await _asked(slack, receiver)
    await proposed(front, said)
    message = slack.thread("incidents", said.thread.ts)[-1].ts
    for _ in range(2):
        slack.click("guest", "incidents", message, "kaia_approve")
    slack.click("gone", "incidents", message, "kaia_approve")
    receiver.objections["p-1"] = "You may not."
    slack.click("ben", "incidents", message, "kaia_approve")
    await slack.wait_for(lambda now: len(now.ephemerals) == 3)
    await _all_acked(slack)

    gone = slack.directory.person("gone").id
    assert sorted(line["who"] for line in records.lines) == sorted([guest, guest, gone])


async def test_a_press_on_slacks_stop_by_who_may_not_ask_is_recorded(
    front: SlackFront, slack: Workspace, receiver: Receiver, records: Records
) -> None:
    guest = _join(slack, "guest")
    said = await _asked(slack, receiver)
    del front
    slack.stop("guest", "incidents", said.thread.ts)
    await slack.wait_for(lambda now: now.ephemerals)
    await _all_acked(slack)

    assert [line["who"] for line in records.lines] == [guest]
    assert "press it" in slack.ephemerals[0].text


@pytest.mark.usefixtures("front")
async def test_an_edit_that_adds_the_mention_is_one_attempt(
    slack: Workspace, records: Records
) -> None:
    _join(slack, "guest")
    ts = slack.say("guest", "incidents", "why?")
    slack.edit("incidents", ts, "@kaia why?")
    await slack.wait_for(lambda now: records.lines and now.ephemerals)
    await _all_acked(slack)

    assert len(records.lines) == 1
    assert len(slack.ephemerals) == 1
