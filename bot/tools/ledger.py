"""The commands of one turn: their numbers, how often each ran, and when to stop; it runs none."""

import bisect
from collections import Counter

from bot.dialogue import Receipt


class Ledger:
    """Shared by all tools of a turn, so that their receipts have one numbering."""

    def __init__(
        self, *, first_receipt: int = 1, most_calls: int = 24, most_refusals: int = 3
    ) -> None:
        self.receipts: list[Receipt] = []
        """In the order of their numbers; grows while the turn runs."""
        self.most_calls = most_calls
        self._next = first_receipt
        self._calls = 0
        self._most_refusals = most_refusals
        self._refusals = 0
        self._begun: Counter[tuple[str, ...]] = Counter()
        self._last: dict[tuple[str, ...], Receipt] = {}

    @property
    def is_spent(self) -> bool:
        """No more calls in this turn."""
        return self._calls >= self.most_calls

    def begin(self) -> int:
        """The number of the receipt that this call will leave; parallel calls get their own."""
        number = self._next
        self._next += 1
        self._calls += 1
        return number

    def note_call(self) -> None:
        """Counts a call that leaves no receipt, so that asking in vain ends too."""
        self._calls += 1

    def refuse(self) -> bool:
        """Counts a refusal; true where the model should stop trying."""
        self._refusals += 1
        return self._refusals >= self._most_refusals

    def begin_command(self, argv: tuple[str, ...]) -> None:
        self._begun[argv] += 1

    def times_begun(self, argv: tuple[str, ...]) -> int:
        return self._begun[argv]

    def last_of(self, argv: tuple[str, ...]) -> Receipt | None:
        return self._last.get(argv)

    def add(self, receipt: Receipt, argv: tuple[str, ...] = ()) -> None:
        """Keeps a receipt; with `argv` as the latest of that command."""
        bisect.insort(self.receipts, receipt, key=lambda kept: kept.number)
        if argv:
            self._last[argv] = receipt
