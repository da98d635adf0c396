"""What is deleted of conversations, at once or when it has grown old, and how much there is.

A question that is being worked on holds its thread: nothing of that is deleted meanwhile.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    true,
    tuple_,
    union,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import NotOurs, Sizes, Turn, words_lane
from bot.conversations.storage.database import Database
from bot.conversations.storage.outcomes import outcome_to_json
from bot.conversations.storage.statements import of_attempt
from bot.conversations.storage.tables import (
    calls,
    conversations,
    entries,
    is_live,
    notes,
    proposals,
    ratings,
    receipts,
    turns,
    watches,
)
from bot.dialogue import Notice
from bot.errors import StoreError

_KEPT = (entries, receipts, notes, proposals, calls, watches, ratings, conversations)
_COUNTED = (*_KEPT, turns)
_CONVERSATIONS_AT_ONCE = 10
"""Deleting their output holds up everybody on SQLite."""
_ROWS_AT_ONCE = 100
"""Of each table, in conversations that go on."""

_AT_WORK = (
    "Kaia is working on a question in that thread, or on a change. Wait for its answer or say stop"
    " there, then try again; where no Kaia runs, start one first, so that it ends what was left."
)


class Forgetting:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def threads_named(self, channel: str, root: str) -> list[str]:
        """Those of which anything is kept; of several workspaces there may be several."""
        end = f":{channel}:{root}"
        named = [
            select(table.c.thread).where(_ends_with(table.c.thread, end)) for table in _COUNTED
        ]
        named[-1] = named[-1].where(turns.c.payload != "")  # others are mere identities
        asked = union(*named)

        async def work(connection: AsyncConnection) -> list[str]:
            return sorted((await connection.execute(asked)).scalars())

        return await self._database.transact(work)

    async def forget_thread(self, thread: str) -> None:
        """Everything that is kept of it, with the questions that wait. Its turns' identities stay
        until `Line.forget`: delivered again, what was forgotten must not be answered anew. Raises
        StoreError where a question is being worked on.
        """
        now = self._clock()

        async def work(connection: AsyncConnection) -> None:
            lanes = (thread, words_lane(thread))
            live = select(turns.c.status).where(turns.c.thread.in_(lanes), is_live)
            if "running" in (await connection.execute(live.with_for_update())).scalars().all():
                raise StoreError(_AT_WORK)
            await connection.execute(_blank(lanes, now))
            await _delete(connection, [thread])

        await self._database.transact(work)
        await self._database.scrub()

    async def conclude(self, turn: Turn, say: Callable[[bool], Notice]) -> Notice:
        """The same in a turn that was asked for it, with what it says of that, which is whether
        anything had been kept; what came into the line after it stays there. Raises NotOurs.
        """
        thread, now = turn.said.thread.id, self._clock()

        async def work(connection: AsyncConnection) -> Notice:
            mine = update(turns).where(of_attempt(turn))
            if (await connection.execute(mine.values(conclusion=None))).rowcount != 1:
                raise NotOurs(turn.said.id)
            await connection.execute(_blank((thread, words_lane(thread)), now, turn.seq))
            notice = say(await _delete(connection, [thread]) > 0)
            await connection.execute(mine.values(conclusion=outcome_to_json(notice)))
            return notice

        notice = await self._database.transact(work)
        await self._database.scrub()
        return notice

    async def forget_older(self, than: float) -> int:
        """Some conversations in which nothing happened since that moment, or else some of what was
        kept before it in those that go on; call again until it says 0. Turns' identities stay until
        `Line.forget`, and what a conversation needs to go on stays with it.
        """
        asked = _older(than).limit(_CONVERSATIONS_AT_ONCE)

        async def work(connection: AsyncConnection) -> int:
            meant = asked.with_for_update(skip_locked=True)
            threads = list((await connection.execute(meant)).scalars())
            await _delete(connection, threads)
            return len(threads) or await _delete_parts(connection, than)

        number = await self._database.transact(work)
        if number:
            await self._database.scrub()
        return number

    async def sizes(self) -> Sizes:
        async def work(connection: AsyncConnection) -> dict[str, int]:
            return {
                table.name: (
                    await connection.execute(select(func.count()).select_from(table))
                ).scalar_one()
                for table in _COUNTED
            }

        return Sizes(await self._database.transact(work), await self._database.bytes())


async def _delete(connection: AsyncConnection, threads: Sequence[str]) -> int:
    number = 0
    for table in _KEPT:
        of_these = delete(table).where(table.c.thread.in_(threads))
        number += (await connection.execute(of_these)).rowcount
    return number


async def _delete_parts(connection: AsyncConnection, than: float) -> int:
    number = 0
    for table, is_old in _old_parts(than):
        key = tuple_(*table.primary_key)
        old = select(*table.primary_key).where(is_old, _rests(table.c.thread))
        meant = old.limit(_ROWS_AT_ONCE).with_for_update(skip_locked=True)
        number += (await connection.execute(delete(table).where(key.in_(meant)))).rowcount
    return number


def _old_parts(than: float) -> Iterable[tuple[Table, ColumnElement[bool]]]:
    """A change that may have been run and has no end is no old one."""
    yield entries, and_(entries.c.kept > 0, entries.c.kept < than)
    yield receipts, receipts.c.started < than
    yield calls, calls.c.kept < than
    yield ratings, ratings.c.received < than
    yield watches, and_(watches.c.status != "open", watches.c.ended < than)
    last = func.coalesce(proposals.c.decided_at, proposals.c.expires)
    yield proposals, and_(proposals.c.status != "running", last < than)


def _blank(lanes: Sequence[str], now: float, before: int | None = None) -> Any:
    """What ended or waits in these keeps its identity, and none of its words; all, or what came
    before a place in line.
    """
    has = turns.c
    earlier = true() if before is None else has.seq < before
    return (
        update(turns)
        .where(has.thread.in_(lanes), has.status != "running", earlier)
        .values(
            status=case((has.status == "waiting", "stopped"), else_=has.status),
            finished=func.coalesce(has.finished, now),
            payload="",
            conclusion=None,
        )
    )


def _older(than: float) -> Select[str]:
    return (
        select(conversations.c.thread)
        .where(conversations.c.updated < than, _rests(conversations.c.thread))
        .order_by(conversations.c.updated)
    )


def _rests(thread: ColumnElement[str]) -> ColumnElement[bool]:
    """Nothing waits or runs there."""
    lanes = or_(*(turns.c.thread == lane for lane in _lanes_of(thread)))
    return ~select(turns.c.seq).where(lanes, is_live).exists()


def _lanes_of(thread: ColumnElement[str]) -> Iterable[ColumnElement[str]]:
    return thread, thread + words_lane("")


def _ends_with(column: ColumnElement[str], end: str) -> ColumnElement[bool]:
    return column.endswith(end, autoescape=True)
