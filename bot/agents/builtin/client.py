"""The built-in model as AutoGen calls it: from the messages alone, and the same every time."""

import hashlib
import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import Any, Literal

from autogen_core import CancellationToken, FunctionCall
from autogen_core.models import (
    AssistantMessage,
    ChatCompletionClient,
    CreateResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    ModelInfo,
    RequestUsage,
    UserMessage,
)
from autogen_core.tools import Tool, ToolSchema
from pydantic import BaseModel

from bot.agents.builtin import asked, seen
from bot.agents.builtin.look import Results, look
from bot.agents.builtin.seen import Seen
from bot.agents.builtin.wording import word

KUBECTL = "kubectl"
_NO_TOOL = (
    "I cannot look at the cluster: kubectl is not among the tools of this conversation. Ask again"
    " later, or ask somebody who can look."
)
_NOT_ENOUGH = (
    "I ran out of steps before the look was whole. Ask again and name one namespace or one pod."
)


class BuiltinClient(ChatCompletionClient):
    """Knows tools by the name kubectl alone."""

    async def create(
        self,
        messages: Sequence[LLMMessage],
        *,
        tools: Sequence[Tool | ToolSchema] = (),
        tool_choice: Tool | Literal["auto", "required", "none"] = "auto",
        json_output: bool | type[BaseModel] | None = None,  # noqa: ARG002 - it has no model to ask
        extra_create_args: Mapping[str, Any] | None = None,  # noqa: ARG002
        cancellation_token: CancellationToken | None = None,  # noqa: ARG002
    ) -> CreateResult:
        may_look = tool_choice != "none" and KUBECTL in _names(tools)
        content = answer(messages, may_look=may_look)
        return CreateResult(
            finish_reason="stop" if isinstance(content, str) else "function_calls",
            content=content,
            usage=RequestUsage(0, 0),
            cached=False,
        )

    async def create_stream(
        self, messages: Sequence[LLMMessage], **more: Any
    ) -> AsyncGenerator[str | CreateResult, None]:
        yield await self.create(messages, **more)

    async def close(self) -> None:
        """Nothing is open."""

    def actual_usage(self) -> RequestUsage:
        return RequestUsage(0, 0)

    def total_usage(self) -> RequestUsage:
        return RequestUsage(0, 0)

    def count_tokens(
        self,
        messages: Sequence[LLMMessage],  # noqa: ARG002
        *,
        tools: Sequence[Tool | ToolSchema] = (),  # noqa: ARG002
    ) -> int:
        return 0

    def remaining_tokens(
        self,
        messages: Sequence[LLMMessage],  # noqa: ARG002
        *,
        tools: Sequence[Tool | ToolSchema] = (),  # noqa: ARG002
    ) -> int:
        return 1

    @property
    def model_info(self) -> ModelInfo:
        return ModelInfo(
            vision=False,
            function_calling=True,
            json_output=False,
            structured_output=False,
            family="builtin",
        )

    @property
    def capabilities(self) -> ModelInfo:
        return self.model_info


def answer(messages: Sequence[LLMMessage], *, may_look: bool) -> str | list[FunctionCall]:
    """The next commands, or the words; nothing but the messages decides which."""
    before, question, since = _split(messages)
    results = Results(_results(since))
    findings = look(asked.read(question, commands=tuple(_commands(before))), results)
    if findings is not None:
        return word(findings)
    if not may_look:
        return _NOT_ENOUGH if results.known else _NO_TOOL
    return [_call(command) for command in results.wanted]


def _split(
    messages: Sequence[LLMMessage],
) -> tuple[Sequence[LLMMessage], str, Sequence[LLMMessage]]:
    """What came before the question, the question, and what came after it."""
    for at in range(len(messages) - 1, -1, -1):
        message = messages[at]
        # What Kaia's own code notes to a model is no question.
        if isinstance(message, UserMessage) and message.source in {"user", "user_proxy"}:
            return messages[:at], _text(message), messages[at + 1 :]
    return messages, "", ()


def _text(message: UserMessage) -> str:
    parts = [message.content] if isinstance(message.content, str) else message.content
    return "\n".join(part for part in parts if isinstance(part, str))


def _results(since: Sequence[LLMMessage]) -> dict[str, Seen]:
    commands = {call.id: command for call, command in _calls(since)}
    return {
        commands[result.call_id]: seen.read(result.content)
        for message in since
        if isinstance(message, FunctionExecutionResultMessage)
        for result in message.content
        if result.call_id in commands
    }


def _commands(before: Sequence[LLMMessage]) -> Iterator[str]:
    for _, command in _calls(before):
        yield command


def _calls(messages: Sequence[LLMMessage]) -> Iterator[tuple[FunctionCall, str]]:
    """Of kubectl, with their command; whoever made them."""
    for message in messages:
        if not isinstance(message, AssistantMessage) or isinstance(message.content, str):
            continue
        for call in message.content:
            if call.name == KUBECTL and (command := _command(call.arguments)):
                yield call, command


def _command(arguments: str) -> str:
    try:
        given = json.loads(arguments)
    except json.JSONDecodeError:
        return ""
    command = given.get("command") if isinstance(given, dict) else None
    return command if isinstance(command, str) else ""


def _call(command: str) -> FunctionCall:
    number = hashlib.sha256(command.encode()).hexdigest()[:16]
    return FunctionCall(f"call_{number}", json.dumps({"command": command}), KUBECTL)


def _names(tools: Sequence[Tool | ToolSchema]) -> set[str]:
    return {tool.name if isinstance(tool, Tool) else tool["name"] for tool in tools}
