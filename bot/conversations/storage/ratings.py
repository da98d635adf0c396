"""Whether answers helped, as rows, with the model and the instructions they came from."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.dialects import upsert
from bot.conversations.storage.tables import calls, ratings
from bot.dialogue import Rating

BY_RULES = "builtin"
"""The label of an answer for which no model was asked."""


async def rate(connection: AsyncConnection, rating: Rating) -> None:
    """The last press of a person counts."""
    asked = (
        select(calls.c.label, calls.c.prompt_digest)
        .where(calls.c.said == rating.turn)
        .order_by(calls.c.id.desc())
        .limit(1)
    )
    call = (await connection.execute(asked)).one_or_none()
    values = {
        "thread": rating.thread.id,
        "is_good": rating.is_good,
        "label": call.label if call else BY_RULES,
        "prompt_digest": call.prompt_digest if call else "",
        "received": rating.received,
    }
    fresh = upsert(connection, ratings).values(said=rating.turn, person=rating.person, **values)
    await connection.execute(
        fresh.on_conflict_do_update(index_elements=["said", "person"], set_=values)
    )
