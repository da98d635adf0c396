"""The words that front ends, engine, agents and tools share; it does nothing and knows nobody."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a conversation happens: a Slack thread, or a terminal that stands for one."""

    team: str
    channel: str
    ts: str
    """Timestamp of the thread's root message, which is Slack's name for the thread."""

    @property
    def id(self) -> str:
        return f"{self.team}:{self.channel}:{self.ts}"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a person said. Its `id` is the event's own, so that redeliveries are seen."""

    id: str
    """`message:TEAM:CHANNEL:TS` for a message; other doors have prefixes of their own."""
    thread: Thread
    ts: str
    """Timestamp of this message."""
    speaker: str
    """User id, `U…` in Slack."""
    speaker_name: str
    text: str
    """Entities unescaped, Kaia's own mention taken out. Redacted by the engine as it arrives."""
    addressed: bool
    """Mentioned Kaia, or said in a direct message: answered even where no conversation is open."""
    received: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A numbered command with its output, as stored and as `show N` gives it. Holds no secret."""

    number: int
    tool: str
    command: str
    """The command line that ran, or the one asked for where it was refused."""
    verdict: str
    """`read`, or `refused`."""
    exit_code: int | None
    """None where nothing ran, or where it was killed at its deadline."""
    output: str
    """Redacted and bounded, otherwise whole."""
    note: str
    """Why it was refused, that it was killed or cut, or nothing."""
    started: float
    """Seconds since the epoch."""
    seconds: float
    bytes: int = 0
    """What the command printed, before anything was taken out or cut."""
    redactions: int = 0
    """How many secrets were taken out."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What the model was asked and gave, in tokens."""

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.model_calls + other.model_calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the transcript, in a form that needs no AutoGen to be read again."""

    speaker: str
    """A user id, or `kaia`."""
    text: str = ""
    tool: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    output: str = ""
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Step:
    """What Kaia is doing right now, for the status line: `kubectl get pods -n shop`."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What Kaia found, in the model's words, with the commands that were run, listed by code."""

    markdown: str
    cluster: str
    receipts: tuple[Receipt, ...] = ()
    """Those of this turn."""
    source: str = ""
    """Who worded it: `ollama:qwen3:8b`, `builtin`, …"""
    caveat: str = ""
    """Why somebody else than the configured model worded it, or why it is only a part; or
    nothing."""
    verdict: str = ""
    """The first line, decided by rule: `**CONFIRMED** · …`. Markdown."""
    remarks: tuple[str, ...] = ()
    """What code says below: what was checked and is fine, what was not, which runbook was used."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text too long for a message, shown as a file beside it. Holds no secret."""

    name: str
    """`receipt-3.txt`."""
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something Kaia says that is no finding: help, status, a greeting, a receipt shown again."""

    markdown: str
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer: what happened, what the person can do, and a reference to find it in the log."""

    sentence: str
    reference: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The conversation has ended with somebody's "Thanks!"."""

    markdown: str


Outcome = Answer | Notice | Failure | Closed


class Audience(Protocol):
    """Whoever follows one turn. Only `deliver` may fail; the rest is decoration and never does."""

    async def begin(self) -> None:
        """Shows a first sign of life."""

    async def step(self, step: Step) -> None:
        """Shows what is being done now."""

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:
        """Shows the outcome once and returns the posted message's timestamp.

        `turn` is kept with the message. Where `repeated`, an earlier process may have posted it
        already: it is looked up before it is posted. Raises DeliveryError, ThreadGone.
        """

    async def end(self) -> None:
        """Takes every sign of work away; called however the turn ended."""


class AudienceFor(Protocol):
    """The one thing the engine knows of front ends."""

    def __call__(self, said: Input) -> Audience: ...


class Receive(Protocol):
    """The one thing front ends know of the engine."""

    async def __call__(self, said: Input) -> bool:
        """Keeps the input durably before it returns. False: known already, or nobody asked Kaia."""


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
        return found[0].replace(data, f"{data[:chars]}\n[... {len(data) - chars} left out ...]")

    return _FENCE.sub(shortened, text)
