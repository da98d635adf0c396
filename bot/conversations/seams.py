"""What the engine asks of the rooms below it, as shapes; it holds no behaviour."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from bot.dialogue import Entry, Receipt, Step, Tool, Usage

OnStep = Callable[[Step], Awaitable[None]]


class Redacts(Protocol):
    def redact(self, text: str) -> str: ...


class TurnTools(Protocol):
    @property
    def tools(self) -> tuple[Tool, ...]: ...

    @property
    def receipts(self) -> list[Receipt]:
        """Grows while the turn runs."""


class Toolbox(Protocol):
    def for_turn(
        self, *, first_receipt: int, namespace: str | None, on_step: OnStep
    ) -> TurnTools: ...


class TeamRun(Protocol):
    @property
    def saved(self) -> Any:
        """JSON-able; handed back as it is at the next run."""

    @property
    def answer(self) -> str: ...

    @property
    def entries(self) -> tuple[Entry, ...]: ...

    @property
    def usage(self) -> Usage: ...


class Assistant(Protocol):
    @property
    def label(self) -> str: ...

    async def run(
        self,
        said: str,
        *,
        saved: Any,
        situation: str,
        tools: Sequence[Tool],
        on_step: OnStep | None = None,
        closing: bool = False,
    ) -> TeamRun:
        """Raises errors of bot.errors alone."""
