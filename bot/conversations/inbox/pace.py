"""How much is done at once, and how long things may take or are kept. It decides nothing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    parallel_turns: int = 20
    drain_seconds: float = 10.0
    keep_days: float = 7.0
    """For the rows of ended turns, by which a redelivery of theirs is known."""
    retention_days: float = 30.0
    """For conversations."""
    after_error_seconds: float = 5.0
    """Before a turn that the store has failed is begun again."""


USUAL = Pace()
