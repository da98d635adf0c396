"""A question that says "instead" takes the place of what runs; nothing that waits is lost."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Arrival
from bot.conversations.storage.outcomes import input_from_json, input_to_json
from bot.conversations.storage.statements import ended
from bot.conversations.storage.stopping import flag
from bot.conversations.storage.tables import is_live, is_running, turns
from bot.conversations.turns import phrasing
from bot.conversations.words import is_instead
from bot.dialogue import Input


def overtakes(arrival: Arrival) -> bool:
    """Whether it may. Who names others talks to them."""
    said = arrival.said
    is_talk = arrival.kind == "talk" and said.decision is None and not said.watch
    return is_talk and (said.addressed or not said.mentions) and is_instead(said.text)


async def overtake(connection: AsyncConnection, arrival: Arrival, now: float) -> tuple[int, ...]:
    """Puts it, which is in line already, before those that nobody has begun, and stops what runs.
    Gives the places of running turns that were flagged. Does nothing where it is a thought that
    people tell each other.
    """
    thread, said = arrival.lane, arrival.said
    running = await _running(connection, thread)
    in_the_way = await _waiting(connection, thread, said.id)
    begun = [row for row in in_the_way if row.attempt and _is_question(row.payload)]
    if not (said.addressed or phrasing.asks(said.text)):
        if not _is_by_the_same(said, [*running, *begun]):
            return ()
        await _address(connection, said)
    stopped = await flag(connection, thread, turns.c.seq.in_([row.seq for row in running]))
    await _drop(connection, [row.seq for row in begun], now)
    await _put_behind(connection, [row for row in in_the_way if not row.attempt])
    return stopped


async def _running(connection: AsyncConnection, thread: str) -> list[Any]:
    """A change that was approved, or a watch that ends, is no question: it comes to its end."""
    runs = and_(turns.c.thread == thread, is_running)
    asked = select(turns.c.seq, turns.c.payload).where(runs, turns.c.stop.is_(False))
    found = (await connection.execute(asked.with_for_update())).all()
    return [row for row in found if _is_question(row.payload)]


def _is_by_the_same(said: Input, questions: Sequence[Any]) -> bool:
    """Whoever waits for an answer and says "instead" speaks of that."""
    return any(input_from_json(row.payload).speaker == said.speaker for row in questions)


async def _address(connection: AsyncConnection, said: Input) -> None:
    """What has stopped their question is answered, whatever it sounds like."""
    kept = update(turns).where(turns.c.id == said.id)
    await connection.execute(kept.values(payload=input_to_json(replace(said, addressed=True))))


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
