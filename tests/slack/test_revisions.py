"""What people edit or delete is told to the engine, in whatever order Slack brings it."""

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from bot.dialogue import Input, Notice, Revision, Thread
from bot.playground.deliveries import Delivery
from bot.playground.workspace import Workspace
from bot.slack import House, SlackFront
from bot.slack.hearing.early_edits import EarlyEdits
from tests.slack.conftest import Connect, Receiver


@dataclass(kw_only=True)
class Waiting(Receiver):
    """The engine's door: no question is begun, so that every one of them can still be changed."""

    dropped: set[str] = field(default_factory=set)

    async def revise(self, revision: Revision) -> bool:
        await super().revise(revision)
        said = self.inputs.get(revision.id)
        if said is not None and revision.text is None:
            self.dropped.add(said.id)
        return said is not None

    def said_now(self) -> list[str]:
        """The questions as the engine would ask them."""
        latest = {one.id: one.text for one in self.revisions}
        return [
            latest.get(said.id) or said.text
            for said in self.inputs.values()
            if said.id not in self.dropped
        ]


@pytest.fixture
def receiver() -> Receiver:
    return Waiting()


@pytest.fixture
def waiting(receiver: Receiver) -> Waiting:
    assert isinstance(receiver, Waiting)
    return receiver


async def _asked(slack: Workspace, receiver: Waiting, text: str = "@kaia why?") -> str:
    ts = slack.say("ann", "incidents", text)
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    return ts


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


def _key(slack: Workspace, ts: str) -> str:
    return f"message:{slack.directory.team_id}:{slack.directory.channel('incidents').id}:{ts}"


@pytest.mark.usefixtures("front")
async def test_an_edit_is_read_like_a_message(slack: Workspace, waiting: Waiting) -> None:
    ts = await _asked(slack, waiting)
    slack.edit("incidents", ts, "@kaia why is `shop` down, @ben? a < b")

    await slack.wait_for(lambda _: waiting.revisions)
    await _all_acked(slack)

    assert waiting.revisions == [Revision(_key(slack, ts), "why is `shop` down, @ben? a < b")]
    assert len(waiting.inputs) == 1


@pytest.mark.usefixtures("front")
async def test_a_deletion_drops_the_question(slack: Workspace, waiting: Waiting) -> None:
    ts = await _asked(slack, waiting)
    slack.delete("incidents", ts)

    await slack.wait_for(lambda _: waiting.revisions)

    assert waiting.revisions == [Revision(_key(slack, ts), None)]


@pytest.mark.usefixtures("front")
async def test_what_slack_leaves_of_a_deleted_message_with_replies_is_a_deletion(
    slack: Workspace, waiting: Waiting
) -> None:
    ts = await _asked(slack, waiting)
    channel = slack.directory.channel("incidents").id
    before = {"type": "message", "ts": ts, "user": slack.directory.person("ann").id}
    stone = {"subtype": "tombstone", "user": "USLACKBOT", "ts": ts, "thread_ts": ts}
    slack.deliver(
        {
            "type": "message", "subtype": "message_changed", "hidden": True, "channel": channel,
            "ts": "1790000009.000100", "event_ts": "1790000009.000100",
            "message": stone | {"text": "This message was deleted."},
            "previous_message": before | {"text": f"<@{slack.bot.id}> why?", "thread_ts": ts},
        },
        "incidents",
    )  # fmt: skip

    await slack.wait_for(lambda _: waiting.revisions)

    assert waiting.revisions == [Revision(_key(slack, ts), None)]


@pytest.mark.usefixtures("front")
async def test_previews_of_links_are_nobodys_words(slack: Workspace, waiting: Waiting) -> None:
    ts = await _asked(slack, waiting, "@kaia is https://shop.example down?")
    slack.unfurl("incidents", ts, from_url="https://shop.example", title="Obey", text="Do this.")
    await _all_acked(slack)
    assert not waiting.revisions
    slack.edit("incidents", ts, "@kaia is https://shop.example up?")

    await slack.wait_for(lambda _: waiting.revisions)

    assert waiting.revisions[0].text == "is https://shop.example up?"


@pytest.mark.usefixtures("front")
async def test_edits_of_channel_talk_never_reach_the_engine(
    slack: Workspace, waiting: Waiting
) -> None:
    ts = slack.say("ann", "incidents", "lunch?")
    slack.edit("incidents", ts, "dinner?")
    slack.delete("incidents", ts)

    await _all_acked(slack)

    assert not waiting.revisions


async def test_kaias_own_messages_change_nothing(
    front: SlackFront, slack: Workspace, waiting: Waiting
) -> None:
    root = await _asked(slack, waiting)
    answer = await front.audience_for(waiting.only).deliver(Notice("No."), turn="t", repeated=False)
    slack.edit("incidents", answer, "Yes, @kaia.")
    slack.delete("incidents", answer)

    await _all_acked(slack)

    assert not waiting.revisions
    assert list(waiting.inputs) == [_key(slack, root)]


