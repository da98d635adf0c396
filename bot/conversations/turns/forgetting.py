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


async def forget(turn: Turn, store: Store) -> Notice:
    """Deletes and concludes the turn in one transaction. Raises StoreError, NotOurs."""
    notice = Notice(_FORGOTTEN)
    await store.conclude_forget(turn, notice)
    return notice
