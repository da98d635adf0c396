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
from bot.conversations.records import Arrival, Call, Kind, Learnt, Settled, Turn, Watch
from bot.conversations.storage.sqlite import sqlite_path
from bot.dialogue import Answer, Entry, Notice, Proposal, Rating, Receipt, Usage
from bot.errors import StoreError
from tests.doubles.conversation_edges import said
from tests.doubles.postgres import Postgres

TABLES = (
    "calls",
    "conversations",
    "entries",
    "notes",
    "proposals",
    "ratings",
    "receipts",
    "turns",
    "watches",
)


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


def a_proposal(name: str, expires: float = 9e12) -> Proposal:
    words = dict.fromkeys(
        ("command", "change", "namespace", "target", "uid", "fingerprint", "present", "effect"), "x"
    )
    return Proposal(
        id=name, argv=("kubectl",), undo="", reason="", asked_by="U1", expires=expires, **words
    )


async def begun(store: Store, thread: str, *, words: str = "why?", kind: Kind = "talk") -> Turn:
    await store.line.add([Arrival(said(words, thread=thread), kind)])
    [turn] = await store.line.claim("me", talk=1, words=1)
    return turn


async def talked(
    store: Store, thread: str, *, secret: str = "", number: int = 1, started: float = 9e12
) -> Turn:
    """A whole turn that leaves something in every table."""
    turn = await begun(store, thread, words=f"why? {secret}")
    command = f"kubectl get {secret}"
    receipt = Receipt(number, "kubectl", command, "read", 0, secret, "", started, 1.0)
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
        calls=(Call("ollama:qwen3:8b", "digest", "prompts", {"situation": secret}),),
        watches=(Watch(f"w-{turn.seq}", turn.said, {"of": secret}, secret, started, 9e12),),
    )
    await store.conclude(turn, learnt)
    await store.line.finish(turn, "done", "1.5")
    await store.rate(Rating(turn.said.thread, turn.said.id, "U1", True, started))
    return turn


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
    assert await rows(store, "1.0") == dict.fromkeys(TABLES, 0) | {"turns": 3}
    assert await rows(store, "11.0") == before
    assert await store.threads_named("C1", "1.0") == [], "nothing of it is kept"
    await store.forget_thread("T1:C1:1.0")


async def test_what_was_forgotten_is_not_answered_when_slack_delivers_it_again(
    store: Store, clock: Clock
) -> None:
    answered = (await talked(store, "1.0")).said
    waiting = said("and?", thread="1.0", addressed=False)
    await store.line.add([Arrival(waiting, "talk")])
    await store.forget_thread("T1:C1:1.0")
    again = [Arrival(answered, "talk"), Arrival(waiting, "talk")]
    assert await store.line.add(again) == [False, False]
    assert await store.line.claim("me", talk=9, words=9) == []
    reply = said("and now?", thread="1.0", addressed=False)
    assert await store.line.add([Arrival(reply, "talk")]) == [False], "the thread counts as open"
    assert await ends_in(store, "1.0") == [("done", 1_000.0, ""), ("stopped", 1_000.0, "")]
    assert await store.line.forget(older_than=clock.now + 1) == 2


async def ends_in(store: Store, suffix: str) -> list[tuple[str, float, str]]:
    async def work(connection: Any) -> list[tuple[str, float, str]]:
        asked = "select status, finished, payload || coalesce(conclusion, '') from turns"
        found = await connection.execute(
            text(f"{asked} where thread like :end order by seq"), {"end": f"%:{suffix}%"}
        )
        return [tuple(row) for row in found]

    return await store.database.transact(work)


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
    await forgotten(store, 1_500.0)
    assert (await store.conversation("T1:C1:1.0")).state == {"heard": ""}
    assert await forgotten(store, 2_500.0)
    assert (await store.conversation("T1:C1:1.0")).state is None


