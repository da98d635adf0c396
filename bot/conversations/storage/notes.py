"""Small things kept by name, with a conversation or with none; it gives them no meaning."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.dialects import upsert
from bot.conversations.storage.tables import notes

_NO_THREAD = ""
_SALT = "salt"
_SALT_BYTES = 32


async def read_notes(connection: AsyncConnection, thread: str) -> dict[str, Any]:
    asked = select(notes.c.name, notes.c.value).where(notes.c.thread == thread)
    return {row.name: row.value for row in await connection.execute(asked)}


async def write_notes(
    connection: AsyncConnection, thread: str, written: Mapping[str, Any], now: float
) -> None:
    for name, value in written.items():
        row = {"thread": thread, "name": name, "value": value, "updated": now}
        fresh = upsert(connection, notes).values(**row)
        same = ["thread", "name"]
        await connection.execute(
            fresh.on_conflict_do_update(index_elements=same, set_={"value": value, "updated": now})
        )


async def read_salt(connection: AsyncConnection, now: float) -> bytes:
    """This installation's own, made once: without it nobody can tell what a mark stands for."""
    fresh = secrets.token_hex(_SALT_BYTES)
    row = {"thread": _NO_THREAD, "name": _SALT, "value": fresh, "updated": now}
    # Of several processes that start together one makes it, and all read that one.
    await connection.execute(upsert(connection, notes).values(**row).on_conflict_do_nothing())
    kept = (await read_notes(connection, _NO_THREAD))[_SALT]
    return bytes.fromhex(str(kept))
