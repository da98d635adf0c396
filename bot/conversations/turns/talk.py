"""What a message in a thread comes to: listened to, answered by code alone, or by the team.

It saves nothing but what `forget` deletes, and shows nothing but a brief for who joins late.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.conversations import replies
from bot.conversations.asides import is_aside, is_errand
from bot.conversations.records import Conversation, Learnt, Turn
from bot.conversations.seams import Redacts
from bot.conversations.storage.store import Store
from bot.conversations.turns import attention, ears, heard, watching
from bot.conversations.turns.asked import Asked, spoken_word
from bot.conversations.turns.briefing import brief
from bot.conversations.turns.caps import Caps, Limits, said_of
from bot.conversations.turns.closing.closeout import Closing
from bot.conversations.turns.earlier import told_of_thread
from bot.conversations.turns.errands import Errands
from bot.conversations.turns.forgetting import OF_PEOPLE, forget
from bot.conversations.turns.progress import Progress
from bot.conversations.turns.question import Questions
from bot.conversations.words import is_bare, is_forget_asked, is_thanks, is_wordless, word_of
from bot.dialogue import Answer, Audience, Input, Notice
from bot.languages import answering

Told = Learnt | Notice | None
"""A Notice leaves nothing behind; None is what nobody asked."""


class Talk:
    def __init__(
        self,
        store: Store,
        questions: Questions,
        errands: Errands,
        closing: Closing,
        limits: Limits,
        caps: Caps,
        redactor: Redacts,
        about: Callable[[], str],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._questions = questions
        self._errands = errands
        self._closing = closing
        self._limits = limits
        self._caps = caps
        self._redactor = redactor
        self._about = about
        self._clock = clock

    async def answer(
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Told:
        """Raises StoreError, NotOurs; of the end of a watch DeliveryError where it has to wait."""
        said = turn.said
        if said.watch:
            return await watching.ended(turn, conversation, self._store, audience)
        if not said.addressed and not conversation.is_open:
            return await self._said_after_the_end(turn, conversation, audience, progress)
        if not said.addressed and _says_nothing(said):
            return None
        if is_thanks(said.text) and said.is_machine:
            return None  # apps that thank each other would never end
        if is_thanks(said.text) and conversation.is_open:
            return await self._closing.thanked(turn, conversation, audience, progress)
        if is_forget_asked(said.text) and not said.is_machine:
            return await forget(turn, self._store)
        judged = attention.judge(said, conversation.notes)
        if judged != "answer":
            briefed = await self._brief(turn, conversation, audience, progress)
            learnt = heard.listened(turn, conversation.notes, offers=judged == "offer")
            return _with_notes(learnt, briefed)
        if not is_aside(said) and (excess := await self._limits.excess(turn)) is not None:
            return said_of(excess, self._caps) if excess.is_first else None
        if attention.is_to_be_judged_by_ear(said):
            return await self._judged_by_ear(turn, conversation, audience, progress)
        return await self._answered(turn, conversation, audience, progress)

    async def _judged_by_ear(
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Told:
        """What was spoken in a clip is taken as if it had been written."""
        say = answering(turn.said.text, conversation.notes)
        found = await ears.heard(turn.said, audience, partial(self._redact, turn), say)
        if found.problem is not None:
            return found.problem
        if (word := word_of(found.said.text)) is not None:
            return spoken_word(word)
        spoken = replace(turn, said=replace(found.said, files=()))
        told = await self.answer(spoken, conversation, audience, progress)
        if isinstance(told, Learnt):
            return Asked(spoken, remarks=found.remarks).remarked(told)
        return told

    async def _said_after_the_end(
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Told:
        """What code answers alone, and the conversation stays closed."""
        said = turn.said
        if said.is_machine or said.mentions or not is_errand(said.text):
            return None
        if is_forget_asked(said.text):
            return await forget(turn, self._store)
        if not is_aside(said) and (excess := await self._limits.excess(turn)) is not None:
            return said_of(excess, self._caps) if excess.is_first else None
        told = await self._errands.answer(turn, conversation, audience, progress)
        return replace(told, becomes="closed") if isinstance(told, Learnt) else told

    async def _answered(
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Told:
        said = turn.said
        if is_thanks(said.text):
            return Notice(replies.NOT_AT_WORK)
        if is_forget_asked(said.text):
            return OF_PEOPLE
        briefed = await self._brief(turn, conversation, audience, progress)
        if said.addressed and is_bare(said.text) and not said.files:
            greeting = replies.greeting(self._about())
            return _with_notes(Learnt(greeting, "open"), _notes_after(conversation, said, greeting))
        told = await self._errands.answer(turn, conversation, audience, progress)
        if told is None:
            told = await self._asked(turn, conversation, audience, progress)
        if isinstance(told, Notice):
            # Kept, where there is something to keep: told twice it would be told wrong.
            return Learnt(told, "open", notes=briefed) if briefed else told
        after = _notes_after(conversation, said, told.outcome)
        return _with_notes(replies.with_repetition(told, turn), after | briefed)

    async def _asked(
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Learnt | Notice:
        await audience.begin()
        redact = partial(self._redact, turn)
        say = answering(turn.said.text, conversation.notes)
        found = await ears.heard(turn.said, audience, redact, say)
        if found.problem is not None:
            return found.problem
        before = await told_of_thread(turn, conversation, audience, redact)
        asked = Asked(
            replace(turn, said=found.said),
            context="\n\n".join(filter(None, (before, heard.heard_now(conversation.notes)))),
            files=found.files,
            remarks=found.remarks,
        )
        return await self._questions.answer(asked, conversation, audience, progress)

    def _redact(self, turn: Turn, text: str) -> str:
        return self._redactor.keyed(self._store.key_of(turn.said.thread.id)).redact(text)

    async def _brief(
        self, turn: Turn, conversation: Conversation, audience: Audience, progress: Progress
    ) -> dict[str, Any]:
        return await brief(turn, conversation, audience, progress, self._store, self._clock)


def _says_nothing(said: Input) -> bool:
    return is_wordless(said.text) and not said.files


def _notes_after(conversation: Conversation, said: Input, outcome: object) -> dict[str, Any]:
    """What the model was told of the talk it keeps only with an answer."""
    is_answer = isinstance(outcome, Answer)
    text = outcome.markdown if isinstance(outcome, Answer | Notice) else ""
    return heard.after_answer(conversation.notes, said, text, was_told=is_answer)


def _with_notes(learnt: Learnt, notes: Mapping[str, Any]) -> Learnt:
    return replace(learnt, notes={**learnt.notes, **notes})
