"""An answer is posted once, whatever becomes of the request: counted at a server that keeps all."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.dialogue import Thread
from bot.errors import DeliveryError
from bot.slack.sending.outbound import Outbound
from bot.slack.sending.posting import Patience, Posting
from bot.slack.sending.traces import Place
from bot.slack.wording.blocks import Post
from tests.doubles.raw_slack import outbound_to

PLACE = Place(Thread("T1", "C1", "100.000001"), "100.000001", "turn-1")
PATIENCE = Patience(seconds=20, attempts=4, pause_seconds=0.02)


class RawSlack:
    """chat.postMessage and conversations.replies, each request in the manner planned for it."""

    def __init__(self) -> None:
        self.posts: list[str] = []
        """The manner of each chat.postMessage that came."""
        self.looks: list[dict[str, str]] = []
        self.messages: list[dict[str, Any]] = []
        self.manners: list[str] = []
        self.look_manners: list[str] = []
        self.hidden_looks = 0
        """So many looks show nothing yet."""

    async def post(self, request: web.Request) -> web.StreamResponse:
        said = await request.json()
        manner = self.manners.pop(0) if self.manners else "well"
        self.posts.append(manner)
        if "before" not in manner:
            ts = f"200.{len(self.messages):06d}"
            self.messages.append({"user": "U1", "ts": ts, "metadata": said["metadata"]})
        if manner == "well":
            return web.json_response({"ok": True, "ts": self.messages[-1]["ts"]})
        return await self._badly(request, manner)

    async def replies(self, request: web.Request) -> web.StreamResponse:
        self.looks.append(dict(request.query))
        manner = self.look_manners.pop(0) if self.look_manners else "well"
        if manner != "well":
            return await self._badly(request, manner)
        shown = self.messages if self.hidden_looks <= 0 else []
        self.hidden_looks -= 1
        return web.json_response({"ok": True, "messages": shown})

    async def _badly(self, request: web.Request, manner: str) -> web.StreamResponse:
        match manner.split(maxsplit=1)[0]:
            case "drop":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "500":
                return web.Response(status=500, text="upstream")
            case "429":
                body = {"ok": False, "error": "ratelimited"}
                return web.json_response(body, status=429, headers={"Retry-After": "1"})
            case "hang":
                await asyncio.sleep(3)
                return web.Response()
            case other:
                return web.json_response({"ok": False, "error": other})


@pytest.fixture
def raw() -> RawSlack:
    return RawSlack()


@pytest.fixture
async def outbound(raw: RawSlack) -> AsyncIterator[Outbound]:
    routes = [
        web.post("/api/chat.postMessage", raw.post),
        web.get("/api/conversations.replies", raw.replies),
    ]
    async with outbound_to(routes, timeout_seconds=0.3) as outbound:
        yield outbound


@pytest.fixture
def posting(outbound: Outbound) -> Posting:
    return Posting(outbound, "U1", PLACE, PATIENCE)


@pytest.mark.parametrize("manner", ["drop", "500", "hang", "fatal_error", "request_timeout"])
async def test_what_was_done_without_an_answer_is_found_and_not_done_again(
    posting: Posting, raw: RawSlack, manner: str
) -> None:
    raw.manners = [manner]

    ts = await posting.post([Post("hello")])

    assert raw.posts == [manner]
    assert [message["ts"] for message in raw.messages] == [ts]


@pytest.mark.parametrize("manner", ["drop before", "500 before", "hang before"])
async def test_what_was_not_done_is_done_once_more_after_it_was_missed_often_enough(
    posting: Posting, raw: RawSlack, manner: str
) -> None:
    raw.manners = [manner]

    await posting.post([Post("hello")])

    assert raw.posts == [manner, "well"]
    assert len(raw.looks) == PATIENCE.looks
    assert len(raw.messages) == 1


async def test_nobody_below_repeats_a_request_whose_connection_broke(
    posting: Posting, raw: RawSlack
) -> None:
    raw.manners = ["drop"]
    raw.look_manners = ["500"] * 99

    with pytest.raises(DeliveryError, match="did not take the answer"):
        await posting.post([Post("hello")])

    assert raw.posts == ["drop"]  # where it cannot be looked up, it is not posted again


async def test_a_connection_that_had_served_before_is_no_reason_to_post_twice(
    posting: Posting, raw: RawSlack
) -> None:
    raw.manners = ["well", "drop"]  # the second goes out on the first one's connection

    await posting.post([Post("one"), Post("two")])

    assert raw.posts == ["well", "drop"]
    assert len(raw.messages) == 2


@pytest.mark.parametrize("looks", [["drop"], ["500", "hang"], ["429"], ["internal_error", "429"]])
async def test_a_look_up_that_fails_is_made_again_before_anything_is_posted(
    posting: Posting, raw: RawSlack, looks: list[str]
) -> None:
    raw.manners = ["drop"]
    raw.look_manners = list(looks)

    await posting.post([Post("hello")])

    assert raw.posts == ["drop"]
    assert len(raw.looks) == len(looks) + 1


async def test_a_message_that_shows_late_is_waited_for(posting: Posting, raw: RawSlack) -> None:
    raw.manners = ["500"]
    raw.hidden_looks = 2

    await posting.post([Post("hello")])

    assert raw.posts == ["500"]
    assert len(raw.looks) == 3


async def test_what_an_earlier_process_posted_a_moment_ago_is_waited_for_too(
    outbound: Outbound, raw: RawSlack
) -> None:
    await Posting(outbound, "U1", PLACE, PATIENCE).post([Post("one"), Post("two")])
    raw.hidden_looks = 1

    again = Posting(outbound, "U1", PLACE, PATIENCE)
    await again.look_up()
    await again.post([Post("one"), Post("two")])

    assert raw.posts == ["well", "well"]


async def test_the_second_part_that_shows_late_is_not_posted_twice(
    outbound: Outbound, raw: RawSlack
) -> None:
    await Posting(outbound, "U1", PLACE, PATIENCE).post([Post("one"), Post("two")])
    second = raw.messages.pop()

    again = Posting(outbound, "U1", PLACE, PATIENCE)
    await again.look_up()
    raw.messages.append(second)
    await again.post([Post("one"), Post("two")])

    assert raw.posts == ["well", "well"]


async def test_it_is_looked_for_only_among_what_came_after_the_question(
    posting: Posting, raw: RawSlack
) -> None:
    await posting.look_up()

    assert raw.looks[0]["oldest"] == "100.000001"
    assert raw.looks[0]["include_all_metadata"] == "true"


async def test_a_limit_is_waited_for_and_the_order_of_the_parts_is_kept(
    posting: Posting, raw: RawSlack
) -> None:
    raw.manners = ["429 before", "well"]

    await posting.post([Post("one"), Post("two"), Post("three")])

    parts = [one["metadata"]["event_payload"]["part"] for one in raw.messages]
    assert parts == [1, 2, 3]
    assert raw.posts == ["429 before", "well", "well", "well"]
    assert not raw.looks
