"""How a conversation ends with somebody's "Thanks!", and how it is summed up before that.

Code tells it all; a model may add one paragraph. It shows and saves nothing itself.
"""

from collections.abc import Callable

from bot.conversations.records import Conversation, Learnt, Turn
from bot.conversations.seams import Toolbox
from bot.conversations.storage.store import Store
from bot.conversations.turns.closing.brief import counts, short
from bot.conversations.turns.closing.facts import Facts
from bot.conversations.turns.closing.gathering import changed_since, facts_of
from bot.conversations.turns.closing.paragraph import Paragraphs
from bot.conversations.turns.closing.ticket import ticket
from bot.conversations.turns.progress import Progress
from bot.conversations.turns.question import Questions
from bot.dialogue import Audience, Closed, Entry, Notice, Step

CLOSING = "closing"
"""The note that keeps what is posted to the channel."""
_CLOSED = (
    "You're welcome. This conversation is closed: {counts}. Mention me to go on from here; `post to"
    " the channel` shows this there"
)
_EXPORTS = ", `export` keeps the incident as a scenario"
_SO_FAR = "**So far:** {counts}. The conversation goes on; `Thanks!` closes it."
_POSTED = "**Closed:** {counts}."
_NOTHING_CLOSED = (
    "Nothing is closed here yet, so there is nothing to post to the channel. `Thanks!` closes the"
    " conversation; `summary` shows here what it has come to."
)
_OPEN_AGAIN = (
    "I posted nothing to the channel, because the conversation goes on since it was closed."
    " `Thanks!` closes it again; `summary` shows here what it has come to."
)
_NOTHING_OPEN = "No conversation is open here, so there is nothing to sum up. Mention me to begin."


class Closing:
    def __init__(
        self,
        store: Store,
        questions: Questions,
        toolbox: Toolbox,
        paragraphs: Paragraphs,
        cluster: Callable[[], str],
        clock: Callable[[], float],
        *,
        can_export: bool = True,
    ) -> None:
        self._store = store
        self._questions = questions
        self._toolbox = toolbox
        self._paragraphs = paragraphs
        self._cluster = cluster
        self._clock = clock
        self._closed = f"{_CLOSED}{_EXPORTS if can_export else ''}."

    async def thanked(
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Learnt:
        """Raises StoreError."""
        await audience.begin()
        state = await self._questions.close(turn, conversation)
        facts = await self._facts(turn, conversation, audience)
        await audience.step(Step("summing up the conversation"))
        words = await self._paragraphs.word(turn, conversation, progress)
        told = short(facts, words)
        markdown = _under(self._closed, facts, told)
        return Learnt(
            Closed(markdown, ticket(facts, words), offers_broadcast=True),
            "closed",
            state,
            (Entry(turn.said.speaker, turn.said.text), Entry("kaia", markdown)),
            usage=progress.usage,
            notes={CLOSING: _under(_POSTED, facts, told)},
            calls=progress.calls,
        )

    async def summary(self, turn: Turn, conversation: Conversation, audience: Audience) -> Notice:
        """The same for a conversation that goes on; no model is asked. Raises StoreError."""
        if not conversation.is_open:
            return Notice(_NOTHING_OPEN)
        await audience.begin()
        facts = await self._facts(turn, conversation, audience)
        return Notice(_under(_SO_FAR, facts, short(facts)))

    async def _facts(self, turn: Turn, conversation: Conversation, audience: Audience) -> Facts:
        if conversation.notes.get("snapshot") is not None:
            await audience.step(Step("comparing the cluster with how it was"))
        now = self._clock()
        changed = await changed_since(self._toolbox, conversation, now)
        return await facts_of(
            self._store,
            turn.said.thread,
            conversation,
            cluster=self._cluster(),
            now=now,
            place=await audience.place(),
            changed=changed,
        )


def broadcast(conversation: Conversation) -> Notice:
    """The last close-out, for everybody in the channel; while it is true."""
    kept = conversation.notes.get(CLOSING)
    if not kept:
        return Notice(_NOTHING_CLOSED)
    return Notice(_OPEN_AGAIN) if conversation.is_open else Notice(str(kept), is_broadcast=True)


def _under(head: str, facts: Facts, told: str) -> str:
    return "\n\n".join(filter(None, (head.format(counts=counts(facts)), told)))
