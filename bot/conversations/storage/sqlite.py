"""An SQLite file as the place of the store: its folder, rights and lock; it knows no table."""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.errors import StoreError, StoreIsHeld

PREFIX = "sqlite:///"
_BUSY_SECONDS = 10
_SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={_BUSY_SECONDS * 1000}",
    "secure_delete=on",  # what is forgotten is overwritten, not only left out of the index
)

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


class SqliteFile:
    """`database.Place`. Every transaction takes the write lock at its beginning."""

    conninfo = None

    def __init__(self, path: Path, *, exclusive: bool) -> None:
        """Raises StoreError, StoreIsHeld."""
        _make_file(path)
        self.path = path
        self.name = str(path)
        _look_into(path)
        self._lock = _take_lock(path) if exclusive else None
        # One connection: SQLite has one writer, so that nobody here ever meets a locked database.
        url = URL.create("sqlite+aiosqlite", database=str(path))
        self.engine = create_async_engine(
            url, pool_size=1, max_overflow=0, pool_timeout=60, hide_parameters=True
        )
        event.listen(self.engine.sync_engine, "connect", _set_up)
        event.listen(self.engine.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def watched(
        self,
        connection: AsyncConnection,  # noqa: ARG002 - a disk answers, or its error does
        seconds: float,  # noqa: ARG002
    ) -> AsyncIterator[None]:
        yield

    def explained(self, error: Exception) -> StoreError | None:
        return _explained(error, self.path)

    def is_worth_repeating(self, error: DBAPIError, attempt: object) -> bool:  # noqa: ARG002
        return False

    async def scrub(self) -> None:
        """Overwrites the log too, in which deleted rows still stand."""
        async with self.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            async with driver.execute("pragma wal_checkpoint(truncate)") as cursor:
                await cursor.fetchall()

    async def bytes(self) -> int:
        return await asyncio.to_thread(_bytes_of, self.path)

    async def close(self) -> None:
        await self.engine.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def sqlite_path(url: str) -> Path:
    """The file a URL names; absolute. Raises StoreError."""
    if not url.startswith(PREFIX) or url in (PREFIX, f"{PREFIX}:memory:"):
        raise StoreError(
            "KAIA_STORE names no file. Set KAIA_STORE=sqlite:///relative/path or"
            " sqlite:////absolute/path for an SQLite file."
        )
    return Path(url.removeprefix(PREFIX)).expanduser().absolute()


def _explained(error: Exception, path: Path) -> StoreError | None:
    """An error of the machine becomes a sentence; a wrong statement stays what it is."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(origin, "sqlite_errorname", "")
    if isinstance(error, PoolTimeoutError):
        name = "SQLITE_BUSY"
    for prefix, sentence in _SENTENCES.items():
        if name.startswith(prefix):
            return StoreError(sentence.format(path=path))
    return None


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
    for each in _files_of(path):
        _close_to_others(each)


def _files_of(path: Path) -> list[Path]:
    sides = [path.with_name(path.name + end) for end in ("", "-wal", "-shm", ".lock")]
    return [side for side in sides if side.is_file()]


def _close_to_others(path: Path) -> None:
    """A file made by hand or by a wide umask may be read by everybody."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        with contextlib.suppress(PermissionError):  # somebody else's, who may have his reasons
            path.chmod(0o600)


def _bytes_of(path: Path) -> int:
    total = 0
    for side in _files_of(path):
        with contextlib.suppress(FileNotFoundError):  # its last user has just closed it
            total += side.stat().st_size
    return total


def _look_into(path: Path) -> None:
    """Fails here rather than in aiosqlite, whose thread outlives a connection that never was."""
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=_BUSY_SECONDS)) as connection:
            connection.execute("pragma schema_version").fetchone()
    except sqlite3.Error as error:
        raise _explained(error, path) or error from error


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


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # otherwise the driver begins transactions by itself, late
    cursor = connection.cursor()
    for setting in _SETTINGS:
        cursor.execute(f"pragma {setting}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate")
