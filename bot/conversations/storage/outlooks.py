"""What is in line, looked at; it changes nothing."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Counts, Outlook
from bot.conversations.storage.statements import OF_A_TURN, turn_of
from bot.conversations.storage.tables import is_live, turns


async def outlook(connection: AsyncConnection, thread: str) -> Outlook:
    live = (
        select(turns.c.status, *OF_A_TURN)
        .where(turns.c.thread == thread, is_live)
        .order_by(turns.c.seq)
    )
    rows = (await connection.execute(live)).all()
    running = [turn_of(row) for row in rows if row.status == "running"]
    waiting = tuple(turn_of(row).said for row in rows if row.status == "waiting")
    return Outlook(running[0] if running else None, waiting)


async def counts(connection: AsyncConnection) -> Counts:
    found = await connection.execute(
        select(turns.c.status, func.count(), func.min(turns.c.received))
        .where(is_live)
        .group_by(turns.c.status)
    )
    of = {status: (number, oldest) for status, number, oldest in found}
    waiting, oldest = of.get("waiting", (0, None))
    return Counts(waiting, of.get("running", (0, None))[0], oldest)


async def recent(connection: AsyncConnection, thread: str, since: float) -> int:
    asked = select(func.count()).where(
        turns.c.thread == thread, turns.c.kind == "talk", turns.c.received >= since
    )
    return (await connection.execute(asked)).scalar_one()
