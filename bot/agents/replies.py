"""Pure: whether a model's reply can be used, made usable where that is certain."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from autogen_core import FunctionCall
from autogen_core.models import CreateResult
from autogen_core.tools import Tool, ToolSchema

from bot.agents.repair import Parameters, calls_in, looks_like_a_call, named, repaired
from bot.plaintext import clean

_MOST_CHARS = 40_000
"""Of an answer: four messages in Slack, and far more than a reader takes in."""
_TOO_LONG = "\n\n(The model's answer had {chars} characters; what followed here was left out.)"
_THOUGHT = re.compile(r"\s*<(think(?:ing)?)>.*?(?:</\1>|\Z)", re.DOTALL)
_THOUGHT_WITHOUT_BEGIN = re.compile(r"(?:(?!<think(?:ing)?>).)*?</think(?:ing)?>\s*?\n", re.DOTALL)
_NOTHING = (
    "The model {label} gave an empty answer twice. Ask again in other words; if it stays, another"
    " model in KAIA_MODEL may do better."
)
_NO_WORDS = (
    "The model {label} printed tool calls that cannot be run instead of an answer. Ask again; if it"
    " stays, choose a model in KAIA_MODEL that is better at tools, such as ollama:qwen3:8b."
)
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
        case str(text):
            return _judge_text(text, result, offered, answer_tokens)
        case calls if not calls:
            return Flaw.EMPTY
        case _ if not offered:
            return Flaw.BROKEN
        case calls:
            return Usable(result.model_copy(update={"content": _named(calls, offered)}))


def explained(flaw: Flaw | None, label: str) -> str:
    """For people, where the model has twice given what cannot be used."""
    return (_NO_WORDS if flaw is Flaw.BROKEN else _NOTHING).format(label=label)


def offered_by(tools: Sequence[Tool | ToolSchema]) -> Parameters:
    schemas = [tool.schema if isinstance(tool, Tool) else tool for tool in tools]
    return {
        each["name"]: tuple(each.get("parameters", {}).get("properties", {})) for each in schemas
    }


def _judge_text(
    text: str, result: CreateResult, offered: Parameters, answer_tokens: int
) -> Usable | Flaw:
    said = _without_thoughts(text)
    if not clean(said).strip():
        # Models that think in the wrong place call in the wrong place too.
        said = text if calls_in(text, offered) else ""
    if calls := calls_in(said, offered):
        content = [FunctionCall(_new_id(), call.arguments, call.name) for call in calls]
        update = {"content": content, "finish_reason": "function_calls"}
        return Usable(result.model_copy(update=update), was_repaired=True)
    if looks_like_a_call(said):
        return Flaw.BROKEN
    if not said:
        return Flaw.EMPTY
    if len(said) > _MOST_CHARS:
        said = said[:_MOST_CHARS] + _TOO_LONG.format(chars=len(said))
    elif _was_cut(result, answer_tokens):
        said += _CUT_SHORT
    return Usable(result.model_copy(update={"content": said}))


def _without_thoughts(text: str) -> str:
    """Servers that do not know how a model marks its thoughts leave them before the answer."""
    while found := _THOUGHT.match(text):
        text = text[found.end() :]
    begun = _THOUGHT_WITHOUT_BEGIN.match(text)
    return text[begun.end() :] if begun else text


def _was_cut(result: CreateResult, answer_tokens: int) -> bool:
    # AutoGen's Ollama client says `unknown` for Ollama's `length`.
    if result.finish_reason == "unknown":
        return result.usage.completion_tokens >= answer_tokens
    return result.finish_reason == "length"


def _named(calls: Sequence[FunctionCall], offered: Parameters) -> list[FunctionCall]:
    """With ids that no other call of the conversation has: AutoGen's Ollama client repeats them."""
    names = [named(call.name, offered) for call in calls]
    return [
        FunctionCall(_new_id(), repaired(name, call.arguments, offered), name)
        for name, call in zip(names, calls, strict=True)
    ]


def _new_id() -> str:
    return f"call_{uuid.uuid4().hex[:16]}"
