"""Which note of a look belongs to the conversation as it is open now; pure."""

from collections.abc import Mapping
from typing import Any

from bot.conversations.records import Conversation
from bot.tools.keeping import LOOKED


def of_this_opening(conversation: Conversation) -> Mapping[str, Any]:
    """The notes without what an earlier trouble looked like: what looks saw is kept of each."""
    notes = conversation.notes
    kept = notes.get(LOOKED)
    if kept is None or (conversation.is_open and float(kept["at"]) >= conversation.opened):
        return notes
    return {name: value for name, value in notes.items() if name != LOOKED}
