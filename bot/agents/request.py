"""What AutoGen asks a model for, with what Kaia has to say on top; it asks nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from autogen_core.models import LLMMessage, UserMessage
from autogen_core.tools import Tool, ToolSchema
from pydantic import BaseModel

from bot.agents.repair import Parameters
from bot.agents.replies import Flaw

NOTE = "kaia_note"
"""Source of what Kaia's code, and no person, tells the model within one call."""
LAST_WORDS = (
    "No more commands can be run for this question. Answer now, in words, from what you have seen,"
    " and say what is still open."
)
NOTES: Final[Mapping[str, str]] = {
    "LAST_WORDS": LAST_WORDS,
    **{flaw.name: flaw.value for flaw in Flaw},
}
"""By the names under which they are kept."""
FORGOT = "\n\nThe earlier part of this conversation could not be read any more; say so."
"""Below the instructions of a run that begins without the memory it should have."""


def system_message(prompt: str, situation: str) -> str:
    return f"{prompt}\n\nThe situation\n{situation}" if situation else prompt


def note_of(name: str) -> UserMessage:
    """Of another release it may be unknown, and says so."""
    return UserMessage(content=NOTES.get(name, f"(a note called {name})"), source=NOTE)


@dataclass(frozen=True, slots=True)
class Request:
    """What AutoGen asks for, with what has to be said to the model on top."""

    messages: Sequence[LLMMessage]
    tools: Sequence[Tool | ToolSchema]
    tool_choice: Tool | Literal["auto", "required", "none"]
    json_output: bool | type[BaseModel] | None
    extra: Mapping[str, Any]
    offered: Parameters = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """Names of those that stand at the end of `messages`."""

    def with_note(self, name: str) -> "Request":
        return Request(
            [*self.messages, note_of(name)],
            self.tools,
            self.tool_choice,
            self.json_output,
            self.extra,
            self.offered,
            (*self.notes, name),
        )
