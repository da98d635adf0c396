"""What is kept, where, by whom, and what is said when it cannot be."""

import asyncio
import os
import secrets
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.conversations import Store
from bot.conversations.records import Learnt, NotOurs
from bot.conversations.storage.sqlite import sqlite_path
from bot.dialogue import Answer, Notice
from bot.errors import StoreError, StoreIsHeld
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import CANARY, ScriptedAssistant, said


async def test_the_file_and_its_folder_are_for_their_owner_alone(url: str, store: Store) -> None:
    path = sqlite_path(url)
    files = [path.with_name(path.name + suffix) for suffix in ("", ".lock", "-wal", "-shm")]
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path.parent, *files)]
    assert modes == [0o700, 0o600, 0o600, 0o600, 0o600]
    assert store.database.name == str(path)


async def test_a_file_that_others_could_read_is_closed_to_them(url: str) -> None:
    await (await Store.open(url, exclusive=True)).close()
    path = sqlite_path(url)
    path.chmod(0o644)
    store = await Store.open(url, exclusive=True)
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]
    assert [stat.S_IMODE(one.stat().st_mode) for one in files] == [0o600] * 3
    await store.close()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////var/lib/kaia/k.db", "/var/lib/kaia/k.db"),
        ("sqlite:///k.db", f"{Path.cwd()}/k.db"),
        ("sqlite:///~/k.db", f"{Path.home()}/k.db"),
    ],
)
def test_a_url_names_a_file(url: str, path: str) -> None:
    assert sqlite_path(url) == Path(path)


@pytest.mark.parametrize(
    "url", ["mysql://u:sesame@host/db", "postgres://x", "sqlite:///", "sqlite://", "k.db", ""]
)
async def test_other_places_are_refused_in_words(url: str) -> None:
    with pytest.raises(StoreError, match="SQLite file") as caught:
        await Store.open(url, exclusive=True)
    assert "sesame" not in str(caught.value)


async def test_two_processes_cannot_run_turns_on_one_store(url: str, store: Store) -> None:
    with pytest.raises(StoreIsHeld, match=f"process {os.getpid()}.*KAIA_STORE"):
        await Store.open(url, exclusive=True)
    beside = await Store.open(url, exclusive=False)
    assert (await beside.counts()).waiting == (await store.counts()).waiting == 0
    await beside.close()


async def test_a_closed_store_can_be_opened_again(url: str) -> None:
    for _ in range(2):
        store = await Store.open(url, exclusive=True)
        await store.close()
        with pytest.raises(StoreError, match="stopping"):
            await store.counts()


async def test_a_newer_file_is_refused(url: str) -> None:
    await (await Store.open(url, exclusive=True)).close()
    with sqlite3.connect(sqlite_path(url)) as connection:
        connection.execute("update schema set version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer Kaia"):
        await Store.open(url, exclusive=True)


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing like a database\n" * 100)
    with pytest.raises(StoreError, match="is not a database"):
        await Store.open(f"sqlite:///{path}", exclusive=True)
    assert path.read_text().startswith("nothing")


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        await Store.open(f"sqlite:///{tmp_path}/file/kaia.db", exclusive=True)


async def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        await Store.open(f"sqlite:///{tmp_path}", exclusive=False)


async def limit_pages(store: Store, pages: int) -> None:
    async def work(connection: Any) -> None:
        await connection.exec_driver_sql(f"pragma max_page_count={pages}")

    await store.database.transact(work)


async def test_a_full_disk_refuses_inputs_and_says_why(store: Store) -> None:
    await limit_pages(store, 1)  # SQLite says the same as for a full disk
    engine = Engine(store)
    with pytest.raises(StoreError, match="is full"):
        await engine.inbox.receive(said("x" * 300_000))
    await limit_pages(store, 10_000)
    assert await engine.inbox.receive(said("again"))


async def test_what_was_found_is_saved_and_shown_once_there_is_room_again(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event(), answer=lambda _: secrets.token_hex(150_000))
    async with Engine(store, assistant).at_work() as engine:
        await engine.inbox.receive(said("hi"))
        await engine.gallery.until(lambda: bool(engine.gallery.steps))
        await limit_pages(store, 1)
        assert assistant.gate is not None
        with capture_logs() as logs:
            assistant.gate.set()
            async with asyncio.timeout(10):
                while not any(log["event"] == "turn.unsaved" for log in logs):
                    await store.counts()
        await limit_pages(store, 10_000)
        await engine.gallery.showed(1)
    assert len(assistant.asked) == 1


async def test_a_store_that_turned_read_only_says_so(store: Store) -> None:
    async def work(connection: Any) -> None:
        await connection.exec_driver_sql("pragma query_only=1")

    await store.database.transact(work)
    with pytest.raises(StoreError, match="can be read but not written"):
        await Engine(store).inbox.receive(said("hi"))


