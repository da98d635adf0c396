"""How many tokens models took on a day, of all conversations together; it caps nothing."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.dialects import upsert
from bot.conversations.storage.tables import spending
from bot.dialogue import Usage


async def spend(connection: AsyncConnection, usage: Usage, now: float) -> None:
    tokens = usage.prompt_tokens + usage.completion_tokens
    if tokens:
        first = upsert(connection, spending).values(day=_day_of(now), tokens=tokens)
        more = {"tokens": spending.c.tokens + tokens}
        await connection.execute(first.on_conflict_do_update(index_elements=["day"], set_=more))


async def tokens_on(connection: AsyncConnection, moment: float) -> int:
    asked = select(spending.c.tokens).where(spending.c.day == _day_of(moment))
    return (await connection.execute(asked)).scalar() or 0


def _day_of(moment: float) -> str:
    """As UTC has it."""
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"
