"""The SQL of the line of turns; every statement runs in a transaction of its caller's."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.outcomes import input_from_json, input_to_json
from bot.conversations.records import (
    Arrival,
    Counts,
    Kind,
    NotOurs,
    Outlook,
    Recovered,
    Status,
    Stopped,
    Turn,
)
from bot.conversations.tables import conversations, turns

_LIVE = ("waiting", "running")

# Fair between channels: fewest running plus place in the line of one's own channel.
_HEADS = text("""
select seq from (
  select t.seq, row_number() over (partition by t.channel order by t.seq) + coalesce(r.n, 0) as rank
  from (select min(seq) as seq from turns where status in ('waiting','running') group by thread) f
  join turns t on t.seq = f.seq and t.status = 'waiting' and t.kind = :kind
    and t.not_before <= :now
  left join (select channel, count(*) as n from turns where status = 'running' and kind = :kind
             group by channel) r on r.channel = t.channel) h
order by rank, seq limit :free
""")


async def fenced(connection: AsyncConnection, turn: Turn, values: dict[str, Any]) -> None:
    """Writes to the row of a turn only while this attempt owns it. Raises NotOurs."""
    ours = and_(
        turns.c.seq == turn.seq, turns.c.attempt == turn.attempt, turns.c.status == "running"
    )
    if (await connection.execute(update(turns).where(ours).values(**values))).rowcount != 1:
        raise NotOurs(turn.said.id)


async def stop_thread(
    connection: AsyncConnection, thread: str, now: float, before: int | None = None
) -> Stopped:
    """Flags what runs and ends what waits there, or only what came before that place in line."""
    meant = turns.c.thread == thread
    if before is not None:
        meant = and_(meant, turns.c.seq < before)
    flagged = await connection.execute(
        update(turns)
        .where(meant, turns.c.status == "running", turns.c.stop.is_(False))
        .values(stop=True)
        .returning(turns.c.seq)
    )
    running = tuple(flagged.scalars())
    dropped = await connection.execute(
        update(turns).where(meant, turns.c.status == "waiting").values(**ended("stopped", now))
    )
    return Stopped(running, dropped.rowcount)


def ended(status: Status, now: float) -> dict[str, Any]:
    """A row that ended keeps its identity, for redeliveries; the words are in the transcript."""
    return {"status": status, "finished": now, "payload": "", "conclusion": None}


def back_in_line(now: float) -> dict[str, Any]:
    """Waiting again; or stopped, where somebody had asked for that before it could end."""
    return {
        "status": case((turns.c.stop, "stopped"), else_="waiting"),
        "finished": case((turns.c.stop, now), else_=None),
        "owner": None,
    }


async def add(connection: AsyncConnection, arrivals: Sequence[Arrival]) -> list[bool]:
    known = await _known(connection, [arrival.said.id for arrival in arrivals])
    unaddressed = {a.said.thread.id for a in arrivals if not a.said.addressed}
    ours = await owned(connection, unaddressed)
    kept, rows = [], []
    for arrival in arrivals:
        said = arrival.said
        is_new = said.id not in known and (said.addressed or said.thread.id in ours)
        kept.append(is_new)
        if is_new:
            known.add(said.id)
            rows.append(_row(arrival))
            if arrival.kind == "talk":
                ours.add(said.thread.id)
    if rows:
        await connection.execute(insert(turns), rows)
    return kept


def _row(arrival: Arrival) -> dict[str, Any]:
    said = arrival.said
    return {
        "id": said.id,
        "thread": arrival.lane,
        "channel": said.thread.channel,
        "kind": arrival.kind,
        "received": said.received,
        "payload": input_to_json(said),
    }


async def _known(connection: AsyncConnection, ids: Sequence[str]) -> set[str]:
    return set((await connection.execute(select(turns.c.id).where(turns.c.id.in_(ids)))).scalars())


async def owned(connection: AsyncConnection, threads: Iterable[str]) -> set[str]:
    asked = list(threads)
    if not asked:
        return set()
    is_open = select(conversations.c.thread).where(
        conversations.c.thread.in_(asked), conversations.c.status == "open"
    )
    is_live = select(turns.c.thread).where(turns.c.thread.in_(asked), turns.c.status.in_(_LIVE))
    return set((await connection.execute(is_open.union(is_live))).scalars())


async def heads_of(connection: AsyncConnection, kind: Kind, free: int, now: float) -> list[int]:
    if free <= 0:
        return []
    found = await connection.execute(_HEADS, {"kind": kind, "free": free, "now": now})
    return list(found.scalars())


async def claim(
    connection: AsyncConnection, heads: Sequence[int], owner: str, now: float
) -> list[Turn]:
    found = await connection.execute(
        update(turns)
        .where(turns.c.seq.in_(heads), turns.c.status == "waiting")
        .values(status="running", attempt=turns.c.attempt + 1, owner=owner, started=now)
        .returning(*_OF_A_TURN)
    )
    place = {seq: index for index, seq in enumerate(heads)}
    return sorted((_turn(row) for row in found), key=lambda turn: place[turn.seq])


_OF_A_TURN: tuple[ColumnElement[Any], ...] = (
    turns.c.seq,
    turns.c.payload,
    turns.c.kind,
    turns.c.attempt,
    turns.c.crashes,
    turns.c.started,
    turns.c.conclusion,
)


def _turn(row: Any) -> Turn:
    return Turn(
        seq=row.seq,
        said=input_from_json(row.payload),
        kind=row.kind,
        attempt=row.attempt,
        crashes=row.crashes,
        started=row.started or 0.0,
        conclusion=row.conclusion,
    )


async def recover(connection: AsyncConnection, now: float) -> Recovered:
    left = turns.c.status == "running"
    to_stop = update(turns).where(left, turns.c.stop).values(**ended("stopped", now))
    stopped = (await connection.execute(to_stop)).rowcount
    died_under = {"status": "waiting", "owner": None, "crashes": turns.c.crashes + 1}
    back = (await connection.execute(update(turns).where(left).values(**died_under))).rowcount
    deferred = and_(turns.c.status == "waiting", turns.c.not_before > 0)
    await connection.execute(update(turns).where(deferred).values(not_before=0))
    return Recovered(back, stopped)


async def outlook(connection: AsyncConnection, thread: str) -> Outlook:
    live = (
        select(turns.c.status, *_OF_A_TURN)
        .where(turns.c.thread == thread, turns.c.status.in_(_LIVE))
        .order_by(turns.c.seq)
    )
    rows = (await connection.execute(live)).all()
    running = [_turn(row) for row in rows if row.status == "running"]
    waiting = tuple(_turn(row).said for row in rows if row.status == "waiting")
    return Outlook(running[0] if running else None, waiting)


async def counts(connection: AsyncConnection) -> Counts:
    live = turns.c.status.in_(_LIVE)
    found = await connection.execute(
        select(turns.c.status, func.count(), func.min(turns.c.received))
        .where(live)
        .group_by(turns.c.status)
    )
    of = {status: (number, oldest) for status, number, oldest in found}
    waiting, oldest = of.get("waiting", (0, None))
    return Counts(waiting, of.get("running", (0, None))[0], oldest)
