"""Replicas of the engine: as processes that tell all they do and can be killed, and in this one."""

import asyncio
import contextlib
import itertools
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import orjson

from bot.conversations import Store
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import Asked, ScriptedAssistant
from tests.doubles.postgres import Postgres

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Deed:
    """What a process said it did, `at` a moment that is comparable between processes."""

    what: str
    by: int
    at: float
    turn: str = ""
    thread: str = ""
    said: str = ""
    text: str = ""
    kind: str = ""
    repeated: bool = False
    attempt: int = 0
    crashes: int = 0


async def until(is_so: Callable[[], object], seconds: float = 20.0) -> None:
    """For what nobody tells of. Polite: the machine is shared with what is waited for."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[Engine]:
    """Somebody who only puts questions in line."""
    store = await Store.open(url, exclusive=True)
    engine = Engine(store)
    try:
        yield engine
    finally:
        await engine.inbox.aclose()
        await store.close()


def end_sessions(postgres: Postgres, url: str) -> None:
    """Of all who claim turns in that database."""
    ended = "select pg_terminate_backend(pid) from pg_stat_activity"
    name = url.rpartition("/")[2]
    postgres.execute(f"{ended} where application_name = 'kaia seat' and datname = '{name}'")


class Two:
    """Two replicas at work; `busy` is the one that runs the turn."""

    def __init__(self, one: Engine, other: Engine) -> None:
        self.both = (one, other)

    @property
    def shown(self) -> list[str]:
        return [shown.said.text for engine in self.both for shown in engine.gallery.shown]

    async def busy(self) -> tuple[Engine, Engine]:
        await until(lambda: any(engine.assistant.at_work for engine in self.both))
        one, other = self.both
        return (one, other) if one.assistant.at_work else (other, one)


@asynccontextmanager
async def two(url: str, *, gated: bool = False, **limits: float) -> AsyncIterator[Two]:
    async with AsyncExitStack() as stack:
        engines = []
        for _ in range(2):
            store = (await stack.enter_async_context(asking(url))).store
            assistant = ScriptedAssistant(gate=asyncio.Event() if gated else None)
            engine = Engine(store, assistant, limits=dict(limits))
            engines.append(await stack.enter_async_context(engine.at_work()))
            await until(lambda e=engine: e.inbox.is_ready)  # type: ignore[misc]
        try:
            yield Two(*engines)
        finally:
            for engine in engines:
                if engine.assistant.gate is not None:
                    engine.assistant.gate.set()


def begun(replicas: Two) -> list[Asked]:
    return [asked for engine in replicas.both for asked in engine.assistant.asked]


class Replicas:
    """Processes on one store, and all they did; killed at the end of the block."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.deeds: list[Deed] = []
        self._changed = asyncio.Event()
        self._processes: dict[int, asyncio.subprocess.Process] = {}
        self._readers: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        for process in self._processes.values():
            await process.wait()
        if self._readers:
            await asyncio.wait(self._readers)

    async def start(
        self, mode: str = "answer", *, drain: float = 5.0, before: Sequence[str] = (), url: str = ""
    ) -> int:
        """Its pid, when it claims turns. `before` is a command that runs it."""
        module = "tests.conversations.engine_process"
        command = (*before, sys.executable, "-m", module, url or self.url, mode, str(drain))
        process = await asyncio.create_subprocess_exec(
            *command, cwd=_ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        self._processes[process.pid] = process
        reader = asyncio.create_task(self._read(process), name=f"reads {process.pid}")
        self._readers.add(reader)
        await self.until(lambda: bool(self.of("ready", by=process.pid)))
        return process.pid

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            self.deeds.append(Deed(**orjson.loads(line)))
            self._changed.set()

    def signal(self, pid: int, number: int) -> None:
        self._processes[pid].send_signal(number)

    async def ended(self, pid: int, seconds: float = 20.0) -> int:
        async with asyncio.timeout(seconds):
            return await self._processes[pid].wait()

    def of(self, what: str, *, by: int | None = None, thread: str = "") -> list[Deed]:
        """In the order in which they were done."""
        found = [
            deed
            for deed in self.deeds
            if deed.what == what and by in (None, deed.by) and thread in ("", deed.thread)
        ]
        return sorted(found, key=lambda deed: deed.at)

    async def until(self, is_so: Callable[[], bool], seconds: float = 30.0) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not is_so():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError as error:
            done = "\n".join(str(deed) for deed in self.deeds[-40:])
            raise AssertionError(f"It did not come to that. Lately:\n{done}") from error

    async def did(self, what: str, number: int = 1, *, by: int | None = None) -> list[Deed]:
        """Waits until it was done so often."""
        await self.until(lambda: len(self.of(what, by=by)) >= number)
        return self.of(what, by=by)

    def overlaps(self) -> list[tuple[Deed, Deed]]:
        """Turns of a thread that were under way together. One without an end was killed."""
        spans: dict[str, list[tuple[Deed, Deed]]] = {}
        ends = self.of("ends")
        for began in self.of("begins"):
            end = next((e for e in ends if _ends(e, began)), None)
            if end is not None:
                spans.setdefault(began.thread, []).append((began, end))
        return [
            (one, other)
            for thread in spans.values()
            for (one, end), (other, _) in itertools.pairwise(thread)
            if end.at > other.at
        ]


def _ends(end: Deed, began: Deed) -> bool:
    return (end.turn, end.by) == (began.turn, began.by) and end.at >= began.at
