"""Pure: how much of a share, and of a difference, chance alone would explain."""

import math
from dataclasses import dataclass

_Z = 1.959963984540054
"""Standard deviations that 95 % of a normal distribution lie within."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of something that was tried, and where the true part lies in 95 of 100 cases.

    The interval is Wilson's: it stays within 0 and 1, and has a width where none or all passed.
    """

    passed: float
    """Of 2 scenarios that passed in 1 of 2 attempts: 1.0."""
    of: int
    """Scenarios. Attempts at one are not independent, and say little of other incidents."""

    @property
    def value(self) -> float:
        return self.passed / self.of if self.of else 0.0

    @property
    def low(self) -> float:
        middle, half = self._interval()
        return min(self.value, max(0.0, middle - half))

    @property
    def high(self) -> float:
        middle, half = self._interval()
        return max(self.value, min(1.0, middle + half))

    def _interval(self) -> tuple[float, float]:
        """Its middle, and half of its width."""
        if not self.of:
            return 0.5, 0.5
        share, squared = self.value, _Z**2
        spread = math.sqrt(share * (1 - share) / self.of + squared / (4 * self.of**2))
        whole = 1 + squared / self.of
        return (share + squared / (2 * self.of)) / whole, _Z * spread / whole


def of_signs(better: int, worse: int) -> float:
    """How often chance alone makes a difference at least this clear: the exact sign test, both
    sides.
    """
    differing = better + worse
    tail = sum(math.comb(differing, each) for each in range(min(better, worse) + 1))
    return float(min(1.0, 2 * tail / 2**differing))
