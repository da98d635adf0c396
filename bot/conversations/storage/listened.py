"""What people said to each other, after it was said: changed or dropped as its message was, and a
question that was taken back while it runs. It keeps nothing new, and touches no answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversations.storage.notes import write_notes
from bot.conversations.storage.statements import Judge
from bot.conversations.storage.stopping import flag
from bot.conversations.storage.tables import entries, notes, turns
from bot.dialogue import Input, Thread

HEARD = "heard"
"""The note with what the model has not been told yet, in `passages`."""
PASSAGE_CHARS = 2_000


async def revise(
    connection: AsyncConnection, said_id: str, judge: Judge | None, now: float
) -> tuple[int, ...]:
    """`judge` says what has become of it; None: it was deleted. Gives the places of running turns
    that were flagged to stop.
    """
    asked = select(turns.c.seq, turns.c.thread).where(
        turns.c.id == said_id, turns.c.kind == "talk", turns.c.status != "waiting"
    )
    row = (await connection.execute(asked)).one_or_none()
    if row is None:
        return ()
    text = "" if judge is None else judge(_said(said_id, row.thread)).said.text
    await _revise_note(connection, row.thread, said_id, text, now)
    await _revise_entry(connection, row.thread, row.seq, text)
    if judge is not None:
        return ()
    is_open = and_(turns.c.seq == row.seq, turns.c.conclusion.is_(None))
    return await flag(connection, row.thread, is_open)


def _said(said_id: str, thread: str) -> Input:
    """A row that ended holds no words: as much of them as redaction goes by."""
    where = Thread(*thread.split(":", 2))
    return Input(said_id, where, "", "", "", "", addressed=False, received=0.0)


async def _revise_note(
    connection: AsyncConnection, thread: str, said_id: str, text: str, now: float
) -> None:
    note = await _note(connection, thread)
    before = list(note.get("passages", ()))
    changed = {"text": text[:PASSAGE_CHARS]}
    after = [each | changed if each.get("id") == said_id else each for each in before]
    after = [each for each in after if each["text"] or each.get("id") != said_id]
    if after != before:
        await write_notes(connection, thread, {HEARD: note | {"passages": after}}, now)


async def _revise_entry(connection: AsyncConnection, thread: str, seq: int, text: str) -> None:
    """Of a turn that was only listened to: whatever Kaia answered has more lines than one."""
    ours = and_(entries.c.thread == thread, entries.c.turn == seq)
    asked = select(entries.c.id, entries.c.speaker).where(ours)
    lines = (await connection.execute(asked)).all()
    if len(lines) != 1 or lines[0].speaker == "kaia":
        return
    change = update(entries).values(text=text) if text else delete(entries)
    await connection.execute(change.where(entries.c.id == lines[0].id))


async def as_revised(
    connection: AsyncConnection, thread: str, said_id: str, written: Mapping[str, Any]
) -> dict[str, Any]:
    """The notes that a turn has written, with what was revised while it ran: it had read them
    before. `said_id` is its own input.
    """
    if HEARD not in written:
        return dict(written)
    kept = (await _note(connection, thread)).get("passages", ())
    passages = _as_kept(written[HEARD].get("passages", ()), kept, said_id)
    # The answer is to its first wording, so that the model has not been told the later one.
    passages += [each for each in kept if each.get("is_edit") and each.get("id") == said_id]
    return {**written, HEARD: {**written[HEARD], "passages": passages}}


def _as_kept(
    written: Sequence[Mapping[str, Any]], kept: Sequence[Mapping[str, Any]], own: str
) -> list[Mapping[str, Any]]:
    by_id = {each.get("id", ""): each for each in kept}
    return [
        by_id.get(name, each) if name else each
        for each in written
        if (name := each.get("id", "")) in ("", own) or name in by_id
    ]


async def _note(connection: AsyncConnection, thread: str) -> dict[str, Any]:
    asked = select(notes.c.value).where(notes.c.thread == thread, notes.c.name == HEARD)
    return dict((await connection.execute(asked.with_for_update())).scalar() or {})
