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
from functools import partial

import structlog

from bot.conversations import replies
from bot.conversations.records import POISON, Conversation, Ending, Learnt, Turn
from bot.conversations.seams import Assistant, Redacts, Toolbox
from bot.conversations.storage.store import Store
from bot.conversations.turns.approvals import Approvals, Approved
from bot.conversations.turns.caps import Caps, Limits
from bot.conversations.turns.closing.closeout import Closing
from bot.conversations.turns.closing.exports import Exports
from bot.conversations.turns.closing.paragraph import Paragraphs
from bot.conversations.turns.errands import Errands
from bot.conversations.turns.parting import Parting, unless_stopped
from bot.conversations.turns.pictures import Pictures
from bot.conversations.turns.progress import Progress
from bot.conversations.turns.question import Questions
from bot.conversations.turns.showing import DELIVERY_PAUSES, Showing
from bot.conversations.turns.talk import Talk
from bot.conversations.turns.unanswered import failed, most_crashes
from bot.conversations.turns.unstoppable import seen_through
from bot.conversations.turns.watching import Watching
from bot.conversations.words import Word, is_forget_asked, word_of
from bot.dialogue import (
    Audience,
    AudienceFor,
    Decided,
    Decision,
    Input,
    Notice,
    Outcome,
    Step,
)
from bot.errors import DeliveryError
from bot.languages import answering
from bot.settings import Writes

_TRY_LATER_SECONDS = 60.0

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
        approvals: Approvals | None = None,
        caps: Caps | None = None,
        watching: Watching | None = None,
        pictures: Pictures | None = None,
        exports: Exports | None = None,
        on_watches: Callable[[], None] = lambda: None,
        delivery_pauses: Sequence[float] = DELIVERY_PAUSES,
        save_pause_seconds: float = 2.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`about` is what Kaia can do and see here; `namespace_for` gives a channel's default.
        Without `approvals` nothing can be approved, without `watching` nothing watched;
        `on_watches` is called when one was begun or ended.
        """
        self._store = store
        self._audience_for = audience_for
        self._about = about
        self._approvals = approvals or Approvals(store, None, Writes(), clock)
        self._on_watches = on_watches
        caps = caps or Caps()
        limits = Limits(store, caps, clock)
        self._questions = questions = Questions(
            assistant=assistant,
            fallback=fallback,
            toolbox=toolbox,
            redactor=redactor,
            cluster=cluster,
            situation=situation,
            namespace_for=namespace_for,
            key_of=store.key_of,
            limits=limits,
            receipt_of=store.receipt,
        )
        paragraphs = Paragraphs(assistant, limits, redactor, situation)
        closing = Closing(
            *(store, questions, toolbox, paragraphs, cluster, clock),
            can_export=exports is not None,
        )
        errands = Errands(
            store,
            questions,
            toolbox,
            closing,
            rebuild=assistant.rebuilt,
            redactor=redactor,
            watching=watching,
            pictures=pictures,
            exports=exports,
            cluster=cluster,
            namespace_for=namespace_for,
            clock=clock,
        )
        self._talk = Talk(store, questions, errands, closing, limits, caps, redactor, about, clock)
        self._showing = Showing(
            store, clock, delivery_pauses=delivery_pauses, save_pause_seconds=save_pause_seconds
        )
        self._parting = Parting(store, redactor)
        self._clock = clock

    async def run(self, turn: Turn) -> Ending:
        """Never raises for what went wrong in a turn: that is an outcome too. Raises StoreError
        where the turn has to wait, NotOurs where somebody else has it.
        """
        if turn.crashes >= most_crashes(turn):  # not even its failure can be shown without dying
            _log.error("turn.given_up", crashes=turn.crashes)
            return Ending("failed")
        audience, progress = self._audience_for(turn.said), Progress()
        work = partial(self._worked, turn, audience, progress)
        try:
            if turn.kind == "word":
                with self._parting.saying(turn):
                    return await work()
            if turn.said.decision is not None:
                return await work()
            after_stop = partial(self._parting.after_stop, turn, audience, progress)
            return await unless_stopped(work(), after_stop)
        finally:
            await asyncio.gather(audience.end(), progress.end())

    async def _worked(self, turn: Turn, audience: Audience, progress: Progress) -> Ending:
        try:
            outcome = await self._outcome(turn, audience, progress)
        except DeliveryError as error:  # whether it may be said is not known yet
            _log.warning("turn.waits", reason=str(error))
            return Ending("waiting", after_seconds=_TRY_LATER_SECONDS)
        if outcome is None:
            return Ending("done")
        show = partial(self._showing.show, turn, audience, outcome)
        if isinstance(outcome, Decided):  # what became of a change is said, Stop or not
            return await seen_through(lambda _haste: show())
        return await show()

    # What is said

    async def _outcome(self, turn: Turn, audience: Audience, progress: Progress) -> Outcome | None:
        """None where nobody asked: a reply that came as the conversation was being closed."""
        if turn.conclusion is not None:
            return await self._store.outcome(turn)
        if turn.kind == "word":
            return await self._answer_word(turn)
        conversation = await self._store.conversation(turn.said.thread.id)
        if (decision := turn.said.decision) is not None:
            return await self._answer_press(turn, conversation, decision, audience)
        if turn.crashes >= POISON:
            progress.say = answering(turn.said.text, conversation.notes)
            learnt = failed(turn, progress.say.poisoned, progress=progress)
            return await self._conclude(turn, audience, progress, learnt)
        return await self._answer_talk(turn, conversation, audience, progress)

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
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Outcome | None:
        told = await self._talk.answer(turn, conversation, audience, progress)
        if told is None or isinstance(told, Notice):
            if is_forget_asked(turn.said.text):  # its watches went with the rest
                self._on_watches()
            return told
        outcome = await self._conclude(turn, audience, progress, told)
        if told.watches or told.ended_watches:
            self._on_watches()
        return outcome

    async def _conclude(
        self, turn: Turn, audience: Audience, progress: Progress, learnt: Learnt
    ) -> Outcome | None:
        progress.learnt = learnt
        return await self._showing.conclude(turn, audience, learnt)

    # A press on Approve or Reject

    async def _answer_press(
        self, turn: Turn, conversation: Conversation, decision: Decision, audience: Audience
    ) -> Outcome | None:
        if turn.crashes >= POISON:
            learnt = await self._approvals.give_up(turn, conversation, decision)
            return await self._showing.conclude(turn, audience, learnt)
        await audience.begin()
        ruled = await self._approvals.rule(turn, conversation, decision)
        match ruled:
            case Approved():
                return await seen_through(partial(self._change, turn, audience, ruled))
            case Learnt():
                return await self._showing.conclude(turn, audience, ruled)
            case Notice():
                return ruled

    async def _change(
        self, turn: Turn, audience: Audience, approved: Approved, haste: asyncio.Event
    ) -> Outcome | None:
        await audience.step(Step(approved.press.proposal.command))
        learnt = await self._approvals.carry_out(approved, haste)
        if isinstance(learnt, Notice):
            return learnt
        return await self._showing.conclude(turn, audience, learnt)
