"""What is deleted of conversations, at once or when it has grown old, and how much there is.

A question that is being worked on holds its thread: nothing of that is deleted meanwhile.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Sizes, words_lane
from bot.conversations.storage.database import Database
from bot.conversations.storage.tables import (
    conversations,
    entries,
    is_live,
    notes,
    proposals,
    receipts,
    turns,
)
from bot.errors import StoreError

_KEPT = (entries, receipts, notes, proposals, conversations)
_COUNTED = (*_KEPT, turns)
_CONVERSATIONS_AT_ONCE = 10
"""Deleting their output holds up everybody on SQLite."""

_AT_WORK = (
    "Kaia is working on a question in that thread, or on a change. Wait for its answer or say stop"
    " there, then try again; where no Kaia runs, start one first, so that it ends what was left."
)


class Forgetting:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def threads_named(self, channel: str, root: str) -> list[str]:
        """Those of which anything is kept; of several workspaces there may be several."""
        asked = union(
            *(
                select(table.c.thread).where(_ends_with(table.c.thread, f":{channel}:{root}"))
                for table in _COUNTED
            )
        )

        async def work(connection: AsyncConnection) -> list[str]:
            return sorted((await connection.execute(asked)).scalars())

        return await self._database.transact(work)

    async def forget_thread(self, thread: str) -> None:
        """Everything that is kept of it, with the questions that wait. Raises StoreError where one
        is being worked on.
        """

        async def work(connection: AsyncConnection) -> None:
            lanes = (thread, words_lane(thread))
            live = select(turns.c.status).where(turns.c.thread.in_(lanes), is_live)
            if "running" in (await connection.execute(live.with_for_update())).scalars().all():
                raise StoreError(_AT_WORK)
            await connection.execute(delete(turns).where(turns.c.thread.in_(lanes)))
            await _delete(connection, [thread])

        await self._database.transact(work)
        await self._database.scrub()

    async def forget_older(self, than: float) -> int:
        """Some conversations in which nothing happened since that moment; call again until it says
        0. Their turns' identities stay until `Line.forget`.
        """
        asked = _older(than).limit(_CONVERSATIONS_AT_ONCE)

        async def work(connection: AsyncConnection) -> int:
            meant = asked.with_for_update(skip_locked=True)
            threads = list((await connection.execute(meant)).scalars())
            await _delete(connection, threads)
            return len(threads)

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


async def _delete(connection: AsyncConnection, threads: Sequence[str]) -> None:
    for table in _KEPT:
        await connection.execute(delete(table).where(table.c.thread.in_(threads)))


def _older(than: float) -> Select[str]:
    live = select(turns.c.seq).where(
        or_(*(turns.c.thread == lane for lane in _lanes_of(conversations.c.thread))),
        is_live,
    )
    return (
        select(conversations.c.thread)
        .where(conversations.c.updated < than, ~live.exists())
        .order_by(conversations.c.updated)
    )


def _lanes_of(thread: ColumnElement[str]) -> Iterable[ColumnElement[str]]:
    return thread, thread + words_lane("")


def _ends_with(column: ColumnElement[str], end: str) -> ColumnElement[bool]:
    return column.endswith(end, autoescape=True)
