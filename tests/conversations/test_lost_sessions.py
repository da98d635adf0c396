"""Sessions with Postgres that are lost, and replicas that died: nothing runs twice at once, nothing
is lost, and nobody is told of a crash that was none.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.conversations import Inbox, Store, replies
from bot.conversations.inbox.jobs import Handle
from bot.conversations.records import Ending, NotOurs, Turn
from bot.dialogue import Input
from tests.conversations.conftest import Engine
from tests.conversations.replicas import asking, begun, end_sessions, two, until
from tests.doubles.conversation_edges import MaskingRedactor, ScriptedAssistant, said
from tests.doubles.postgres import Mode, Postgres


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


async def test_a_lost_session_cancels_its_turns_before_they_begin_elsewhere(
    url: str, postgres: Postgres
) -> None:
    async with two(url, gated=True) as replicas:
        for number in range(4):
            await replicas.both[0].inbox.receive(said(str(number), thread=f"{number}.0"))
        await until(lambda: sum(engine.assistant.at_work for engine in replicas.both) == 4)
        began = time.monotonic()
        end_sessions(postgres, url)
        await until(lambda: sum(len(engine.gallery.ended) for engine in replicas.both) == 4)
        cancelled = time.monotonic() - began
        assert cancelled < 1.0
        await until(lambda: sum(engine.assistant.at_work for engine in replicas.both) == 4)
        print(  # noqa: T201
            f"sessions lost: cancelled after {cancelled * 1000:.0f} ms,"
            f" begun again after {(time.monotonic() - began) * 1000:.0f} ms"
        )
        for engine in replicas.both:
            assert engine.assistant.gate is not None
            engine.assistant.gate.set()
        rows = await replicas.both[0].settled(4)
    assert [(row.status, row.attempt) for row in rows] == [("done", 2)] * 4
    assert sorted(replicas.shown) == ["0", "1", "2", "3"]
    assert all(engine.assistant.most_at_work <= 4 for engine in replicas.both)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_restarts_of_postgres_are_no_crashes_of_ours(
    url: str, postgres: Postgres, mode: Mode
) -> None:
    """Three of them, and yet nobody is told that a process of Kaia's had ended."""
    async with two(url, gated=True) as replicas:
        await replicas.both[0].inbox.receive(said("long"))
        for number in range(4):
            await until(lambda: len(begun(replicas)) == number + 1)  # noqa: B023
            assert sum(engine.assistant.at_work for engine in replicas.both) == 1
            if number < 3:
                await asyncio.to_thread(postgres.restart, mode)
        for engine in replicas.both:
            assert engine.assistant.gate is not None
            engine.assistant.gate.set()
        [row] = await replicas.both[0].settled(1)
    assert (row.status, row.attempt, row.crashes) == ("done", 4, 0)
    assert replicas.shown == ["long"]


async def test_postgres_gone_is_not_ready_but_well_and_it_goes_on_by_itself(
    url: str, postgres: Postgres
) -> None:
    async with asking(url) as idle, idle.at_work() as engine:
        await until(lambda: engine.inbox.is_ready)
        await asyncio.to_thread(postgres.stop, "immediate")
        try:
            await until(lambda: not engine.inbox.is_ready)
            assert engine.inbox.is_well
        finally:
            await asyncio.to_thread(postgres.start)
        await until(lambda: engine.inbox.is_ready)
        await engine.inbox.receive(said("still here?"))
        await engine.gallery.showed(1)


@pytest.mark.parametrize(("server", "crashes"), [("this one's", 1), ("an earlier one's", 0)])
async def test_what_a_dead_owner_ran_is_taken_over_and_he_can_save_nothing_more(
    url: str, postgres: Postgres, server: str, crashes: int
) -> None:
    """That he died counts, except where Postgres was restarted since and ended his session."""
    began = "select (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint"
    [(now,)] = postgres.execute(began)
    owner = f"gone.{now if crashes else now - 1}"
    async with asking(url) as engine:
        await engine.inbox.receive(said(server))
        [turn] = await engine.store.line.claim(owner, talk=1, words=0)
        async with engine.at_work():
            await engine.gallery.showed(1)
            with pytest.raises(NotOurs):
                await engine.store.line.finish(turn, "failed")
            [row] = await engine.settled(1)
    assert (row.status, row.attempt, row.crashes) == ("done", 2, crashes)


async def test_a_turn_whose_session_was_lost_is_not_begun_beside_itself(
    url: str, postgres: Postgres
) -> None:
    may_end = asyncio.Event()
    order: list[str] = []

    async def handle(turn: Turn) -> Ending:
        order.append(f"{turn.said.text} begins")
        if turn.said.text == "slow to end" and turn.attempt == 1:
            try:
                await asyncio.Event().wait()
            finally:
                await may_end.wait()
                order.append("slow to end ends")
        return Ending("done")

    async with asking(url) as engine, working(engine.store, handle) as inbox:
        await inbox.receive(said("slow to end"))
        await until(lambda: order)
        end_sessions(postgres, url)
        await until(lambda: not inbox.is_ready)
        while (await inbox.counts()).running:
            pass
        await inbox.receive(said("other", thread="2.0"))  # so that somebody has claimed since
        await until(lambda: "other begins" in order)
        assert order.count("slow to end begins") == 1
        may_end.set()
        await engine.settled(2)
    assert order[-2:] == ["slow to end ends", "slow to end begins"]


async def test_a_turn_that_ends_as_postgres_goes_away_is_saved_and_not_run_again(
    url: str, postgres: Postgres
) -> None:
    gate, at_work = asyncio.Event(), asyncio.Event()

    async def handle(_turn: Turn) -> Ending:
        at_work.set()
        await gate.wait()
        return Ending("done", "1.5")

    async with asking(url) as engine, working(engine.store, handle) as inbox:
        await inbox.receive(said("short"))
        await at_work.wait()
        gate.set()
        postgres.stop("immediate")  # in the loop: the turn ends before anybody notices
        await until(lambda: not inbox.is_ready)
        await asyncio.to_thread(postgres.start)
        [row] = await engine.settled(1)
    assert (row.status, row.attempt, row.posted_ts) == ("done", 1, "1.5")


async def test_a_thread_whose_turn_is_cut_off_for_longer_is_told_once_and_answered_later(
    url: str, postgres: Postgres
) -> None:
    notes: list[tuple[str, str]] = []

    async def note(question: Input, text: str) -> None:
        notes.append((question.text, text))

    async with asking(url) as idle:
        engine = Engine(idle.store, ScriptedAssistant(gate=asyncio.Event()), note=note)
        async with engine.at_work():
            await engine.inbox.receive(said("long"))
            await until(lambda: engine.assistant.at_work == 1)
            end_sessions(postgres, url)  # for a moment only: nobody is told
            await until(lambda: len(engine.assistant.asked) == 2)
            await asyncio.to_thread(postgres.stop, "immediate")
            try:
                await until(lambda: notes)
            finally:
                await asyncio.to_thread(postgres.start)
            await until(lambda: len(engine.assistant.asked) == 3)
            assert engine.assistant.gate is not None
            engine.assistant.gate.set()
            [row] = await engine.settled(1)
    assert notes == [("long", replies.STORE_AWAY)]
    assert (row.status, row.attempt) == ("done", 3)


@asynccontextmanager
async def working(store: Store, handle: Handle) -> AsyncIterator[Inbox]:
    inbox = Inbox(store, handle, MaskingRedactor())
    running = asyncio.create_task(inbox.run())
    try:
        await until(lambda: inbox.is_ready)
        yield inbox
    finally:
        await inbox.aclose()
        await running
