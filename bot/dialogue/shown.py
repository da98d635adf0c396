"""What Kaia shows: steps, answers, proposals, and to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.dialogue.said import Contents, Input, Passage, SharedFile


@dataclass(frozen=True, slots=True)
class Receipt:
    """A numbered command with its output, as stored and as `show N` gives it. Holds no secret."""

    number: int
    tool: str
    command: str
    """The command line that ran, or the one asked for where it was refused."""
    verdict: str
    """`read`, `refused`, `proposed`, `dry-run` or `write`."""
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
class Proposal:
    """A change that runs only after somebody who may approve it has. Holds no secret."""

    id: str
    """Cannot be guessed."""
    command: str
    """The command line, exactly as it will run."""
    argv: tuple[str, ...]
    """The same as judged and rebuilt; begins with `kubectl`."""
    change: str
    """What kind of change, as the table of changes calls it: `rollout restart`, `scale`, …"""
    namespace: str
    """Empty for a node's."""
    target: str
    """`deployment/web`."""
    uid: str
    fingerprint: str
    """Of the object's spec when it was proposed: `generation`, or a hash where it has none."""
    present: str
    """How the object is now. Markdown, as are the next three."""
    effect: str
    """What the change would touch."""
    undo: str
    """The command that undoes it, or why none does."""
    reason: str
    """The model's, in its words."""
    asked_by: str
    """User id of who asked the question that led to it."""
    expires: float
    """Seconds since the epoch."""


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
    proposals: tuple[Proposal, ...] = ()
    """Shown behind it, each with its buttons."""
    lead: tuple[str, ...] = ()
    """Below the verdict, before everything else: the cause in a line, then what to do next in a
    line; by code. Markdown."""
    language: str = "en"
    """The question's, as `bot.languages` calls it: what code says around the answer is in it."""
    not_run: tuple[int, ...] = ()
    """Commands that its words cited though they were not run: no longer in them, or struck
    through. Not shown."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is shown as a file beside a message, mostly a text too long for it. Holds no secret."""

    name: str
    """`receipt-3.txt`."""
    text: str
    """Of what is no text: how to come by it where it cannot be attached. Markdown."""
    content: bytes = b""
    """What is no text."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Numbers that people would rather look at than read. The Markdown beside it says them too."""

    title: str
    """At most 50 characters."""
    unit: str
    """What is counted: `pods`."""
    series: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    """Each a name and its labelled values; all have the same labels."""
    is_over_time: bool = False
    """The labels are times, and a value stays until the next of them."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something Kaia says that is no finding: help, status, a greeting, a receipt shown again."""

    markdown: str
    attachment: Attachment | None = None
    only_for: str = ""
    """User id of the one person it is for; empty for everybody in the thread."""
    is_broadcast: bool = False
    """Shown in the channel too, not only in its thread."""
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer: what happened, what the person can do, and a reference to find it in the log."""

    sentence: str
    reference: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Closed:
    """The conversation has ended with somebody's "Thanks!"."""

    markdown: str
    attachment: Attachment | None = None
    """The whole close-out, for the ticket."""
    offers_broadcast: bool = False
    """A button below it posts it to the channel, as the words `post to the channel` do."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a proposal after somebody pressed a button."""

    markdown: str
    """What happened, for the thread: the result and how to undo it."""
    proposal: Proposal
    message_ts: str
    """The proposal's message, which loses its buttons."""
    verdict: str
    """One line in place of the buttons: `Approved by … at …`. Markdown."""
    receipts: tuple[Receipt, ...] = ()


Outcome = Answer | Notice | Failure | Closed | Decided


class Audience(Protocol):
    """Whoever follows one turn. Only `deliver` and `may_be_told` may fail; the rest is decoration
    and never does.
    """

    async def begin(self) -> None:
        """Shows a first sign of life."""

    async def step(self, step: Step) -> None:
        """Shows what is being done now."""

    async def note(self, markdown: str, *, only_for: str = "") -> None:
        """Says one plain line in the thread beside the outcome: that a question waits, that Kaia
        is restarting. At most once for each call, and perhaps not at all. To one person alone
        where `only_for` names one.
        """

    async def contents(self, file: SharedFile) -> Contents:
        """What a file of this input holds; a clip may take half a minute. Never raises."""

    async def earlier(self, since: str) -> tuple[Passage, ...]:
        """What people and apps said in this thread before the input and after the timestamp
        `since` (empty: from its beginning), oldest first, bounded. Never raises; nothing where it
        cannot be read.
        """

    async def place(self) -> str:
        """What people call the thread's channel: `#incidents`; empty where it has no name here."""

    async def may_be_told(self) -> bool:
        """Whether what nobody has just asked may be said in this thread now. Raises DeliveryError
        where that cannot be found out yet.
        """

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
