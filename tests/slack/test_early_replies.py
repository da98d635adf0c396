"""A reply that overtakes the mention it follows is still a reply to Kaia, for a short while."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.dialogue import Input, Thread
from bot.errors import StoreError
from bot.playground.deliveries import Delivery
from bot.playground.objects import Json
from bot.playground.workspace import Workspace
from bot.slack.hearing.early_replies import EarlyReplies
from tests.slack.conftest import Connect, Receiver


@dataclass(kw_only=True)
class Opening(Receiver):
    """The engine's door: takes a reply only where a mention has opened the thread."""

    slack: Workspace
    taken: list[Input] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    refused: str = ""
    """What the store does not keep the first time."""

    async def receive(self, said: Input) -> bool:
        self.offered.append(said.text)
        if said.text == self.refused:
            self.refused = ""
            raise StoreError("The store does not answer.")
        is_open = said.addressed or said.thread in {one.thread for one in self.taken}
        is_new = is_open and said.id not in {one.id for one in self.taken}
        if is_new:
            self.taken.append(said)
        self.slack.changes.notify()
        return is_new


async def test_a_reply_that_overtakes_its_mention_is_taken_after_it(
    connect: Connect, slack: Workspace
) -> None:
    door = Opening(slack=slack)
    await connect(receiver=door)
    late: list[Delivery] = []

    def withheld(held: list[Delivery]) -> list[Delivery]:
        late.extend(held)
        return []

    slack.deliveries.hold()
    root = slack.say("ann", "incidents", "@kaia why?", mention_event=False)
    slack.deliveries.release(withheld)
    slack.say("ann", "incidents", "in shop, I mean", root)
    slack.say("ben", "incidents", "and payments?", root)
    await slack.wait_for(lambda _: len(door.offered) == 2)
    assert not door.taken

    slack.deliver(late[0].payload["event"], "incidents")
    await slack.wait_for(lambda _: len(door.taken) == 3)

    assert [said.text for said in door.taken] == ["why?", "in shop, I mean", "and payments?"]


def _withheld_mention(slack: Workspace) -> tuple[str, Json]:
    """Said, but Slack has not told of it yet."""
    late: list[Delivery] = []

    def withheld(held: list[Delivery]) -> list[Delivery]:
        late.extend(held)
        return []

    slack.deliveries.hold()
    root = slack.say("ann", "incidents", "@kaia why?", mention_event=False)
    slack.deliveries.release(withheld)
    return root, late[0].payload["event"]


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: all(one.acked for one in now.deliveries.all if one.envelopes))


async def _acked(slack: Workspace, door: Opening, root: str, *texts: str) -> None:
    """Replies that nobody can know to be for Kaia."""
    for text in texts:
        slack.say("ann", "incidents", text, root)
    await slack.wait_for(
        lambda now: len(door.offered) == len(texts) and len(now.acks) == len(texts)
    )
    assert not door.taken


async def _taken(slack: Workspace, door: Opening, count: int, **more: float) -> list[str]:
    await slack.wait_for(lambda _: len(door.taken) >= count, **more)
    return [said.text for said in door.taken]


async def test_a_reply_that_another_replica_acked_is_taken_by_who_gets_the_mention(
    connect: Connect, slack: Workspace
) -> None:
    door = Opening(slack=slack)
    await connect(receiver=door)
    first = await slack.wait_for(lambda now: now.deliveries.connections[1:])
    await connect(receiver=door)
    root, mention = _withheld_mention(slack)
    slack.deliveries.choose = lambda *_: first[0]
    await _acked(slack, door, root, "in shop", "and payments?")

    slack.deliveries.choose = lambda some, _: some[-1]
    slack.deliver(mention, "incidents")

    assert await _taken(slack, door, 3) == ["why?", "in shop", "and payments?"]


async def _next_process(connect: Connect, slack: Workspace, door: Opening, **more: float) -> Json:
    """Of two processes the first has acked a reply and is no more; the event of the mention."""
    gone = await connect(receiver=door)
    root, mention = _withheld_mention(slack)
    await _acked(slack, door, root, "in shop")
    await gone.close()
    await connect(receiver=door, **more)
    return mention


async def test_a_reply_that_was_acked_before_a_kill_is_taken_by_the_next_process(
    connect: Connect, slack: Workspace
) -> None:
    door = Opening(slack=slack)
    mention = await _next_process(connect, slack, door)
    slack.deliver(mention, "incidents")

    assert await _taken(slack, door, 2) == ["why?", "in shop"]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "server_error"},
        {"kind": "ratelimited", "retry_after": 1},
        {"kind": "hang", "seconds": 9},
    ],
)
async def test_where_slack_is_slow_to_say_the_ack_does_not_wait(
    connect: Connect, slack: Workspace, fault: Json
) -> None:
    door = Opening(slack=slack)
    mention = await _next_process(connect, slack, door)
    slack.faults.add("conversations.replies", **fault)
    slack.deliver(mention, "incidents")

    await _taken(slack, door, 1)
    await _all_acked(slack)
    assert slack.acks[-1].seconds < 1.5
    assert await _taken(slack, door, 2, timeout=10) == ["why?", "in shop"]


