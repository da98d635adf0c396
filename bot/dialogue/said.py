"""What people say and press, as front ends hand it over."""

from dataclasses import dataclass
from typing import Literal, Protocol


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
class Decision:
    """A press on Approve or Reject below a proposal."""

    proposal: str
    """The proposal's id."""
    approves: bool
    message_ts: str
    """Timestamp of the message that carries the proposal."""
    groups: tuple[str, ...] = ()
    """Those of the approving user groups whom the person belonged to at the press, as the front
    end knows it."""


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file that somebody put into a message. What it holds is read by the turn, not before."""

    id: str
    """The front end's own, by which `Audience.contents` finds it."""
    name: str
    """As its owner named it: free text."""
    kind: Literal["text", "voice", "other"]
    bytes: int = 0
    """0 where the front end does not say."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, as text; or why that cannot be had."""

    text: str = ""
    """A text file's beginning, or what a voice clip says. Not redacted."""
    is_cut: bool = False
    problem: str = ""
    """A sentence for people that says what they can do instead; empty where there is a text."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Something said in a thread that was not said to Kaia."""

    speaker: str
    name: str
    text: str
    """Unescaped, as `Input.text`. Not redacted."""
    ts: str


@dataclass(frozen=True, slots=True)
class Rating:
    """A press on one of the two buttons that say whether an answer helped."""

    thread: Thread
    turn: str
    """`Input.id` of the question that was answered."""
    person: str
    is_good: bool
    received: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a person said or pressed. Its `id` is the event's own, so that redeliveries are
    seen.
    """

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
    decision: Decision | None = None
    is_machine: bool = False
    """Said by another app that is allowed to ask."""
    mentions: tuple[str, ...] = ()
    """User ids of the others whom it names; never Kaia's own."""
    files: tuple[SharedFile, ...] = ()
    watch: str = ""
    """Id of a watch that has come to its end: `text` says how. Said by nobody."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A message that was edited, or deleted, after it was said."""

    id: str
    """The `Input.id` of the message."""
    text: str | None
    """What it says now, like `Input.text`; None where it was deleted."""


class Receive(Protocol):
    """All that a front end needs of the engine where people only ask."""

    async def __call__(self, said: Input) -> bool:
        """As `Receiver.receive`."""


class Receiver(Protocol):
    """The one thing front ends know of the engine."""

    async def receive(self, said: Input) -> bool:
        """Keeps the input durably before it returns. False: known already, or nobody asked Kaia.

        Raises StoreError: then it was not kept.
        """

    async def revise(self, revision: Revision) -> bool:
        """Changes or drops a question that still waits; False where there is none. What was only
        listened to is changed too, and a deleted question that runs is stopped. Raises StoreError.
        """

    async def rate(self, rating: Rating) -> bool:
        """Keeps it durably; a second press of the same person replaces the first. False where what
        was rated is no longer kept. Raises StoreError.
        """

    async def objection(self, said: Input) -> str:
        """Why this person may not decide what they pressed, in a sentence for them; or nothing.

        Raises StoreError.
        """
