"""What a run takes is told to whoever caps it, while the run goes on; it caps nothing."""

from collections.abc import Sequence
from typing import Protocol

from bot.agents.sent import Call
from bot.dialogue import Usage


class Meter(Protocol):
    """Counts what a run takes, also one that fails later."""

    def count(self, usage: Usage) -> None: ...

    def used_up(self) -> str:
        """Why the model may not be asked again, in sentences; or nothing."""

    def sent(self, calls: Sequence[Call]) -> None:
        """Told what a run had sent that failed."""
