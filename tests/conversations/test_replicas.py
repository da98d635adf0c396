"""Replicas on one Postgres share the line: every message once, in order, and fairly."""

import asyncio
import time

import psycopg
import pytest

from bot.dialogue import Notice
from tests.conversations.conftest import Engine
from tests.conversations.replicas import asking, begun, two, until
from tests.doubles.conversation_edges import ScriptedAssistant, said
from tests.doubles.postgres import Postgres


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


async def test_one_message_that_reaches_both_is_one_turn(url: str) -> None:
    async with two(url) as replicas:
        one, other = (engine.inbox for engine in replicas.both)
        message = said("once")
        deliveries = [inbox.receive(message) for _ in range(10) for inbox in (one, other)]
        assert sum(await asyncio.gather(*deliveries)) == 1
        await until(lambda: replicas.shown)
        await replicas.both[0].settled(1)
    assert replicas.shown == ["once"]


async def test_a_thread_is_answered_in_order_whoever_receives_it(url: str) -> None:
    async with two(url) as replicas:
        for number in range(20):
            inbox = replicas.both[number % 2].inbox
            assert await inbox.receive(said(str(number), addressed=number == 0))
        rows = await replicas.both[0].settled(20)
        assert [row.status for row in rows] == ["done"] * 20
        [thread] = {row.thread for row in rows}
        transcript = await replicas.both[0].store.transcript(thread)
    asked = [entry.text for entry in transcript if entry.speaker == "U1"]
    assert asked == [str(number) for number in range(20)]


async def test_an_arrival_waits_for_the_earlier_one_whose_commit_is_late(url: str) -> None:
    """Otherwise it would be begun first, and the earlier one be out of order."""
    async with asking(url) as engine, await psycopg.AsyncConnection.connect(url) as late:
        await late.execute("select pg_advisory_xact_lock(hashtextextended('T1:C1:1.0', 1))")
        later = asyncio.create_task(engine.inbox.receive(said("later")))
        done, _ = await asyncio.wait({later}, timeout=0.3)
        assert not done
        await late.rollback()
        assert await later


async def test_stop_reaches_a_turn_on_the_other_replica_within_two_seconds(url: str) -> None:
    async with two(url, gated=True) as replicas:
        await replicas.both[0].inbox.receive(said("long"))
        busy, other = await replicas.busy()
        began = time.monotonic()
        assert (await other.inbox.stop("T1:C1:1.0")).running
        await until(lambda: not busy.assistant.at_work)
        [row] = await other.settled(1)
        seconds = time.monotonic() - began
        assert row.status == "stopped"
        assert seconds < 2.0
        print(f"stop on another replica: {seconds * 1000:.0f} ms")  # noqa: T201
        assert busy.gallery.ended
        [found] = busy.gallery.shown
        assert "`kubectl get pods`" in found.text
        busy.gallery.shown.clear()
        await other.inbox.receive(said("stop"))
        await until(lambda: any(engine.gallery.shown for engine in replicas.both))
        [shown] = [shown for engine in replicas.both for shown in engine.gallery.shown]
        assert shown.outcome == Notice("Nothing is running in this thread.")


async def test_what_is_to_wait_a_while_is_begun_when_it_may(url: str) -> None:
    async with asking(url) as engine:
        await engine.inbox.receive(said("again later"))
        [turn] = await engine.store.line.claim("gone", talk=1, words=0)
        await engine.store.line.put_back(turn, after=0.8)
        began = time.monotonic()
        async with engine.at_work():
            await engine.gallery.showed(1)
        assert 0.5 < time.monotonic() - began < 2.5


async def test_each_replica_runs_as_many_as_it_may_and_channels_share_them(url: str) -> None:
    async with asking(url) as filling:
        for number in range(30):
            await filling.inbox.receive(said("a", thread=f"{number}.0", channel="BUSY"))
        await filling.inbox.receive(said("b", thread="99.0", channel="QUIET"))
        async with two(url, gated=True, parallel_turns=3) as replicas:
            await until(lambda: sum(e.assistant.at_work for e in replicas.both) == 6)
            asked = [said.situation for said in begun(replicas)]
            assert "asked in QUIET" in asked
            assert all(engine.assistant.at_work == 3 for engine in replicas.both)


async def test_a_drain_hands_over_at_once(url: str) -> None:
    async with asking(url) as idle:
        leaving = Engine(
            idle.store, ScriptedAssistant(gate=asyncio.Event()), limits={"drain_seconds": 0.05}
        )
        async with leaving.at_work():
            await leaving.inbox.receive(said("long"))
            await until(lambda: leaving.assistant.at_work == 1)
            async with asking(url) as another, another.at_work() as other:
                await until(lambda: other.inbox.is_ready)
                began = time.monotonic()
                await leaving.inbox.aclose()
                await other.gallery.showed(1)
                print(  # noqa: T201
                    f"drain of 0.05 s: answered elsewhere after"
                    f" {(time.monotonic() - began) * 1000:.0f} ms"
                )
                [row] = await other.settled(1)
    assert (row.status, row.attempt, row.crashes) == ("done", 2, 0)


async def test_an_inbox_whose_loop_has_ended_is_not_well(url: str) -> None:
    async with asking(url) as engine:
        assert engine.inbox.is_well
        async with engine.at_work():
            await until(lambda: engine.inbox.is_ready)
            assert engine.inbox.is_well
        assert not engine.inbox.is_ready
        assert not engine.inbox.is_well
