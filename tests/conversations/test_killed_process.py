"""A process that runs turns is killed, as by a power cut; the next one goes on."""

import contextlib
import signal
import sqlite3
from typing import Any

import pytest

from bot.conversations import Store
from bot.conversations.storage.sqlite import sqlite_path
from bot.errors import StoreIsHeld
from tests.conversations.replicas import Replicas, asking
from tests.doubles.conversation_edges import said


async def killed_while_it_hangs(replicas: Replicas, mode: str) -> None:
    pid = await replicas.start(mode)
    await replicas.did("hangs", by=pid)
    replicas.signal(pid, signal.SIGKILL)
    await replicas.ended(pid)


async def keep(url: str, *texts: str) -> None:
    async with asking(url) as engine:
        for text in texts:
            assert await engine.inbox.receive(said(text))


def rows(url: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(sqlite_path(url))) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        return connection.execute(
            "select status, attempt, crashes from turns order by seq"
        ).fetchall()


async def test_a_question_whose_process_died_is_answered_once(url: str) -> None:
    await keep(url, "first", "second")
    async with Replicas(url) as replicas:
        await killed_while_it_hangs(replicas, "hang-in-model")
        assert rows(url) == [("running", 1, 0), ("waiting", 0, 0)]
        await replicas.start("answer")
        texts = [post.text for post in await replicas.did("posted", 2)]
    assert texts == ["About: Ann (U1): first", "About: Ann (U1): second"]
    assert rows(url)[0] == ("done", 2, 1)


async def test_what_was_concluded_is_only_posted(url: str) -> None:
    await keep(url, "first")
    async with Replicas(url) as replicas:
        await killed_while_it_hangs(replicas, "hang-before-post")
        await replicas.start("hang-in-model")  # a model asked again would hang
        [post] = await replicas.did("posted")
    assert post.text == "About: Ann (U1): first"
    assert post.repeated
    store = await Store.open(url, exclusive=True)
    assert len(await store.transcript("T1:C1:1.0")) == 2
    await store.close()


async def test_a_turn_that_kills_three_processes_is_failed_in_words(url: str) -> None:
    await keep(url, "deadly", "harmless")
    async with Replicas(url) as replicas:
        for _ in range(3):
            await killed_while_it_hangs(replicas, "hang-in-model")
        await replicas.start("answer")
        failure, answer = await replicas.did("posted", 2)
    assert failure.kind == "Failure"
    assert "three times" in failure.text
    assert answer.text == "About: Ann (U1): harmless"
    assert rows(url)[0] == ("failed", 4, 3)


async def test_a_living_process_holds_the_store_and_a_dead_one_does_not(url: str) -> None:
    await keep(url, "first")
    async with Replicas(url) as replicas:
        pid = await replicas.start("hang-in-model")
        await replicas.did("hangs")
        with pytest.raises(StoreIsHeld, match=f"process {pid}"):
            await Store.open(url, exclusive=True)
    await (await Store.open(url, exclusive=True)).close()


async def test_a_process_that_is_told_to_end_parks_its_turn_and_says_so(url: str) -> None:
    await keep(url, "first")
    async with Replicas(url) as replicas:
        pid = await replicas.start("hang-in-model", drain=0.1)
        await replicas.did("hangs")
        replicas.signal(pid, signal.SIGTERM)
        assert await replicas.ended(pid) == 0
        [note] = await replicas.did("note")
        assert "back in line" in note.text
        assert rows(url) == [("waiting", 1, 0)]
        await replicas.start("answer")
        await replicas.did("posted")
