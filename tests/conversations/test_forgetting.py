"""What is deleted is gone, whole, and nothing else is."""

import asyncio
import contextlib
import secrets
import sqlite3
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.conversations import Store
from bot.conversations.records import Arrival, Kind, Learnt, Settled, Turn
from bot.conversations.storage.sqlite import sqlite_path
from bot.dialogue import Answer, Entry, Notice, Proposal, Receipt, Usage
from bot.errors import StoreError
from tests.doubles.conversation_edges import said
from tests.doubles.postgres import Postgres

TABLES = ("conversations", "entries", "notes", "proposals", "receipts", "turns")


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(each_url: str, clock: Clock) -> Any:
    store = await Store.open(each_url, exclusive=True, clock=clock)
    yield store
    await store.close()


def a_proposal(name: str) -> Proposal:
    words = dict.fromkeys(
        ("command", "change", "namespace", "target", "uid", "fingerprint", "present", "effect"), "x"
    )
    return Proposal(
        id=name, argv=("kubectl",), undo="", reason="", asked_by="U1", expires=9e9, **words
    )


async def begun(store: Store, thread: str, *, words: str = "why?", kind: Kind = "talk") -> Turn:
    await store.line.add([Arrival(said(words, thread=thread), kind)])
    [turn] = await store.line.claim("me", talk=1, words=1)
    return turn


async def talked(store: Store, thread: str, *, secret: str = "") -> None:
    """A whole turn that leaves something in every table."""
    turn = await begun(store, thread, words=f"why? {secret}")
    receipt = Receipt(1, "kubectl", f"kubectl get {secret}", "read", 0, secret, "", 1.0, 1.0)
    learnt = Learnt(
        Answer(secret, "prod", (receipt,)),
        "open",
        {"heard": secret},
        (Entry("U1", secret), Entry("kaia", secret)),
        (receipt,),
        Usage(1, 10, 5),
        1,
        {"subject": secret},
        (a_proposal(f"p-{thread}-{secret}"),),
    )
    await store.conclude(turn, learnt)
    await store.line.finish(turn, "done", "1.5")


async def rows(store: Store, suffix: str) -> dict[str, int]:
    async def work(connection: Any) -> dict[str, int]:
        counted = {}
        for table in TABLES:
            asked = text(f"select count(*) from {table} where thread like :end")  # noqa: S608
            counted[table] = (await connection.execute(asked, {"end": f"%:{suffix}%"})).scalar()
        return counted

    return await store.database.transact(work)


async def test_everything_of_one_thread_goes_and_nothing_of_another(store: Store) -> None:
    for thread in ("1.0", "11.0"):
        await talked(store, thread)
    helped = await begun(store, "1.0", words="help", kind="word")
    await store.line.finish(helped, "done")
    await store.line.add([Arrival(said("and?", thread="1.0"), "talk")])
    before = await rows(store, "11.0")
    assert all(before.values())
    await store.forget_thread("T1:C1:1.0")
    assert await rows(store, "1.0") == dict.fromkeys(TABLES, 0)
    assert await rows(store, "11.0") == before
    assert not await store.line.owns("T1:C1:1.0")
    await store.forget_thread("T1:C1:1.0")


async def test_a_thread_at_work_is_not_forgotten_and_that_is_said(store: Store) -> None:
    await talked(store, "1.0")
    turn = await begun(store, "1.0")
    before = await rows(store, "1.0")
    with pytest.raises(StoreError, match=r"working on a question .* Wait for its answer or say"):
        await store.forget_thread("T1:C1:1.0")
    assert await rows(store, "1.0") == before
    await store.line.finish(turn, "done")
    await store.forget_thread("T1:C1:1.0")


async def test_threads_are_found_by_channel_and_root(store: Store) -> None:
    await talked(store, "1.0")
    await talked(store, "11.0")
    elsewhere = said(thread="1.0")
    other_team = replace(elsewhere, thread=replace(elsewhere.thread, team="T2"))
    await store.line.add([Arrival(other_team, "talk")])
    assert await store.threads_named("C1", "1.0") == ["T1:C1:1.0", "T2:C1:1.0"]
    assert await store.threads_named("C%", "1.0") == []
    assert await store.threads_named("C1", "2.0") == []


async def test_what_is_older_goes_in_small_steps_and_the_rest_stays(
    store: Store, clock: Clock
) -> None:
    for number in range(12):
        await talked(store, f"{number}.0")
    clock.now = 2_000.0
    await talked(store, "99.0")
    assert [await store.forget_older(1_500.0) for _ in range(3)] == [10, 2, 0]
    assert (await store.sizes()).rows["conversations"] == 1
    assert all((await rows(store, "99.0")).values())
    kept = await rows(store, "3.0")
    assert kept == dict.fromkeys(TABLES, 0) | {"turns": 1}, "its identity is still known"
    key = store.key_of("T1:C1:3.0")
    assert len(key) == 32


