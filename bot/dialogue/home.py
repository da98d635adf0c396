"""What somebody sees of Kaia on a page of their own, before anything is asked; data only."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.dialogue.said import Thread


@dataclass(frozen=True, slots=True)
class RecentTalk:
    """A conversation that this person took part in."""

    thread: Thread
    question: str
    """The first words of theirs there: free text, without secrets."""
    updated: float
    """Seconds since the epoch."""
    is_open: bool


@dataclass(frozen=True, slots=True)
class Home:
    """How Kaia is, what she may do here, and what this person asked her lately."""

    lines: tuple[tuple[str, str], ...]
    """A label and what stands beside it, Markdown, in order."""
    recent: tuple[RecentTalk, ...] = ()
    """The latest first."""


HomeFor = Callable[[str], Awaitable[Home]]
"""By user id. May raise KaiaError: then the page says that it could not be put together."""
