"""What was said, run and sent in a conversation, read back in its order; it changes nothing."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Call, Recent, Said, Sent
from bot.conversations.storage.database import Database
from bot.conversations.storage.rows import entry_of, receipt_of
from bot.conversations.storage.tables import calls, conversations, entries, receipts
from bot.dialogue import Receipt


class History:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def said(self, thread: str, since: float) -> tuple[Said, ...]:
        """The transcript of a thread, oldest first."""
        asked = (
            select(entries)
            .where(entries.c.thread == thread, entries.c.kept >= since)
            .order_by(entries.c.id)
        )
        return tuple(Said(entry_of(row), row.kept) for row in await self._rows(asked))

    async def receipts_since(self, thread: str, since: float) -> tuple[Receipt, ...]:
        asked = (
            select(receipts)
            .where(receipts.c.thread == thread, receipts.c.started >= since)
            .order_by(receipts.c.number)
        )
        return tuple(receipt_of(row) for row in await self._rows(asked))

    async def sent(self, thread: str) -> tuple[Sent, ...]:
        """What models were sent, turn by turn, oldest first."""
        asked = select(calls).where(calls.c.thread == thread).order_by(calls.c.id)
        rows = await self._rows(asked)
        by_turn = groupby(rows, lambda row: row.turn)
        return tuple(_sent(list(of_turn)) for _, of_turn in by_turn)

    async def recent_of(self, person: str, most: int) -> tuple[Recent, ...]:
        """The conversations somebody took part in, the latest first."""
        first = (
            select(entries.c.thread, func.min(entries.c.id).label("id"))
            .where(entries.c.speaker == person)
            .group_by(entries.c.thread)
            .subquery()
        )
        asked = (
            select(first.c.thread, entries.c.text, conversations.c.updated, conversations.c.status)
            .join(entries, entries.c.id == first.c.id)
            .join(conversations, conversations.c.thread == first.c.thread)
            .order_by(conversations.c.updated.desc())
            .limit(most)
        )
        return tuple(
            Recent(row.thread, row.text or "", row.updated, row.status == "open")
            for row in await self._rows(asked)
        )

    async def _rows(self, asked: Any) -> Sequence[Any]:
        async def work(connection: AsyncConnection) -> Sequence[Any]:
            return (await connection.execute(asked)).all()

        return await self._database.transact(work)


def _sent(rows: Sequence[Any]) -> Sent:
    return Sent(rows[0].said, rows[0].kept, tuple(_calls(rows)))


def _calls(rows: Iterable[Any]) -> Iterable[Call]:
    for row in rows:
        yield Call(row.label, row.digest, row.prompt_digest, row.recipe or {})
