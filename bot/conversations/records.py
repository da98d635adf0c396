"""The engine's rows as they are in memory: turns, conversations, what a turn learnt. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.dialogue import Entry, Input, Outcome, Proposal, Receipt, Usage

Kind = Literal["talk", "word"]
InputKind = Literal["said", "decision", "watch"]
Status = Literal["done", "failed", "stopped"]
Fate = Literal["open", "running", "done", "failed", "unknown", "rejected", "expired", "void"]
"""Of a proposal. `running` is written before its command starts: whoever finds it there later
knows that the command may have run, and never starts it again."""

POISON = 3
"""So many processes may die under a turn before it is given up."""


class NotOurs(Exception):
    """The turn is no longer this attempt's: another one owns it, or it has ended."""


def kind_of(said: Input) -> InputKind:
    """What it is for those who count it."""
    if said.watch:
        return "watch"
    return "said" if said.decision is None else "decision"


def words_lane(thread: str) -> str:
    return f"{thread}#words"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An input as judged when it came."""

    said: Input
    kind: Kind

    @property
    def lane(self) -> str:
        """What it waits in line for. Words have a lane of their own beside their thread's."""
        thread = self.said.thread.id
        return thread if self.kind == "talk" else words_lane(thread)


@dataclass(frozen=True, slots=True)
class Turn:
    """One input being handled, by one attempt at it."""

    seq: int
    said: Input
    kind: Kind
    attempt: int
    crashes: int
    """Processes that died under it."""
    started: float
    conclusion: str | None = None
    """The outcome as JSON, where an earlier attempt got that far: it only needs to be shown."""


@dataclass(frozen=True, slots=True)
class Stopped:
    running: tuple[int, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What runs in a thread and what waits there."""

    running: Turn | None
    waiting: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How long the line is, for readiness and metrics."""

    waiting: int
    running: int
    oldest_received: float | None


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is kept."""

    rows: Mapping[str, int]
    """By table."""
    bytes: int
    """Of the whole database on its disk."""


@dataclass(frozen=True, slots=True)
class Recovered:
    back_in_line: int
    stopped: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is known of a thread before a turn of it runs."""

    is_open: bool = False
    state: Any = None
    """The last good state of the team; None before the first good run."""
    next_receipt: int = 1
    questions: int = 0
    """Since it was opened."""
    opened: float = 0.0
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What earlier turns left for later ones."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a proposal in a turn."""

    proposal: str
    fate: Fate
    by: str = ""
    """Who decided, as people read it; nothing where nobody did."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request to a model: not what was sent, but how that is put together again and a hash by
    which it is known to be the same.
    """

    label: str
    """`ollama:qwen3:8b`."""
    digest: str
    """SHA-256, hex, of the request in its canonical form."""
    prompt_digest: str
    """The same of Kaia's own instructions alone: equal for all calls of one release."""
    recipe: Mapping[str, Any]
    """JSON: what the transcript and the receipts do not hold."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Something in the cluster that somebody wants to hear of, once."""

    id: str
    """Cannot be guessed."""
    said: Input
    """The question that began it: where and for whom."""
    wish: Mapping[str, Any]
    """JSON: what is watched, until when, and how it was at the beginning."""
    sentence: str
    """What is watched, for people: `deployment/web in shop until ready`. Markdown."""
    created: float
    expires: float
    """Seconds since the epoch, both."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The calls of one turn, as they are kept."""

    turn: str
    """`Input.id`."""
    at: float
    """Seconds since the epoch."""
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the transcript with its time."""

    entry: Entry
    kept: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Recent:
    """A conversation somebody took part in."""

    thread: str
    """`Thread.id`."""
    question: str
    """The first words of that person's there."""
    updated: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class Learnt:
    """Everything a turn found out; saved whole or not at all, before anybody is shown anything."""

    outcome: Outcome | None
    """None: it was only listened to, and nothing is shown."""
    becomes: Literal["open", "closed"]
    state: Any = None
    """None keeps the last good one."""
    entries: tuple[Entry, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    usage: Usage = field(default_factory=Usage)
    questions: int = 0
    notes: Mapping[str, Any] = field(default_factory=dict)
    """Replaces earlier ones of the same name."""
    proposals: tuple[Proposal, ...] = ()
    """New ones, open from now on."""
    settled: Settled | None = None
    calls: tuple[Call, ...] = ()
    """What was sent to the model, in order."""
    watches: tuple[Watch, ...] = ()
    """New ones, open from now on."""
    ended_watches: tuple[str, ...] = ()
    """Ids of those that are over."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a turn ended. `waiting`: its outcome could not be shown yet and is tried again later."""

    status: Literal["done", "failed", "stopped", "waiting"]
    posted_ts: str | None = None
    after_seconds: float = 0.0
