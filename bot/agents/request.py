"""What AutoGen asks a model for, with what Kaia has to say on top; it asks nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from autogen_core.models import LLMMessage, UserMessage
from autogen_core.tools import Tool, ToolSchema
from pydantic import BaseModel

from bot.agents.repair import Parameters

NOTE = "kaia_note"
"""Source of what Kaia's code, and no person, tells the model within one call."""


@dataclass(frozen=True, slots=True)
class Request:
    """What AutoGen asks for, with what has to be said to the model on top."""

    messages: Sequence[LLMMessage]
    tools: Sequence[Tool | ToolSchema]
    tool_choice: Tool | Literal["auto", "required", "none"]
    json_output: bool | type[BaseModel] | None
    extra: Mapping[str, Any]
    offered: Parameters = field(default_factory=dict)

    def with_note(self, note: str) -> "Request":
        messages = [*self.messages, UserMessage(content=note, source=NOTE)]
        return Request(
            messages, self.tools, self.tool_choice, self.json_output, self.extra, self.offered
        )
