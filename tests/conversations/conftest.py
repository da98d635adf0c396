"""A store in a file of its own and an engine upon it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversations import Inbox, Store, Turns
from bot.conversations.inbox.noting import Note, say_nothing
from bot.conversations.inbox.pace import Pace
from bot.conversations.storage.tables import turns as turns_table
from tests.doubles.conversation_edges import (
    Gallery,
    MaskingRedactor,
    ReceiptToolbox,
    ScriptedAssistant,
)
from tests.doubles.postgres import Postgres


@dataclass
class Engine:
    """Everything of a process that runs turns, except its front end."""

    store: Store
    assistant: ScriptedAssistant = field(default_factory=ScriptedAssistant)
    fallback: ScriptedAssistant | None = None
    gallery: Gallery = field(default_factory=Gallery)
    redactor: MaskingRedactor = field(default_factory=MaskingRedactor)
    toolbox: ReceiptToolbox = field(default_factory=ReceiptToolbox)
    pauses: tuple[float, ...] = (0.0, 0.0)
    limits: dict[str, Any] = field(default_factory=dict)
    """For the inbox's pace."""
    note: Note | None = None
    turning: dict[str, Any] = field(default_factory=dict)
    """More for `Turns`."""

    def __post_init__(self) -> None:
        self.turns = Turns(
            self.store,
            audience_for=self.gallery,
            assistant=self.assistant,
            fallback=self.fallback,
            toolbox=self.toolbox,
            redactor=self.redactor,
            cluster=lambda: "prod",
            about=lambda: "I see the namespaces shop and web.",
            situation=lambda said: f"asked in {said.thread.channel}",
            namespace_for={"C1": "shop"}.get,
            delivery_pauses=self.pauses,
            save_pause_seconds=0.01,
            **self.turning,
        )
        self.inbox = Inbox(
            self.store,
            self.turns.run,
            self.redactor,
            note=self.note or say_nothing,
            pace=Pace(**self.limits),
        )

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator["Engine"]:
        running = asyncio.create_task(self.inbox.run(), name="inbox")
        try:
            yield self
        finally:
            await self.inbox.aclose()
            await running

    async def rows(self) -> list[Any]:
        async def work(connection: Any) -> list[Any]:
            return list(await connection.execute(select(turns_table).order_by(turns_table.c.seq)))

        return await self.store.database.transact(work)

    async def statuses(self) -> list[str]:
        return [row.status for row in await self.rows()]

    async def settled(self, number: int) -> list[Any]:
        """Waits until so many rows have ended."""
        async with asyncio.timeout(20):
            while True:
                rows = await self.rows()
                if sum(row.finished is not None for row in rows) >= number:
                    return rows


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/kaia/turns.db"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    store = await Store.open(url, exclusive=True)
    yield store
    await store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def each_url(request: pytest.FixtureRequest) -> str:
    """Of a new store on SQLite and then of one on Postgres."""
    if request.param == "sqlite":
        made: str = request.getfixturevalue("url")
        return made
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.url()


@pytest.fixture
async def each_store(each_url: str) -> AsyncIterator[Store]:
    store = await Store.open(each_url, exclusive=True)
    yield store
    await store.close()


@pytest.fixture
async def engine(store: Store) -> AsyncIterator[Engine]:
    async with Engine(store).at_work() as engine:
        yield engine
