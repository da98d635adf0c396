"""Reads what a conversation has come to from the store and, where it is asked to, the cluster."""

import asyncio

from bot.conversations.records import Conversation
from bot.conversations.seams import Toolbox
from bot.conversations.storage.store import Store
from bot.conversations.turns.closing.facts import Facts, exchanges_of, findings_of, people_of
from bot.dialogue import Thread
from bot.errors import ClusterError

_COMPARED_SECONDS = 20.0
"""A cluster that hangs does not keep a conversation from being summed up."""

NO_CLUSTER_THEN = "No picture of the cluster was kept from the beginning, so it is not compared."
_NOT_COMPARABLE = "The cluster could not be compared with how it was: {why}"
_LATE = "it did not answer within {seconds:g} s. `what changed` tries again."


async def facts_of(
    store: Store,
    thread: Thread,
    conversation: Conversation,
    *,
    cluster: str,
    now: float,
    place: str = "",
    changed: str = "",
) -> Facts:
    """Since the conversation was opened; `place` is its channel's name. Raises StoreError."""
    since, notes = conversation.opened, conversation.notes
    decided = await store.proposals.decided_since(thread.id, since)
    findings = findings_of(notes, since)
    return Facts(
        place=place or f"channel {thread.channel}",
        cluster=cluster,
        opened=since,
        now=now,
        questions=conversation.questions,
        people=people_of(notes),
        findings=findings,
        exchanges=exchanges_of(await store.said(thread.id, since), findings, decided),
        receipts=await store.receipts_since(thread.id, since),
        decided=decided,
        undecided=await store.proposals.undecided_since(thread.id, since),
        watches=await store.watches.open_in(thread.id),
        ended=await store.watches.ended_in(thread.id, since),
        changed=changed,
    )


async def changed_since(toolbox: Toolbox, conversation: Conversation, now: float) -> str:
    """Markdown, also where the cluster cannot be compared: then it says why."""
    before = conversation.notes.get("snapshot")
    if before is None:
        return NO_CLUSTER_THEN
    try:
        async with asyncio.timeout(_COMPARED_SECONDS):
            return await toolbox.what_changed(before, now)
    except ClusterError as error:
        return _NOT_COMPARABLE.format(why=error)
    except TimeoutError:
        return _NOT_COMPARABLE.format(why=_LATE.format(seconds=_COMPARED_SECONDS))
