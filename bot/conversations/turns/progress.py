"""How far a turn has come, for the case that it gets no further. It decides nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.conversations.records import Call, Learnt
from bot.conversations.seams import SentCall, TurnTools
from bot.conversations.turns.caps import Allowance
from bot.dialogue import Receipt, Usage


@dataclass(slots=True)
class Progress:
    """`seams.Meter`. Gone with its process: what was used in a turn that crashed counts nowhere."""

    tools: TurnTools | None = None
    usage: Usage = field(default_factory=Usage)
    allowance: Allowance = field(default_factory=Allowance)
    learnt: Learnt | None = None
    """What it concludes with, once it has come to its end."""
    calls: tuple[Call, ...] = ()
    """What was sent to models, also in a run that failed."""

    def count(self, usage: Usage) -> None:
        self.usage += usage

    def used_up(self) -> str:
        """Turns beside this one are not seen: each stays within what was left as it began."""
        if not self.allowance.is_used_up(self.usage):
            return ""
        return f"While it worked on this, {self.allowance.told(self.usage)}"

    def sent(self, calls: Sequence[SentCall]) -> None:
        told = (Call(each.label, each.digest, each.prompt_digest, each.recipe) for each in calls)
        self.calls += tuple(told)

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        return tuple(self.tools.receipts) if self.tools is not None else ()
