"""The commands of one turn: their numbers, what they found, and when to stop; it runs none."""

import bisect
import shlex
from dataclasses import dataclass
from typing import Any

from bot.audit import Kind, Record, unrecorded
from bot.dialogue import Receipt
from bot.tools.outcomes import Got
from bot.tools.sameness import answers, bears_on, said_before


@dataclass(frozen=True, slots=True)
class _Asked:
    """A command that was run in this turn, and what it gave."""

    argv: tuple[str, ...]
    receipt: Receipt
    got: Got
    said: frozenset[str]
    """The essence of its output; nothing where it failed."""


class Ledger:
    """Shared by all tools of a turn, so that their receipts have one numbering."""

    def __init__(
        self,
        *,
        first_receipt: int = 1,
        most_calls: int = 24,
        most_refusals: int = 3,
        most_in_vain: int = 2,
        record: Record = unrecorded,
    ) -> None:
        self.receipts: list[Receipt] = []
        """In the order of their numbers; grows while the turn runs."""
        self.most_calls = most_calls
        self._next = first_receipt
        self._calls = 0
        self._most_refusals = most_refusals
        self._refusals = 0
        self._most_in_vain = most_in_vain
        self._in_vain = 0
        self._asked: list[_Asked] = []
        self._record = record

    @property
    def is_spent(self) -> bool:
        """No more calls in this turn."""
        return self._calls >= self.most_calls

    @property
    def is_circling(self) -> bool:
        """The last calls, in a row, brought nothing new: the model should conclude."""
        return self._in_vain >= self._most_in_vain

    def begin(self) -> int:
        """The number of the receipt that this call will leave; parallel calls get their own."""
        number = self._next
        self._next += 1
        self._calls += 1
        return number

    def note_call(self) -> None:
        """Counts a call that leaves no receipt, so that asking in vain ends too."""
        self._calls += 1

    def note_in_vain(self) -> None:
        """Counts a call that asked or brought what is known already."""
        self._in_vain += 1

    def refuse(self) -> bool:
        """Counts a refusal; true where the model should stop trying."""
        self._refusals += 1
        return self._refusals >= self._most_refusals

    def add(self, receipt: Receipt) -> None:
        """Of a run of kubectl, whose line in the audit `Kubectl` has written."""
        bisect.insort(self.receipts, receipt, key=lambda kept: kept.number)

    def add_recorded(
        self, receipt: Receipt, rule: str = "", *, kind: Kind = "command", **more: Any
    ) -> None:
        """Of anything else. `rule`: the one that refused it; `kind` and `more`: for the audit."""
        self.add(receipt)
        self._record(kind, **audited(receipt), rule=rule or None, **more)

    def answer_to(self, argv: tuple[str, ...]) -> tuple[Receipt, Got] | None:
        """The latest receipt of this turn that holds what this command asks for."""
        for asked in reversed(self._asked):
            if asked.got.stays_so and answers(asked.argv, argv):
                return asked.receipt, asked.got
        return None

    def learn(
        self, argv: tuple[str, ...], receipt: Receipt, got: Got, said: frozenset[str]
    ) -> list[int]:
        """Keeps what a command gave. The receipts in which all of that stood before, if any."""
        said = said if got is Got.OK else frozenset()
        earlier = {
            asked.receipt.number: asked.said
            for asked in self._asked
            if asked.said and said and bears_on(asked.argv, argv, said)
        }
        self._asked.append(_Asked(argv, receipt, got, said))
        known = said_before(said, earlier)
        self._in_vain = self._in_vain + 1 if known else 0
        return known


def audited(receipt: Receipt) -> dict[str, Any]:
    """What the audit keeps of a command: how it went, and nothing of what it printed."""
    return {
        "tool": receipt.tool,
        "argv": _words(receipt.command),
        "verdict": receipt.verdict,
        "seconds": round(receipt.seconds, 3),
        "exit": receipt.exit_code,
        "bytes": receipt.bytes,
        "redactions": receipt.redactions,
    }


def _words(command: str) -> list[str]:
    """As a shell would take them; one where the quotes of what was asked for do not match."""
    try:
        return shlex.split(command)
    except ValueError:
        return [command]
