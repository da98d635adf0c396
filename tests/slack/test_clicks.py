"""A press on Approve or Reject decides where somebody may; everybody else is told why not."""

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue import Answer, Decided, Input, Notice, Thread
from bot.playground.directory import ONCALL
from bot.playground.objects import Message
from bot.playground.workspace import Workspace
from bot.slack import House, SlackFront
from tests.slack.conftest import PROPOSAL, Connect, Receiver, proposed

GROUPS = House(approver_groups=frozenset({ONCALL, "S0NOBODY"}))


@pytest.fixture
async def front(connect: Connect) -> SlackFront:
    return await connect(house=GROUPS)


@pytest.fixture
async def said(front: SlackFront, slack: Workspace, receiver: Receiver) -> Input:
    """A question whose answer proposes a change."""
    slack.add_group("nobody", [], group_id="S0NOBODY")
    asked = await _asked(slack, receiver)
    await proposed(front, asked)
    return asked


async def _asked(slack: Workspace, receiver: Receiver, channel: str = "incidents") -> Input:
    slack.say("ann", channel, "@kaia restart web")
    return (await slack.wait_for(lambda _: list(receiver.inputs.values())))[0]


def _proposal(slack: Workspace, said: Input) -> Message:
    thread = slack.thread(said.thread.channel, said.thread.ts)
    return next(message for message in thread if "Proposed change" in message.text)


def _press(slack: Workspace, said: Input, user: str, action: str = "kaia_approve") -> None:
    slack.click(user, said.thread.channel, _proposal(slack, said).ts, action)


async def _pressed(slack: Workspace, receiver: Receiver) -> Input:
    return (await slack.wait_for(lambda _: _decisions(receiver)))[0]


def _decisions(receiver: Receiver) -> list[Input]:
    return [said for said in receiver.inputs.values() if said.decision]


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


def _whispers(slack: Workspace, user: str) -> list[str]:
    return [whisper.text for whisper in slack.whispers(user)]


@pytest.mark.parametrize(("action", "approves"), [("kaia_approve", True), ("kaia_reject", False)])
async def test_a_press_is_a_decision_with_an_identity_of_its_own(
    slack: Workspace, receiver: Receiver, said: Input, action: str, approves: bool
) -> None:
    _press(slack, said, "ben", action)

    pressed = await _pressed(slack, receiver)
    await _all_acked(slack)

    ben, message = slack.directory.person("ben").id, _proposal(slack, said).ts
    assert pressed.decision is not None
    assert pressed.decision.proposal == "p-1"
    assert pressed.decision.approves is approves
    assert pressed.decision.message_ts == message
    assert pressed.decision.groups == (ONCALL,)
    where = f"{said.thread.team}:{said.thread.channel}"
    assert pressed.id == f"click:{where}:{message}:{pressed.ts}:{ben}"
    assert pressed.thread == said.thread
    assert (pressed.speaker, pressed.speaker_name, pressed.addressed) == (ben, "ben", True)


