"""The tables and how they came to be: from nothing, from an older release, beside a newer one."""

import asyncio
import contextlib
import sqlite3
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.conversations import Store
from bot.conversations.records import Arrival
from bot.conversations.storage.migrations import FOLDER, HEAD
from bot.conversations.storage.outcomes import input_to_json
from bot.conversations.storage.sqlite import sqlite_path
from bot.conversations.storage.tables import metadata
from bot.errors import StoreError
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import said
from tests.doubles.postgres import Postgres

_FIRST_RELEASE = Path(__file__).with_name("files") / "first_release.sql"
_OPEN = """
import asyncio, sys
from bot.conversations import Store
async def main():
    store = await Store.open(sys.argv[1], exclusive=True)
    print(store.key_of("thread").hex())
    await store.close()
asyncio.run(main())
"""


async def tell(store: Store, statement: str, **values: Any) -> list[Any]:
    async def work(connection: Any) -> list[Any]:
        found = await connection.execute(text(statement), values)
        return found.all() if found.returns_rows else []

    return await store.database.transact(work)


async def test_the_migrations_make_what_the_tables_say(each_store: Store) -> None:
    async def work(connection: Any) -> list[Any]:
        found: list[Any] = await connection.run_sync(
            lambda it: compare_metadata(MigrationContext.configure(it), metadata)
        )
        return found

    assert await each_store.database.transact(work) == []


async def test_indexes_of_some_rows_are_of_those_rows_alone(postgres: Postgres) -> None:
    url = postgres.url()
    await (await Store.open(url, exclusive=True)).close()
    asked = "select indexdef from pg_indexes where tablename = 'turns'"
    made = "\n".join(row[0] for row in postgres.execute(asked, url.rpartition("/")[2]))
    assert "UNIQUE INDEX turns_running ON public.turns USING btree (thread) WHERE" in made
    assert "(thread, seq) WHERE (status = ANY (ARRAY['waiting'::text, 'running'::text]))" in made


def test_the_newest_step_is_the_one_that_is_named() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def first_release(url: str) -> None:
    path = sqlite_path(url)
    path.parent.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(path)) as file:
        file.executescript(_FIRST_RELEASE.read_text())


async def test_a_file_of_the_first_release_is_taken_over_whole(url: str) -> None:
    first_release(url)
    store = await Store.open(url, exclusive=True)
    thread = "T1:C1:1.0"
    kept = await store.conversation(thread)
    assert (kept.state, kept.notes) == ({"heard": ["why is web down?"]}, {"subject": "web"})
    assert [entry.text for entry in await store.transcript(thread)] == [
        "why is web down?",
        "It runs.",
    ]
    receipt = await store.receipt(thread, 1)
    assert receipt is not None
    assert receipt.output == "web-1 Running"
    [waiting] = await store.line.claim("me", talk=9, words=9)
    assert (waiting.seq, waiting.said.text) == (2, "and now?")
    assert await tell(store, "select version_num from alembic_version") == [(HEAD,)]
    await store.close()


async def test_what_waited_in_the_first_release_is_answered_by_this_one(url: str) -> None:
    first_release(url)
    store = await Store.open(url, exclusive=True)
    engine = Engine(store, limits={"keep_days": 1e6, "retention_days": 1e6})
    async with engine.at_work():
        rows = await engine.settled(2)
    assert [(row.status, row.payload) for row in rows] == [("done", ""), ("done", "")]
    [asked] = engine.assistant.asked
    assert "and now?" in asked.said
    assert asked.saved == {"heard": ["why is web down?"]}
    transcript = await store.transcript("T1:C1:1.0")
    assert len(transcript) == 4
    await store.close()


@pytest.mark.parametrize(
    ("conclusion", "shown", "status"),
    [
        (None, "About: ", "done"),
        ('{"kind": "notice", "markdown": "It runs.", "mood": "calm"}', "It runs.", "done"),
        ('{"kind": "poem", "rhymes": 3}', "newer release", "failed"),
    ],
)
async def test_what_a_newer_release_left_running_is_finished_by_this_one(
    each_url: str, conclusion: str | None, shown: str, status: str
) -> None:
    store = await Store.open(each_url, exclusive=True)
    await left_running_by_a_newer_release(store, conclusion)
    engine = Engine(store)
    async with engine.at_work():
        [row] = await engine.settled(1)
    assert row.status == status
    assert row.crashes <= 1, "it died with its owner at most, and never of what it read"
    assert shown in engine.gallery.shown[0].text
    await store.close()


async def left_running_by_a_newer_release(store: Store, conclusion: str | None) -> None:
    message = said("why?")
    kept = orjson.loads(input_to_json(message))
    newer = kept | {"mood": "calm", "thread": kept["thread"] | {"mood": "calm"}}
    await store.line.add([Arrival(message, "talk")])
    await store.line.claim("newer.1", talk=1, words=1)
    await tell(
        store,
        "update turns set payload = :payload, conclusion = :conclusion",
        payload=orjson.dumps(newer).decode(),
        conclusion=conclusion,
    )


