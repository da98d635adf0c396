"""What a Slack refuses is left out, remembered, and never in the way of the answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.dialogue import Answer, Closed, Notice, Receipt, Thread
from bot.slack.sending.kinds import BlockKinds
from bot.slack.sending.outbound import Outbound
from bot.slack.sending.posting import Patience, Posting
from bot.slack.sending.traces import Place
from bot.slack.wording.blocks import posts
from tests.doubles.raw_slack import outbound_to

THREAD = Thread("T1", "C1", "100.000001")
RECEIPTS = tuple(
    Receipt(n, "kubectl", f"kubectl get pods -n shop-{n}", "read", 0, "", "", 0, 0.1)
    for n in range(1, 9)
)
ANSWER = Answer("`pay` is out of memory.", "prod", RECEIPTS)


class PickySlack:
    """chat.postMessage that refuses some types of blocks, or a message shown in the channel."""

    def __init__(self) -> None:
        self.refuses: set[str] = set()
        self.refuses_broadcast = False
        self.taken: list[dict[str, Any]] = []
        self.tried: list[list[str]] = []

    async def post(self, request: web.Request) -> web.Response:
        said = await request.json()
        kinds = [block["type"] for block in said.get("blocks", ())]
        self.tried.append(kinds)
        if {*kinds} & self.refuses:
            return web.json_response({"ok": False, "error": "invalid_blocks"})
        if said.get("reply_broadcast") and self.refuses_broadcast:
            return web.json_response({"ok": False, "error": "restricted_action"})
        self.taken.append(said)
        return web.json_response({"ok": True, "ts": f"200.{len(self.taken):06d}"})


@pytest.fixture
def picky() -> PickySlack:
    return PickySlack()


@pytest.fixture
async def outbound(picky: PickySlack) -> AsyncIterator[Outbound]:
    routes = [web.post("/api/chat.postMessage", picky.post)]
    async with outbound_to(routes, timeout_seconds=1) as outbound:
        yield outbound


@pytest.fixture
def kinds() -> BlockKinds:
    return BlockKinds()


async def _post(outbound: Outbound, kinds: BlockKinds, outcome: Any, turn: str = "t1") -> None:
    place = Place(THREAD, THREAD.ts, turn)
    posting = Posting(outbound, "U1", place, Patience(seconds=20, pause_seconds=0.01), kinds)
    await posting.post(posts(outcome, cluster="prod", turn=turn))


@pytest.mark.parametrize(
    ("refused", "left"),
    [
        ({"container"}, ["markdown", "context_actions"]),
        ({"context_actions"}, ["markdown", "container"]),
        ({"container", "context_actions"}, ["markdown"]),
    ],
)
async def test_what_is_refused_is_left_out_and_the_rest_is_kept_for_later_answers(
    outbound: Outbound, picky: PickySlack, kinds: BlockKinds, refused: set[str], left: list[str]
) -> None:
    picky.refuses = refused
    for turn in ("t1", "t2", "t3"):
        await _post(outbound, kinds, ANSWER, turn)
    picky.tried.clear()

    await _post(outbound, kinds, ANSWER, "t4")

    assert picky.tried == [left]
    assert len(picky.taken) == 4
    for said in picky.taken:
        assert "kubectl get pods -n shop-8" in str(said["blocks"])


async def test_a_slack_without_any_blocks_is_soon_given_text_at_once(
    outbound: Outbound, picky: PickySlack, kinds: BlockKinds
) -> None:
    picky.refuses = {"markdown"}
    for turn in ("t1", "t2"):
        await _post(outbound, kinds, ANSWER, turn)
    picky.tried.clear()

    await _post(outbound, kinds, ANSWER, "t3")

    assert picky.tried == [[]]
    assert all("kubectl get pods -n shop-8" in said["text"] for said in picky.taken)


async def test_one_message_that_is_refused_does_not_turn_blocks_off(
    outbound: Outbound, picky: PickySlack, kinds: BlockKinds
) -> None:
    picky.refuses = {"markdown"}
    await _post(outbound, kinds, Notice("odd"))
    picky.refuses = set()
    await _post(outbound, kinds, Notice("fine"), "t2")
    picky.refuses = {"markdown"}
    await _post(outbound, kinds, Notice("odd again"), "t3")

    assert not kinds.are_off


async def test_a_close_out_whose_button_is_refused_is_posted_without_it(
    outbound: Outbound, picky: PickySlack, kinds: BlockKinds
) -> None:
    picky.refuses = {"actions"}

    await _post(outbound, kinds, Closed("It was the disk.", offers_broadcast=True))

    assert picky.tried == [["markdown", "actions"], ["markdown"]]


async def test_a_message_that_may_not_be_shown_in_the_channel_stays_in_its_thread(
    outbound: Outbound, picky: PickySlack, kinds: BlockKinds
) -> None:
    await _post(outbound, kinds, Notice("For all.", is_broadcast=True))
    picky.refuses_broadcast = True
    await _post(outbound, kinds, Notice("For all.", is_broadcast=True), "t2")

    assert [said.get("reply_broadcast") for said in picky.taken] == [True, None]
