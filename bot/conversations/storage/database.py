"""The store's database: transacted upon, whichever kind it is. It knows no table."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, Protocol, TypeVar

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.conversations.storage import postgres, sqlite
from bot.errors import StoreError

_TRIES = 4
_TRANSACTION_SECONDS = 10.0

T = TypeVar("T")
Work = Callable[[AsyncConnection], Awaitable[T]]
"""Statements of one transaction. It may be called again where nothing of it was kept."""

_log = structlog.get_logger()


class Place(Protocol):
    """Where the tables are."""

    @property
    def name(self) -> str:
        """What people call it. Holds no password."""

    @property
    def conninfo(self) -> str | None:
        """How a Postgres is reached, with its password; None for a file."""

    @property
    def engine(self) -> AsyncEngine: ...

    def watched(
        self, connection: AsyncConnection, seconds: float
    ) -> AbstractAsyncContextManager[None]:
        """No transaction in it waits much longer than that for an answer."""

    def explained(self, error: Exception) -> StoreError | None:
        """None where the statement was wrong, and not the machine."""

    def is_worth_repeating(self, error: DBAPIError, attempt: "Attempt") -> bool:
        """Nothing was kept, and another try may well succeed at once."""

    async def scrub(self) -> None:
        """Makes sure that what was deleted cannot be read from the disk, where that can be done."""

    async def bytes(self) -> int:
        """The size of all of it."""

    async def close(self) -> None: ...


class Database:
    """Every transaction is finished once begun."""

    def __init__(self, place: Place) -> None:
        self.name = place.name
        self.engine = place.engine
        self.conninfo = place.conninfo
        self._place = place
        self._is_closed = False
        self._at_work: set[asyncio.Task[Any]] = set()

    @classmethod
    def open(cls, url: str, *, exclusive: bool) -> "Database":
        """`exclusive` for a process that runs turns: it is alone on a file. Raises StoreError,
        StoreIsHeld.
        """
        return cls(_place(url, exclusive=exclusive))

    async def transact(self, work: Work[T], *, seconds: float = _TRANSACTION_SECONDS) -> T:
        """Commits what `work` did, or nothing of it. Raises StoreError, StoreAway: the latter also
        after about so many seconds without an answer.

        A caller's cancellation never reaches the connection: it waits until the transaction has
        ended. Cut in the middle, the driver would commit behind everybody's back.
        """
        return await self._finished(partial(self._repeated, work, seconds))

    async def scrub(self) -> None:
        """After deletions. Raises StoreError."""
        await self._finished(self._place.scrub)

    async def bytes(self) -> int:
        """Raises StoreError."""
        return await self._finished(self._place.bytes)

    async def close(self) -> None:
        self._is_closed = True
        if self._at_work:
            await asyncio.wait(self._at_work)
        await self._place.close()

    async def _finished(self, do: Callable[[], Awaitable[T]]) -> T:
        if self._is_closed:
            raise StoreError("Kaia is stopping and keeps nothing more. Try again in a moment.")
        task = asyncio.create_task(self._explained(do), name="store.transaction")
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await _outlast(task)
            raise

    async def _repeated(self, work: Work[T], seconds: float) -> T:
        for _ in range(_TRIES - 1):
            attempt = Attempt(self._place, seconds)
            try:
                return await attempt.run(work)
            except DBAPIError as error:
                if not self._place.is_worth_repeating(error, attempt):
                    raise
        return await Attempt(self._place, seconds).run(work)

    async def _explained(self, do: Callable[[], Awaitable[T]]) -> T:
        try:
            return await do()
        except (DBAPIError, PoolTimeoutError, sqlite3.Error, psycopg.Error) as error:
            raise self._place.explained(error) or error from error


class Attempt:
    """One try at a transaction, and how far it came."""

    def __init__(self, place: Place, limit_seconds: float) -> None:
        self._place = place
        self._limit_seconds = limit_seconds
        self._began = time.monotonic()
        self.is_committing = False

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    async def run(self, work: Work[T]) -> T:
        async with (
            self._place.engine.connect() as connection,
            self._place.watched(connection, self._limit_seconds),
        ):
            async with connection.begin():
                done = await work(connection)
                self.is_committing = True
            return done


def _place(url: str, *, exclusive: bool) -> Place:
    """Raises StoreError, which never repeats a URL's password."""
    if url.startswith(sqlite.PREFIX):
        return sqlite.SqliteFile(sqlite.sqlite_path(url), exclusive=exclusive)
    if url.startswith(postgres.PREFIX):
        return postgres.PostgresDatabase(url)
    scheme, found, _ = url.partition("://")
    what = f"{scheme}://" if found else "Without a scheme it"
    raise StoreError(
        f"KAIA_STORE cannot be used: {what} is not a place this release knows. Set"
        " KAIA_STORE=sqlite:///relative/path or sqlite:////absolute/path for an SQLite file, or"
        " postgresql://user:password@host/database."
    )


async def _outlast(task: asyncio.Task[Any]) -> None:
    await asyncio.wait({task})
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.warning("store.failed", reason=type(error).__name__)
