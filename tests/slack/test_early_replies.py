"""A reply that overtakes the mention it follows is still a reply to Kaia, for a short while."""

import asyncio
from dataclasses import dataclass, field

from bot.dialogue import Input, Thread
from bot.playground.deliveries import Delivery
from bot.playground.workspace import Workspace
from bot.slack.hearing.early import EarlyReplies
from tests.slack.conftest import Connect, Receiver


@dataclass(kw_only=True)
class Opening(Receiver):
    """The engine's door: takes a reply only where a mention has opened the thread."""

    slack: Workspace
    taken: list[Input] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)

    async def receive(self, said: Input) -> bool:
        self.offered.append(said.text)
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
