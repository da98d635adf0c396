"""Asks running turns to stop and ends what waits before them. It cancels nothing itself."""

from sqlalchemy import ColumnElement, and_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Stopped
from bot.conversations.storage.dialects import tell_replicas
from bot.conversations.storage.statements import ended
from bot.conversations.storage.tables import is_live, is_running, turns


async def stop_thread(
    connection: AsyncConnection, thread: str, now: float, before: int | None = None
) -> Stopped:
    """Flags what runs and ends what waits there, or only what came before that place in line."""
    meant = turns.c.thread == thread
    if before is not None:
        meant = and_(meant, turns.c.seq < before)
    running = await flag(connection, thread, meant)
    dropped = await connection.execute(
        update(turns)
        .where(meant, is_live, turns.c.status == "waiting")
        .values(**ended("stopped", now))
    )
    return Stopped(running, dropped.rowcount)


async def flag(
    connection: AsyncConnection, thread: str, meant: ColumnElement[bool]
) -> tuple[int, ...]:
    """Asks the running turns that are meant to stop, on whichever replica; gives their places."""
    not_yet = and_(meant, is_running, turns.c.stop.is_(False))
    flagged = await connection.execute(
        update(turns).where(not_yet).values(stop=True).returning(turns.c.seq)
    )
    running = tuple(flagged.scalars())
    if running:
        await tell_replicas(connection, "turns_stop", thread)
    return running
