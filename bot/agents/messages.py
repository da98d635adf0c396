"""AutoGen's messages as lines of a transcript that needs no AutoGen to be read again."""

import json
from collections.abc import Iterator, Mapping, Sequence

from autogen_agentchat.messages import (
    BaseAgentEvent,
    BaseChatMessage,
    TextMessage,
    ToolCallExecutionEvent,
    ToolCallRequestEvent,
)
from autogen_core.models import FunctionExecutionResult, RequestUsage

from bot.dialogue import Entry, Usage


def entries_of(
    messages: Sequence[BaseAgentEvent | BaseChatMessage], speaker: str
) -> tuple[Entry, ...]:
    """What `speaker` did and said: its tool calls with their output, and its answer."""
    results = {
        result.call_id: result
        for message in messages
        if isinstance(message, ToolCallExecutionEvent)
        for result in message.content
    }
    return tuple(_entries(messages, results, speaker))


def _entries(
    messages: Sequence[BaseAgentEvent | BaseChatMessage],
    results: Mapping[str, FunctionExecutionResult],
    speaker: str,
) -> Iterator[Entry]:
    for message in messages:
        match message:
            case ToolCallRequestEvent():
                yield from _calls(message, results, speaker)
            case TextMessage(source=source, content=text) if source == speaker:
                yield Entry(speaker, text.strip(), usage=_usage(message.models_usage))
            case _:
                continue


def _calls(
    request: ToolCallRequestEvent, results: Mapping[str, FunctionExecutionResult], speaker: str
) -> Iterator[Entry]:
    """The first of several calls carries the usage of the answer that asked for all of them."""
    usage = _usage(request.models_usage)
    for call in request.content:
        result = results.get(call.id)
        yield Entry(
            speaker,
            tool=call.name,
            arguments=_arguments(call.arguments),
            output=result.content if result else "",
            usage=usage,
        )
        usage = Usage()


def _arguments(text: str) -> dict[str, str]:
    given = json.loads(text)
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in given.items()
    }


def _usage(usage: RequestUsage | None) -> Usage:
    return Usage(1, usage.prompt_tokens, usage.completion_tokens) if usage else Usage()
