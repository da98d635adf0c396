"""The inbox: kept once, in order, one at a time per thread, fairly, and not lost at the end."""

import asyncio
import time
from dataclasses import replace

import pytest
from sqlalchemy import event, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations import Inbox, Store
from bot.conversations.inbox.pace import Pace
from bot.conversations.records import Ending, Turn
from bot.conversations.storage.line import Line
from bot.conversations.storage.tables import turns
from bot.dialogue import Answer, Failure, Notice
from bot.errors import DeliveryError, StoreError
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import MaskingRedactor, ScriptedAssistant, said


@pytest.fixture
def store(each_store: Store) -> Store:
    """All of it holds on SQLite and on Postgres."""
    return each_store


async def test_fifty_deliveries_of_one_message_are_one_turn(engine: Engine) -> None:
    message = said("once")
    kept = await asyncio.gather(*(engine.inbox.receive(message) for _ in range(50)))
    assert sum(kept) == 1
    await engine.settled(1)
    assert not await engine.inbox.receive(message)
    assert len(await engine.rows()) == 1


async def test_an_unaddressed_message_is_kept_only_where_a_conversation_is(engine: Engine) -> None:
    assert not await engine.inbox.receive(said("hello", thread="2.0", addressed=False))
    assert not await engine.inbox.receive(said("stop", thread="2.0", addressed=False))
    assert not (await engine.store.conversation("T1:C1:2.0")).is_open
    together = await asyncio.gather(
        engine.inbox.receive(said("hello", thread="3.0", addressed=False)),
        engine.inbox.receive(said("first", thread="2.0")),
        engine.inbox.receive(said("more", thread="2.0", addressed=False)),
    )
    assert list(together) == [False, True, True]
    assert await engine.inbox.receive(said("and more", thread="2.0", addressed=False))


async def test_what_was_ignored_may_come_again_addressed(engine: Engine) -> None:
    message = said("hello", addressed=False)
    assert not await engine.inbox.receive(message)
    assert await engine.inbox.receive(replace(message, addressed=True))


async def test_a_thread_runs_in_order_and_one_at_a_time(engine: Engine) -> None:
    for number in range(12):
        await engine.inbox.receive(said(str(number)))
    shown = await engine.gallery.showed(12)
    assert [one.said.text for one in shown] == [str(number) for number in range(12)]
    assert engine.assistant.most_at_work == 1


