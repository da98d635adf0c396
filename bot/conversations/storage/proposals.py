"""Proposed changes as rows: kept with their turn, marked before they run, settled after.

It judges nobody and runs nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Fate, Settled, Turn
from bot.conversations.storage.database import Database
from bot.conversations.storage.outcomes import proposal_of
from bot.conversations.storage.statements import fenced
from bot.conversations.storage.tables import proposals
from bot.dialogue import Proposal


@dataclass(frozen=True, slots=True)
class Kept:
    """A proposal as its row has it."""

    proposal: Proposal
    thread: str
    fate: Fate
    by: str
    """Who decided, as people read it; nothing where nobody has."""
    at: float
    """When; of an approval the moment before its command was started."""
    turn: int | None
    """The turn that decided, by its place in line."""


class Proposals:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def find(self, proposal: str) -> Kept | None:
        return await self._database.transact(partial(_find, proposal=proposal))

    async def decided_since(self, thread: str, moment: float) -> tuple[Kept, ...]:
        """What somebody decided about in a thread since then, in that order."""
        in_time = proposals.c.decided_at >= moment
        return await self._found(thread, in_time, proposals.c.decided_at)

    async def undecided_since(self, thread: str, moment: float) -> tuple[Kept, ...]:
        """What was proposed in a thread since then and nobody has decided about, in that order;
        also where its time is over.
        """
        is_open = and_(proposals.c.status == "open", proposals.c.created >= moment)
        return await self._found(thread, is_open, proposals.c.created)

    async def _found(self, thread: str, meant: Any, order: Any) -> tuple[Kept, ...]:
        asked = (
            select(proposals)
            .where(proposals.c.thread == thread, meant)
            .order_by(order, proposals.c.id)
        )

        async def work(connection: AsyncConnection) -> tuple[Kept, ...]:
            return tuple(_kept(row) for row in await connection.execute(asked))

        return await self._database.transact(work)

    async def begin(self, turn: Turn, proposal: str, by: str) -> bool:
        """Marks it as running, in a transaction of its own. False where it was not open any more:
        of two that try, one wins. Raises NotOurs.
        """
        values = _decided("running", by, self._clock(), turn)
        is_open = and_(proposals.c.id == proposal, proposals.c.status == "open")
        return await self._database.transact(
            partial(_write, turn=turn, meant=is_open, values=values)
        )

    async def reopen(self, turn: Turn, proposal: str) -> None:
        """Takes this turn's own mark away again: nothing was started. Raises NotOurs."""
        values = _decided("open", "", None, None)
        marked = and_(proposals.c.id == proposal, _is_running_in(turn))
        await self._database.transact(partial(_write, turn=turn, meant=marked, values=values))


async def save(
    connection: AsyncConnection, turn: Turn, made: Sequence[Proposal], now: float
) -> None:
    """In the transaction of what else the turn learnt."""
    rows = [
        {
            "id": proposal.id,
            "thread": turn.said.thread.id,
            "turn": turn.seq,
            "status": "open",
            "content": asdict(proposal),
            "created": now,
            "expires": proposal.expires,
        }
        for proposal in made
    ]
    if rows:
        await connection.execute(insert(proposals), rows)


async def settle(connection: AsyncConnection, turn: Turn, settled: Settled, now: float) -> None:
    """In the transaction of what else the turn learnt. What another turn decided stays, and what
    was never begun does not become unknown.
    """
    mine = _is_running_in(turn)
    if settled.fate != "unknown":
        mine = or_(mine, proposals.c.status == "open")
    mine = and_(proposals.c.id == settled.proposal, mine)
    decided = _decided(settled.fate, settled.by, now, turn)
    decided["decided_at"] = func.coalesce(proposals.c.decided_at, now)
    await connection.execute(update(proposals).where(mine).values(**decided))


def _is_running_in(turn: Turn) -> Any:
    return and_(proposals.c.status == "running", proposals.c.decided_turn == turn.seq)


def _decided(fate: Fate, by: str, at: float | None, turn: Turn | None) -> dict[str, Any]:
    return {
        "status": fate,
        "decided_by": by or None,
        "decided_at": at,
        "decided_turn": turn.seq if turn else None,
    }


async def _write(
    connection: AsyncConnection, turn: Turn, meant: Any, values: dict[str, Any]
) -> bool:
    """Only while the turn is this attempt's: writing to its row holds off whoever takes it over."""
    await fenced(connection, turn, {"attempt": turn.attempt})
    return (await connection.execute(update(proposals).where(meant).values(**values))).rowcount == 1


async def _find(connection: AsyncConnection, proposal: str) -> Kept | None:
    asked = select(proposals).where(proposals.c.id == proposal)
    row = (await connection.execute(asked)).one_or_none()
    return None if row is None else _kept(row)


def _kept(row: Any) -> Kept:
    return Kept(
        proposal=proposal_of(row.content),
        thread=row.thread,
        fate=row.status,
        by=row.decided_by or "",
        at=row.decided_at or 0.0,
        turn=row.decided_turn,
    )
