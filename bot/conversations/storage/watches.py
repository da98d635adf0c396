"""What people want to hear of, as rows: kept with a turn, ended with another. It looks nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.records import Turn, Watch
from bot.conversations.storage.database import Database
from bot.conversations.storage.outcomes import input_from_json, input_to_json
from bot.conversations.storage.tables import watches


@dataclass(frozen=True, slots=True)
class Ended:
    """A watch that is over, and when that was; how, its thread was told."""

    watch: Watch
    at: float


_IS_OPEN = watches.c.status == "open"


class Watches:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> tuple[Watch, ...]:
        """All of them, oldest first."""
        return await self._found(_IS_OPEN)

    async def number_open(self) -> int:
        asked = select(func.count()).select_from(watches).where(_IS_OPEN)

        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(asked)).scalar_one()

        return await self._database.transact(work)

    async def open_in(self, thread: str) -> tuple[Watch, ...]:
        return await self._found(_IS_OPEN, watches.c.thread == thread)

    async def ended_in(self, thread: str, since: float) -> tuple[Ended, ...]:
        """Those that have ended since then, in that order."""
        asked = (
            select(watches)
            .where(watches.c.thread == thread, watches.c.ended >= since)
            .order_by(watches.c.ended, watches.c.id)
        )

        async def work(connection: AsyncConnection) -> tuple[Ended, ...]:
            return tuple(Ended(_watch_of(r), r.ended) for r in await connection.execute(asked))

        return await self._database.transact(work)

    async def _found(self, *meant: Any) -> tuple[Watch, ...]:
        asked = select(watches).where(*meant).order_by(watches.c.created, watches.c.id)

        async def work(connection: AsyncConnection) -> tuple[Watch, ...]:
            return tuple(map(_watch_of, await connection.execute(asked)))

        return await self._database.transact(work)


async def save(connection: AsyncConnection, turn: Turn, made: Sequence[Watch], now: float) -> None:
    """In the transaction of what else the turn learnt."""
    rows = [
        {
            "id": watch.id,
            "thread": turn.said.thread.id,
            "turn": turn.seq,
            "status": "open",
            "said": orjson.loads(input_to_json(watch.said)),
            "wish": dict(watch.wish),
            "sentence": watch.sentence,
            "created": now,
            "expires": watch.expires,
        }
        for watch in made
    ]
    if rows:
        await connection.execute(insert(watches), rows)


async def end(connection: AsyncConnection, ids: Sequence[str], now: float) -> None:
    """The same."""
    if ids:
        ended = update(watches).where(watches.c.id.in_(ids), _IS_OPEN)
        await connection.execute(ended.values(status="ended", ended=now))


def _watch_of(row: Any) -> Watch:
    return Watch(
        id=row.id,
        said=input_from_json(orjson.dumps(row.said).decode()),
        wish=row.wish or {},
        sentence=row.sentence,
        created=row.created,
        expires=row.expires,
    )
