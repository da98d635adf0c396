"""How a question is answered: by the team, by its stand-in, or by saying what went wrong.

It saves nothing and shows nothing but the step under way.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.conversations.records import Conversation, Learnt, Turn
from bot.conversations.seams import Assistant, Meter, OnStep, Redacts, TeamRun, Toolbox, TurnTools
from bot.conversations.turns import rulings
from bot.conversations.turns.answered import Found, answer_of, cited_in, of_before
from bot.conversations.turns.asked import Asked
from bot.conversations.turns.caps import Limits
from bot.conversations.turns.findings import FINDINGS, noted
from bot.conversations.turns.looks import of_this_opening
from bot.conversations.turns.progress import Progress
from bot.conversations.turns.unanswered import failed
from bot.dialogue import Answer, Audience, Entry, Input, Receipt, Step
from bot.errors import KaiaError, ModelError, StoreError, TurnTimedOut
from bot.languages import ENGLISH, NOTE, Phrases, answering

_log = structlog.get_logger()

ReceiptOf = Callable[[str, int], Awaitable[Receipt | None]]
_MOST_CITED = 20
"""Receipts of earlier questions that are looked up for one answer."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What a question is answered with, the same for the model and for its stand-in."""

    said: str
    conversation: Conversation
    situation: str
    tools: TurnTools
    on_step: OnStep
    progress: Progress
    say: Phrases


