"""Pure: who has taken part in the talk of a thread, as its notes keep it."""

from collections.abc import Mapping
from typing import Any

from bot.conversations import replies
from bot.dialogue import Input

PEOPLE = "people"
"""The note: user id to name and since when, in seconds since the epoch."""
_MOST = 200

People = Mapping[str, Mapping[str, Any]]


def of(notes: Mapping[str, Any]) -> People:
    known: People = notes.get(PEOPLE) or {}
    return known


def met(notes: Mapping[str, Any], said: Input) -> dict[str, Any]:
    """The note as it is once this was said. Apps, presses and watches are nobody who talks."""
    known = {person: dict(about) for person, about in of(notes).items()}
    if said.is_machine or said.decision is not None or said.watch:
        return known
    before = known.get(said.speaker)
    if before is None and len(known) >= _MOST:
        return known
    since = said.received if before is None else before["since"]
    name = replies.plain_name(said.speaker_name)
    known[said.speaker] = {"name": name or said.speaker, "since": since}
    return known
