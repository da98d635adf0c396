"""A Postgres database as the place of the store: how it is reached; it knows no table.

Postgres itself, never a pooler in front of it: behind one, locks and settings would be shared with
strangers. A server that falls silent costs seconds, and never a cancelled statement, which psycopg
would wait for all over again: its socket is shut, and whoever waits there is told at once.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Protocol

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.conversations.storage.complaints import complaint
from bot.errors import StoreError

PREFIX = "postgresql://"

POOLED = (
    "Kaia does not reach one and the same process of its Postgres: a pooler such as PgBouncer"
    " stands between them, and locks would be shared with strangers. Let KAIA_STORE name Postgres"
    " itself."
)
CLIENT: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 3,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 6_000,
    "application_name": "kaia",
}
"""A host that vanished is noticed even while nothing is asked of it. What the URL says goes before
these."""

# What a frozen or vanished process has locked is free again after ten seconds.
_SERVER = """
set default_transaction_isolation = 'read committed'; set statement_timeout = '8s';
set lock_timeout = '5s'; set idle_in_transaction_session_timeout = '10s';
set tcp_keepalives_idle = 4; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;
set tcp_user_timeout = 10000
"""
_CONNECTIONS = 8
_POOL_SECONDS = 8
_GREETING_SECONDS = 5.0
_AT_ONCE_SECONDS = 1.0
_LOST_A_RACE = ("40001", "40P01")


class Progress(Protocol):
    """How far a transaction came before it failed."""

    @property
    def seconds(self) -> float: ...

    @property
    def is_committing(self) -> bool: ...


class PostgresDatabase:
    """`database.Place`."""

    path = None

    def __init__(self, url: str) -> None:
        """Connects to nothing yet. Raises StoreError, which never repeats a URL's password."""
        named = _read(url)
        self.conninfo = url
        self.name = _name_of(named)
        self._options = {name: value for name, value in CLIENT.items() if name not in named}
        self.engine = create_async_engine(
            "postgresql+psycopg://",
            async_creator=self.connect,
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=_POOL_SECONDS,
            hide_parameters=True,
        )

    async def connect(self) -> psycopg.AsyncConnection[Any]:
        """Raises psycopg.Error; StoreError for a pooler."""
        connection = await psycopg.AsyncConnection.connect(
            self.conninfo, prepare_threshold=None, **self._options
        )
        try:
            with _limited(connection, _GREETING_SECONDS):
                await _greet(connection)
        except BaseException:
            await connection.close()
            raise
        return connection

    @asynccontextmanager
    async def watched(self, connection: AsyncConnection, seconds: float) -> AsyncIterator[None]:
        """Ends the connection where a transaction of it gets no answer."""
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        with _limited(driver, seconds):
            yield

    def explained(self, error: Exception) -> StoreError | None:
        """An error of the machine becomes a sentence; a wrong statement stays what it is."""
        return complaint(error, self.name)

    def is_worth_repeating(self, error: DBAPIError, attempt: Progress) -> bool:
        """Two that wrote at once; or a connection that had broken while nobody used it, which shows
        at the first word. A commit that got no answer may well have happened.
        """
        if getattr(error.orig, "sqlstate", None) in _LOST_A_RACE:
            return True
        is_stale = error.connection_invalidated and attempt.seconds < _AT_ONCE_SECONDS
        return is_stale and not attempt.is_committing

    async def scrub(self) -> None:
        """Postgres' own vacuum does it, in its own time."""

    async def bytes(self) -> int:
        async with self.engine.connect() as connection:
            asked = text("select pg_database_size(current_database())")
            return int((await connection.execute(asked)).scalar_one())

    async def close(self) -> None:
        await self.engine.dispose()


def _read(url: str) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError:
        raise StoreError(
            "KAIA_STORE is no address of a Postgres: it has to be like"
            " postgresql://user:password@host:5432/database, where special characters of the"
            " password are percent-encoded, such as %40 for @."
        ) from None  # the driver's words hold pieces of the password


def _name_of(named: dict[str, Any]) -> str:
    host = named.get("host") or named.get("hostaddr") or "this machine"
    port = f":{named['port']}" if named.get("port") else ""
    database = named.get("dbname") or named.get("user")
    return f"the Postgres database {f'{database} ' if database else ''}at {host}{port}"


async def _greet(connection: psycopg.AsyncConnection[Any]) -> None:
    """A pooler hands out the process it has at hand, under a number of its own."""
    await connection.set_autocommit(True)
    cursor = await connection.execute("select pg_backend_pid()")
    found = await cursor.fetchone()
    if found is None or found[0] != connection.info.backend_pid:
        raise StoreError(POOLED)
    await connection.execute(_SERVER)
    await connection.set_autocommit(False)


@contextmanager
def _limited(connection: psycopg.AsyncConnection[Any], seconds: float) -> Iterator[None]:
    timer = asyncio.get_running_loop().call_later(seconds, shut, connection)
    try:
        yield
    finally:
        timer.cancel()


def shut(connection: psycopg.AsyncConnection[Any]) -> None:
    """The server's silence becomes an end of its words, which psycopg sees at once."""
    if not connection.closed:
        # It may have ended by itself at this very moment.
        with (
            contextlib.suppress(OSError),
            socket.socket(fileno=os.dup(connection.fileno())) as same,
        ):
            same.shutdown(socket.SHUT_RDWR)
