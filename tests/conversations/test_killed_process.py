"""A process that runs turns is killed, as by a power cut; the next one goes on."""

import asyncio
import contextlib
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.conversations import Store
from bot.conversations.database import sqlite_path
from bot.errors import StoreIsHeld
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import said

_ROOT = Path(__file__).parents[2]


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    return tmp_path / "posts.jsonl"


@contextlib.asynccontextmanager
async def a_process(url: str, posts: Path, mode: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Killed at the end of the block."""
    module = "tests.conversations.engine_process"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, url, str(posts), mode),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await process.communicate()


async def until_it_says(process: asyncio.subprocess.Process, word: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while (line := await process.stdout.readline()) != f"{word}\n".encode():
            assert line, "the process ended"


async def killed_while_it_hangs(url: str, posts: Path, mode: str) -> None:
    async with a_process(url, posts, mode) as process:
        await until_it_says(process, "hangs")


async def keep(url: str, *texts: str) -> None:
    store = await Store.open(url, exclusive=True)
    for text in texts:
        assert await Engine(store).inbox.receive(said(text))
    await store.close()


def posted(posts: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in posts.read_bytes().splitlines()]


def rows(url: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(sqlite_path(url))) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        return connection.execute(
            "select status, attempt, crashes from turns order by seq"
        ).fetchall()


async def test_a_question_whose_process_died_is_answered_once(url: str, posts: Path) -> None:
    await keep(url, "first", "second")
    await killed_while_it_hangs(url, posts, "hang-in-model")
    assert rows(url) == [("running", 1, 0), ("waiting", 0, 0)]
    async with a_process(url, posts, "answer") as process:
        await until_it_says(process, "posted")
        await until_it_says(process, "posted")
    texts = [post["text"] for post in posted(posts)]
    assert texts == ["About: Ann (U1): first", "About: Ann (U1): second"]
    assert rows(url)[0] == ("done", 2, 1)


async def test_what_was_concluded_is_only_posted(url: str, posts: Path) -> None:
    await keep(url, "first")
    await killed_while_it_hangs(url, posts, "hang-before-post")
    async with a_process(url, posts, "hang-in-model") as process:  # a model asked again would hang
        await until_it_says(process, "posted")
    [post] = posted(posts)
    assert post["text"] == "About: Ann (U1): first"
    assert post["repeated"]
    store = await Store.open(url, exclusive=True)
    assert len(await store.transcript("T1:C1:1.0")) == 2
    await store.close()


async def test_a_turn_that_kills_three_processes_is_failed_in_words(url: str, posts: Path) -> None:
    await keep(url, "deadly", "harmless")
    for _ in range(3):
        await killed_while_it_hangs(url, posts, "hang-in-model")
    async with a_process(url, posts, "answer") as process:
        await until_it_says(process, "posted")
        await until_it_says(process, "posted")
    [failure, answer] = posted(posts)
    assert failure["kind"] == "Failure"
    assert "three times" in failure["text"]
    assert answer["text"] == "About: Ann (U1): harmless"
    assert rows(url)[0] == ("failed", 4, 3)


async def test_a_living_process_holds_the_store_and_a_dead_one_does_not(
    url: str, posts: Path
) -> None:
    await keep(url, "first")
    async with a_process(url, posts, "hang-in-model") as process:
        await until_it_says(process, "hangs")
        with pytest.raises(StoreIsHeld, match=f"process {process.pid}"):
            await Store.open(url, exclusive=True)
    await (await Store.open(url, exclusive=True)).close()
