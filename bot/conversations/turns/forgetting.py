"""`forget` in a thread: what is kept of its conversation is deleted. The store knows what."""

from bot.conversations.records import Turn
from bot.conversations.storage.store import Store
from bot.dialogue import Notice

_FORGOTTEN = """\
Forgotten. What I had kept of this conversation is deleted: questions and answers, commands with \
their outputs, proposals, watches, ratings, and what the model knew of it.

- What stands here in Slack stays: delete messages and files there if they should go too.
- The audit log stays, where one is kept, and so does what a model's provider was sent.
- I still know which messages I have handled, by their ids alone, so that none is answered twice.

Mention me to begin anew; I remember nothing of this."""

_NOTHING_KEPT = (
    "Nothing was kept of this thread, so nothing was deleted. If you mean another conversation, say"
    " `forget` in its own thread: there, as a reply below my answer."
)

OF_PEOPLE = Notice(
    "Only a person can have a conversation forgotten, so nothing was deleted. Somebody who wants"
    " that says `forget` here."
)
"""To an app that says `forget`."""


async def forget(turn: Turn, store: Store) -> Notice:
    """Deletes and concludes the turn in one transaction. Raises StoreError, NotOurs."""
    return await store.conclude_forget(turn, _told)


def _told(was_kept: bool) -> Notice:
    return Notice(_FORGOTTEN if was_kept else _NOTHING_KEPT)
