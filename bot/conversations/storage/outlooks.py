"""What is in line, looked at; it changes nothing."""

from collections.abc import Sequence

from sqlalchemy import and_, func, not_, select
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


async def asked_lately(
    connection: AsyncConnection, thread: str, after: float, up_to: int | None, most: int
) -> list[float]:
    is_listened_to = and_(turns.c.status == "done", turns.c.posted_ts.is_(None))
    asked = select(turns.c.received).where(
        turns.c.thread == thread,
        turns.c.kind == "talk",
        turns.c.received > after,
        not_(is_listened_to),
    )
    if up_to is not None:
        asked = asked.where(turns.c.seq <= up_to)
    latest = asked.order_by(turns.c.seq.desc()).limit(most)
    return list((await connection.execute(latest)).scalars())


async def places(connection: AsyncConnection, ids: Sequence[str]) -> tuple[dict[str, int], int]:
    earlier = turns.alias()
    before = (
        select(func.count())
        .where(earlier.c.thread == turns.c.thread, earlier.c.seq < turns.c.seq)
        .where(earlier.c.status.in_(("waiting", "running")))
        .scalar_subquery()
        .label("others")
    )
    waiting = select(turns.c.id, before).where(turns.c.id.in_(ids), turns.c.status == "waiting")
    found = {row.id: row.others for row in await connection.execute(waiting)}
    at_work = select(func.count()).where(turns.c.status == "running", turns.c.kind == "talk")
    return found, (await connection.execute(at_work)).scalar_one()
