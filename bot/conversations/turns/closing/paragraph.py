"""One paragraph on a conversation in the model's words, where it answers in time; never needed.

The state of the team that worded it is thrown away: a conversation that is opened again goes on as
if nobody had asked.
"""

import asyncio
from collections.abc import Callable

import structlog

from bot.conversations.records import Conversation, Turn
from bot.conversations.seams import Assistant, Redacts
from bot.conversations.sound import sound_text
from bot.conversations.turns.caps import Limits
from bot.conversations.turns.citations import checked
from bot.conversations.turns.closing.plain import one_line
from bot.conversations.turns.progress import Progress
from bot.dialogue import Input
from bot.errors import KaiaError

_SECONDS = 20.0
_CHARS = 900
_WORDLESS = "builtin"
"""The label of what words answers by rules: it has no words for this."""
_ASK = (
    "The conversation ends here. Sum it up for colleagues who were not there, in one paragraph of"
    " at most 80 words and in the language of the questions: what was wrong and why, what was done,"
    " what is still open. Say only what was found above, and call no tool."
)

_log = structlog.get_logger()


class Paragraphs:
    def __init__(
        self,
        assistant: Assistant,
        limits: Limits,
        redactor: Redacts,
        situation: Callable[[Input], str],
        seconds: float = _SECONDS,
    ) -> None:
        self._assistant = assistant
        self._limits = limits
        self._redactor = redactor
        self._situation = situation
        self._seconds = seconds

    async def word(self, turn: Turn, conversation: Conversation, progress: Progress) -> str:
        """A line of Markdown that names its author; or nothing. Raises StoreError."""
        if self._assistant.label == _WORDLESS or conversation.state is None:
            return ""
        progress.allowance = await self._limits.allowance()
        if progress.allowance.is_used_up():
            return ""
        try:
            async with asyncio.timeout(self._seconds):
                said = await self._asked(turn, conversation, progress)
        except (KaiaError, TimeoutError) as error:
            _log.info("closing.unworded", error=type(error).__name__)
            return ""
        return self._labelled(said, conversation)

    async def _asked(self, turn: Turn, conversation: Conversation, progress: Progress) -> str:
        run = await self._assistant.run(
            _ASK,
            saved=conversation.state,
            situation=self._situation(turn.said),
            tools=(),
            keeps_state=False,
            meter=progress,
        )
        progress.sent(run.calls)
        return run.answer

    def _labelled(self, said: str, conversation: Conversation) -> str:
        words = one_line(self._redactor.redact(sound_text(said)), _CHARS)
        if not words:
            return ""
        words = checked(words, range(1, conversation.next_receipt)).markdown
        return f"**In the words of {self._assistant.label}, not checked:** {words}"