class Questions:
    def __init__(
        self,
        *,
        assistant: Assistant,
        fallback: Assistant | None,
        toolbox: Toolbox,
        redactor: Redacts,
        cluster: Callable[[], str],
        situation: Callable[[Input], str],
        namespace_for: Callable[[str], str | None],
        key_of: Callable[[str], bytes],
        limits: Limits,
        receipt_of: ReceiptOf,
    ) -> None:
        """`receipt_of` gives a receipt of a thread by its number."""
        self._assistant = assistant
        self._fallback = fallback
        self._toolbox = toolbox
        self._redactor = redactor
        self._cluster = cluster
        self._situation = situation
        self._namespace_for = namespace_for
        self._key_of = key_of
        self._limits = limits
        self._receipt_of = receipt_of
        self._doing: dict[str, Step] = {}

    def doing(self, thread: str) -> str:
        """The step under way there, or nothing."""
        return self._doing.get(thread, Step("")).text

    async def answer(
        self, asked: Asked, conversation: Conversation, audience: Audience, progress: Progress
    ) -> Learnt:
        """The one edge where everything that went wrong in a turn becomes a sentence. Raises
        StoreError: then the turn has to wait.
        """
        turn = asked.turn
        if self._fallback is not None:  # without a stand-in nothing is capped
            progress.allowance = await self._limits.allowance()
        say = progress.say = answering(turn.said.text, conversation.notes)
        on_step = self._following(turn, audience, say)
        tools = progress.tools = self.tools_for(turn, conversation, on_step, say)
        try:
            look = await tools.first_look(turn.said.text)
            said = asked.words(rulings.told_now(conversation.notes), look)
            situation = self._situation(turn.said)
            work = _Work(said, conversation, situation, tools, on_step, progress, say)
            found = await self._find(work)
        except KaiaError as error:
            why = say.failed_so.format(sentence=self._redactor.redact(str(error)))
            return failed(turn, why, error, progress)
        except Exception as error:  # noqa: BLE001 - the person gets a sentence, the log the rest
            return failed(turn, say.broken, error, progress)
        finally:
            self._doing.pop(turn.said.thread.id, None)
        return asked.remarked(await self._concluded(turn, found, work))

    def tools_for(
        self, turn: Turn, conversation: Conversation, on_step: OnStep, say: Phrases = ENGLISH
    ) -> TurnTools:
        return self._toolbox.for_turn(
            first_receipt=conversation.next_receipt,
            namespace=self._namespace_for(turn.said.thread.channel),
            on_step=on_step,
            notes=of_this_opening(conversation),
            key=self._key_of(turn.said.thread.id),
            asked_by=turn.said.speaker,
            language=say.code,
        )

    def _following(self, turn: Turn, audience: Audience, say: Phrases) -> OnStep:
        async def on_step(step: Step) -> None:
            if step.text == ENGLISH.thinking:  # the team knows of no language
                step = Step(say.thinking)
            self._doing[turn.said.thread.id] = step
            await audience.step(step)

        return on_step

    async def _find(self, work: _Work) -> Found:
        if self._fallback is None:
            run = await _run(self._assistant, work, work.progress)
            return Found(run, self._assistant.label)
        if work.progress.allowance.is_used_up():
            caveat = work.say.no_tokens.format(why=work.progress.allowance.told())
            _log.warning("model.left_out", reason=caveat)
            return Found(await _run(self._fallback, work), self._fallback.label, caveat)
        try:
            run = await _run(self._assistant, work, work.progress)
            return Found(run, self._assistant.label)
        except (ModelError, TurnTimedOut) as error:
            _log.warning("model.failed", error=type(error).__name__, exc_info=error)
            return await self._find_without_model(self._fallback, work, error)

    async def _find_without_model(
        self, fallback: Assistant, work: _Work, error: KaiaError
    ) -> Found:
        """From the same last good state. If it fails too, the model's error is told."""
        why = self._redactor.redact(str(error)).strip().rstrip(".")
        caveat = work.say.without_model.format(why=why)
        try:
            return Found(await _run(fallback, work), fallback.label, caveat)
        except KaiaError as second:
            _log.warning("fallback.failed", error=type(second).__name__, exc_info=second)
            raise error from second

    async def _concluded(self, turn: Turn, found: Found, work: _Work) -> Learnt:
        tools, conversation = work.tools, work.conversation
        cited = cited_in(found, tools, conversation, self._redactor, work.say)
        earlier = await self._receipts(turn.said.thread.id, of_before(cited, conversation))
        answer = answer_of(found, cited, tools, earlier, self._cluster(), work.say)
        conclusion = tools.conclusion(cited.markdown, cited.cited, earlier)
        findings = noted(conversation.notes, turn, answer, conclusion)
        notes = _notes(tools, conversation) | {FINDINGS: findings, NOTE: work.say.code}
        notes |= await tools.looked()
        return self._learnt(turn, found, answer, work.progress, notes)

    def _learnt(
        self,
        turn: Turn,
        found: Found,
        answer: Answer,
        progress: Progress,
        notes: Mapping[str, Any],
    ) -> Learnt:
        asked = Entry(turn.said.speaker, turn.said.text)
        by_kaia = (entry for entry in found.run.entries if entry.speaker == "kaia" or entry.tool)
        entries = (asked, *(self._redacted(entry) for entry in by_kaia))
        return Learnt(
            answer,
            "open",
            found.run.saved,
            entries,
            answer.receipts,
            progress.usage,
            questions=1,
            notes=notes,
            proposals=answer.proposals,
            calls=progress.calls,
        )

    async def _receipts(self, thread: str, numbers: Sequence[int]) -> list[Receipt]:
        """Those of them that can be read: an answer that is there waits for none."""
        try:
            kept = [await self._receipt_of(thread, each) for each in numbers[-_MOST_CITED:]]
        except StoreError as error:
            _log.warning("receipts.left_out", reason=str(error))
            return []
        return [each for each in kept if each is not None]

    def _redacted(self, entry: Entry) -> Entry:
        """Tools have redacted what they gave; this is the net under the model's own words."""
        redact = self._redactor.redact
        arguments = {name: redact(value) for name, value in entry.arguments.items()}
        return replace(entry, text=redact(entry.text), arguments=arguments)

    async def close(self, turn: Turn, conversation: Conversation) -> object:
        """The team's own termination hears it; without a good run there is no team to hear."""
        if conversation.state is None:
            return None
        try:
            run = await self._assistant.run(
                "Thanks!",
                saved=conversation.state,
                situation=self._situation(turn.said),
                tools=(),
                closing=True,
            )
        except KaiaError as error:
            _log.warning("team.not_closed", reason=str(error))
            return None
        return run.saved


def _notes(tools: TurnTools, conversation: Conversation) -> dict[str, Any]:
    """The cluster is kept as it was when the conversation began: what changed is asked later. What
    the model has been told of decisions it is not told again.
    """
    notes = dict(tools.notes) | rulings.heard(conversation.notes)
    if "snapshot" not in conversation.notes and (seen := tools.snapshot) is not None:
        notes["snapshot"] = seen
    return notes


async def _run(assistant: Assistant, work: _Work, meter: Meter | None = None) -> TeamRun:
    run = await assistant.run(
        work.said,
        saved=work.conversation.state,
        situation=work.situation,
        tools=work.tools.tools,
        on_step=work.on_step,
        meter=meter,
    )
    work.progress.sent(run.calls)
    return run
