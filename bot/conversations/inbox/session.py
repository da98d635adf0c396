"""A connection to Postgres of one's own, and what is lost with it; it knows no table.

One coroutine may use it. Its advisory lock tells everybody that this owner lives: Postgres frees it
when the process or its host dies, and whoever can have it then knows. Behind a pooler in
transaction mode strangers would share that lock, so that a pooler is refused.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from bot.conversations.storage.postgres import CLIENT, POOLED, shut
from bot.errors import StoreError

ANSWER_SECONDS = 5.0
"""Without an answer for so long the session counts as lost. Below the server's 10 seconds, so that
this side has let go of its turns before the server frees the lock for others."""
# A host that vanished is noticed by the server within ten seconds: keepalives alone do not run
# while something sent is unanswered. The time-outs make a slow statement fail, not the session.
_SERVER = (
    "set tcp_keepalives_idle = 4; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3;"
    " set tcp_user_timeout = 10000; set statement_timeout = 4000; set lock_timeout = 2000"
)
_TAKE = "select pg_try_advisory_lock(hashtextextended(%(owner)s, 2)) as taken"
_ABOUT = (
    "select pg_backend_pid() as pid,"
    " (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint as began"
)


class SessionLost(Exception):
    """The connection is gone, and its lock with it."""


class StatementFailed(Exception):
    """The server said no; the session goes on."""


class Session:
    def __init__(self, connection: psycopg.AsyncConnection[Any], owner: str, server: str) -> None:
        self._connection = connection
        self.owner = owner
        """Fresh for every session. Ends with the server's own name."""
        self.server = server
        """Another one after each restart of Postgres."""
        self._asking: asyncio.Task[list[Any]] | None = None

    @classmethod
    async def open(cls, conninfo: str, on_notice: Callable[[str], None]) -> "Session":
        """Listens, and holds a lock nobody else has. Raises SessionLost; StoreError: a pooler."""
        try:
            connection = await psycopg.AsyncConnection.connect(
                conninfo,
                autocommit=True,
                row_factory=namedtuple_row,
                **(CLIENT | {"application_name": "kaia seat"}),
            )
        except psycopg.Error as error:
            raise SessionLost(_reason(error)) from error
        session = cls(connection, "", "")
        try:
            await session._take(on_notice)
        except BaseException:
            session.cut()
            raise
        return session

    async def _take(self, on_notice: Callable[[str], None]) -> None:
        connection = self._connection
        [about] = await self.execute(_ABOUT)
        if about.pid != connection.info.backend_pid:
            raise StoreError(POOLED)
        self.server = str(about.began)
        self.owner = f"{uuid.uuid4().hex}.{self.server}"
        await self.execute(_SERVER)
        connection.add_notify_handler(lambda notice: on_notice(notice.channel))
        await self.execute("listen turns")
        await self.execute("listen turns_stop")
        [row] = await self.execute(_TAKE, {"owner": self.owner})
        if not row.taken:
            raise SessionLost("somebody holds a lock that was never named before")

    async def execute(self, query: str, values: Mapping[str, Any] | None = None) -> list[Any]:
        """Raises SessionLost, StatementFailed."""
        self._asking = asking = asyncio.create_task(self._ask(query, values), name="seat.asks")
        await asyncio.wait({asking}, timeout=ANSWER_SECONDS)
        if not asking.done():
            self.cut()
            raise SessionLost(f"Postgres did not answer for {ANSWER_SECONDS:.0f} seconds")
        try:
            return asking.result()
        except psycopg.Error as error:
            if self._connection.closed or isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
                raise SessionLost(_reason(error)) from error
            raise StatementFailed(_reason(error)) from error

    async def _ask(self, query: str, values: Mapping[str, Any] | None) -> list[Any]:
        cursor = await self._connection.execute(query, values)
        return await cursor.fetchall() if cursor.description else []

    async def rest(self, wake: asyncio.Event, seconds: float) -> None:
        """Until the server says something, or breaks off, or somebody wakes us."""
        loop, descriptor = asyncio.get_running_loop(), self._connection.fileno()
        loop.add_reader(descriptor, wake.set)  # psycopg uses the same one while it executes
        try:
            async with asyncio.timeout(seconds):
                await wake.wait()
        except TimeoutError:
            pass
        finally:
            loop.remove_reader(descriptor)

    def cut(self) -> None:
        """At once, without a word to the server; which frees the lock as soon as it notices."""
        if self._asking is None or self._asking.done():
            self._connection.pgconn.finish()
            return
        # Cancelled, the statement would wait for the server once more, for seconds. And closed
        # under it, the descriptor might be somebody else's before psycopg has let go of it.
        shut(self._connection)
        self._asking.add_done_callback(self._finish)

    def _finish(self, asked: asyncio.Task[Any]) -> None:
        if not asked.cancelled():
            asked.exception()
        self._connection.pgconn.finish()


def _reason(error: psycopg.Error) -> str:
    return " ".join(str(error).split()) or type(error).__name__