async def test_an_earlier_file_gets_what_it_lacks_and_keeps_what_it_has(url: str) -> None:
    first_release(url)
    with contextlib.closing(sqlite3.connect(sqlite_path(url))) as file:
        file.execute("drop table notes")
        file.execute("alter table receipts drop column redactions")
        file.commit()
    store = await Store.open(url, exclusive=True)
    assert (await store.conversation("T1:C1:1.0")).notes == {}
    kept = await store.receipt("T1:C1:1.0", 1)
    assert kept is not None
    assert (kept.command, kept.redactions) == ("kubectl get pods", 0)
    await store.close()


async def test_the_salt_of_the_first_release_stays(url: str) -> None:
    first_release(url)
    before = salt_in(url)
    await (await Store.open(url, exclusive=True)).close()
    assert salt_in(url) == before


def salt_in(url: str) -> Any:
    with contextlib.closing(sqlite3.connect(sqlite_path(url))) as file:
        return file.execute("select value from notes where name = 'salt'").fetchall()


async def test_what_the_first_release_writes_has_a_place_in_the_new_tables(
    each_store: Store,
) -> None:
    await tell(
        each_store,
        "insert into turns (id, thread, channel, kind, received, payload)"
        " values ('m', 't', 'c', 'talk', 1.0, '{}')",
    )
    await tell(
        each_store,
        "insert into conversations (thread, channel, status, schema_version, next_receipt,"
        " created, opened, updated, turns, questions, model_calls, prompt_tokens,"
        " completion_tokens)"
        " values ('t', 'c', 'open', 1, 1, 1.0, 1.0, 1.0, 0, 0, 0, 0, 0)",
    )
    await tell(
        each_store,
        "insert into entries (thread, turn, speaker, model_calls, prompt_tokens,"
        " completion_tokens) values ('t', 1, 'kaia', 0, 0, 0)",
    )
    await tell(
        each_store,
        "insert into receipts (thread, number, turn, tool, command, verdict, note, started,"
        " seconds) values ('t', 1, 1, 'kubectl', 'get pods', 'read', '', 1.0, 1.0)",
    )
    assert await tell(each_store, "select status, attempt, stop from turns") == [
        ("waiting", 0, False)
    ]
    assert await each_store.receipt("t", 1) is not None
    assert await tell(each_store, "select version from schema") == [(1,)]


async def test_what_a_newer_release_added_is_left_alone(each_url: str) -> None:
    store = await Store.open(each_url, exclusive=True)
    await tell(store, "alter table turns add column mood text")
    await tell(store, "update alembic_version set version_num = '0099'")
    await store.close()
    again = await Store.open(each_url, exclusive=True)
    assert await tell(again, "select version_num from alembic_version") == [("0099",)]
    assert await tell(again, "select mood from turns") == []
    await again.close()


async def test_what_only_a_newer_release_can_use_is_refused(each_url: str) -> None:
    store = await Store.open(each_url, exclusive=True)
    await tell(store, "update schema set version = 99")
    await store.close()
    with pytest.raises(StoreError, match=r"newer Kaia .*its form is 99.*Start that release"):
        await Store.open(each_url, exclusive=True)


async def test_what_was_refused_was_not_touched(url: str) -> None:
    first_release(url)
    with contextlib.closing(sqlite3.connect(sqlite_path(url))) as file:
        file.execute("update schema set version = 99")
        file.commit()
    with pytest.raises(StoreError, match="newer Kaia"):
        await Store.open(url, exclusive=True)
    with contextlib.closing(sqlite3.connect(sqlite_path(url))) as file:
        tables = {name for (name,) in file.execute("select name from sqlite_master")}
    assert not tables & {"proposals", "alembic_version"}


async def test_three_processes_may_start_together_on_an_empty_postgres(postgres: Postgres) -> None:
    url = postgres.url()
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _OPEN, url), stdout=asyncio.subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = [(await process.communicate())[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(set(said)) == 1, "they disagree about the key"


async def test_one_process_may_open_several_new_stores_at_once(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / f'{number}.db'}" for number in range(8)]

    stores = await asyncio.gather(*(Store.open(each, exclusive=True) for each in urls))

    assert [await tell(each, "select version_num from alembic_version") for each in stores] == [
        [(HEAD,)]
    ] * len(urls)
    for each in stores:
        await each.close()


async def test_a_failed_upgrade_leaves_nothing_half_made(postgres: Postgres) -> None:
    url = postgres.url()
    name = url.rpartition("/")[2]
    postgres.execute("create table spending (mine int)", name)
    with pytest.raises(Exception, match="already exists"):
        await Store.open(url, exclusive=True)
    asked = "select tablename from pg_tables where schemaname = 'public'"
    assert postgres.execute(asked, name) == [("spending",)]