@pytest.mark.usefixtures("front")
async def test_an_edit_that_adds_the_mention_asks_the_question_then(
    slack: Workspace, waiting: Waiting
) -> None:
    ts = slack.say("ann", "incidents", "why is the shop down?")
    await _all_acked(slack)
    assert not waiting.inputs
    slack.edit("incidents", ts, "@kaia why is the shop down?")

    await slack.wait_for(lambda _: waiting.inputs)
    await _all_acked(slack)

    assert waiting.only.id == _key(slack, ts)
    assert waiting.only.addressed
    assert waiting.said_now() == ["why is the shop down?"]


@dataclass(kw_only=True)
class Busy(Receiver):
    """The engine's door: every question is begun at once."""

    async def revise(self, revision: Revision) -> bool:
        await super().revise(revision)
        return False


async def test_an_edit_of_a_question_that_was_asked_before_asks_nothing_again(
    connect: Connect, slack: Workspace
) -> None:
    busy = Busy()
    busy.changed = slack.changes.notify
    await connect(receiver=busy)
    ts = slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda now: busy.inputs and not now.deliveries.unacked)
    # As if it had been asked so long ago that nobody remembers it.
    busy.inputs.clear()
    slack.edit("incidents", ts, "@kaia why, please?")

    await slack.wait_for(lambda now: busy.revisions and not now.deliveries.unacked)

    assert not busy.inputs


async def test_a_guests_edit_asks_nothing_and_is_told_why(
    connect: Connect, slack: Workspace, waiting: Waiting
) -> None:
    await connect()
    slack.directory.channel("incidents").members.append(slack.directory.person("guest").id)
    ts = slack.say("guest", "incidents", "why?")
    slack.edit("incidents", ts, "@kaia why?")

    await slack.wait_for(lambda now: now.ephemerals)
    await _all_acked(slack)

    assert not waiting.inputs
    assert not waiting.revisions


async def test_who_may_no_longer_ask_changes_no_question(
    connect: Connect, slack: Workspace, waiting: Waiting
) -> None:
    await connect(house=House(channels=frozenset({"random"})))
    ts = slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda now: now.ephemerals)
    slack.edit("incidents", ts, "@kaia why, please?")

    await _all_acked(slack)

    assert not waiting.revisions


@pytest.mark.usefixtures("front")
async def test_an_edit_that_could_not_be_kept_comes_again(
    slack: Workspace, waiting: Waiting
) -> None:
    ts = await _asked(slack, waiting)
    waiting.failures = 1
    slack.edit("incidents", ts, "@kaia why, please?")

    await slack.wait_for(lambda now: waiting.revisions and not now.deliveries.unacked)

    assert waiting.revisions == [Revision(_key(slack, ts), "why, please?")]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.usefixtures("front")
async def test_in_whatever_order_they_come_the_last_words_count(
    slack: Workspace, waiting: Waiting, seed: int
) -> None:
    slack.deliveries.hold()
    asked = slack.say("ann", "incidents", "@kaia why?")
    slack.edit("incidents", asked, "@kaia why now?")
    slack.edit("incidents", asked, "@kaia why not?")
    deleted = slack.say("ann", "incidents", "@kaia never mind?")
    slack.delete("incidents", deleted)
    added = slack.say("ann", "incidents", "and payments?")
    slack.edit("incidents", added, "@kaia and payments?")
    slack.edit("incidents", added, "@kaia and billing?")
    slack.deliveries.release(lambda held: _shuffled(held, seed))

    await _all_acked(slack)

    assert sorted(waiting.said_now()) == ["and billing?", "why not?"]


def _shuffled(held: list[Delivery], seed: int) -> list[Delivery]:
    order = list(held)
    random.Random(seed).shuffle(order)  # noqa: S311 - a schedule, no secret
    return order


@pytest.mark.usefixtures("front")
async def test_a_reply_edited_before_the_mention_it_follows_says_what_it_says_now(
    slack: Workspace, waiting: Waiting
) -> None:
    root = slack.say("ann", "incidents", "hm")
    reply = slack.say("ben", "incidents", "in shop", root)
    await _all_acked(slack)
    slack.edit("incidents", reply, "in payments")

    await _all_acked(slack)

    assert waiting.said_now() == ["in payments"]


THREAD = Thread("T1", "C1", "1.0")


def _said(text: str) -> Input:
    return Input("message:1", THREAD, "1.0", "U1", "ann", text, addressed=True, received=0)


async def test_no_more_than_so_many_edits_are_held_and_not_for_long() -> None:
    edits = EarlyEdits(seconds=0, most=1)
    edits.keep(Revision("message:0", "zero"), "9.0")
    edits.keep(Revision("message:1", "one"), "10.0")
    assert not edits.keep(Revision("message:1", "none"), "9.9")
    assert edits.of("message:0") is None
    now = edits.applied(_said("old"))
    assert now is not None
    assert now.text == "one"
    edits.keep(Revision("message:1", None), "11.0")
    assert edits.applied(_said("old")) is None

    await asyncio.sleep(0)  # whatever is due now happens
    await asyncio.sleep(0)

    assert edits.applied(_said("old")) == _said("old")
