"""Turns a second with one, two and four processes on one Postgres; a model that takes its time."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.conversations import Inbox, Store
from bot.conversations.records import Ending, Turn
from tests.doubles.conversation_edges import MaskingRedactor, said
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.postgres import Postgres

PROCESSES = (1, 2, 4)
MODEL_SECONDS = 0.5
TURNS_PER_PROCESS = 320
_CHANNELS = 16
_MOST_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Speed:
    processes: int
    turns_per_second: float
    busy: float
    """Share of all cores that was in use, by whomever."""


async def measure(folder: Path, postgres: Postgres) -> list[Speed]:
    return [await _speed(folder, postgres, processes) for processes in PROCESSES]


async def _speed(folder: Path, postgres: Postgres, processes: int) -> Speed:
    url, turns = postgres.url(), processes * TURNS_PER_PROCESS
    store = await Store.open(url, exclusive=False)
    try:
        async with _at_work(folder, url, processes):
            began, before = time.perf_counter(), _core_time()
            await _ask(store, turns)
            await _until_done(postgres, url, turns)
            seconds, after = time.perf_counter() - began, _core_time()
            return Speed(processes, turns / seconds, _busy(before, after))
    finally:
        await store.close()


@asynccontextmanager
async def _at_work(folder: Path, url: str, processes: int) -> AsyncIterator[None]:
    command = (sys.executable, "-m", "tests.conversations.engine_process", url, "answer", "5")
    running = []
    try:
        for number in range(processes):
            log = folder / f"replica-{number}-of-{processes}.log"
            running.append(await KaiaProcess.run(command, log=log, environ={}))
        for process in running:
            while '"ready"' not in process.said:
                assert process.is_running, process.said
                await asyncio.sleep(0.05)
        yield
    finally:
        for process in running:
            await process.kill()


async def _ask(store: Store, turns: int) -> None:
    """All at once, each in a thread of its own."""

    async def nothing(turn: Turn) -> Ending:
        raise AssertionError(turn)

    inbox = Inbox(store, nothing, MaskingRedactor())
    questions = (
        said(f"work {MODEL_SECONDS}", thread=f"{number}.0", channel=f"C{number % _CHANNELS}")
        for number in range(turns)
    )
    await asyncio.gather(*(inbox.receive(question) for question in questions))


async def _until_done(postgres: Postgres, url: str, turns: int) -> None:
    database = url.rpartition("/")[2]
    count = "select count(*) from turns where status = 'done'"
    async with asyncio.timeout(_MOST_SECONDS):
        while True:
            ((done,),) = await asyncio.to_thread(postgres.execute, count, database)
            if done >= turns:
                return
            await asyncio.sleep(0.05)


def _core_time() -> tuple[int, int]:
    """Of all cores since they began: idle, and all."""
    ticks = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def _busy(before: tuple[int, int], after: tuple[int, int]) -> float:
    idle, everything = after[0] - before[0], after[1] - before[1]
    return 1 - idle / everything
