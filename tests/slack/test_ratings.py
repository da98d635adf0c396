"""A press that says whether an answer helped is kept before it is acked; others are none."""

from typing import Any

import pytest

from bot.playground import events
from bot.playground.deliveries import Delivery
from bot.playground.workspace import Workspace
from bot.slack import House, SlackFront
from tests.slack.conftest import Connect, Receiver

GOOD = "good:message:T0:C0:1.1"
BAD = "bad:message:T0:C0:1.1"


@pytest.fixture
async def root(slack: Workspace) -> str:
    return slack.say("ann", "incidents", "what is wrong?")


def _answer(slack: Workspace, root: str, author: str = "kaia") -> str:
    return slack.say(author, "incidents", "all is well", root)


def _press(
    slack: Workspace, user: str, ts: str, value: str, action: str = "kaia_rating"
) -> Delivery:
    """As Slack tells of a press within a feedback_buttons element."""
    home = slack.directory.channel("incidents")
    element = {"type": "feedback_buttons", "action_id": action, "block_id": "b", "value": value}
    payload = events.clicked(
        slack.directory,
        slack.directory.person(user),
        home,
        home.messages[ts],
        element,
        slack.stamps.next(),
    )
    delivery = slack.announcer.interaction(payload)
    assert delivery is not None
    return delivery


async def _acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


def _whispers(slack: Workspace, user: str) -> list[str]:
    return [whisper.text for whisper in slack.whispers(user)]


@pytest.mark.usefixtures("front")
async def test_both_ratings_are_kept_with_their_turn_and_person_and_thanked_for_alone(
    slack: Workspace, receiver: Receiver, root: str
) -> None:
    answer = _answer(slack, root)
    _press(slack, "ann", answer, GOOD)
    _press(slack, "ben", answer, BAD)

    await slack.wait_for(lambda now: len(now.ephemerals) == 2)
    await _acked(slack)

    assert {(one.person, one.is_good) for one in receiver.ratings} == {
        (slack.directory.person("ann").id, True),
        (slack.directory.person("ben").id, False),
    }
    assert {one.turn for one in receiver.ratings} == {"message:T0:C0:1.1"}
    assert {one.thread.ts for one in receiver.ratings} == {root}
    assert _whispers(slack, "ann") == ["Noted, thank you."]
    assert "What was wrong? Reply here" in _whispers(slack, "ben")[0]
    assert not receiver.inputs


@pytest.mark.usefixtures("front")
@pytest.mark.parametrize("value", ["", "good", "good:", "fine:x", f"good:{'x' * 301}", "bad:a b"])
async def test_a_value_that_is_none_of_kaias_is_acked_and_nothing_else(
    slack: Workspace, receiver: Receiver, root: str, value: str
) -> None:
    _press(slack, "ann", _answer(slack, root), value)

    await _acked(slack)

    assert not receiver.ratings
    assert not slack.ephemerals


@pytest.mark.usefixtures("front")
@pytest.mark.parametrize(("action", "value"), [("kaia_rating", GOOD), ("kaia_broadcast", "x")])
async def test_presses_below_foreign_messages_are_nothing(
    slack: Workspace, receiver: Receiver, root: str, action: str, value: str
) -> None:
    _press(slack, "ann", _answer(slack, root, "alerts"), value, action)

    await _acked(slack)

    assert not receiver.ratings
    assert not receiver.inputs


@pytest.mark.parametrize(("action", "value"), [("kaia_rating", GOOD), ("kaia_broadcast", "x")])
async def test_who_may_not_ask_may_not_press_either(
    connect: Connect, slack: Workspace, receiver: Receiver, root: str, action: str, value: str
) -> None:
    await connect(house=House(users=frozenset({"U1"})))
    _press(slack, "ben", _answer(slack, root), value, action)

    await slack.wait_for(lambda now: now.ephemerals)
    await _acked(slack)

    assert not receiver.ratings
    assert not receiver.inputs


@pytest.mark.usefixtures("front")
@pytest.mark.parametrize(
    ("action", "value", "words"),
    [("kaia_rating", GOOD, "could not keep"), ("kaia_broadcast", "x", "nothing was posted")],
)
async def test_what_was_not_kept_is_not_acked_and_says_so(
    slack: Workspace, receiver: Receiver, root: str, action: str, value: str, words: str
) -> None:
    answer = _answer(slack, root)
    await _acked(slack)
    receiver.failures = 1
    press = _press(slack, "ann", answer, value, action)

    await slack.wait_for(lambda now: now.ephemerals and press.given_up)

    assert words in _whispers(slack, "ann")[0]
    assert not press.acked


@pytest.mark.usefixtures("front")
async def test_a_rating_is_acked_only_after_it_is_kept(
    slack: Workspace, receiver: Receiver, root: str
) -> None:
    answer = _answer(slack, root)
    await _acked(slack)
    receiver.slowness = 0.3
    _press(slack, "ann", answer, GOOD)

    await _acked(slack)

    assert [ack.seconds >= 0.3 for ack in slack.acks if ack.type == "interactive"] == [True]


async def test_the_close_out_is_asked_into_the_channel_once_for_each_message(
    front: SlackFront, slack: Workspace, receiver: Receiver, root: str
) -> None:
    answer = _answer(slack, root)
    _press(slack, "ann", answer, "", "kaia_broadcast")
    await slack.wait_for(lambda _: receiver.inputs)
    _press(slack, "ben", answer, "", "kaia_broadcast")
    await slack.wait_for(lambda now: now.whispers("ben"))
    await _acked(slack)

    said = receiver.only
    channel: Any = slack.directory.channel("incidents").id
    assert front.identity is not None
    assert said.id == f"broadcast:{front.identity.team}:{channel}:{answer}"
    assert (said.text, said.addressed, said.thread.ts) == ("post to the channel", True, root)
    assert "asked for already" in _whispers(slack, "ben")[0]


@pytest.mark.usefixtures("front")
async def test_who_rates_what_is_no_longer_kept_is_told_so(
    slack: Workspace, receiver: Receiver, root: str
) -> None:
    receiver.keeps_ratings = False
    _press(slack, "ann", _answer(slack, root), GOOD)

    await slack.wait_for(lambda now: now.ephemerals)

    assert _whispers(slack, "ann") == [
        "That conversation is no longer kept, so your rating was not either."
    ]