async def test_a_conclusion_is_saved_whole_or_not_at_all(each_store: Store) -> None:
    store = each_store
    engine = Engine(store)
    await engine.inbox.receive(said("hi"))
    [first] = await store.line.claim("one", talk=1, words=0)
    await store.line.recover()
    [second] = await store.line.claim("two", talk=1, words=0)
    learnt = Learnt(Notice("late"), "open", {"heard": ["late"]})
    with pytest.raises(NotOurs):
        await store.conclude(first, learnt)
    assert (await store.conversation("T1:C1:1.0")).state is None
    with pytest.raises(NotOurs):
        await store.line.finish(first, "done")
    await store.conclude(second, learnt)
    await store.line.finish(second, "done")
    with pytest.raises(NotOurs):
        await store.line.finish(second, "done")


async def test_a_cancelled_caller_does_not_cut_its_transaction(each_store: Store) -> None:
    store = each_store
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work(connection: Any) -> None:
        begun.set()
        await go_on.wait()
        await connection.exec_driver_sql("update schema set version = 0")

    caller = asyncio.create_task(store.database.transact(work))
    await begun.wait()
    caller.cancel()
    go_on.set()
    await asyncio.wait({caller})
    assert caller.cancelled()

    async def version(connection: Any) -> Any:
        return (await connection.exec_driver_sql("select version from schema")).scalar()

    assert await store.database.transact(version) == 0


async def test_a_wrong_statement_is_not_taken_for_a_broken_disk(store: Store) -> None:
    async def work(connection: Any) -> None:
        await connection.exec_driver_sql("select nothing from nowhere")

    with pytest.raises(OperationalError):
        await store.database.transact(work)


async def test_an_outcome_is_read_back_as_it_was(engine: Engine) -> None:
    await engine.inbox.receive(said("hi"))
    [shown] = await engine.gallery.showed(1)
    assert isinstance(shown.outcome, Answer)
    kept = await engine.store.receipt("T1:C1:1.0", 1)
    assert shown.outcome.receipts == (kept,)
    assert await engine.store.receipt("T1:C1:1.0", 2) is None
    assert await engine.store.receipt("T1:C1:9.0", 1) is None


async def test_a_pasted_secret_is_in_nothing_that_was_written(url: str) -> None:
    store = await Store.open(url, exclusive=True)
    assistant = ScriptedAssistant(answer=lambda text: f"{text} {CANARY}")
    async with Engine(store, assistant).at_work() as engine:
        message = said(f"the password is {CANARY}", speaker_name=CANARY)
        await engine.inbox.receive(message)
        await engine.inbox.receive(said(f"again {CANARY}", addressed=False))
        shown = await engine.gallery.showed(2)
        await engine.settled(2)
        written = _bytes_beside(url)
        assert CANARY not in repr(shown)
        assert CANARY not in repr(await store.transcript("T1:C1:1.0"))
        assert CANARY not in repr(await store.conversation("T1:C1:1.0"))
        assert CANARY not in repr(assistant.asked)
    await store.close()
    assert b"C1" in written
    assert CANARY.encode() not in written + _bytes_beside(url)


async def test_what_cannot_be_seen_does_not_hide_a_pasted_secret(url: str) -> None:
    store = await Store.open(url, exclusive=True)
    async with Engine(store, ScriptedAssistant()).at_work() as engine:
        hidden = CANARY[:4] + "\u200b" + CANARY[4:]
        await engine.inbox.receive(said(f"the password is {hidden}"))
        await engine.settled(1)
        [asked, *_] = await store.transcript("T1:C1:1.0")
    await store.close()
    assert asked.text == "the password is [redacted]"


def _bytes_beside(url: str) -> bytes:
    return b"".join(path.read_bytes() for path in sqlite_path(url).parent.iterdir())


async def test_ten_turns_of_a_kilobyte_take_less_than_30_kb(url: str) -> None:
    store = await Store.open(url, exclusive=True)
    words = "why is payments down since the rollout of {} and who changed what in node pool {}? "
    async with Engine(store).at_work() as engine:
        empty = await _pages(store)
        for thread in range(4):
            for turn in range(10):
                text = "".join(words.format(turn * part, thread + part) for part in range(12))
                await engine.inbox.receive(said(text[:1024], thread=f"{thread}.0"))
        await engine.settled(40)
        each = (await _pages(store) - empty) / 4
    await store.close()
    assert each <= 30 * 1024


async def _pages(store: Store) -> int:
    async def work(connection: Any) -> int:
        count = (await connection.exec_driver_sql("pragma page_count")).scalar()
        size = (await connection.exec_driver_sql("pragma page_size")).scalar()
        return int(count) * int(size)

    return await store.database.transact(work)
