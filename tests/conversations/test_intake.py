"""What arrives: kept in time or refused in time, edited and deleted while it waits."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from bot.conversations import Inbox, Store
from bot.conversations.records import Ending, Turn
from bot.conversations.storage.sqlite import sqlite_path
from bot.dialogue import Decision, Revision, SharedFile
from bot.errors import StoreError
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import CANARY, MaskingRedactor, ScriptedAssistant, said


@pytest.fixture
def store(each_store: Store) -> Store:
    """All of it holds on SQLite and on Postgres."""
    return each_store


async def _never(turn: Turn) -> Ending:
    raise AssertionError(turn)


def an_inbox(store: Store) -> Inbox:
    return Inbox(store, _never, MaskingRedactor())


@contextmanager
def written_by_somebody_else(url: str) -> Iterator[None]:
    with closing(sqlite3.connect(sqlite_path(url), isolation_level=None)) as connection:
        connection.execute("begin immediate")
        yield
        connection.execute("rollback")


async def test_a_store_that_hangs_is_said_in_time_and_what_it_kept_is_kept_once(url: str) -> None:
    store = await Store.open(url, exclusive=True)
    inbox = an_inbox(store)
    in_flight, behind = said("in flight"), said("behind", thread="2.0")
    with written_by_somebody_else(url):
        began = time.monotonic()
        first = asyncio.create_task(inbox.receive(in_flight))
        await asyncio.sleep(0)
        with pytest.raises(StoreError, match="could not be kept in time"):
            await inbox.receive(behind)
        with pytest.raises(StoreError, match="could not be kept in time"):
            await first
        assert time.monotonic() - began < 2.9
    assert not await inbox.receive(in_flight)
    await inbox.receive(behind)
    assert (await inbox.counts()).waiting == 2
    await inbox.aclose()
    await store.close()


async def test_an_edit_changes_a_question_that_waits(store: Store) -> None:
    question = said("what is worng?")
    engine = Engine(store)
    await engine.inbox.receive(question)
    assert await engine.inbox.revise(Revision(question.id, f"what is wrong? {CANARY}"))
    async with engine.at_work():
        [shown] = await engine.gallery.showed(1)
    assert shown.said == replace(question, text="what is wrong? [redacted]")


async def test_the_name_of_a_file_is_redacted_before_it_is_kept(store: Store) -> None:
    file = SharedFile("F1", f"{CANARY}\u200b.log", "text", 12)
    await an_inbox(store).receive(said("see", files=(file,)))
    [waiting] = (await store.line.outlook("T1:C1:1.0")).waiting
    assert waiting.files == (replace(file, name="[redacted].log"),)


async def test_who_says_instead_is_answered_instead_and_those_that_wait_come_after(
    store: Store,
) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    assert assistant.gate is not None
    async with Engine(store, assistant).at_work() as engine:
        await engine.inbox.receive(said("long"))
        await engine.gallery.until(lambda: assistant.at_work == 1)
        await engine.inbox.receive(said("waits"))
        await engine.inbox.receive(said("Instead, look at payments", addressed=False))
        await engine.gallery.until(lambda: len(assistant.asked) == 2)
        assistant.gate.set()
        shown = await engine.gallery.showed(3)
        rows = await engine.settled(3)
    assert [one.said.text for one in shown] == ["long", "Instead, look at payments", "waits"]
    assert "before your new question took its place" in shown[0].text
    assert "Instead, look at payments" in shown[1].text
    assert [row.status for row in rows] == ["stopped", "done", "done"]


async def test_how_a_watch_ended_is_never_a_word(store: Store) -> None:
    await an_inbox(store).receive(said("stop", watch="w1"))
    [waiting] = (await store.line.outlook("T1:C1:1.0")).waiting
    assert waiting.text == "stop"


async def test_a_deleted_question_is_not_answered_and_its_place_is_free(store: Store) -> None:
    first, second = said("first"), said("second")
    engine = Engine(store)
    await engine.inbox.receive(first)
    await engine.inbox.receive(second)
    assert await engine.inbox.revise(Revision(first.id, None))
    async with engine.at_work():
        [shown] = await engine.gallery.showed(1)
        assert [row.status for row in await engine.settled(2)] == ["stopped", "done"]
    assert shown.said.text == "second"
    assert not await engine.inbox.receive(first)


async def test_a_question_that_runs_or_was_answered_stays_as_it_was(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    question = said("long")
    async with Engine(store, assistant).at_work() as engine:
        await engine.inbox.receive(question)
        await engine.gallery.until(lambda: assistant.at_work == 1)
        assert not await engine.inbox.revise(Revision(question.id, "other"))
        assert assistant.gate is not None
        assistant.gate.set()
        await engine.settled(1)
        assert not await engine.inbox.revise(Revision(question.id, "other"))
    assert [one.said.text for one in engine.gallery.shown] == ["long"]


async def test_an_edit_of_what_never_came_is_not_remembered_here(store: Store) -> None:
    question = said("why?")
    inbox = an_inbox(store)
    assert not await inbox.revise(Revision(question.id, None))
    assert await inbox.receive(question)
    assert (await inbox.counts()).waiting == 1


async def test_an_edit_may_make_a_question_of_a_word(store: Store) -> None:
    first, word = said("first"), said("help")
    inbox = an_inbox(store)
    await inbox.receive(first)
    await inbox.receive(word)
    assert await inbox.revise(Revision(word.id, "help payments"))
    outlook = await store.line.outlook("T1:C1:1.0")
    assert [waiting.text for waiting in outlook.waiting] == ["first", "help payments"]


async def test_a_press_waits_in_line_with_its_thread_and_is_never_a_word(store: Store) -> None:
    inbox = an_inbox(store)
    await inbox.receive(said("first"))
    press = said("stop", decision=Decision("p1", approves=True, message_ts="1.5"))
    await inbox.receive(press)
    assert len((await store.line.outlook("T1:C1:1.0")).waiting) == 2


async def test_whether_a_press_is_allowed_somebody_else_says(store: Store) -> None:
    assert await an_inbox(store).objection(said()) == "Changes are switched off."

    async def objection(press: object) -> str:
        return f"Not {press}."

    inbox = Inbox(store, _never, MaskingRedactor(), objection=objection)
    assert (await inbox.objection(said("x"))).startswith("Not Input")
