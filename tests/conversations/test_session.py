"""A session with a real Postgres: its lock, its loss, and how soon the loss is noticed."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from bot.conversations.inbox.session import Session, SessionLost, StatementFailed
from bot.errors import StoreError
from tests.doubles.pooler import pooler
from tests.doubles.postgres import Postgres


@pytest.fixture(scope="module")
def place(postgres: Postgres) -> str:
    return postgres.url()


@asynccontextmanager
async def a_session(place: str, heard: list[str] | None = None) -> AsyncIterator[Session]:
    session = await Session.open(place, (heard if heard is not None else []).append)
    try:
        yield session
    finally:
        session.cut()


async def pid_of(session: Session) -> int:
    [row] = await session.execute("select pg_backend_pid() as pid")
    return int(row.pid)


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def is_free(session: Session, owner: str) -> bool:
    """Whether the lock of that owner can be had."""
    key = {"owner": owner}
    query = "select pg_try_advisory_lock_shared(hashtextextended(%(owner)s, 2)) as taken"
    [row] = await session.execute(query, key)
    if row.taken:
        await session.execute(
            "select pg_advisory_unlock_shared(hashtextextended(%(owner)s, 2))", key
        )
    return bool(row.taken)


async def test_the_lock_of_a_session_is_held_for_as_long_as_it_lives(place: str) -> None:
    async with a_session(place) as watching:
        async with a_session(place) as session:
            assert session.owner != watching.owner
            assert session.server == watching.server
            assert not await is_free(watching, session.owner)
        async with asyncio.timeout(5):
            while not await is_free(watching, session.owner):
                pass


async def test_a_session_hears_what_is_said_while_it_rests_and_while_it_asks(place: str) -> None:
    heard: list[str] = []
    wake = asyncio.Event()
    async with a_session(place, heard) as listening, a_session(place) as speaking:
        await speaking.execute("select pg_notify('turns_stop', 'a thread')")
        await listening.rest(wake, 5.0)
        assert wake.is_set()
        await listening.execute("select 1")
        assert heard == ["turns_stop"]


async def test_an_ended_session_is_noticed_at_once(place: str) -> None:
    wake = asyncio.Event()
    async with a_session(place) as session, a_session(place) as other:
        pid = await pid_of(session)
        began = time.monotonic()
        await other.execute("select pg_terminate_backend(%(pid)s)", {"pid": pid})
        await session.rest(wake, 5.0)
        with pytest.raises(SessionLost):
            await session.execute("select 1")
        assert time.monotonic() - began < 1.0


async def test_a_server_that_says_nothing_is_left_after_five_seconds(place: str) -> None:
    async with a_session(place) as session:
        with frozen(await pid_of(session)):
            began = time.monotonic()
            with pytest.raises(SessionLost, match="5 seconds"):
                await session.execute("select 1")
            assert 4.9 < time.monotonic() - began < 5.5
            async with a_session(place) as next_one:  # whose descriptor is nobody else's
                assert await next_one.execute("select 1 as one")
    left = [task for task in asyncio.all_tasks() if task.get_name() == "seat.asks"]
    if left:
        await asyncio.wait(left, timeout=5)
    assert all(task.done() for task in left)


async def test_a_statement_that_fails_or_is_slow_does_not_cost_the_session(place: str) -> None:
    async with a_session(place) as session:
        with pytest.raises(StatementFailed, match="no_such_table"):
            await session.execute("select * from no_such_table")
        with pytest.raises(StatementFailed, match="statement timeout"):
            await session.execute("select pg_sleep(60)")
        assert await session.execute("select 1 as one")


async def test_a_place_where_no_postgres_is_says_so() -> None:
    with pytest.raises(SessionLost, match="refused"):
        await Session.open("postgresql://kaia@127.0.0.1:1/kaia", print)


async def test_a_pooler_in_between_is_refused(postgres: Postgres, place: str) -> None:
    async with pooler(postgres.port) as port:
        with pytest.raises(StoreError, match="PgBouncer"):
            await Session.open(place.replace(str(postgres.port), str(port)), print)
