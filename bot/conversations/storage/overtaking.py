"""A question that says "instead" takes the place of what runs; nothing that waits is lost."""

from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Arrival
from bot.conversations.storage.outcomes import input_from_json
from bot.conversations.storage.statements import ended
from bot.conversations.storage.stopping import flag
from bot.conversations.storage.tables import is_live, is_running, turns
from bot.conversations.words import is_instead


def overtakes(arrival: Arrival) -> bool:
    """Who names others talks to them."""
    said = arrival.said
    is_talk = arrival.kind == "talk" and said.decision is None and not said.watch
    return is_talk and (said.addressed or not said.mentions) and is_instead(said.text)


async def overtake(connection: AsyncConnection, arrival: Arrival, now: float) -> tuple[int, ...]:
    """Puts it, which is in line already, before those that nobody has begun, and stops what runs.
    Gives the places of running turns that were flagged.
    """
    thread, name = arrival.lane, arrival.said.id
    stopped = await _flag(connection, thread)
    in_the_way = await _waiting(connection, thread, name)
    begun = [row.seq for row in in_the_way if row.attempt and _is_question(row.payload)]
    await _drop(connection, begun, now)
    await _put_behind(connection, [row for row in in_the_way if not row.attempt])
    return stopped


async def _flag(connection: AsyncConnection, thread: str) -> tuple[int, ...]:
    """A change that was approved, or a watch that ends, is no question: it comes to its end."""
    runs = and_(turns.c.thread == thread, is_running)
    asked = select(turns.c.seq, turns.c.payload).where(runs, turns.c.stop.is_(False))
    found = (await connection.execute(asked.with_for_update())).all()
    seqs = [row.seq for row in found if _is_question(row.payload)]
    return await flag(connection, thread, turns.c.seq.in_(seqs))


async def _waiting(connection: AsyncConnection, thread: str, name: str) -> list[Any]:
    """Of those that have an outcome only the showing is left: they stay where they are."""
    waits = and_(turns.c.thread == thread, is_live, turns.c.status == "waiting")
    others = and_(turns.c.id != name, turns.c.conclusion.is_(None))
    asked = select(turns).where(waits, others).order_by(turns.c.seq).with_for_update()
    return list(await connection.execute(asked))


async def _drop(connection: AsyncConnection, seqs: list[int], now: float) -> None:
    """A question that was interrupted, by a restart for one, counts as the one that runs."""
    if seqs:
        gone = update(turns).where(turns.c.seq.in_(seqs))
        await connection.execute(gone.values(**ended("stopped", now)))


async def _put_behind(connection: AsyncConnection, rows: list[Any]) -> None:
    """In their order, with everything but the place."""
    if not rows:
        return
    await connection.execute(delete(turns).where(turns.c.seq.in_([row.seq for row in rows])))
    kept = [{name: value for name, value in row._mapping.items() if name != "seq"} for row in rows]
    await connection.execute(insert(turns), kept)


def _is_question(payload: str) -> bool:
    said = input_from_json(payload)
    return said.decision is None and not said.watch
