"""What one turn does, from a claimed input to an outcome that has been shown; it queues nothing.

Work is done once, showing may be repeated. A turn first *concludes*: the state of the team, the
transcript, the receipts and the outcome itself are saved in one transaction, fenced by the attempt.
Only then is the outcome shown, and only then does the queue finish the row with the timestamp of
what was posted. A process that dies before the conclusion has changed nothing: the turn runs again.
One that dies after it leaves an outcome in the row: the next attempt shows that one and asks no
model. Whether it had been shown already only the front end can tell, so it is told `repeated`.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog

from bot.conversations import replies
from bot.conversations.closing import closed_markdown
from bot.conversations.errands import Errands
from bot.conversations.question import Questions, failed
from bot.conversations.records import POISON, Conversation, Ending, Learnt, Turn
from bot.conversations.seams import Assistant, Redacts, Toolbox
from bot.conversations.store import Store
from bot.conversations.words import (
    Word,
    is_bare,
    is_thanks,
    is_wordless,
    word_of,
)
from bot.dialogue import (
    Audience,
    AudienceFor,
    Closed,
    Entry,
    Failure,
    Input,
    Notice,
    Outcome,
)
from bot.errors import DeliveryError, StoreError, ThreadGone

DELIVERY_PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 180.0, 180.0)
"""Seconds between attempts to show an outcome; together about ten minutes."""
_TRY_LATER_SECONDS = 300.0

_log = structlog.get_logger()


class Turns:
    def __init__(
        self,
        store: Store,
        *,
        audience_for: AudienceFor,
        assistant: Assistant,
        fallback: Assistant | None,
        toolbox: Toolbox,
        redactor: Redacts,
        cluster: Callable[[], str],
        about: Callable[[], str],
        situation: Callable[[Input], str],
        namespace_for: Callable[[str], str | None] = lambda _channel: None,
        delivery_pauses: Sequence[float] = DELIVERY_PAUSES,
        save_pause_seconds: float = 2.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`about` is what Kaia can do and see here; `namespace_for` gives a channel's default."""
        self._store = store
        self._audience_for = audience_for
        self._cluster = cluster
        self._about = about
        self._questions = Questions(
            assistant=assistant,
            fallback=fallback,
            toolbox=toolbox,
            redactor=redactor,
            cluster=cluster,
            situation=situation,
            namespace_for=namespace_for,
            key_of=store.key_of,
        )
        self._errands = Errands(store, self._questions, toolbox, cluster=cluster, clock=clock)
        self._delivery_pauses = tuple(delivery_pauses)
        self._save_pause_seconds = save_pause_seconds
        self._clock = clock

    async def run(self, turn: Turn) -> Ending:
        """Never raises for what went wrong in a turn: that is an outcome too."""
        if turn.crashes >= 2 * POISON:  # not even its failure can be shown without dying
            _log.error("turn.given_up", crashes=turn.crashes)
            return Ending("failed")
        audience = self._audience_for(turn.said)
        try:
            outcome = await self._outcome(turn, audience)
            return Ending("done") if outcome is None else await self._show(turn, audience, outcome)
        finally:
            await audience.end()

    # What is said

    async def _outcome(self, turn: Turn, audience: Audience) -> Outcome | None:
        """None where nobody asked: a reply that came as the conversation was being closed."""
        if turn.conclusion is not None:
            return await self._store.outcome(turn)
        if turn.kind == "word":
            return await self._answer_word(turn)
        conversation = await self._store.conversation(turn.said.thread.id)
        if turn.crashes >= POISON:
            return await self._conclude(turn, failed(turn, replies.POISONED))
        return await self._answer_talk(turn, conversation, audience)

    async def _answer_word(self, turn: Turn) -> Notice:
        match word_of(turn.said.text):
            case Word.STOP:
                return await self._store.conclude_stop(turn, replies.stopped_notice)
            case Word.STATUS:
                return await self._status(turn.said.thread.id)
            case _:
                return replies.help_notice(self._about())

    async def _status(self, thread: str) -> Notice:
        outlook = await self._store.line.outlook(thread)
        conversation = await self._store.conversation(thread)
        doing = self._questions.doing(thread)
        return replies.status_notice(
            outlook, doing=doing, is_open=conversation.is_open, now=self._clock()
        )

    async def _answer_talk(
        self, turn: Turn, conversation: Conversation, audience: Audience
    ) -> Outcome | None:
        said = turn.said
        if not said.addressed and (not conversation.is_open or is_wordless(said.text)):
            return None
        if is_thanks(said.text):
            return await self._thanked(turn, conversation)
        if said.addressed and is_bare(said.text):
            return await self._conclude(turn, Learnt(replies.greeting(self._about()), "open"))
        errand = await self._errands.answer(turn, conversation, audience)
        if errand is not None:
            return errand if isinstance(errand, Notice) else await self._conclude(turn, errand)
        await audience.begin()
        return await self._conclude(
            turn, await self._questions.answer(turn, conversation, audience)
        )

    # Thanks!

    async def _thanked(self, turn: Turn, conversation: Conversation) -> Outcome:
        if not conversation.is_open:
            return Notice(replies.NOT_AT_WORK)
        commands = await self._store.commands(turn.said.thread.id, since=conversation.opened)
        markdown = closed_markdown(
            conversation, commands, cluster=self._cluster(), now=self._clock()
        )
        state = await self._questions.close(turn, conversation)
        entries = (Entry(turn.said.speaker, turn.said.text), Entry("kaia", markdown))
        return await self._conclude(turn, Learnt(Closed(markdown), "closed", state, entries))

    # Saving and showing

    async def _conclude(self, turn: Turn, learnt: Learnt) -> Outcome:
        """Does not give up what was found while the store cannot be written. Raises NotOurs."""
        while True:
            try:
                await self._store.conclude(turn, learnt)
            except StoreError as error:
                _log.error("turn.unsaved", reason=str(error))
                await asyncio.sleep(self._save_pause_seconds)
            else:
                return learnt.outcome

    async def _show(self, turn: Turn, audience: Audience, outcome: Outcome) -> Ending:
        """Tries for ten minutes; then the row waits with its conclusion: nothing is lost."""
        for tries, pause in enumerate((*self._delivery_pauses, None)):
            is_repeated = turn.attempt > 1 or tries > 0
            try:
                ts = await audience.deliver(outcome, turn=turn.said.id, repeated=is_repeated)
            except ThreadGone as error:
                _log.warning("thread.gone", reason=str(error))
                return Ending("failed")
            except DeliveryError as error:
                _log.warning("delivery.failed", tries=tries + 1, reason=str(error))
                if pause is not None:
                    await asyncio.sleep(pause)
            except Exception as error:  # noqa: BLE001 - a bug in showing it is told where it can be
                failure = failed(turn, replies.BROKEN, error).outcome
                return Ending(
                    "failed", await audience.deliver(failure, turn=turn.said.id, repeated=True)
                )
            else:
                return Ending("failed" if isinstance(outcome, Failure) else "done", ts)
        return Ending("waiting", after_seconds=_TRY_LATER_SECONDS)
