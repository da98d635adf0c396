"""The SQL of the line of turns; every statement runs in a transaction of its caller's."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.asides import is_errand
from bot.conversations.records import (
    Arrival,
    Kind,
    NotOurs,
    Recovered,
    Status,
    Turn,
)
from bot.conversations.storage.dialects import take_threads, tell_replicas, upsert
from bot.conversations.storage.outcomes import input_from_json, input_to_json
from bot.conversations.storage.tables import conversations, is_live, is_running, turns
from bot.dialogue import Input

Judge = Callable[[Input], Arrival]

# Fair between channels: fewest running plus place in the line of one's own channel. What died with
# two processes runs one at a time, so that the third takes no bystanders with it.
_HEADS = text("""
select seq from (
  select t.seq, row_number() over (partition by t.channel order by t.seq) + coalesce(r.n, 0) as rank
  from (select min(seq) as seq from turns where status in ('waiting','running') group by thread) f
  join turns t on t.seq = f.seq and t.status = 'waiting' and t.kind = :kind
    and t.not_before <= :now
    and not exists (select 1 from turns b where b.thread = t.thread and b.status = 'running')
    and (t.crashes < 2 or not exists (select 1 from turns s where s.crashes >= 2 and
      (s.status = 'running' or (s.status = 'waiting' and s.seq < t.seq and s.not_before <= :now))))
  left join (select channel, count(*) as n from turns where status = 'running' and kind = :kind
             group by channel) r on r.channel = t.channel) h
order by rank, seq limit :free
""")


async def fenced(connection: AsyncConnection, turn: Turn, values: dict[str, Any]) -> None:
    """Writes to the row of a turn only while this attempt owns it. Raises NotOurs."""
    written = await connection.execute(update(turns).where(of_attempt(turn)).values(**values))
    if written.rowcount != 1:
        raise NotOurs(turn.said.id)


def of_attempt(turn: Turn) -> ColumnElement[bool]:
    return and_(
        turns.c.seq == turn.seq, turns.c.attempt == turn.attempt, turns.c.status == "running"
    )


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
    """For each whether it was new and for Kaia. Whatever another replica adds to the same threads
    is there to be seen, or comes later.
    """
    await take_threads(connection, (arrival.said.thread.id for arrival in arrivals))
    known = await _known(connection, [arrival.said.id for arrival in arrivals])
    unaddressed = {a.said.thread.id for a in arrivals if not a.said.addressed}
    ours = await owned(connection, unaddressed)
    known_to_us = await _talked_in(connection, unaddressed - ours)
    meant: dict[int, Arrival] = {}
    for place, arrival in enumerate(arrivals):
        said = arrival.said
        is_meant = said.addressed or said.thread.id in ours
        if not is_meant and said.thread.id in known_to_us and not said.is_machine:
            is_meant = is_errand(said.text)
        if said.id not in known and is_meant:
            known.add(said.id)
            meant[place] = arrival
            if arrival.kind == "talk":
                ours.add(said.thread.id)
    new = await _insert(connection, list(meant.values())) if meant else set()
    return [place in meant and arrival.said.id in new for place, arrival in enumerate(arrivals)]


async def _insert(connection: AsyncConnection, arrivals: Sequence[Arrival]) -> set[str]:
    """The identities of those that were new after all."""
    fresh = upsert(connection, turns).on_conflict_do_nothing(index_elements=["id"])
    rows = [_row(arrival) for arrival in arrivals]
    added = await connection.execute(fresh.returning(turns.c.id), rows)
    await tell_replicas(connection, "turns")
    return set(added.scalars())


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
    has_live = select(turns.c.thread).where(turns.c.thread.in_(asked), is_live)
    return set((await connection.execute(is_open.union(has_live))).scalars())


async def _talked_in(connection: AsyncConnection, threads: set[str]) -> set[str]:
    """Those in which a conversation is kept, closed or not: there its words are still heard."""
    if not threads:
        return set()
    kept = select(conversations.c.thread).where(conversations.c.thread.in_(threads))
    return set((await connection.execute(kept)).scalars())


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
        .returning(*OF_A_TURN)
    )
    place = {seq: index for index, seq in enumerate(heads)}
    return sorted((turn_of(row) for row in found), key=lambda turn: place[turn.seq])


OF_A_TURN: tuple[ColumnElement[Any], ...] = (
    turns.c.seq,
    turns.c.payload,
    turns.c.kind,
    turns.c.attempt,
    turns.c.crashes,
    turns.c.started,
    turns.c.conclusion,
)


def turn_of(row: Any) -> Turn:
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
    left = is_running
    to_stop = update(turns).where(left, turns.c.stop).values(**ended("stopped", now))
    stopped = (await connection.execute(to_stop)).rowcount
    died_under = {"status": "waiting", "owner": None, "crashes": turns.c.crashes + 1}
    back = (await connection.execute(update(turns).where(left).values(**died_under))).rowcount
    deferred = and_(turns.c.status == "waiting", turns.c.not_before > 0)
    await connection.execute(update(turns).where(deferred).values(not_before=0))
    return Recovered(back, stopped)


async def revise(
    connection: AsyncConnection, said_id: str, judge: Judge | None, now: float
) -> bool:
    """`judge` says what has become of it; None: it was deleted. Only what nobody has begun to
    answer can be changed.
    """
    waits = and_(turns.c.id == said_id, turns.c.status == "waiting", turns.c.conclusion.is_(None))
    asked = select(turns.c.seq, turns.c.thread, turns.c.payload).where(waits).with_for_update()
    row = (await connection.execute(asked)).one_or_none()
    if row is None:
        return False
    if judge is None:
        values = ended("stopped", now)
    else:
        arrival = judge(input_from_json(row.payload))
        if arrival.lane != row.thread:
            await _move(connection, row.seq, arrival)
            return True
        values = {"payload": input_to_json(arrival.said)}
    await connection.execute(update(turns).where(turns.c.seq == row.seq).values(**values))
    return True


async def _move(connection: AsyncConnection, seq: int, arrival: Arrival) -> None:
    """To the end of its new lane: put in before a turn that runs there it would be first in line
    and could not begin.
    """
    await connection.execute(delete(turns).where(turns.c.seq == seq))
    await take_threads(connection, [arrival.said.thread.id])
    await _insert(connection, [arrival])
