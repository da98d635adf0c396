"""How a question is answered: by the team, by its stand-in, or by saying what went wrong.

It saves nothing and shows nothing but the step under way.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from bot.conversations import replies
from bot.conversations.records import Conversation, Learnt, Turn
from bot.conversations.seams import Assistant, OnStep, Redacts, TeamRun, Toolbox, TurnTools
from bot.conversations.sound import sound_text
from bot.dialogue import Answer, Audience, Entry, Failure, Input, Step
from bot.errors import KaiaError, ModelError, TurnTimedOut

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Work:
    """What a question is answered with, the same for the model and for its stand-in."""

    said: str
    conversation: Conversation
    situation: str
    tools: TurnTools
    on_step: OnStep


@dataclass(frozen=True, slots=True)
class _Found:
    run: TeamRun
    source: str
    caveat: str = ""


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
    ) -> None:
        self._assistant = assistant
        self._fallback = fallback
        self._toolbox = toolbox
        self._redactor = redactor
        self._cluster = cluster
        self._situation = situation
        self._namespace_for = namespace_for
        self._doing: dict[str, Step] = {}

    def doing(self, thread: str) -> str:
        """The step under way there, or nothing."""
        return self._doing.get(thread, Step("")).text

    async def answer(self, turn: Turn, conversation: Conversation, audience: Audience) -> Learnt:
        """The one edge where everything that went wrong in a turn becomes a sentence."""
        on_step = self._following(turn, audience)
        tools = self._toolbox.for_turn(
            first_receipt=conversation.next_receipt,
            namespace=self._namespace_for(turn.said.thread.channel),
            on_step=on_step,
        )
        try:
            situation = self._situation(turn.said)
            work = _Work(replies.spoken(turn.said), conversation, situation, tools, on_step)
            found = await self._find(work)
        except KaiaError as error:
            return failed(turn, self._redactor.redact(str(error)), error, tools)
        except Exception as error:  # noqa: BLE001 - the person gets a sentence, the log the rest
            return failed(turn, replies.BROKEN, error, tools)
        finally:
            self._doing.pop(turn.said.thread.id, None)
        return self._learnt(turn, found, tools)

    def _following(self, turn: Turn, audience: Audience) -> OnStep:
        async def on_step(step: Step) -> None:
            self._doing[turn.said.thread.id] = step
            await audience.step(step)

        return on_step

    async def _find(self, work: _Work) -> _Found:
        try:
            return _Found(await _run(self._assistant, work), self._assistant.label)
        except (ModelError, TurnTimedOut) as error:
            if self._fallback is None:
                raise
            _log.warning("model.failed", error=type(error).__name__, exc_info=error)
            return await self._find_without_model(self._fallback, work, error)

    async def _find_without_model(
        self, fallback: Assistant, work: _Work, error: KaiaError
    ) -> _Found:
        """From the same last good state. If it fails too, the model's error is told."""
        why = self._redactor.redact(str(error)).strip().rstrip(".")
        caveat = f"The model did not answer: {why}. What follows was put together without it."
        try:
            return _Found(await _run(fallback, work), fallback.label, caveat)
        except KaiaError as second:
            _log.warning("fallback.failed", error=type(second).__name__, exc_info=second)
            raise error from second

    def _learnt(self, turn: Turn, found: _Found, tools: TurnTools) -> Learnt:
        receipts = tuple(tools.receipts)
        answer = Answer(
            markdown=self._redactor.redact(sound_text(found.run.answer)),
            cluster=self._cluster(),
            receipts=receipts,
            source=found.source,
            caveat=found.caveat,
        )
        asked = Entry(turn.said.speaker, turn.said.text)
        by_kaia = (entry for entry in found.run.entries if entry.speaker == "kaia" or entry.tool)
        entries = (asked, *(self._redacted(entry) for entry in by_kaia))
        usage = found.run.usage
        return Learnt(answer, "open", found.run.saved, entries, receipts, usage, questions=1)

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


async def _run(assistant: Assistant, work: _Work) -> TeamRun:
    return await assistant.run(
        work.said,
        saved=work.conversation.state,
        situation=work.situation,
        tools=work.tools.tools,
        on_step=work.on_step,
    )


def failed(
    turn: Turn, sentence: str, error: Exception | None = None, tools: TurnTools | None = None
) -> Learnt:
    """Keeps the team's last good state; the transcript gets the question and what became of it."""
    reference = secrets.token_hex(4)
    _log.error("turn.failed", reference=reference, crashes=turn.crashes, exc_info=error)
    entries = (Entry(turn.said.speaker, turn.said.text), Entry("kaia", sentence))
    receipts = tuple(tools.receipts) if tools else ()
    failure = Failure(sentence, reference)
    return Learnt(failure, "open", entries=entries, receipts=receipts, questions=1)
