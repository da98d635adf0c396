"""What the engine asks of the rooms below it, as shapes; it holds no behaviour."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from bot.dialogue import Entry, Proposal, Receipt, Step, Tool, ToolResult, Usage

OnStep = Callable[[Step], Awaitable[None]]


class Redacts(Protocol):
    def redact(self, text: str) -> str: ...

    def keyed(self, key: bytes) -> "Redacts":
        """The same, with marks that tell equal secrets of one conversation."""


class Verdict(Protocol):
    @property
    def line(self) -> str:
        """Markdown: the first line of an answer."""


class Conclusion(Protocol):
    """What an answer came to, and of what."""

    @property
    def says(self) -> str:
        """`cause`, `healthy`, or nothing where it only tells what was read."""

    @property
    def about(self) -> Sequence[tuple[str, str, str]]:
        """Kind, namespace and name of objects."""

    @property
    def within(self) -> Sequence[str]:
        """Namespaces of which all is said to be healthy; `""` for the whole cluster."""


class SentCall(Protocol):
    """`records.Call`, as the team tells of it."""

    @property
    def label(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def prompt_digest(self) -> str: ...

    @property
    def recipe(self) -> Mapping[str, Any]: ...


class Rebuilt(Protocol):
    """A request to a model, put together again."""

    @property
    def text(self) -> str:
        """Markdown."""

    @property
    def digest(self) -> str: ...

    @property
    def problems(self) -> tuple[str, ...]:
        """Why it is not what was sent, in sentences; none where the hashes are equal."""


Rebuild = Callable[[Any, Sequence[SentCall], Sequence[Tool]], Sequence[Rebuilt]]
"""From the saved state, the calls of one run and the tools: a `Rebuilt` for each call. No I/O."""


class Meter(Protocol):
    """Counts what a model takes for a turn, as it takes it. A call that was given up is not
    counted: its provider did not say.
    """

    def count(self, usage: Usage) -> None: ...

    def used_up(self) -> str:
        """Why the model may not be asked again, in sentences; or nothing."""

    def sent(self, calls: Sequence[SentCall]) -> None:
        """Told what a run had sent that failed."""


class TurnTools(Protocol):
    @property
    def tools(self) -> tuple[Tool, ...]: ...

    @property
    def receipts(self) -> list[Receipt]:
        """Grows while the turn runs."""

    @property
    def proposals(self) -> list[Proposal]:
        """The same."""

    @property
    def notes(self) -> Mapping[str, Any]:
        """What a later turn should know of this one's look."""

    @property
    def snapshot(self) -> Mapping[str, Any] | None:
        """How the cluster was at this turn's look, as JSON."""

    async def first_look(self, question: str) -> str:
        """What the model is given beside the question. Never raises."""

    async def looked(self) -> Mapping[str, Any]:
        """What that look saw, as a note for the conversation; empty where there is none to keep.
        Never raises.
        """

    def end(self) -> None:
        """Called when the turn ends, however it does."""

    def found(self) -> str:
        """What the first look saw, in a line of Markdown; nothing before it has ended."""

    def verdict(
        self, answer: str, cited: Collection[int], earlier: Sequence[Receipt] = ()
    ) -> Verdict:
        """`earlier`: what it cites of other questions of the conversation."""

    def lead(
        self, answer: str, cited: Collection[int], earlier: Sequence[Receipt] = ()
    ) -> tuple[str, ...]:
        """Below the verdict: the cause in a line, and what to do next in a line. Markdown."""

    def conclusion(
        self, answer: str, cited: Collection[int], earlier: Sequence[Receipt] = ()
    ) -> Conclusion:
        """What the verdict says, for whoever looks back."""

    def remarks(self) -> tuple[str, ...]:
        """What code says below the answer."""

    def next_command(self) -> str:
        """What would tell more; or nothing."""

    async def rerun(self, receipt: Receipt) -> ToolResult: ...


class Toolbox(Protocol):
    def for_turn(
        self,
        *,
        first_receipt: int,
        namespace: str | None,
        on_step: OnStep,
        notes: Mapping[str, Any] | None = None,
        key: bytes = b"",
        asked_by: str = "",
        language: str = "en",
    ) -> TurnTools:
        """`language`: what people are told in, as `bot.languages` calls it."""

    async def what_changed(self, before: Mapping[str, Any], now: float) -> str:
        """Markdown. Raises ClusterError."""


class Changes(Protocol):
    """What makes a change that was approved. It decides nothing."""

    async def check(self, proposal: Proposal) -> str:
        """Why it is void now, in a sentence; or nothing. Raises ClusterError."""

    async def rehearse(self, proposal: Proposal, number: int) -> Receipt:
        """A dry run by the server. Raises ClusterError where there could be none."""

    async def carry_out(self, proposal: Proposal, number: int) -> Receipt:
        """Runs it. Without an exit code the outcome is unknown, unless its verdict is `refused`.
        Raises ClusterError where it was not started.
        """

    async def look(self, proposal: Proposal) -> str:
        """The object as it is now, also where it cannot be read: a line of Markdown."""


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

    @property
    def is_cut(self) -> bool:
        """The model would have gone on, and had no more calls."""

    @property
    def calls(self) -> Sequence[SentCall]:
        """What was sent to the model, in order."""


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
        keeps_state: bool = True,
        meter: Meter | None = None,
    ) -> TeamRun:
        """Raises errors of bot.errors alone. `keeps_state`: whether the new state takes the place
        of `saved`; what was sent can be put together again only from one that is kept.
        """

    def rebuilt(
        self, saved: Any, calls: Sequence[SentCall], tools: Sequence[Tool]
    ) -> Sequence[Rebuilt]:
        """`Rebuild`."""
