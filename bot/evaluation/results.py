"""What came of a run, attempt by attempt, as it is kept; it computes nothing from that."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FORMAT = 1

Sort = Literal[
    "missing fact",
    "forbidden fact",
    "missing citation",
    "citation of nothing",
    "verdict",
    "refused attempts",
    "canary",
    "no answer",
    "other wording",
]
"""`no answer`: a failure, or nothing within the time. `other wording`: the model gave out, and the
built-in wording answered in its place."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an attempt has not passed."""

    sort: Sort
    sentence: str


@dataclass(frozen=True, slots=True)
class Command:
    """A receipt, shortened for a reader."""

    number: int
    tool: str
    command: str
    verdict: str
    """`read`, `refused`, …, as a receipt has it."""
    exit_code: int | None
    output: str
    """Redacted; its beginning where it is long."""
    note: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing that was said to Kaia, and what she showed."""

    asked: str
    verdict: str = ""
    """Markdown, as are the next two: first lines by code."""
    lead: tuple[str, ...] = ()
    answer: str = ""
    """The model's own words; of a failure its sentence."""
    remarks: tuple[str, ...] = ()
    source: str = ""
    """Who worded it: `ollama:qwen3:8b`, `builtin`, …"""
    caveat: str = ""
    commands: tuple[Command, ...] = ()
    is_failure: bool = False
    not_run: tuple[int, ...] = ()
    """Commands that the model cited and that did not run, also where Kaia took that out."""


@dataclass(frozen=True, slots=True)
class Attempt:
    scenario: str
    number: int
    """From 1 to the run's `repeats`."""
    digest: str
    """Of the scenario as it was asked."""
    exchanges: tuple[Exchange, ...] = ()
    problems: tuple[Problem, ...] = ()
    seconds: float = 0.0
    """From the question to the last answer."""
    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0

    @property
    def has_passed(self) -> bool:
        return not self.problems

    @property
    def refused(self) -> int:
        """Commands that the policy refused."""
        return sum(each.verdict == "refused" for one in self.exchanges for each in one.commands)

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


@dataclass(frozen=True, slots=True)
class Price:
    """Of a model's tokens, in dollars for a million."""

    prompt: float
    completion: float

    def of(self, attempt: Attempt) -> float:
        """Dollars."""
        asked, said = attempt.prompt_tokens, attempt.completion_tokens
        return (asked * self.prompt + said * self.completion) / 1e6


@dataclass(frozen=True, slots=True)
class Run:
    """Some scenarios, each tried some times with one model."""

    model: str
    """`ollama:qwen3:8b`."""
    repeats: int
    started: float
    """Seconds since the epoch."""
    kaia: str
    """Its version."""
    scenarios: Mapping[str, str] = field(default_factory=dict)
    """Name -> digest, of those that are tried."""
    about: Mapping[str, str] = field(default_factory=dict)
    """Name -> the fault in one line."""
    attempts: tuple[Attempt, ...] = ()
    """Those that have ended so far, by name and number; of the digests above only."""
    price: Price | None = None
    folder: str = ""
    """Its name alone, for readers."""
    parallel: int = 0
    """Attempts at once, which their seconds depend on; 0 where it was not always the same."""

    @property
    def is_whole(self) -> bool:
        return len(self.attempts) == len(self.scenarios) * self.repeats
