"""What is kept of conversations: state, transcript, receipts, outcomes. It never shows anything."""

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.database import Database
from bot.conversations.line import Line
from bot.conversations.notes import read_notes, read_salt, write_notes
from bot.conversations.outcomes import outcome_from_json, outcome_to_json, receipts_named
from bot.conversations.records import Commands, Conversation, Counts, Learnt, Stopped, Turn
from bot.conversations.rows import (
    changes_of,
    entry_of,
    fresh_conversation,
    receipt_of,
    row_of_entry,
    row_of_receipt,
)
from bot.conversations.statements import fenced, stop_thread
from bot.conversations.tables import (
    SCHEMA_VERSION,
    add_missing_columns,
    conversations,
    entries,
    metadata,
    receipts,
    schema,
)
from bot.dialogue import Entry, Notice, Outcome, Receipt, Thread
from bot.errors import StoreError

OnStop = Callable[[Sequence[int]], None]


class Store:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self.database = database
        self.line = Line(database, clock)
        self._clock = clock
        self._salt = b""
        self._on_stop: list[OnStop] = []

    @classmethod
    async def open(
        cls, url: str, *, exclusive: bool, clock: Callable[[], float] = time.time
    ) -> "Store":
        """`exclusive` for a process that runs turns. Raises StoreError, StoreIsHeld."""
        database = Database.open(url, exclusive=exclusive)
        try:
            await database.transact(partial(_prepare, path=str(database.path)))
            store = cls(database, clock)
            store._salt = await database.transact(partial(read_salt, now=clock()))
        except BaseException:
            await database.close()
            raise
        return store

    def key_of(self, thread: str) -> bytes:
        """A conversation's own key, the same after a restart: equal secrets get equal marks in
        it, and nobody can compare them with those of another.
        """
        return hashlib.blake2b(thread.encode(), key=self._salt, digest_size=32).digest()

    async def close(self) -> None:
        await self.database.close()

    def when_stopped(self, on_stop: OnStop) -> None:
        """Calls back with the running turns that somebody wants to end."""
        self._on_stop.append(on_stop)

    async def conversation(self, thread: str) -> Conversation:
        async def work(connection: AsyncConnection) -> Conversation:
            row = await _conversation_row(connection, thread)
            if row is None:
                return Conversation()
            return Conversation(
                row.status == "open",
                row.state,
                row.next_receipt,
                row.questions,
                row.opened,
                await read_notes(connection, thread),
            )

        return await self.database.transact(work)

    async def conclude(self, turn: Turn, learnt: Learnt) -> None:
        """One transaction, only while the turn is this attempt's. Raises NotOurs."""
        await self.database.transact(
            partial(_conclude, turn=turn, learnt=learnt, now=self._clock())
        )

    async def conclude_stop(self, turn: Turn, say: Callable[[Stopped], Notice]) -> Notice:
        """Stops what came before `turn` in its thread, with what is said of it. Raises NotOurs."""
        now = self._clock()

        async def work(connection: AsyncConnection) -> tuple[Stopped, Notice]:
            thread = turn.said.thread
            stopped = await stop_thread(connection, thread.id, now, before=turn.seq)
            if stopped.running or stopped.waiting:
                await _open_if_new(connection, thread, now)
            notice = say(stopped)
            await fenced(connection, turn, {"conclusion": outcome_to_json(notice)})
            return stopped, notice

        stopped, notice = await self.database.transact(work)
        self._tell(stopped)
        return notice

    async def stop(self, thread: str) -> Stopped:
        """Ends what waits in a thread and flags what runs there."""
        stopped = await self.line.stop(thread)
        self._tell(stopped)
        return stopped

    def _tell(self, stopped: Stopped) -> None:
        for on_stop in self._on_stop:
            on_stop(stopped.running)

    async def outcome(self, turn: Turn) -> Outcome | None:
        """What an earlier attempt concluded and may not have shown."""
        if turn.conclusion is None:
            return None
        numbers = receipts_named(turn.conclusion)
        kept = await self._receipts(turn.said.thread.id, numbers) if numbers else ()
        return outcome_from_json(turn.conclusion, kept)

    async def receipt(self, thread: str, number: int) -> Receipt | None:
        found = await self._receipts(thread, [number])
        return found[0] if found else None

    async def _receipts(self, thread: str, numbers: Sequence[int]) -> tuple[Receipt, ...]:
        asked = (
            select(receipts)
            .where(receipts.c.thread == thread, receipts.c.number.in_(numbers))
            .order_by(receipts.c.number)
        )

        async def work(connection: AsyncConnection) -> tuple[Receipt, ...]:
            return tuple(receipt_of(row) for row in await connection.execute(asked))

        return await self.database.transact(work)

    async def transcript(self, thread: str) -> tuple[Entry, ...]:
        asked = select(entries).where(entries.c.thread == thread).order_by(entries.c.id)

        async def work(connection: AsyncConnection) -> tuple[Entry, ...]:
            return tuple(entry_of(row) for row in await connection.execute(asked))

        return await self.database.transact(work)

    async def commands(self, thread: str, *, since: float) -> Commands:
        asked = (
            select(receipts.c.verdict == "refused", func.count())
            .where(receipts.c.thread == thread, receipts.c.started >= since)
            .group_by(receipts.c.verdict == "refused")
        )

        async def work(connection: AsyncConnection) -> Commands:
            counted: dict[int, int] = {
                int(refused): n for refused, n in await connection.execute(asked)
            }
            return Commands(counted.get(0, 0), counted.get(1, 0))

        return await self.database.transact(work)

    async def counts(self) -> Counts:
        return await self.line.counts()


