"""What SQLite and Postgres have to be told differently; nobody else asks which one it is."""

from collections.abc import Iterable

from sqlalchemy import Table, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

_TAKE = text("""
select pg_advisory_xact_lock(place) from (
  select distinct hashtextextended(thread, 1) as place from unnest(cast(:threads as text[])) thread
  order by place) places
""")


def is_postgres(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "postgresql"


def upsert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that may meet a row which is there already."""
    return postgresql.insert(table) if is_postgres(connection) else sqlite.insert(table)


async def take_threads(connection: AsyncConnection, threads: Iterable[str]) -> None:
    """Whoever adds to these threads comes after one another, until the transaction ends: places in
    line are then given in the order in which they can be seen. On SQLite everybody does anyway.

    Taken in one order by all, so that two never wait for each other.
    """
    if is_postgres(connection):
        await connection.execute(_TAKE, {"threads": sorted(set(threads))})


async def tell_replicas(connection: AsyncConnection, channel: str, what: str = "") -> None:
    """Heard when the transaction commits. On SQLite there are no others."""
    if is_postgres(connection):
        await connection.execute(select(func.pg_notify(channel, what)))
