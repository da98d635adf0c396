"""What a conversation that waits costs: tasks, memory of its own, bytes on disk."""

import asyncio
import contextlib
import gc
import random
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from autogen_agentchat.teams import RoundRobinGroupChat

from bot.agents.models import build_model
from bot.app.engine import Engine, opened_engine
from bot.cluster.access import ClusterAccess
from bot.dialogue import (
    Contents,
    Input,
    Outcome,
    Passage,
    SharedFile,
    Step,
    Thread,
)
from bot.settings import load_settings
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Says

TURNS = 10
_FILE = "idle.db"
_RANDOM = random.Random(7)  # noqa: S311 - the same words in every run


def words() -> str:
    """Half a kilobyte that does not compress better than an answer does."""
    return " ".join(f"{_RANDOM.getrandbits(28):x}" for _ in range(64))


@dataclass(frozen=True, slots=True)
class Idle:
    tasks: int
    """More than before the conversation."""
    teams: int
    """Left in memory."""
    kilobytes: float
    """On disk, for ten turns of 1 KB."""


class _Listener:
    """Implements dialogue.Audience: says when an outcome has come."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()

    async def begin(self) -> None: ...

    async def note(self, markdown: str, *, only_for: str = "") -> None: ...

    async def contents(self, file: SharedFile) -> Contents:  # noqa: ARG002
        return Contents(problem="There are no files here.")

    async def earlier(self, since: str) -> tuple[Passage, ...]:  # noqa: ARG002
        return ()

    async def place(self) -> str:
        return ""

    async def may_be_told(self) -> bool:
        return True

    async def step(self, step: Step) -> None: ...

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:  # noqa: ARG002
        self.heard.set()
        return "1.0"

    async def end(self) -> None: ...


async def measure(folder: Path) -> Idle:
    async with _engine(folder) as engine:
        listener = _Listener()
        running = asyncio.create_task(engine.run(lambda _said: listener))
        await _turn(engine, listener, "warm", 0)
        before, bytes_before = len(asyncio.all_tasks()), _bytes_in(folder / _FILE)
        for number in range(TURNS):
            await _turn(engine, listener, "measured", number)
        await asyncio.sleep(0.1)
        gc.collect()
        found = Idle(
            tasks=len(asyncio.all_tasks()) - before,
            teams=sum(type(each) is RoundRobinGroupChat for each in gc.get_objects()),
            kilobytes=(_bytes_in(folder / _FILE) - bytes_before) / 1024,
        )
        running.cancel()
        await asyncio.wait({running})
        return found


@asynccontextmanager
async def _engine(folder: Path) -> AsyncIterator[Engine]:
    async with OllamaServer(otherwise=lambda _body: Says(words())) as model:
        settings = load_settings({"KAIA_MODEL": "ollama:qwen3:8b", "OLLAMA_HOST": model.url})
        async with opened_engine(
            settings,
            store_url=f"sqlite:///{folder / _FILE}",
            model=build_model(settings),
            access=ClusterAccess(kind="none", reason="There is none."),
            environ={},
        ) as engine:
            yield engine


async def _turn(engine: Engine, listener: _Listener, thread: str, number: int) -> None:
    listener.heard.clear()
    await engine.inbox.receive(
        Input(
            id=f"message:{thread}:{number}",
            thread=Thread("T", "C", thread),
            ts=f"{number}",
            speaker="U1",
            speaker_name="Ann",
            text=words(),
            addressed=True,
            received=time.time(),
        )
    )
    await listener.heard.wait()
    await asyncio.sleep(0.2)


def _bytes_in(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        [pages], [size] = (
            connection.execute(f"pragma {name}").fetchone() for name in ("page_count", "page_size")
        )
        return int(pages) * int(size)
