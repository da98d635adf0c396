"""The built-in model as AutoGen calls it: from the messages alone, and the same every time."""

import hashlib
import json
import re
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping, Sequence
from typing import Any, Literal

from autogen_core import CancellationToken, FunctionCall
from autogen_core.models import (
    AssistantMessage,
    ChatCompletionClient,
    CreateResult,
    FunctionExecutionResult,
    FunctionExecutionResultMessage,
    LLMMessage,
    ModelInfo,
    RequestUsage,
    UserMessage,
)
from autogen_core.tools import Tool, ToolSchema
from pydantic import BaseModel

from bot.agents.builtin import seen
from bot.agents.builtin.facts import Facts, parse
from bot.agents.builtin.seen import Seen
from bot.agents.builtin.wording import without_cluster, word
from bot.dialogue import unfence
from bot.languages import Phrases, language_of, speaking

KUBECTL = "kubectl"
TRIAGE = "triage"
_LOOK = re.compile(r"\Areceipt (\d{1,9}): kaia triage[^\n]*\n")
_BESIDE = "\n\nKaia's first look, "
_NO_CLUSTER = re.compile(r"no cluster can be seen\.\s*(?P<why>[^\n]*)")
_MOST_LOGS = 2
_HAVE_LOGS = frozenset({"Pod", "Deployment", "StatefulSet", "DaemonSet", "Job"})
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")


class BuiltinClient(ChatCompletionClient):
    """Words the first look that stands with the question; asks for logs where those are wanted."""

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
        offered = _names(tools) if tool_choice != "none" else set()
        content = answer(messages, offered)
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


def answer(messages: Sequence[LLMMessage], offered: Collection[str]) -> str | list[FunctionCall]:
    """The next calls, or the words; nothing but the messages decides which."""
    question, since = _split(messages)
    look = _look_in(question, since)
    if look is None:
        return _without_a_look(question, since, offered)
    number, facts = look
    wanted = _wanted_logs(facts) if KUBECTL in offered else []
    results = _results(since)
    missing = [command for command in wanted if command not in results]
    if missing:
        return [_call(KUBECTL, "command", command) for command in missing]
    asked = [*dict.fromkeys((*wanted, *results))]
    return word(facts, number, [(each, results[each]) for each in asked if each in results])


def _look_in(question: str, since: Sequence[LLMMessage]) -> tuple[int, Facts] | None:
    """The latest look: Kaia's own beside the question, or one that was called for."""
    for text in (*reversed(_looks_called_for(since)), _beside(question)):
        found = _LOOK.search(text)
        facts = parse(unfence(text)) if found else None
        if found and facts is not None:
            return int(found[1]), facts
    return None


def _beside(question: str) -> str:
    """Only what code has put behind the last such mark: a person may have written one too."""
    return question.rpartition(_BESIDE)[2] if _BESIDE in question else ""


def _looks_called_for(since: Sequence[LLMMessage]) -> list[str]:
    return [result.content for result in _outputs(since) if result.name == TRIAGE]


def _without_a_look(
    question: str, since: Sequence[LLMMessage], offered: Collection[str]
) -> str | list[FunctionCall]:
    for text in (*reversed(_looks_called_for(since)), _beside(question)):
        if none := _NO_CLUSTER.search(text):
            return without_cluster(none["why"], _say(question))
    if TRIAGE in offered and not since:
        return [_call(TRIAGE, "where", "all")]
    return _say(question).no_look


def _say(question: str) -> Phrases:
    """In what it seems to be asked; where there is a look, that says it."""
    return speaking(language_of(question.rpartition(_BESIDE)[0] or question))


def _wanted_logs(facts: Facts) -> list[str]:
    if facts.intent != "logs":
        return []
    commands = []
    for ref in facts.asked:
        kind, _, path = ref.partition(" ")
        namespace, _, name = path.rpartition("/")
        if kind in _HAVE_LOGS and _NAME.fullmatch(namespace) and _NAME.fullmatch(name):
            commands.append(f"kubectl logs {kind.lower()}/{name} -n {namespace} --tail=30")
    return commands[:_MOST_LOGS]


def _split(messages: Sequence[LLMMessage]) -> tuple[str, Sequence[LLMMessage]]:
    """The question, and what came after it."""
    for at in range(len(messages) - 1, -1, -1):
        message = messages[at]
        # What Kaia's own code notes to a model is no question.
        if isinstance(message, UserMessage) and message.source in {"user", "user_proxy"}:
            return _text(message), messages[at + 1 :]
    return "", ()


def _text(message: UserMessage) -> str:
    parts = [message.content] if isinstance(message.content, str) else message.content
    return "\n".join(part for part in parts if isinstance(part, str))


def _outputs(since: Sequence[LLMMessage]) -> Iterator[FunctionExecutionResult]:
    for message in since:
        if isinstance(message, FunctionExecutionResultMessage):
            yield from message.content


def _results(since: Sequence[LLMMessage]) -> dict[str, Seen]:
    commands = {call.id: command for call, command in _calls(since)}
    return {
        commands[result.call_id]: seen.read(result.content)
        for result in _outputs(since)
        if result.call_id in commands
    }


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
    except (ValueError, RecursionError):
        return ""
    command = given.get("command") if isinstance(given, dict) else None
    return command if isinstance(command, str) else ""


def _call(tool: str, parameter: str, value: str) -> FunctionCall:
    number = hashlib.sha256(value.encode()).hexdigest()[:16]
    return FunctionCall(f"call_{number}", json.dumps({parameter: value}), tool)


def _names(tools: Sequence[Tool | ToolSchema]) -> set[str]:
    return {tool.name if isinstance(tool, Tool) else tool["name"] for tool in tools}
