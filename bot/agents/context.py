"""What of a conversation fits the window; it never drops the question, nor half of a turn.

AutoGen's own contexts drop single messages, which leaves tool results without their call, or the
model without its question. Here the oldest turns lose first the length of their tool output, then
everything.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autogen_core.model_context import ChatCompletionContext
from autogen_core.models import (
    AssistantMessage,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    UserMessage,
)

from bot.dialogue import shorten_fenced

BYTES_PER_TOKEN = 3.0
"""On the careful side: prose has about 4, tables of pod names about 2.5."""

_TRIMMED_TO = 0.75
"""Of the budget: trimmed rarely and well, so that a model's cache of the beginning stays good."""
_OLD_OUTPUT_CHARS = 600
_SHORT_OUTPUT_CHARS = 240
_QUESTION_SHARE = 0.5
_MESSAGE_TOKENS = 8
"""Role and marks, which every message has."""

Turn = list[LLMMessage]


def tokens(text: str) -> int:
    """An estimate; counting would need each model's own tokenizer."""
    return int(len(text.encode("utf-8", "replace")) / BYTES_PER_TOKEN) + 1


def tokens_of(messages: Sequence[LLMMessage]) -> int:
    return sum(_MESSAGE_TOKENS + tokens(_text_of(message)) for message in messages)


def fitted(messages: Sequence[LLMMessage], budget: int) -> list[LLMMessage]:
    """At most `budget` tokens of them; the same list again where they fit already."""
    if tokens_of(messages) <= budget:
        return list(messages)
    goal = int(budget * _TRIMMED_TO)
    *old, current = _turns(messages)
    current = _fit_current(current, budget)
    rest = goal - tokens_of(current)
    old = _shorten_old(old, rest)
    while old and _size(old) > rest:
        old.pop(0)
    return [message for turn in [*old, current] for message in turn]


class TrimmedContext(ChatCompletionContext):
    """Holds no more than what can be sent: what does not fit today never fits again."""

    def __init__(self, budget_tokens: int) -> None:
        super().__init__()
        self._budget = budget_tokens

    async def get_messages(self) -> list[LLMMessage]:
        self._messages = fitted(self._messages, self._budget)
        return list(self._messages)

    async def save_state(self) -> Mapping[str, Any]:
        self._messages = fitted(self._messages, self._budget)
        return await super().save_state()


def _turns(messages: Sequence[LLMMessage]) -> list[Turn]:
    """A turn begins with what a person says; what stands before the first one is a turn too."""
    turns: list[Turn] = []
    for message in messages:
        if not turns or (isinstance(message, UserMessage) and not _only_asks(turns[-1])):
            turns.append([])
        turns[-1].append(message)
    return turns


def _only_asks(turn: Turn) -> bool:
    """ "Thanks!" and the question that reopens stand together: nothing came between them."""
    return all(isinstance(message, UserMessage) for message in turn)


def _size(turns: Sequence[Turn]) -> int:
    return sum(tokens_of(turn) for turn in turns)


def _shorten_old(old: list[Turn], rest: int) -> list[Turn]:
    """The oldest first, and only as many as needed."""
    kept = list(old)
    for at, turn in enumerate(kept):
        if _size(kept) <= rest:
            break
        kept[at] = [_aged(message) for message in turn]
    return kept


def _aged(message: LLMMessage) -> LLMMessage:
    """An old look at the cluster stands with its question, and loses length as outputs do."""
    if isinstance(message, UserMessage) and isinstance(message.content, str):
        shorter = shorten_fenced(message.content, _OLD_OUTPUT_CHARS)
        return UserMessage(content=shorter, source=message.source)
    return _with_outputs_of(message, _OLD_OUTPUT_CHARS)


def _fit_current(turn: Turn, budget: int) -> Turn:
    """Outputs lose length from the oldest on; the question loses only what no window could hold."""
    if tokens_of(turn) <= budget:
        return list(turn)
    most = int(budget * _QUESTION_SHARE)
    fitting: Turn = [_with_question_of(message, most) for message in turn]
    for chars in (_OLD_OUTPUT_CHARS * 4, _OLD_OUTPUT_CHARS, _SHORT_OUTPUT_CHARS):
        for at, message in enumerate(fitting):
            if tokens_of(fitting) <= budget:
                return fitting
            fitting[at] = _with_outputs_of(message, chars)
    return fitting if tokens_of(fitting) <= budget else _without_early_rounds(fitting, budget)


def _without_early_rounds(turn: Turn, budget: int) -> Turn:
    """Drops calls together with their results, the oldest first; never the question."""
    asked = [message for message in turn if isinstance(message, UserMessage)]
    rest = [message for message in turn if not isinstance(message, UserMessage)]
    while len(rest) > _ROUND and tokens_of(asked) + tokens_of(rest) > budget:
        rest = rest[_ROUND:]
        while rest and isinstance(rest[0], FunctionExecutionResultMessage):
            rest = rest[1:]
    return [*asked, *rest]


_ROUND = 2
"""A call and its results."""


def _with_outputs_of(message: LLMMessage, chars: int) -> LLMMessage:
    if not isinstance(message, FunctionExecutionResultMessage):
        return message
    return FunctionExecutionResultMessage(
        content=[
            FunctionExecutionResult(
                content=_shortened(result.content, chars),
                name=result.name,
                call_id=result.call_id,
                is_error=result.is_error,
            )
            for result in message.content
        ]
    )


def _with_question_of(message: LLMMessage, most_tokens: int) -> LLMMessage:
    if not isinstance(message, UserMessage) or not isinstance(message.content, str):
        return message
    chars = len(message.content) * most_tokens // tokens(message.content)
    return UserMessage(content=_shortened(message.content, chars), source=message.source)


def _shortened(text: str, chars: int) -> str:
    """Its head and its tail, with a mark between them that says how much is missing."""
    if len(text) <= chars + 40:
        return text
    head, tail = chars * 2 // 3, chars // 3
    return f"{text[:head]}\n[... {len(text) - head - tail} characters left out ...]\n{text[-tail:]}"


def _text_of(message: LLMMessage) -> str:
    match message:
        case FunctionExecutionResultMessage():
            return "".join(result.content for result in message.content)
        case AssistantMessage(content=list(calls)):
            return "".join(call.name + call.arguments for call in calls)
        case _:
            return str(message.content)
