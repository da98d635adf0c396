"""How far a turn has come, for the case that it gets no further. It decides nothing of it."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.conversations.records import Call, Learnt
from bot.conversations.seams import SentCall, TurnTools
from bot.conversations.turns.caps import Allowance
from bot.dialogue import Receipt, Usage
from bot.languages import ENGLISH, Phrases

_ENDING_SECONDS = 5.0


@dataclass(slots=True)
class Progress:
    """`seams.Meter`. Gone with its process: what was used in a turn that crashed counts nowhere."""

    tools: TurnTools | None = None
    say: Phrases = ENGLISH
    """What people are told in, once the question was read."""
    usage: Usage = field(default_factory=Usage)
    allowance: Allowance = field(default_factory=Allowance)
    learnt: Learnt | None = None
    """What it concludes with, once it has come to its end."""
    calls: tuple[Call, ...] = ()
    """What was sent to models, also in a run that failed."""

    _beside: list[asyncio.Task[None]] = field(default_factory=list)

    def beside(self, telling: Coroutine[Any, Any, None], name: str) -> None:
        """Something is told that the turn does not wait for."""
        self._beside.append(asyncio.create_task(telling, name=name))

    async def end(self) -> None:
        """Gives what is told beside the turn a last moment. Raises nothing."""
        if self.tools is not None:
            self.tools.end()
        if self._beside:
            await asyncio.wait(self._beside, timeout=_ENDING_SECONDS)
            for telling in self._beside:
                telling.cancel()
            await asyncio.gather(*self._beside, return_exceptions=True)

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
