"""A real Postgres for tests: made in a temporary folder, on a spare port of loopback, fsync on.

Its methods block for as long as the server needs; tests with a loop hand `restart`, `stop` and
`start` to a thread. It refuses to run as root, so that root's tests run it as somebody else.
"""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg

NOT_INSTALLED = (
    "There is no Postgres: install Debian's package postgresql, or any whose initdb and postgres"
    " are on PATH or in /usr/lib/postgresql/*/bin. `sh requirements/postgres.sh` tries to."
)
PASSWORD = "sesame-open"
"""Of the user `locked`, the only one who is asked for one."""

Mode = Literal["smart", "fast", "immediate"]
_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
_START_SECONDS = 30
_STOP_SECONDS = 10
_SETTINGS = ("fsync=on", "shared_buffers=32MB", "max_connections=100", "wal_keep_size=0")


class NoPostgres(Exception):
    """The machine has none."""


class Postgres:
    """One server. Its superuser is `kaia`, who needs no password."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.port = _spare_port()
        self.log = folder / "log"
        self._programs = programs
        self._folder = folder
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def url(self) -> str:
        """Of a database that is new and empty."""
        name = f"kaia_{next(self._numbers)}"
        self.execute(f"create database {name}")
        return self.url_of(name)

    def url_of(self, database: str, user: str = "kaia") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Runs one statement beside whatever is tested, in a connection of its own."""
        with psycopg.connect(self.url_of(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def make(self) -> None:
        authentication = ("--auth=trust", "--username=kaia", "--no-sync")
        language = ("--encoding=UTF8", "--locale=C")
        command = (self._programs / "initdb", "-D", self._data, *authentication, *language)
        made = subprocess.run(command, capture_output=True, check=False, **_as_nobody())
        if made.returncode:
            raise RuntimeError(made.stderr.decode(errors="replace"))
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"host all locked 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        self.start()
        self.execute(f"create role locked login password '{PASSWORD}'")

    def start(self, *settings: str) -> None:
        """Returns when it answers. `settings` as in `max_connections=10`, for this start alone."""
        where = (f"unix_socket_directories={self._folder}", "listen_addresses=127.0.0.1")
        options = [part for each in (*where, *_SETTINGS, *settings) for part in ("-c", each)]
        program, data = str(self._programs / "postgres"), str(self._data)
        command = (program, "-D", data, "-p", str(self.port), *options)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen[bytes](
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **_as_nobody()
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                self.execute("select 1")
            except psycopg.OperationalError as error:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(self.log.read_text(errors="replace")) from error
                time.sleep(0.02)  # no server can be waited for in another way
            else:
                return

    def stop(self, mode: Mode = "fast") -> None:
        """`immediate` is how a crash looks: nothing is flushed and no client is told."""
        if self._process is not None:
            self._process.send_signal(_SIGNALS[mode])
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:  # a child of it waits for somebody; it ends with it
                self._process.kill()
                self._process.wait()
            self._process = None

    def restart(self, mode: Mode = "fast", *settings: str) -> None:
        self.stop(mode)
        self.start(*settings)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Raises NoPostgres."""
    programs = _programs()
    if programs is None:
        raise NoPostgres(NOT_INSTALLED)
    folder = Path(tempfile.mkdtemp(prefix="kaia-postgres-"))
    server = Postgres(programs, folder)
    try:
        if owner := _nobody():
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        server.make()
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """The folder with both; the newest where there are several."""
    on_path = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    for initdb in [*([Path(on_path)] if on_path else []), *installed]:
        if (folder := initdb.resolve().parent).joinpath("postgres").exists():
            return folder
    return None


def _nobody() -> pwd.struct_passwd | None:
    """Whom root runs it as."""
    if os.getuid() != 0:
        return None
    names = {each.pw_name: each for each in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _as_nobody() -> dict[str, Any]:
    user = _nobody()
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    return {"cwd": "/", "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}, **who}


def _spare_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
