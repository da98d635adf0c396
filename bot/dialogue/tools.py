"""What the model may call, and how data is told from instructions in what it is given."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.dialogue.shown import Proposal, Receipt


@dataclass(frozen=True, slots=True)
class Parameter:
    """A tool's parameter: always a string, always required. Small models manage nothing else."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gives back to the model, and the receipt it left."""

    text: str
    is_error: bool = False
    receipt: Receipt | None = None
    proposal: Proposal | None = None


class Tool(Protocol):
    """Something the model may call. `manual` is written for the model."""

    @property
    def name(self) -> str: ...

    @property
    def manual(self) -> str: ...

    @property
    def parameters(self) -> tuple[Parameter, ...]: ...

    async def run(self, arguments: Mapping[str, str]) -> ToolResult:
        """Never raises and lets no CancelledError out: what went wrong is said in the result."""


_FENCE = re.compile(
    r"^<<<data (?P<mark>[0-9a-f]{12})>>>\n(?P<data>.*)\n<<<end (?P=mark)>>>$",
    re.DOTALL | re.MULTILINE,
)


def fence(data: str) -> str:
    """Puts data between marks that its author cannot have guessed, so that it cannot end them."""
    mark = secrets.token_hex(6)
    return f"<<<data {mark}>>>\n{data}\n<<<end {mark}>>>"


def unfence(text: str) -> str:
    """What `fence` was given, from a text that holds one fence; nothing where there is none."""
    found = _FENCE.search(text)
    return found["data"] if found else ""


def shorten_fenced(text: str, chars: int) -> str:
    """The same text with at most so much of what each fence holds, and a mark where it was cut."""

    def shortened(found: re.Match[str]) -> str:
        data = found["data"]
        if len(data) <= chars:
            return found[0]
        kept = f"{data[:chars]}\n[... {len(data) - chars} left out ...]"
        # Not by search: short data may stand in the marks around it too.
        return (
            text[found.start() : found.start("data")] + kept + text[found.end("data") : found.end()]
        )

    return _FENCE.sub(shortened, text)
