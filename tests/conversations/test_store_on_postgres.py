"""Postgres as the store: what is said when it fails, and that nothing waits for it for ever."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from bot.conversations import Store
from bot.conversations.records import Arrival, Learnt
from bot.conversations.storage.complaints import complaint
from bot.dialogue import Entry, Notice, Receipt, Usage
from bot.errors import StoreAway, StoreError
from tests.doubles.conversation_edges import said
from tests.doubles.pooler import pooler
from tests.doubles.postgres import PASSWORD, Postgres, running_postgres


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, exclusive=True)
    yield store
    await store.close()


@pytest.fixture
def own_postgres(postgres: Postgres) -> Iterator[Postgres]:
    """One that may be stopped and frozen; `postgres` sees to it that there is one at all."""
    del postgres
    with running_postgres() as server:
        yield server


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


async def run(store: Store, statement: str, *, seconds: float = 10.0) -> Any:
    async def work(connection: Any) -> Any:
        found = await connection.execute(text(statement))
        return found.scalar() if found.returns_rows else None

    return await store.database.transact(work, seconds=seconds)


async def refused(url: str) -> StoreError:
    with pytest.raises(StoreError) as caught:
        await Store.open(url, exclusive=True)
    return caught.value


# Where it cannot be opened


async def test_no_sentence_holds_the_password(postgres: Postgres) -> None:
    at = f"127.0.0.1:{postgres.port}"
    for place in (f"{at}/nowhere", f"{at}/postgres", "127.0.0.1:1/x", f"{at}/p?sslmode=require"):
        error = await refused(f"postgresql://locked:sesame@{place}")
        assert "sesame" not in str(error) + repr(error)
        assert place.partition("/")[0] in str(error)


async def test_a_password_that_breaks_the_url_is_not_repeated() -> None:
    error = await refused("postgresql://u:ses%ame@host/db")
    assert "percent-encoded" in str(error)
    assert "ame" not in str(error).replace("name", "")
    assert error.__cause__ is None
    assert error.__suppress_context__


@pytest.mark.parametrize("user", ["locked", "locked:wrong", "stranger"])
async def test_who_is_not_let_in_is_told_to_look_at_user_and_password(
    postgres: Postgres, user: str
) -> None:
    error = await refused(postgres.url_of("postgres", user))
    assert "does not let Kaia in. Check the user and the password" in str(error)
    assert not isinstance(error, StoreAway), "trying again would not help"


async def test_a_database_that_is_not_there_is_said(postgres: Postgres) -> None:
    error = await refused(postgres.url_of("nowhere"))
    assert str(error).startswith("The Postgres database nowhere at 127.0.0.1:")
    assert "does not exist. Create that database" in str(error)


async def test_a_user_who_may_make_no_tables_is_said(postgres: Postgres) -> None:
    error = await refused(postgres.url_of("postgres", f"locked:{PASSWORD}"))
    assert "may not make or write tables" in str(error)
    assert "owner" in str(error)


async def test_a_server_without_tls_is_said_where_tls_is_asked_for(postgres: Postgres) -> None:
    assert "agree on TLS" in str(await refused(postgres.url_of("postgres") + "?sslmode=require"))


@pytest.mark.parametrize("place", ["127.0.0.1:1", "no-such-host.invalid"])
async def test_a_server_that_is_not_there_may_come_back(place: str) -> None:
    error = await refused(f"postgresql://kaia@{place}/kaia")
    assert isinstance(error, StoreAway)
    assert "does not answer" in str(error)
    assert place in str(error)


async def test_a_frozen_server_is_given_up_in_seconds(own_postgres: Postgres) -> None:
    began = time.monotonic()
    with frozen(own_postgres.pid):
        error = await refused(own_postgres.url_of("postgres") + "?connect_timeout=2")
    assert isinstance(error, StoreAway)
    assert time.monotonic() - began < 4
    own_postgres.execute("select 1")


@contextmanager
def frozen(pid: int | None) -> Iterator[None]:
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_a_full_server_is_said(own_postgres: Postgres) -> None:
    own_postgres.restart("fast", "max_connections=5", "superuser_reserved_connections=0")
    url = own_postgres.url_of("postgres")
    others = [await psycopg.AsyncConnection.connect(url) for _ in range(5)]
    error = await refused(url)
    for other in others:
        await other.close()
    assert "has no connection left" in str(error)
    assert isinstance(error, StoreAway)


async def test_a_pooler_in_front_is_refused_with_the_way_out(postgres: Postgres, url: str) -> None:
    async with pooler(postgres.port) as port:
        error = await refused(url.replace(str(postgres.port), str(port)))
    assert "PgBouncer" in str(error)
    assert "Let KAIA_STORE name Postgres itself." in str(error)


# While it is in use


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("53100", "is full. Free some space"),
        ("57P01", "does not answer"),
        ("53200", "too busy"),
        ("58030", "See the log of Postgres"),
    ],
)
async def test_troubles_of_the_server_become_sentences(
    store: Store, state: str, words: str
) -> None:
    raised = f"do $$ begin raise exception 'hunter2' using errcode = '{state}'; end $$"
    with pytest.raises(StoreAway, match=words) as caught:
        await run(store, raised)
    assert "hunter2" not in str(caught.value)


async def test_a_standby_is_said(store: Store, url: str, postgres: Postgres) -> None:
    name = name_of(url)
    postgres.execute(f"alter database {name} set default_transaction_read_only = on")
    await store.database.engine.dispose()
    with pytest.raises(StoreAway, match="Let KAIA_STORE name the primary"):
        await store.line.add([Arrival(said("hi"), "talk")])
    postgres.execute(f"alter database {name} reset default_transaction_read_only")


async def test_a_wrong_statement_is_not_taken_for_a_broken_server(store: Store) -> None:
    with pytest.raises(ProgrammingError):
        await run(store, "select nothing from nowhere")
    assert complaint(ValueError("x"), "it") is None


async def test_values_are_in_no_error(store: Store) -> None:
    async def work(connection: Any) -> None:
        await connection.execute(text("select cast(:secret as int)"), {"secret": "hunter2"})

    with pytest.raises(Exception, match="hidden"):
        await store.database.transact(work)


async def test_a_silent_server_costs_seconds_and_one_connection(store: Store) -> None:
    pid = await run(store, "select pg_backend_pid()")
    began = time.monotonic()
    with frozen(pid), pytest.raises(StoreAway, match="does not answer"):
        await run(store, "select 1", seconds=1.1)
    assert 1.1 <= time.monotonic() - began < 2
    assert await run(store, "select pg_backend_pid()") != pid


async def test_a_silent_server_at_the_commit_is_given_up_too(store: Store) -> None:
    pid = await run(store, "select pg_backend_pid()")

    async def work(connection: Any) -> None:
        await connection.execute(text("create table half (way int)"))
        os.kill(pid, signal.SIGSTOP)

    try:
        with pytest.raises(StoreAway, match="does not answer"):
            await store.database.transact(work, seconds=1.1)
    finally:
        os.kill(pid, signal.SIGCONT)
    await store.ping()


async def test_connections_that_broke_unseen_are_replaced(own_postgres: Postgres) -> None:
    store = await Store.open(own_postgres.url(), exclusive=True)
    await asyncio.gather(*(store.ping() for _ in range(8)))
    await asyncio.to_thread(own_postgres.restart, "immediate")
    await asyncio.gather(*(store.ping() for _ in range(8)))
    await asyncio.to_thread(own_postgres.stop, "immediate")
    with pytest.raises(StoreAway):
        await store.ping()
    await asyncio.to_thread(own_postgres.start)
    await store.ping()
    await store.close()


async def test_work_is_not_repeated_once_its_commit_is_under_way(
    store: Store, postgres: Postgres
) -> None:
    tries = []

    async def work(connection: Any) -> None:
        tries.append(await connection.scalar(text("select pg_backend_pid()")))
        # Fails at the commit, as a server does that dies there.
        await connection.execute(
            text(
                "create or replace function die() returns trigger language plpgsql as"
                " $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$"
            )
        )
        await connection.execute(text("create table final (word int)"))
        await connection.execute(
            text(
                "create constraint trigger dies after insert on final"
                " deferrable initially deferred for each row execute function die()"
            )
        )
        await connection.execute(text("insert into final values (1)"))

    with pytest.raises(StoreAway):
        await store.database.transact(work)
    assert len(tries) == 1
    del postgres


async def test_of_two_that_wait_for_each_other_both_get_through(store: Store) -> None:
    await run(store, "create table pair (name text primary key, n int)")
    await run(store, "insert into pair values ('a', 0), ('b', 0)")
    both = asyncio.Barrier(2)
    tries = []

    def adding(*names: str) -> Any:
        async def work(connection: Any) -> None:
            tries.append(names)
            is_first = len(tries) <= 2
            for name in names if is_first else sorted(names):
                add = text("update pair set n = n + 1 where name = :name")
                await connection.execute(add, {"name": name})
                if is_first and name == names[0]:
                    await both.wait()

        return work

    await asyncio.gather(
        store.database.transact(adding("a", "b")), store.database.transact(adding("b", "a"))
    )
    assert await run(store, "select sum(n) from pair") == 4
    assert len(tries) == 3


async def test_a_frozen_process_does_not_hold_its_thread_for_long(store: Store) -> None:
    settings = {
        "idle_in_transaction_session_timeout": "10s",
        "statement_timeout": "8s",
        "lock_timeout": "5s",
        "tcp_user_timeout": "10000",
        "transaction_isolation": "read committed",
    }
    found = {name: await run(store, f"show {name}") for name in settings}
    assert found == settings


async def test_a_conclusion_whose_commit_was_not_heard_of_can_be_tried_again(store: Store) -> None:
    await store.line.add([Arrival(said("hi"), "talk")])
    [turn] = await store.line.claim("me", talk=1, words=0)
    receipt = Receipt(1, "kubectl", "kubectl get pods", "read", 0, "", "", 1.0, 1.0)
    learnt = Learnt(
        Notice("x"), "open", None, (Entry("kaia", "It runs."),), (receipt,), Usage(1, 20, 3)
    )
    for _ in range(2):
        await store.conclude(turn, learnt)
    assert len(await store.transcript("T1:C1:1.0")) == 1
    assert await store.tokens_on(time.time()) == 23