async def test_a_conversation_that_went_on_is_not_old(store: Store, clock: Clock) -> None:
    await talked(store, "1.0")
    clock.now = 2_000.0
    turn = await begun(store, "1.0")
    await store.conclude(turn, Learnt(Notice("x"), "open"))
    await store.line.finish(turn, "done")
    assert await store.forget_older(1_500.0) == 0


@pytest.mark.parametrize("kind", ["talk", "word"])
async def test_an_old_conversation_with_a_live_turn_stays(store: Store, kind: Kind) -> None:
    await talked(store, "1.0")
    turn = await begun(store, "1.0", kind=kind)
    assert await store.forget_older(1e12) == 0
    await store.line.finish(turn, "done")
    assert await store.forget_older(1e12) == 1


async def test_two_replicas_that_tidy_at_once_share_the_work(postgres: Postgres) -> None:
    url = postgres.url()
    stores = [await Store.open(url, exclusive=True) for _ in range(2)]
    for number in range(20):
        await talked(stores[0], f"{number}.0")
    numbers = await asyncio.gather(*(store.forget_older(1e12) for store in stores))
    left = await stores[0].forget_older(1e12)
    assert sum(numbers) + left == 20
    for store in stores:
        await store.close()


async def test_deleted_words_can_not_be_read_from_the_file(url: str) -> None:
    store = await Store.open(url, exclusive=True)
    secret = secrets.token_hex(300)
    await talked(store, "2.0", secret="harmless")
    await talked(store, "1.0", secret=secret)
    await store.line.add([Arrival(said(f"and {secret}?", thread="1.0"), "talk")])
    marks = [secret.encode(), *packed_in(url, secret)]
    assert len(marks) > 3
    assert all(mark in on_disk(url) for mark in marks)
    await store.forget_thread("T1:C1:1.0")
    assert [mark for mark in marks if mark in on_disk(url)] == []
    assert (await store.transcript("T1:C1:2.0"))[0].text == "harmless"
    await store.close()


async def test_a_kaia_at_work_does_not_keep_what_another_process_deletes(url: str) -> None:
    running = await Store.open(url, exclusive=True)
    secret = secrets.token_hex(300)
    await talked(running, "1.0", secret=secret)
    beside = await Store.open(url, exclusive=False)
    await beside.forget_thread("T1:C1:1.0")
    await beside.close()
    assert secret.encode() not in on_disk(url)
    assert await running.transcript("T1:C1:1.0") == ()
    await running.close()


async def test_an_ended_question_leaves_no_words_behind(url: str) -> None:
    store = await Store.open(url, exclusive=True)
    secret = secrets.token_hex(300)
    turn = await begun(store, "1.0", words=secret)
    assert secret.encode() in on_disk(url)
    await store.line.finish(turn, "stopped")
    await store.database.scrub()
    assert secret.encode() not in on_disk(url)
    await store.close()


def on_disk(url: str) -> bytes:
    path = sqlite_path(url)
    sides = (path, path.with_name(f"{path.name}-wal"))
    return b"".join(side.read_bytes() for side in sides if Path(side).exists())


def packed_in(url: str, secret: str) -> list[bytes]:
    """Compressed values that hold it, as they stand in the rows."""
    with contextlib.closing(sqlite3.connect(sqlite_path(url))) as file:
        columns = ("entries.text", "receipts.output", "notes.value", "conversations.state")
        asked = [
            f"select {column} from {column.partition('.')[0]} where {column} is not null"  # noqa: S608
            for column in columns
        ]
        values = [value for each in asked for (value,) in file.execute(each)]
    return [value for value in values if secret.encode() in zlib.decompress(value)]


async def test_sizes_are_rows_and_bytes(store: Store) -> None:
    empty = await store.sizes()
    assert empty.rows == dict.fromkeys(TABLES, 0) | {"notes": 1}
    await talked(store, "1.0")
    full = await store.sizes()
    assert full.rows == dict.fromkeys(TABLES, 1) | {"notes": 2, "entries": 2}
    assert full.bytes >= empty.bytes > 10_000


async def test_tokens_are_counted_by_utc_day(store: Store, clock: Clock) -> None:
    clock.now = 86_399.0
    await talked(store, "1.0")
    await talked(store, "2.0")
    clock.now = 86_400.0
    await talked(store, "3.0")
    assert await store.tokens_on(0.0) == 30
    assert await store.tokens_on(86_400.0) == 15
    assert await store.tokens_on(172_800.0) == 0


async def test_a_proposal_that_is_settled_goes_with_its_thread(store: Store) -> None:
    await talked(store, "1.0", secret="x")
    turn = await begun(store, "1.0")
    settled = Settled("p-1.0-x", "rejected", "Ann")
    await store.conclude(turn, Learnt(Notice("x"), "open", settled=settled))
    await store.line.finish(turn, "done")
    assert await store.proposals.find("p-1.0-x") is not None
    await store.forget_thread("T1:C1:1.0")
    assert await store.proposals.find("p-1.0-x") is None


async def test_a_store_that_answers_says_nothing(store: Store) -> None:
    await store.ping()
    await store.close()
    with pytest.raises(StoreError):
        await store.ping()
