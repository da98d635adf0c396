"""How the rest of Kaia tells what it does: what kind, how long, how it ended; never words.

Whoever does something knows neither Prometheus nor OpenTelemetry, and nothing here knows them.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Literal, Protocol

Activity = Literal["ack", "intake", "turn", "model", "kubectl", "slack"]
"""What takes time."""
Happening = Literal[
    "tokens", "command refused", "person refused", "redaction", "reconnect", "limited", "takeover"
]
"""What is counted."""


class Doing(Protocol):
    """Something under way."""

    def ends(self, outcome: str) -> None:
        """How, in a word of ours; without it: `done`, or what the error was that came out."""

    def notes(self, **numbers: float) -> None:
        """For traces."""


class Telemetry(Protocol):
    def doing(self, what: Activity, word: str, turn: str = "") -> AbstractContextManager[Doing]:
        """Around something that takes time. `word` is one of a list known at start: a verb, a
        method, a provider. `turn`: `Input.id`, where it is the first of its turn here.
        """

    def count(self, what: Happening, word: str = "", by: float = 1) -> None:
        """`word` as above."""


class Unmeasured:
    """A `Telemetry` for where nobody looks: a terminal, a test."""

    @contextmanager
    def doing(self, what: Activity, word: str, turn: str = "") -> Iterator[Doing]:
        del what, word, turn
        yield _Nothing()

    def count(self, what: Happening, word: str = "", by: float = 1) -> None:
        del what, word, by


class _Nothing:
    def ends(self, outcome: str) -> None:
        del outcome

    def notes(self, **numbers: float) -> None:
        del numbers


UNMEASURED: Final = Unmeasured()
