"""Pure: whether a model's reply can be used, made usable where that is certain."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from autogen_core import FunctionCall
from autogen_core.models import CreateResult
from autogen_core.tools import Tool, ToolSchema

from bot.agents.repair import Parameters, calls_in, looks_like_a_call, repaired

_CUT_SHORT = "\n\n(The model's answer ended here, at its length limit.)"


class Flaw(Enum):
    """Why a reply cannot be used, in the words in which the model is told."""

    EMPTY = "Your last reply was empty. Call a tool, or answer in words."
    BROKEN = (
        "Your last reply was a tool call printed as text, which cannot be run. Call the tool as"
        " tools are called, or answer in words."
    )


@dataclass(frozen=True, slots=True)
class Usable:
    result: CreateResult
    was_repaired: bool = False


def judge(result: CreateResult, offered: Parameters, *, answer_tokens: int) -> Usable | Flaw:
    """`offered` is empty where no tool may be called; `answer_tokens` is the length limit."""
    match result.content:
        case str(text) if not text.strip():
            return Flaw.EMPTY
        case str(text):
            return _judge_text(text, result, offered, answer_tokens)
        case calls if not calls:
            return Flaw.EMPTY
        case _ if not offered:
            return Flaw.BROKEN
        case calls:
            return Usable(result.model_copy(update={"content": _named(calls, offered)}))


def offered_by(tools: Sequence[Tool | ToolSchema]) -> Parameters:
    schemas = [tool.schema if isinstance(tool, Tool) else tool for tool in tools]
    return {
        each["name"]: tuple(each.get("parameters", {}).get("properties", {})) for each in schemas
    }


def _judge_text(
    text: str, result: CreateResult, offered: Parameters, answer_tokens: int
) -> Usable | Flaw:
    if calls := calls_in(text, offered):
        content = [FunctionCall(_new_id(), call.arguments, call.name) for call in calls]
        update = {"content": content, "finish_reason": "function_calls"}
        return Usable(result.model_copy(update=update), was_repaired=True)
    if looks_like_a_call(text):
        return Flaw.BROKEN
    if _was_cut(result, answer_tokens):
        return Usable(result.model_copy(update={"content": text + _CUT_SHORT}))
    return Usable(result)


def _was_cut(result: CreateResult, answer_tokens: int) -> bool:
    # AutoGen's Ollama client says `unknown` for Ollama's `length`.
    if result.finish_reason == "unknown":
        return result.usage.completion_tokens >= answer_tokens
    return result.finish_reason == "length"


def _named(calls: Sequence[FunctionCall], offered: Parameters) -> list[FunctionCall]:
    """With ids that no other call of the conversation has: AutoGen's Ollama client repeats them."""
    return [
        FunctionCall(_new_id(), repaired(call.name, call.arguments, offered), call.name or "none")
        for call in calls
    ]


def _new_id() -> str:
    return f"call_{uuid.uuid4().hex[:16]}"