@pytest.mark.usefixtures("front")
async def test_a_press_in_direct_messages_counts(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    said = await _asked(slack, receiver, slack.direct("ann").id)
    await proposed(front, said)
    _press(slack, said, "ann")

    assert (await _pressed(slack, receiver)).thread == said.thread


async def test_everybodys_press_is_an_input_of_its_own(
    slack: Workspace, receiver: Receiver, said: Input
) -> None:
    for user in ("ann", "ben", "ben"):
        _press(slack, said, user)

    await slack.wait_for(lambda _: len(receiver.inputs) == 4)

    groups = {
        said.speaker_name: said.decision.groups for said in _decisions(receiver) if said.decision
    }
    assert groups == {"ann": (), "ben": (ONCALL,)}


async def test_who_may_not_decide_is_told_alone_at_every_press(
    slack: Workspace, receiver: Receiver, said: Input
) -> None:
    receiver.objections["p-1"] = "You may not approve changes in shop."
    _press(slack, said, "ben")
    _press(slack, said, "ben")

    await slack.wait_for(lambda now: len(now.ephemerals) == 2)
    await _all_acked(slack)

    assert _whispers(slack, "ben") == ["You may not approve changes in shop."] * 2
    assert {whisper.thread_ts for whisper in slack.ephemerals} == {said.thread.ts}
    assert len(receiver.inputs) == 1


@pytest.mark.parametrize(
    ("user", "why"), [("stranger", "members of this workspace"), ("guest", "guests")]
)
async def test_strangers_and_guests_decide_nothing(
    slack: Workspace, receiver: Receiver, said: Input, user: str, why: str
) -> None:
    slack.directory.channel("incidents").members.append(slack.directory.person(user).id)
    _press(slack, said, user)

    await slack.wait_for(lambda now: now.ephemerals)
    await _all_acked(slack)

    assert why in _whispers(slack, user)[0]
    assert "press it" in _whispers(slack, user)[0]
    assert len(receiver.inputs) == 1


@pytest.mark.parametrize("user", ["alerts", "gone"])
async def test_bots_and_people_who_left_decide_nothing_without_a_word(
    slack: Workspace, receiver: Receiver, said: Input, user: str
) -> None:
    _press(slack, said, user)

    await _all_acked(slack)

    assert len(receiver.inputs) == 1
    assert not slack.ephemerals


async def test_nobody_decides_in_a_channel_that_has_become_shared(
    slack: Workspace, receiver: Receiver, said: Input
) -> None:
    slack.directory.channel("incidents").is_ext_shared = True
    _press(slack, said, "ben")

    await slack.wait_for(lambda now: now.ephemerals)

    assert "shared with other workspaces" in _whispers(slack, "ben")[0]
    assert len(receiver.inputs) == 1


@pytest.mark.parametrize(
    ("method", "fault", "why"),
    [
        ("conversations.info", {"kind": "error", "code": "missing_scope"}, "is shared with"),
        ("conversations.info", {"kind": "server_error"}, "is shared with"),
        ("users.info", {"kind": "error", "code": "missing_scope"}, "who you are"),
    ],
)
async def test_where_slack_does_not_say_who_or_where_nothing_is_decided(
    connect: Connect, slack: Workspace, receiver: Receiver, method: str, fault: Any, why: str
) -> None:
    front = await connect(house=GROUPS)
    said = await _asked(slack, receiver)
    await proposed(front, said)
    slack.faults.add(method, times=9, **fault)
    _press(slack, said, "ben")

    await slack.wait_for(lambda now: now.ephemerals)
    await _all_acked(slack)

    assert why in _whispers(slack, "ben")[0]
    assert len(receiver.inputs) == 1


async def test_a_look_up_that_fails_for_now_says_to_press_again(
    slack: Workspace, receiver: Receiver, said: Input
) -> None:
    slack.faults.add("users.info", "server_error")
    _press(slack, said, "ben")
    await slack.wait_for(lambda now: now.ephemerals)
    assert "Please press again" in _whispers(slack, "ben")[0]

    _press(slack, said, "ben")

    assert (await _pressed(slack, receiver)).speaker_name == "ben"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error", "code": "missing_scope", "needed": "usergroups:read"},
        {"kind": "server_error"},
        {"kind": "error", "code": "no_such_subteam"},
    ],
)
async def test_where_slack_does_not_say_who_is_in_a_group_nobody_is_and_the_reason_says_so(
    slack: Workspace, receiver: Receiver, said: Input, fault: Any
) -> None:
    slack.faults.add("usergroups.users.list", times=9, **fault)
    receiver.objections["p-1"] = "You may not approve changes in shop."
    _press(slack, said, "ben")
    await slack.wait_for(lambda now: now.ephemerals)

    (told,) = _whispers(slack, "ben")
    assert told.startswith("You may not approve changes in shop.")
    assert ONCALL in told

    receiver.objections.clear()
    _press(slack, said, "ben")
    decision = (await _pressed(slack, receiver)).decision
    assert decision is not None
    assert decision.groups == ()


@pytest.mark.parametrize(
    "house", [House(users=frozenset({"U1"})), House(channels=frozenset({"C1"}))]
)
async def test_the_lists_of_people_and_channels_hold_for_presses(
    connect: Connect, slack: Workspace, receiver: Receiver, house: House
) -> None:
    ts = slack.say("ann", "incidents", "restart web")
    thread = Thread(slack.directory.team_id, slack.directory.channel("incidents").id, ts)
    said = Input("i", thread, ts, "U0ANN", "ann", "restart web", addressed=True, received=0)
    await proposed(await connect(house=house), said)
    _press(slack, said, "ben")

    await slack.wait_for(lambda now: now.ephemerals)

    assert not receiver.inputs


async def test_buttons_below_other_peoples_messages_are_none_of_kaias(
    slack: Workspace, receiver: Receiver, said: Input
) -> None:
    forged = _proposal(slack, said).blocks
    ts = slack.say("alerts", "incidents", "press me", said.thread.ts, blocks=forged)
    slack.click("ben", "incidents", ts, "kaia_approve")

    await _all_acked(slack)

    assert not _decisions(receiver)


async def test_the_thread_of_a_press_is_that_of_its_message_whatever_its_value_says(
    front: SlackFront, slack: Workspace, receiver: Receiver, said: Input
) -> None:
    other = slack.say("ben", "incidents", "another matter")
    elsewhere = replace(said, id="other", thread=replace(said.thread, ts=other))
    await proposed(front, elsewhere)
    slack.click("ben", "incidents", slack.thread("incidents", other)[-1].ts, "kaia_approve")

    assert (await _pressed(slack, receiver)).thread.ts == other


async def test_a_press_that_was_not_kept_is_not_acked_and_says_so(
    slack: Workspace, receiver: Receiver, said: Input
) -> None:
    await _all_acked(slack)
    receiver.failures = 1
    press = slack.click("ben", "incidents", _proposal(slack, said).ts, "kaia_approve")
    assert press is not None

    await slack.wait_for(lambda now: now.ephemerals and press.given_up)

    assert not press.acked
    assert "nothing was decided and nothing was run" in _whispers(slack, "ben")[0]
    _press(slack, said, "ben")
    assert (await _pressed(slack, receiver)).speaker_name == "ben"