async def _prepare(connection: AsyncConnection, path: str) -> None:
    await connection.run_sync(schema.create, checkfirst=True)
    version = (await connection.execute(select(schema.c.version))).scalar()
    # Tables are only ever added: an older release goes on beside those it does not know.
    await connection.run_sync(metadata.create_all)
    await connection.run_sync(add_missing_columns)
    if version is None:
        await connection.execute(insert(schema).values(version=SCHEMA_VERSION))
    elif version > SCHEMA_VERSION:
        raise StoreError(
            f"{path} was written by a newer Kaia (its form is {version}, this release knows"
            f" {SCHEMA_VERSION}). Start that release again, or set KAIA_STORE to another file."
        )


async def _conversation_row(connection: AsyncConnection, thread: str) -> Any:
    asked = select(conversations).where(conversations.c.thread == thread)
    return (await connection.execute(asked)).one_or_none()


async def _open_if_new(connection: AsyncConnection, thread: Thread, now: float) -> None:
    """After a Stop too the thread is Kaia's: the next reply needs no mention."""
    fresh = upsert(conversations).values(**fresh_conversation(thread, now)).on_conflict_do_nothing()
    await connection.execute(fresh)


async def _conclude(connection: AsyncConnection, turn: Turn, learnt: Learnt, now: float) -> None:
    await fenced(connection, turn, {"conclusion": outcome_to_json(learnt.outcome)})
    thread = turn.said.thread
    await _open_if_new(connection, thread, turn.said.received)
    await _reopen(connection, turn, learnt)
    await connection.execute(
        update(conversations)
        .where(conversations.c.thread == thread.id)
        .values(**changes_of(learnt, now))
    )
    if learnt.entries:
        rows = [row_of_entry(turn, entry) for entry in learnt.entries]
        await connection.execute(insert(entries), rows)
    if learnt.receipts:
        rows = [row_of_receipt(turn, receipt) for receipt in learnt.receipts]
        await connection.execute(insert(receipts), rows)
    await write_notes(connection, thread.id, learnt.notes, now)


async def _reopen(connection: AsyncConnection, turn: Turn, learnt: Learnt) -> None:
    """What is counted for the close-out begins anew."""
    closed = (conversations.c.thread == turn.said.thread.id, conversations.c.status == "closed")
    if learnt.becomes == "open":
        anew = {"status": "open", "opened": turn.said.received, "questions": 0}
        await connection.execute(update(conversations).where(*closed).values(**anew))
