"""One SQLite file and its one connection: opened, locked, transacted upon. It knows no table."""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import structlog
from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StoreError, StoreIsHeld

_PREFIX = "sqlite:///"
_BUSY_SECONDS = 10

_SENTENCES = {
    "SQLITE_FULL": "The disk that holds {path} is full. Free some space there and try again.",
    "SQLITE_READONLY": "{path} can be read but not written. Check the rights of the file and of"
    " its folder, and that the disk is not mounted read-only; or set KAIA_STORE to another place.",
    "SQLITE_NOTADB": "{path} is not a database of Kaia's. Move that file away, or set KAIA_STORE"
    " to another place.",
    "SQLITE_CORRUPT": "{path} is damaged. Move that file away or bring it back from a backup,"
    " then start Kaia again.",
    "SQLITE_CANTOPEN": "{path} cannot be opened. Check that its folder exists and that Kaia may"
    " read and write there; or set KAIA_STORE to another place.",
    "SQLITE_PERM": "Kaia may not open {path}. Check the rights of the file and of its folder.",
    "SQLITE_BUSY": "Another program keeps {path} locked. Close what has it open and try again.",
    "SQLITE_IOERR": "The disk that holds {path} reports an error. Check the disk, then try again.",
}

T = TypeVar("T")
_log = structlog.get_logger()


class Database:
    """Every transaction takes the write lock at its beginning and is finished once begun."""

    def __init__(self, path: Path, engine: AsyncEngine, lock: int | None) -> None:
        self.path = path
        self.engine = engine
        self._lock = lock
        self._is_closed = False
        self._transactions: set[asyncio.Task[Any]] = set()

    @classmethod
    def open(cls, url: str, *, exclusive: bool) -> "Database":
        """`exclusive` for a process that runs turns. Raises StoreError, StoreIsHeld."""
        path = sqlite_path(url)
        _make_file(path)
        _look_into(path)
        lock = _take_lock(path) if exclusive else None
        return cls(path, _engine(path), lock)

    async def transact(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Commits what `work` did, or nothing of it. Raises StoreError.

        A caller's cancellation never reaches the connection: it waits until the transaction has
        ended. Cut in the middle, the driver's thread would commit behind everybody's back.
        """
        if self._is_closed:
            raise StoreError("Kaia is stopping and keeps nothing more. Try again in a moment.")
        task = asyncio.create_task(self._transact(work), name="store.transaction")
        self._transactions.add(task)
        task.add_done_callback(self._transactions.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await _outlast(task)
            raise

    async def _transact(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        try:
            async with self.engine.begin() as connection:
                return await work(connection)
        except (DBAPIError, PoolTimeoutError, sqlite3.Error) as error:
            _explain(error, self.path)

    async def close(self) -> None:
        self._is_closed = True
        if self._transactions:
            await asyncio.wait(self._transactions)
        await self.engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _explain(error: Exception, path: Path) -> NoReturn:
    """An error of the machine becomes a sentence; a wrong statement stays what it is."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(origin, "sqlite_errorname", "")
    if isinstance(error, PoolTimeoutError):
        name = "SQLITE_BUSY"
    for prefix, sentence in _SENTENCES.items():
        if name.startswith(prefix):
            raise StoreError(sentence.format(path=path)) from error
    raise error


async def _outlast(task: asyncio.Task[Any]) -> None:
    await asyncio.wait({task})
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.warning("store.failed", reason=type(error).__name__)


def sqlite_path(url: str) -> Path:
    """The file a URL names; absolute. Raises StoreError, which never repeats a URL's password."""
    scheme, found, _ = url.partition("://")
    if not url.startswith(_PREFIX) or url in (_PREFIX, f"{_PREFIX}:memory:"):
        what = f"{scheme}://" if found else "Without a scheme it"
        raise StoreError(
            f"KAIA_STORE cannot be used: {what} is not a place this release knows. It keeps its"
            " turns in an SQLite file: set KAIA_STORE=sqlite:///relative/path or"
            " sqlite:////absolute/path."
        )
    return Path(url.removeprefix(_PREFIX)).expanduser().absolute()


def _make_file(path: Path) -> None:
    """The folder for its owner alone, and the file too: SQLite gives its side files the same."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreError(
            f"{path} cannot be made: {error.strerror}. Make its folder writable for Kaia, or set"
            " KAIA_STORE=sqlite:///another/path."
        ) from error


def _look_into(path: Path) -> None:
    """Fails here rather than in aiosqlite, whose thread outlives a connection that never was."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
            connection.execute("pragma schema_version").fetchone()
    except sqlite3.Error as error:
        _explain(error, path)


def _take_lock(path: Path) -> int:
    """Held until the process ends, however it ends. Children do not inherit it."""
    try:
        lock = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StoreError(f"{path}.lock cannot be opened: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(lock, 20).decode(errors="replace").strip() or "unknown"
        os.close(lock)
        raise StoreIsHeld(
            f"Another Kaia (process {holder}) already runs turns on {path}. Stop that one, or give"
            " this one a store of its own with KAIA_STORE=sqlite:///another/path."
        ) from error
    os.truncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    return lock


def _engine(path: Path) -> AsyncEngine:
    """One connection: SQLite has one writer, and so nobody here ever meets a locked database."""
    url = URL.create("sqlite+aiosqlite", database=str(path))
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # otherwise the driver begins transactions by itself, late
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={_BUSY_SECONDS * 1000}"):
        cursor.execute(f"pragma {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate")
