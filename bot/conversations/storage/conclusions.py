"""What a turn learnt, written in one transaction, once; it decides nothing of it."""

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Learnt, NotOurs, Turn
from bot.conversations.storage import listened, proposals, watches
from bot.conversations.storage.dialects import upsert
from bot.conversations.storage.notes import write_notes
from bot.conversations.storage.outcomes import outcome_to_json
from bot.conversations.storage.rows import (
    changes_of,
    fresh_conversation,
    row_of_call,
    row_of_entry,
    row_of_receipt,
)
from bot.conversations.storage.spending import spend
from bot.conversations.storage.statements import of_attempt
from bot.conversations.storage.tables import calls, conversations, entries, receipts, turns
from bot.dialogue import Thread


async def conclude(connection: AsyncConnection, turn: Turn, learnt: Learnt, now: float) -> None:
    """Raises NotOurs. Nothing happens where it was concluded already: the store may have broken off
    after it had kept everything and before it could say so.
    """
    if not await _begin(connection, turn, outcome_to_json(learnt.outcome)):
        return
    await open_if_new(connection, turn.said.thread, turn.said.received)
    await _reopen(connection, turn, learnt)
    await connection.execute(
        update(conversations)
        .where(conversations.c.thread == turn.said.thread.id)
        .values(**changes_of(learnt, now))
    )
    await _write_rows(connection, turn, learnt, now)
    thread = turn.said.thread.id
    notes = await listened.as_revised(connection, thread, turn.said.id, learnt.notes)
    await write_notes(connection, thread, notes, now)
    await proposals.save(connection, turn, learnt.proposals, now)
    await watches.save(connection, turn, learnt.watches, now)
    await watches.end(connection, learnt.ended_watches, now)
    if learnt.settled is not None:
        await proposals.settle(connection, turn, learnt.settled, now)
    await spend(connection, learnt.usage, now)  # last: all turns of a day share this row


async def open_if_new(connection: AsyncConnection, thread: Thread, now: float) -> None:
    """After a Stop too the thread is Kaia's: the next reply needs no mention."""
    fresh = upsert(connection, conversations).values(**fresh_conversation(thread, now))
    await connection.execute(fresh.on_conflict_do_nothing())


async def _begin(connection: AsyncConnection, turn: Turn, conclusion: str) -> bool:
    ours = of_attempt(turn)
    written = await connection.execute(
        update(turns).where(ours, turns.c.conclusion.is_(None)).values(conclusion=conclusion)
    )
    if written.rowcount == 1:
        return True
    if (await connection.execute(select(turns.c.seq).where(ours))).scalar() is None:
        raise NotOurs(turn.said.id)
    return False


async def _write_rows(connection: AsyncConnection, turn: Turn, learnt: Learnt, now: float) -> None:
    said: list[dict[str, Any]] = [row_of_entry(turn, entry, now) for entry in learnt.entries]
    ran = [row_of_receipt(turn, receipt) for receipt in learnt.receipts]
    sent = [row_of_call(turn, call, now) for call in learnt.calls]
    for table, rows in ((entries, said), (receipts, ran), (calls, sent)):
        if rows:
            await connection.execute(insert(table), rows)


async def _reopen(connection: AsyncConnection, turn: Turn, learnt: Learnt) -> None:
    """What is counted for the close-out begins anew."""
    closed = (conversations.c.thread == turn.said.thread.id, conversations.c.status == "closed")
    if learnt.becomes == "open":
        anew = {"status": "open", "opened": turn.said.received, "questions": 0}
        await connection.execute(update(conversations).where(*closed).values(**anew))
