"""Whether answers helped, as rows, with the model and the instructions they came from."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.dialects import upsert
from bot.conversations.storage.tables import calls, entries, ratings, turns
from bot.dialogue import Rating

BY_RULES = "builtin"
"""The label of an answer for which no model was asked."""


async def rate(connection: AsyncConnection, rating: Rating) -> bool:
    """The last press of a person counts. False, and nothing is kept, where what was rated is no
    longer kept: nobody knows then which model it came from.
    """
    asked = (
        select(calls.c.label, calls.c.prompt_digest)
        .where(calls.c.said == rating.turn)
        .order_by(calls.c.id.desc())
        .limit(1)
    )
    call = (await connection.execute(asked)).one_or_none()
    if call is None and not await _is_kept(connection, rating):
        return False
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
    return True


async def _is_kept(connection: AsyncConnection, rating: Rating) -> bool:
    """Whether what an answer without a model said is still there."""
    said = entries.join(turns, entries.c.turn == turns.c.seq)
    of_turn = (entries.c.thread == rating.thread.id, turns.c.id == rating.turn)
    asked = select(exists(select(entries.c.id).select_from(said).where(*of_turn)))
    return bool((await connection.execute(asked)).scalar_one())