async def test_threads_run_beside_each_other_up_to_the_limit(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    async with Engine(store, assistant, limits={"parallel_turns": 3}).at_work() as engine:
        for number in range(8):
            await engine.inbox.receive(said("hi", thread=f"{number}.0"))
        await engine.gallery.until(lambda: assistant.at_work == 3)
        assert assistant.gate is not None
        assistant.gate.set()
        await engine.gallery.showed(8)
    assert assistant.most_at_work == 3


async def test_a_busy_channel_does_not_starve_another(store: Store) -> None:
    await asyncio.gather(
        *(store_receive(store, thread=f"{number}.0", channel="BUSY") for number in range(40))
    )
    await store_receive(store, thread="99.0", channel="QUIET")
    turns = await store.line.claim("me", talk=4, words=0)
    assert "QUIET" in [turn.said.thread.channel for turn in turns]
    assert len(turns) == 4


async def store_receive(store: Store, *, thread: str, channel: str) -> bool:
    async def handle(turn: Turn) -> Ending:
        raise AssertionError(turn)

    inbox = Inbox(store, handle, MaskingRedactor())
    return await inbox.receive(said("hi", thread=thread, channel=channel))


async def test_three_hundred_together_share_a_few_commits(store: Store) -> None:
    commits: list[object] = []
    event.listen(store.database.engine.sync_engine, "commit", commits.append)
    engine = Engine(store)
    messages = [said("hi", thread=f"{number}.0") for number in range(300)]
    kept = await asyncio.gather(*(engine.inbox.receive(message) for message in messages))
    assert sum(kept) == 300
    assert len(commits) <= 5
    assert len(await engine.rows()) == 300


async def test_words_do_not_wait_behind_the_turn_they_are_about(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    async with Engine(store, assistant, limits={"parallel_turns": 1}).at_work() as engine:
        await engine.inbox.receive(said("long"))
        await engine.gallery.until(lambda: assistant.at_work == 1)
        await engine.inbox.receive(said("help", addressed=False))
        await engine.inbox.receive(said("status", addressed=False))
        shown = await engine.gallery.showed(2)
        assert [one.said.text for one in shown] == ["help", "status"]
        assert assistant.gate is not None
        assistant.gate.set()


async def test_stop_ends_what_runs_and_what_waits_and_nothing_later(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    async with Engine(store, assistant).at_work() as engine:
        await engine.inbox.receive(said("long"))
        await engine.inbox.receive(said("next", addressed=False))
        await engine.inbox.receive(said("after that", addressed=False))
        await engine.gallery.until(lambda: bool(engine.gallery.steps))
        await engine.inbox.receive(said("Stop!", addressed=False))
        [shown] = await engine.gallery.showed(1)
        expected = "Stopped. 2 waiting questions were dropped too. Ask again when you like."
        assert shown.outcome == Notice(expected)
        rows = await engine.settled(4)
        assert [row.status for row in rows] == ["stopped", "stopped", "stopped", "done"]
        assert len(engine.gallery.ended) == 2
        assistant.gate = None
        assert await engine.inbox.receive(said("go on", addressed=False))
        assert isinstance((await engine.gallery.showed(3))[2].outcome, Answer)
    assert assistant.asked[-1].saved is None


async def test_stop_does_not_reach_what_was_asked_after_it(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    engine = Engine(store, assistant)
    for text in ("before", "stop", "after"):
        await engine.inbox.receive(said(text))
    async with engine.at_work():
        assert (await engine.gallery.showed(1))[0].said.text == "stop"
        assert assistant.gate is not None
        assistant.gate.set()
        rows = await engine.settled(3)
    answered = [shown for shown in engine.gallery.shown if isinstance(shown.outcome, Answer)]
    assert [shown.said.text for shown in answered] == ["after"]
    assert [row.status for row in rows] == ["stopped", "done", "done"]


async def test_stop_ends_the_showing_too(store: Store) -> None:
    engine = Engine(store, pauses=(60.0,))
    engine.gallery.errors = [DeliveryError("Not now.")]
    async with engine.at_work():
        await engine.inbox.receive(said("long"))
        await engine.gallery.until(lambda: not engine.gallery.errors)
        await engine.inbox.receive(said("stop", addressed=False))
        [shown] = await engine.gallery.showed(1)
        assert shown.text == "Stopped. Ask again when you like."
        rows = await engine.settled(2)
    assert [row.status for row in rows] == ["stopped", "done"]


class LineThatIsInterrupted(Line):
    """Somebody says stop after a claim is committed and before its turn is started. Of SQLite: on
    Postgres the seat claims by itself."""

    store: Store

    async def claim(self, owner: str, *, talk: int, words: int) -> list[Turn]:
        turns = await super().claim(owner, talk=talk, words=words)
        for turn in turns:
            await self.store.stop(turn.said.thread.id)
        return turns


async def test_stop_reaches_a_turn_that_is_just_being_started(url: str) -> None:
    store = await Store.open(url, exclusive=True)
    line = LineThatIsInterrupted(store.database, time.time)
    line.store = store
    store.line = line
    async with Engine(store).at_work() as engine:
        await engine.inbox.receive(said("long"))
        rows = await engine.settled(1)
    assert [row.status for row in rows] == ["stopped"]
    assert not engine.gallery.shown
    await store.close()


async def test_stop_where_nothing_runs_says_so(engine: Engine) -> None:
    await engine.inbox.receive(said("stop"))
    [shown] = await engine.gallery.showed(1)
    assert shown.text == "Nothing is running in this thread."


async def test_a_stopped_turns_row_runs_until_its_task_has_ended(store: Store) -> None:
    at_work, may_end = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def handle(turn: Turn) -> Ending:
        order.append(f"{turn.said.text} begins")
        if turn.said.text == "long":
            at_work.set()
            try:
                await asyncio.Event().wait()
            finally:
                await may_end.wait()
                order.append("long ends")
        return Ending("done")

    inbox = Inbox(store, handle, MaskingRedactor())
    running = asyncio.create_task(inbox.run())
    await inbox.receive(said("long"))
    await at_work.wait()
    assert (await inbox.stop("T1:C1:1.0")).running
    await inbox.receive(said("next"))
    assert (await inbox.counts()).running == 1
    may_end.set()
    async with asyncio.timeout(10):
        while (await inbox.counts()).running or (await inbox.counts()).waiting:
            pass
    assert order == ["long begins", "long ends", "next begins"]
    await inbox.aclose()
    await running


async def test_a_drain_lets_turns_end_and_puts_the_rest_back_in_line(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    async with Engine(store, assistant, limits={"drain_seconds": 0.2}).at_work() as engine:
        await engine.inbox.receive(said("long"))
        await engine.gallery.until(lambda: bool(engine.gallery.steps))
    [row] = await engine.rows()
    assert (row.status, row.crashes, row.attempt, row.owner) == ("waiting", 0, 1, None)
    assert engine.gallery.ended
    async with Engine(store).at_work() as after:
        [shown] = await after.gallery.showed(1)
        assert shown.text == "About: Ann (U1): long"


async def test_a_drain_waits_for_a_turn_that_is_about_to_end(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    engine = Engine(store, assistant)
    running = asyncio.create_task(engine.inbox.run())
    await engine.inbox.receive(said("short"))
    await engine.gallery.until(lambda: bool(engine.gallery.steps))
    closing = asyncio.create_task(engine.inbox.aclose())
    assert assistant.gate is not None
    assistant.gate.set()
    await closing
    await running
    assert await engine.statuses() == ["done"]
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("turn")]


async def test_a_cancelled_inbox_drains_as_well(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    engine = Engine(store, assistant, limits={"drain_seconds": 0.1})
    running = asyncio.create_task(engine.inbox.run())
    await engine.inbox.receive(said("long"))
    await engine.gallery.until(lambda: bool(engine.gallery.steps))
    running.cancel()
    await asyncio.wait({running})
    assert await engine.statuses() == ["waiting"]


async def test_inputs_are_kept_while_nothing_runs(store: Store) -> None:
    engine = Engine(store)
    assert await engine.inbox.receive(said("early"))
    async with engine.at_work():
        assert (await engine.gallery.showed(1))[0].said.text == "early"


async def test_a_bug_in_the_handler_is_tried_again_and_then_given_up(store: Store) -> None:
    tries: list[int] = []

    async def handle(turn: Turn) -> Ending:
        tries.append(turn.crashes)
        if turn.said.text == "bad":
            raise ZeroDivisionError
        return Ending("done")

    inbox = Inbox(store, handle, MaskingRedactor())
    running = asyncio.create_task(inbox.run())
    await inbox.receive(said("bad"))
    await inbox.receive(said("good"))
    await nothing_left(inbox)
    await inbox.aclose()
    await running
    assert tries == [0, 1, 2, 3, 0]


async def test_a_turn_that_broke_three_times_is_told_about(store: Store) -> None:
    engine = Engine(store)
    await engine.inbox.receive(said("bad"))
    for _ in range(3):
        assert await store.line.claim("dead", talk=1, words=1)
        await store.line.recover()
    async with engine.at_work():
        [shown] = await engine.gallery.showed(1)
        assert isinstance(shown.outcome, Failure)
        assert "three times" in shown.text
        assert not engine.assistant.asked
        assert await engine.inbox.receive(said("better", addressed=False))
        assert isinstance((await engine.gallery.showed(2))[1].outcome, Answer)


async def test_a_turn_that_cannot_even_be_told_about_is_given_up(store: Store) -> None:
    engine = Engine(store)
    await engine.inbox.receive(said("bad"))
    for _ in range(12):
        assert await store.line.claim("dead", talk=1, words=1)
        await store.line.recover()
    async with engine.at_work():
        assert [row.status for row in await engine.settled(1)] == ["failed"]
    assert not engine.gallery.shown


async def test_what_died_with_two_processes_runs_alone_and_takes_no_bystanders_along(
    store: Store,
) -> None:
    async def died_twice(connection: AsyncConnection) -> None:
        suspects = turns.c.thread.in_(["T1:C1:1.0", "T1:C1:2.0", "T1:C1:3.0"])
        await connection.execute(update(turns).where(suspects).values(crashes=2))

    waiting = Engine(store)
    for number in (1, 2, 3, 4, 5):
        assert await waiting.inbox.receive(said(f"question {number}", thread=f"{number}.0"))
    await store.database.transact(died_twice)
    gate = asyncio.Event()
    async with Engine(store, assistant=ScriptedAssistant(gate=gate)).at_work() as engine:
        await engine.gallery.until(lambda: engine.assistant.at_work == 3)
        running = {
            row.thread: row.crashes for row in await engine.rows() if row.status == "running"
        }
        assert running == {"T1:C1:1.0": 2, "T1:C1:4.0": 0, "T1:C1:5.0": 0}
        gate.set()
        assert {row.status for row in await engine.settled(5)} == {"done"}


async def test_a_store_that_fails_for_a_moment_costs_no_turn(store: Store) -> None:
    tries: list[int] = []

    async def handle(turn: Turn) -> Ending:
        tries.append(turn.crashes)
        if len(tries) == 1:
            raise StoreError("Full.")
        return Ending("done")

    inbox = Inbox(store, handle, MaskingRedactor(), pace=Pace(after_error_seconds=0.01))
    running = asyncio.create_task(inbox.run())
    await inbox.receive(said("hi"))
    await nothing_left(inbox)
    await inbox.aclose()
    await running
    assert tries == [0, 0]


async def test_what_was_to_be_stopped_stays_stopped_after_a_crash(store: Store) -> None:
    engine = Engine(store)
    await engine.inbox.receive(said("long"))
    await store.line.claim("dead", talk=1, words=1)
    await store.stop("T1:C1:1.0")
    assert (await store.line.recover()).stopped == 1
    assert await engine.statuses() == ["stopped"]


async def test_a_redelivery_is_known_for_seven_days(store: Store) -> None:
    now = 1_000_000.0
    line = Line(store.database, lambda: now)
    store.line = line
    inbox = Inbox(store, handle=_never, redactor=MaskingRedactor(), clock=lambda: now)
    messages = [said("hi", thread=f"{number}.0") for number in range(3)]
    for message in messages:
        await inbox.receive(message)
    for turn in await line.claim("me", talk=2, words=0):
        await line.finish(turn, "done")
    now += 6.9 * 86_400
    await inbox.tidy()
    assert not await inbox.receive(messages[0])
    now += 0.2 * 86_400
    await inbox.tidy()
    counts = await inbox.counts()
    assert counts.waiting == 1
    assert await inbox.receive(messages[0])


async def _never(turn: Turn) -> Ending:
    raise AssertionError(turn)


async def nothing_left(inbox: Inbox) -> None:
    async with asyncio.timeout(10):
        while (counts := await inbox.counts()).waiting or counts.running:
            pass
