"""What a turn does when its store or its process goes away."""

import asyncio
import secrets
from typing import Any

from structlog.testing import capture_logs

from bot.conversations import Store
from bot.dialogue import Answer, Failure, Notice
from bot.errors import DeliveryError, TurnTimedOut
from tests.conversations.conftest import Engine
from tests.doubles.changing import Clock
from tests.doubles.conversation_edges import ScriptedAssistant, said


async def limit_pages(store: Store, pages: int) -> None:
    """Below what there is SQLite says the same as for a full disk."""

    async def work(connection: Any) -> None:
        await connection.exec_driver_sql(f"pragma max_page_count={pages}")

    await store.database.transact(work)


async def test_a_thread_is_told_once_that_its_answer_waits_for_the_store(store: Store) -> None:
    clock = Clock()
    assistant = ScriptedAssistant(gate=asyncio.Event(), answer=lambda _: secrets.token_hex(150_000))
    async with Engine(store, assistant, turning={"clock": clock}).at_work() as engine:
        await engine.inbox.receive(said("hi"))
        await engine.gallery.until(lambda: bool(engine.gallery.steps))
        await limit_pages(store, 1)
        assert assistant.gate is not None
        with capture_logs() as logs:
            assistant.gate.set()
            clock.now += 2.9
            await tries(store, logs, 3)
            early = list(engine.gallery.notes)
            clock.now += 3.0
            await engine.gallery.until(lambda: bool(engine.gallery.notes))
            await tries(store, logs, 8)
        await limit_pages(store, 10_000)
        await engine.gallery.showed(1)

    assert early == []
    [told] = engine.gallery.notes
    assert "store cannot be written right now" in told
    assert "comes by itself" in told
    assert len(assistant.asked) == 1


async def tries(store: Store, logs: list[Any], number: int) -> None:
    async with asyncio.timeout(10):
        while sum(log["event"] == "turn.unsaved" for log in logs) < number:
            await store.counts()


async def begun_by_a_process_that_died(store: Store, text: str) -> None:
    await Engine(store).inbox.receive(said(text))
    await store.line.claim("a process that died", talk=1, words=0)


async def test_work_that_was_repeated_is_told_in_one_line(store: Store) -> None:
    await begun_by_a_process_that_died(store, "why?")
    async with Engine(store).at_work() as engine:
        [shown] = await engine.gallery.showed(1)

    assert isinstance(shown.outcome, Answer)
    assert shown.outcome.remarks[-1] == (
        "Kaia was restarted while it worked on this, so its commands were run again."
    )
    assert shown.repeated  # so that a status left hanging is taken away too


async def test_repeated_work_that_fails_is_told_too(store: Store) -> None:
    await begun_by_a_process_that_died(store, "why?")
    assistant = ScriptedAssistant(errors=[TurnTimedOut("That took too long.")])
    async with Engine(store, assistant).at_work() as engine:
        [shown] = await engine.gallery.showed(1)

    assert isinstance(shown.outcome, Failure)
    assert shown.text == (
        "That took too long."
        " Kaia was restarted while it worked on this, so its commands were run again."
    )


async def test_a_command_run_again_by_a_later_attempt_says_so_too(store: Store) -> None:
    async with Engine(store).at_work() as engine:
        await engine.inbox.receive(said("why?"))
        await engine.settled(1)
    await begun_by_a_process_that_died(store, "rerun 1")
    async with Engine(store).at_work() as engine:
        [shown] = await engine.gallery.showed(1)

    assert isinstance(shown.outcome, Notice)
    assert shown.text.endswith("so its commands were run again.")


async def test_work_that_was_parked_and_begun_anew_blames_no_restart(store: Store) -> None:
    await Engine(store).inbox.receive(said("why?"))
    [turn] = await store.line.claim("a process that ends", talk=1, words=0)
    await store.line.put_back(turn)
    async with Engine(store).at_work() as engine:
        [shown] = await engine.gallery.showed(1)

    assert isinstance(shown.outcome, Answer)
    assert "interrupted and begun anew" in shown.outcome.remarks[-1]


async def test_an_answer_that_only_had_to_be_shown_tells_of_no_repeated_work(store: Store) -> None:
    async with Engine(store, pauses=()).at_work() as engine:
        engine.gallery.errors = [DeliveryError("Not now.")]
        await engine.inbox.receive(said("why?"))
        await engine.gallery.until(lambda: bool(engine.gallery.ended))
    async with Engine(store).at_work() as later:
        [shown] = await later.gallery.showed(1)

    assert isinstance(shown.outcome, Answer)
    assert shown.outcome.remarks == ("Checked and fine: 3 nodes.",)