async def test_a_press_is_acked_only_after_it_is_kept(
    slack: Workspace, receiver: Receiver, said: Input
) -> None:
    await _all_acked(slack)
    receiver.slowness = 0.3
    _press(slack, said, "ben")

    await _all_acked(slack)

    assert [ack.seconds >= 0.3 for ack in slack.acks if ack.type == "interactive"] == [True]


async def test_once_decided_the_thread_has_the_result_and_the_proposal_no_buttons(
    front: SlackFront, slack: Workspace, receiver: Receiver, said: Input
) -> None:
    message = _proposal(slack, said)
    _press(slack, said, "ben")
    pressed = await _pressed(slack, receiver)
    decided = Decided("Restarted 3 pods.", PROPOSAL, message.ts, "Approved by ben")

    for repeated in (False, True):
        audience = front.audience_for(pressed)
        await audience.deliver(decided, turn=pressed.id, repeated=repeated)

    results = [m for m in slack.thread("incidents", said.thread.ts) if "Restarted" in m.text]
    assert len(results) == 1
    assert "actions" not in [block["type"] for block in message.blocks]
    assert message.blocks[-1]["text"] == "Approved by ben"
    assert "kubectl rollout restart" in message.blocks[0]["text"]
    await _all_acked(slack)
    assert not slack.problems


@pytest.mark.parametrize(
    ("fault", "is_rewritten"),
    [
        ({"kind": "server_error", "times": 2}, True),
        ({"kind": "ratelimited", "retry_after": 0.1}, True),
        ({"kind": "error", "code": "invalid_blocks"}, True),
        ({"kind": "server_error", "times": 9}, False),
        ({"kind": "error", "code": "message_not_found", "times": 9}, False),
    ],
)
async def test_an_update_that_fails_is_tried_again_and_never_fails_the_answer(
    front: SlackFront, slack: Workspace, said: Input, fault: Any, is_rewritten: bool
) -> None:
    message = _proposal(slack, said)
    slack.faults.add("chat.update", **fault)
    decided = Decided("Restarted.", PROPOSAL, message.ts, "Approved by ben")

    assert await front.audience_for(said).deliver(decided, turn="t2", repeated=False)

    kinds = [block["type"] for block in message.blocks]
    assert ("actions" not in kinds) is is_rewritten
    assert ("Approved by ben" in message.text) is is_rewritten


async def test_a_notice_for_one_person_is_seen_by_nobody_else(
    front: SlackFront, slack: Workspace, said: Input
) -> None:
    ben = slack.directory.person("ben").id
    before = len(slack.thread("incidents", said.thread.ts))

    await front.audience_for(said).deliver(
        Notice("Only **you** hear this.", only_for=ben), turn="t2", repeated=False
    )

    assert _whispers(slack, "ben") == ["Only **you** hear this."]
    assert len(slack.thread("incidents", said.thread.ts)) == before


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long"])
async def test_a_notice_for_one_person_whose_blocks_are_refused_is_told_in_plain_text(
    front: SlackFront, slack: Workspace, said: Input, code: str
) -> None:
    slack.faults.add("chat.postEphemeral", "error", code=code)
    notice = Notice("Only **you** hear <!here>.", only_for=slack.directory.person("ben").id)

    await front.audience_for(said).deliver(notice, turn="t2", repeated=False)

    (told,) = slack.whispers("ben")
    assert (told.blocks, told.text) == ([], "Only **you** hear &lt;!here&gt;.")
    assert slack.problems == []


async def test_a_notice_for_one_person_that_cannot_be_shown_fails_nothing(
    front: SlackFront, slack: Workspace, said: Input
) -> None:
    slack.faults.add("chat.postEphemeral", "error", times=9, code="user_not_in_channel")
    before = len(slack.thread("incidents", said.thread.ts))

    await front.audience_for(said).deliver(
        Notice("Hm.", only_for="U0BEN"), turn="t2", repeated=False
    )

    assert len(slack.thread("incidents", said.thread.ts)) == before


async def test_where_slack_refuses_the_buttons_the_thread_learns_that_nothing_can_be_approved(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    asked = await _asked(slack, receiver)
    slack.faults.add("chat.postMessage", "error", after=1, code="invalid_blocks")
    await proposed(front, asked)

    _, answer, proposal = slack.thread("incidents", asked.thread.ts)
    assert answer.blocks
    assert "did not take the buttons" in proposal.text
    assert not proposal.blocks


async def test_a_proposal_is_posted_once_though_its_answer_is_delivered_again(
    front: SlackFront, slack: Workspace, said: Input
) -> None:
    answer = Answer("Restart `web`.", "prod", proposals=(PROPOSAL,))
    await front.audience_for(said).deliver(answer, turn=said.id, repeated=True)

    assert len(slack.thread("incidents", said.thread.ts)) == 3
