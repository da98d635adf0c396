"""The end of a watch is said only where the watch is open still, and the thread may hear it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.conversations import Store
from bot.conversations.records import Arrival, Learnt, Watch
from bot.dialogue import Entry, Input, Notice, Rating
from bot.errors import DeliveryError
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import said

THREAD = "T1:C1:1.0"


async def begun(store: Store) -> Input:
    """What the keeper says of a watch that a turn has begun."""
    asked = said("watch deployment/web")
    await store.line.add([Arrival(asked, "talk")])
    [turn] = await store.line.claim("me", talk=1, words=0)
    watch = Watch("w1", asked, {"kind": "pod"}, "deployment/web", 1.0, 9e12)
    entries = (Entry("U1", asked.text),)
    await store.conclude(
        turn, Learnt(Notice("watching"), "open", entries=entries, watches=(watch,))
    )
    await store.line.finish(turn, "done")
    return said("It is ready.", watch="w1")


@pytest.fixture
async def woken() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def end(store: Store) -> Input:
    return await begun(store)


@pytest.fixture
async def engine(store: Store, end: Input, woken: asyncio.Event) -> AsyncIterator[Engine]:
    assert end.watch
    async with Engine(store, turning={"on_watches": woken.set}).at_work() as engine:
        yield engine


async def test_it_is_said_once_and_the_watch_is_over(
    engine: Engine, store: Store, end: Input
) -> None:
    await engine.inbox.receive(end)
    await engine.settled(2)
    assert [one.outcome for one in engine.gallery.shown] == [Notice("It is ready.")]
    assert await store.watches.open() == ()


async def test_where_it_may_not_be_told_the_watch_ends_in_silence(
    engine: Engine, store: Store, end: Input
) -> None:
    engine.gallery.may_be_told = False
    await engine.inbox.receive(end)
    await engine.settled(2)
    assert engine.gallery.shown == []
    assert await store.watches.open() == ()
    assert [entry.text for entry in await store.transcript(THREAD)] == ["watch deployment/web"]


async def test_while_it_is_unknown_who_would_hear_it_the_end_waits(
    engine: Engine, store: Store, end: Input
) -> None:
    engine.gallery.may_be_told = DeliveryError("Not connected yet.")
    await engine.inbox.receive(end)
    async with asyncio.timeout(10):
        while (row := (await engine.rows())[-1]).not_before == 0:
            pass
    assert (row.id, row.status, row.conclusion) == (end.id, "waiting", None)
    assert engine.gallery.shown == []
    assert len(await store.watches.open()) == 1


async def test_after_forget_it_is_silent_and_brings_nothing_back(
    engine: Engine, store: Store, end: Input, woken: asyncio.Event
) -> None:
    await engine.inbox.receive(said("forget"))
    await engine.inbox.receive(end)
    await engine.settled(3)
    assert len(engine.gallery.shown) == 1
    assert woken.is_set()
    assert (await store.sizes()).rows["conversations"] == 0
    assert await store.transcript(THREAD) == ()


async def test_behind_unwatch_it_is_silent(store: Store, end: Input) -> None:
    await store.line.add([Arrival(said("unwatch"), "talk")])
    [turn] = await store.line.claim("me", talk=1, words=0)
    await store.conclude(turn, Learnt(Notice("ended"), "open", ended_watches=("w1",)))
    await store.line.finish(turn, "done")
    async with Engine(store).at_work() as engine:
        await engine.inbox.receive(end)
        await engine.settled(3)
    assert engine.gallery.shown == []


async def test_a_rating_is_kept_only_beside_what_was_rated(each_store: Store) -> None:
    end = await begun(each_store)
    (watch,) = await each_store.watches.open()
    rating = Rating(end.thread, watch.said.id, "U1", True, 7.0)
    assert await each_store.rate(rating)
    await each_store.forget_thread(THREAD)
    assert not await each_store.rate(rating)
    await begun(each_store)  # somebody begins anew there
    assert not await each_store.rate(rating)
    assert (await each_store.sizes()).rows["ratings"] == 0