async def test_what_is_old_goes_from_a_conversation_that_goes_on(
    store: Store, clock: Clock
) -> None:
    await talked(store, "1.0", secret="old", started=1_000.0)
    clock.now = 2_000.0
    await talked(store, "1.0", secret="new", number=2, started=2_000.0)
    assert await forgotten(store, 1_500.0) == 5, "two lines, a receipt, a call and a rating"
    assert [entry.text for entry in await store.transcript("T1:C1:1.0")] == ["new", "new"]
    assert await store.receipt("T1:C1:1.0", 1) is None
    assert await store.receipt("T1:C1:1.0", 2) is not None
    kept = await store.conversation("T1:C1:1.0")
    assert (kept.is_open, kept.next_receipt, kept.state) == (True, 3, {"heard": "new"})
    assert kept.notes == {"subject": "new"}


async def test_of_old_proposals_those_go_that_nobody_can_decide_any_more(
    store: Store, clock: Clock
) -> None:
    turn = await begun(store, "1.0")
    made = tuple(a_proposal(name) for name in ("open", "begun", "settled"))
    made = (*made, a_proposal("expired", 1_200.0))
    await store.conclude(turn, Learnt(Notice("x"), "open", proposals=made))
    assert await store.proposals.begin(turn, "begun", "Ann")
    await store.line.finish(turn, "done")
    turn = await begun(store, "1.0")
    settled = Settled("settled", "rejected", "Ann")
    await store.conclude(turn, Learnt(Notice("x"), "open", settled=settled))
    await store.line.finish(turn, "done")
    clock.now = 2_000.0
    await talked(store, "1.0", secret="new")
    assert await forgotten(store, 1_500.0) == 2
    left = [each.id for each in made if await store.proposals.find(each.id) is not None]
    assert left == ["open", "begun"]


async def test_a_long_conversation_is_tidied_in_small_steps(store: Store, clock: Clock) -> None:
    turn = await begun(store, "1.0")
    many = tuple(Entry("U1", str(number)) for number in range(150))
    await store.conclude(turn, Learnt(Notice("x"), "open", entries=many))
    await store.line.finish(turn, "done")
    clock.now = 2_000.0
    await talked(store, "1.0")
    assert [await store.forget_older(1_500.0) for _ in range(3)] == [100, 50, 0]


async def test_nothing_goes_while_a_question_is_being_worked_on(store: Store, clock: Clock) -> None:
    await talked(store, "1.0", started=1_000.0)
    clock.now = 2_000.0
    turn = await begun(store, "1.0")
    await store.conclude(turn, Learnt(Notice("x"), "open"))
    assert await store.forget_older(1_500.0) == 0
    await store.line.finish(turn, "done")
    assert await forgotten(store, 1_500.0) == 5


async def test_lines_of_unknown_age_go_with_their_conversation(store: Store, clock: Clock) -> None:
    await talked(store, "1.0", secret="old")

    async def as_earlier_releases_did(connection: Any) -> None:
        await connection.execute(text("update entries set kept = 0"))
        await connection.execute(text("delete from calls"))

    await store.database.transact(as_earlier_releases_did)
    clock.now = 2_000.0
    await talked(store, "1.0", secret="new", number=2)
    assert await forgotten(store, 1_500.0) == 0
    assert await forgotten(store, 2_500.0) == 1, "the whole conversation"
    assert await store.transcript("T1:C1:1.0") == ()


async def test_looking_for_what_is_old_reads_no_table_whole(url: str) -> None:
    store = await Store.open(url, exclusive=True)
    await talked(store, "1.0")
    asked = (
        "select id from entries where kept > 0 and kept < 1",
        "select number from receipts where started < 1",
        "select id from calls where kept < 1",
        "select person from ratings where received < 1",
    )
    with contextlib.closing(sqlite3.connect(sqlite_path(url))) as file:
        steps = [file.execute(f"explain query plan {each}").fetchone()[3] for each in asked]
    assert [step.split(" USING ")[0] for step in steps] == [
        f"SEARCH {table}" for table in ("entries", "receipts", "calls", "ratings")
    ]
    await store.close()


async def forgotten(store: Store, than: float) -> int:
    number = 0
    while gone := await store.forget_older(than):
        number += gone
    return number


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