@pytest.mark.parametrize(("call_timeout", "hanging"), [(9, 2), (1.5, 9)])
async def test_a_reading_that_hangs_is_waited_for_a_second_and_goes_on(
    connect: Connect, slack: Workspace, call_timeout: float, hanging: float
) -> None:
    door = Opening(slack=slack)
    slack.deliveries.redelivery_seconds = 3
    mention = await _next_process(connect, slack, door, call_timeout_seconds=call_timeout)
    slack.faults.add("conversations.replies", "hang", seconds=hanging)
    slack.deliver(mention, "incidents")

    await _all_acked(slack)
    assert 0.9 < slack.acks[-1].seconds < 1.5
    assert [said.text for said in door.taken] == ["why?"]
    assert await _taken(slack, door, 2, timeout=10) == ["why?", "in shop"]


@pytest.mark.parametrize("code", ["unknown_method", "missing_scope"])
async def test_a_thread_that_cannot_be_read_keeps_no_mention_from_being_taken(
    connect: Connect, slack: Workspace, code: str
) -> None:
    door = Opening(slack=slack)
    mention = await _next_process(connect, slack, door)
    slack.faults.add("conversations.replies", "error", times=9, code=code)
    slack.deliver(mention, "incidents")

    assert await _taken(slack, door, 1) == ["why?"]
    await _all_acked(slack)
    assert _readings(slack) == 1


def _readings(slack: Workspace) -> int:
    return [call.method for call in slack.calls].count("conversations.replies")


async def test_a_reply_found_in_the_thread_that_is_not_kept_brings_the_mention_again(
    connect: Connect, slack: Workspace
) -> None:
    door = Opening(slack=slack)
    mention = await _next_process(connect, slack, door)
    door.refused = "in shop"
    slack.deliver(mention, "incidents")

    assert await _taken(slack, door, 2) == ["why?", "in shop"]
    await _all_acked(slack)
    assert slack.acks[-1].attempt == 1


async def test_an_edited_reply_is_found_with_the_words_it_has_now(
    connect: Connect, slack: Workspace
) -> None:
    door = Opening(slack=slack)
    gone = await connect(receiver=door)
    root, mention = _withheld_mention(slack)
    reply = slack.say("ann", "incidents", "in shpo", root)
    slack.say("guest", "incidents", "me too", root)
    slack.edit("incidents", reply, "in shop")
    await _all_acked(slack)
    await gone.close()
    await connect(receiver=door)
    slack.deliver(mention, "incidents")

    assert await _taken(slack, door, 2) == ["why?", "in shop"]
    await _all_acked(slack)
    assert len(door.taken) == 2


async def test_talk_before_an_edit_added_the_mention_is_not_asked(
    connect: Connect, slack: Workspace
) -> None:
    door = Opening(slack=slack)
    gone = await connect(receiver=door)
    root = slack.say("ann", "incidents", "down again")
    slack.say("ben", "incidents", "poor you", root)
    await _all_acked(slack)
    await gone.close()
    await connect(receiver=door)
    slack.edit("incidents", root, "@kaia down again, why?")

    await slack.wait_for(lambda now: door.taken and not now.deliveries.unacked)

    assert _readings(slack) == 1
    assert [said.text for said in door.taken] == ["down again, why?"]


async def test_a_mention_that_arrives_as_two_events_reads_its_thread_once_and_no_direct_one(
    connect: Connect, slack: Workspace
) -> None:
    door = Opening(slack=slack)
    await connect(receiver=door)
    slack.say("ann", "incidents", "@kaia why?")
    slack.say("ann", slack.direct("ann").id, "why?")

    await slack.wait_for(lambda now: len(door.taken) == 2 and not now.deliveries.unacked)

    assert _readings(slack) == 1


async def test_what_was_said_before_a_mention_or_elsewhere_stays_dropped(
    connect: Connect, slack: Workspace
) -> None:
    door = Opening(slack=slack)
    await connect(receiver=door)
    root = slack.say("ann", "incidents", "down again")
    other = slack.say("ann", "incidents", "lunch?")
    slack.say("ben", "incidents", "poor you", root)
    slack.say("ben", "incidents", "yes", other)
    await slack.wait_for(lambda _: len(door.offered) == 2)

    slack.say("ann", "incidents", "@kaia why?", root, mention_event=False)
    await slack.wait_for(lambda now: door.taken and not now.deliveries.unacked)

    assert [said.text for said in door.taken] == ["why?"]
    assert sorted(door.offered) == ["poor you", "why?", "yes"]


def _said(ts: str, *, addressed: bool = False, thread: str = "1.000001") -> Input:
    place = Thread("T1", "C1", thread)
    return Input(f"message:{ts}", place, ts, "U1", "ann", "x", addressed=addressed, received=0)


async def test_early_replies_are_forgotten_after_a_while() -> None:
    early = EarlyReplies(seconds=0)
    early.keep(_said("2.000000"))

    await asyncio.sleep(0)  # whatever is due now happens
    await asyncio.sleep(0)

    assert early.take(_said("1.000001", addressed=True)) == []


async def test_no_more_than_so_many_are_held_and_each_is_given_once() -> None:
    early = EarlyReplies(most=3)
    for ts in ("8.000000", "10.000003", "9.000002", "10.000001", "10.000001"):
        early.keep(_said(ts))

    mention = _said("1.000001", addressed=True)

    given = [reply.ts for reply in early.take(mention)]
    assert given == ["9.000002", "10.000001", "10.000003"]
    assert early.take(mention) == []
