"""Questions that got other words while they ran or after their answer: kept for the model, once.

The answer and the transcript stay as they were.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.listened import HEARD, PASSAGE_CHARS
from bot.conversations.storage.notes import read_notes, write_notes
from bot.conversations.storage.outcomes import input_from_json
from bot.conversations.storage.statements import Judge
from bot.conversations.storage.tables import entries, turns
from bot.conversations.words import is_said_again
from bot.dialogue import Input, Thread

TOLD = "edits_told"
"""The note with the ids of those whose thread was told."""
_SECONDS = 300.0
"""After its answer: what is edited later nobody waits for."""
_MOST_TOLD = 20
_EDITED = "[edited my question; it is not answered in these words] "


@dataclass(frozen=True, slots=True)
class Edited:
    """A question as it was asked first, whose thread has to be told."""

    said: Input
    runs: bool


async def find(
    connection: AsyncConnection, said_id: str, judge: Judge, now: float
) -> Edited | None:
    """None where nobody answers it, or it says the same. Keeps nothing."""
    meant = and_(turns.c.id == said_id, turns.c.kind == "talk")
    row = (await connection.execute(select(turns).where(meant))).one_or_none()
    if row is None:
        return None
    if row.status == "running" and row.conclusion is None:
        found = None if row.stop else Edited(input_from_json(row.payload), runs=True)
    else:
        found = await _answered(connection, row, now)
    if found is None or is_said_again(judge(found.said).said.text, found.said.text):
        return None
    return found


async def _answered(connection: AsyncConnection, row: Any, now: float) -> Edited | None:
    is_shown = row.status == "running" or (row.status == "done" and row.finished > now - _SECONDS)
    ours = and_(entries.c.thread == row.thread, entries.c.turn == row.seq)
    asked = select(entries.c.speaker, entries.c.text).where(ours).order_by(entries.c.id)
    lines = (await connection.execute(asked)).all() if is_shown else []
    if len(lines) < 2 or lines[0].speaker == "kaia":
        return None  # what was only listened to is changed in place
    where = Thread(*row.thread.split(":", 2))
    first = lines[0]
    said = Input(
        row.id, where, "", first.speaker, "", first.text, addressed=True, received=row.received
    )
    return Edited(said, runs=False)


async def keep(connection: AsyncConnection, edited: Edited, judge: Judge, now: float) -> bool:
    """For the model's next question; whether the thread has not been told yet."""
    said, thread = edited.said, edited.said.thread.id
    kept = await read_notes(connection, thread)
    told = list(kept.get(TOLD) or ())
    talk = dict(kept.get(HEARD) or {})
    passage = {
        "id": said.id,
        "speaker": said.speaker,
        "name": said.speaker_name,
        "text": (_EDITED + judge(said).said.text)[:PASSAGE_CHARS],
        "at": now,
        "is_edit": True,
    }
    others = [each for each in talk.get("passages", ()) if each.get("id") != said.id]
    notes: dict[str, Any] = {HEARD: talk | {"passages": [*others, passage]}}
    if said.id not in told:
        notes[TOLD] = [*told, said.id][-_MOST_TOLD:]
    await write_notes(connection, thread, notes, now)
    return TOLD in notes
