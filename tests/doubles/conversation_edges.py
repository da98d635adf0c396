"""What stands around the engine in its tests: people, an assistant, tools, somebody who watches."""

import asyncio
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.conversations.seams import Meter, OnStep, SentCall
from bot.dialogue import (
    Answer,
    Closed,
    Contents,
    Decided,
    Entry,
    Failure,
    Input,
    Notice,
    Outcome,
    Parameter,
    Passage,
    Proposal,
    Receipt,
    SharedFile,
    Step,
    Thread,
    Tool,
    ToolResult,
    Usage,
)
from bot.errors import ModelError

_numbers = itertools.count(1)


def said(text: str = "why?", *, thread: str = "1.0", channel: str = "C1", **more: Any) -> Input:
    """A message of Ann's with an identity of its own, addressed to Kaia."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "id": f"message:T1:{channel}:{number}",
        "thread": Thread("T1", channel, thread),
        "ts": f"{number}.0",
        "speaker": "U1",
        "speaker_name": "Ann",
        "text": text,
        "addressed": True,
        "received": 1_700_000_000.0 + number,
    }
    return Input(**(fields | more))


CANARY = "hunter2-canary"


@dataclass(frozen=True)
class MaskingRedactor:
    """Knows one secret; its marks tell conversations apart."""

    key: bytes = b""

    def redact(self, text: str) -> str:
        return text.replace(CANARY, "[redacted]")

    def keyed(self, key: bytes) -> "MaskingRedactor":
        return MaskingRedactor(key)


@dataclass(frozen=True)
class Run:
    saved: Any
    answer: str
    entries: tuple[Entry, ...] = ()
    usage: Usage = field(default_factory=lambda: Usage(1, 100, 10))
    ended: bool = False
    is_cut: bool = False
    calls: tuple[SentCall, ...] = ()


@dataclass(frozen=True)
class Asked:
    said: str
    saved: Any
    closing: bool
    situation: str


@dataclass
class ScriptedAssistant:
    """Answers at once, with one tool call where there is a tool; fails or waits when told to."""

    label: str = "scripted"
    answer: Callable[[str], str] = field(default=lambda said: f"About: {said}")
    errors: list[BaseException] = field(default_factory=list)
    gate: asyncio.Event | None = None
    calls: int = 1
    """Of its model for one run."""
    commands: list[str] = field(default_factory=lambda: ["kubectl get pods"])
    """Each is run with every tool."""
    asked: list[Asked] = field(default_factory=list)
    at_work: int = 0
    most_at_work: int = 0

    def rebuilt(self, saved: Any, calls: Sequence[Any], tools: Sequence[Tool]) -> tuple[Any, ...]:
        """It was sent nothing that could be put together again."""
        del saved, calls, tools
        return ()

    async def run(
        self,
        said: str,
        *,
        saved: Any,
        situation: str,
        tools: Sequence[Tool],
        on_step: OnStep | None = None,  # noqa: ARG002 - tools tell their steps themselves
        closing: bool = False,
        keeps_state: bool = True,  # noqa: ARG002 - it was sent nothing
        meter: Meter | None = None,
    ) -> Run:
        self.asked.append(Asked(said, saved, closing, situation))
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            return await self._answer(said, saved, tools, meter)
        finally:
            self.at_work -= 1

    async def _answer(
        self, said: str, saved: Any, tools: Sequence[Tool], meter: Meter | None
    ) -> Run:
        if meter is not None:
            for _ in range(self.calls):
                _call(meter)
        for tool in tools:
            for command in self.commands:
                await tool.run({"command": command})
        if self.gate is not None:
            await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        heard = [*((saved or {}).get("heard", [])), said]
        answer = self.answer(said)
        return Run({"heard": heard}, answer, (Entry("user", said), Entry("kaia", answer)))


def _call(meter: Meter) -> None:
    """As real ones do: asks first, counts then."""
    if why := meter.used_up():
        raise ModelError(why)
    meter.count(Usage(1, 100, 10))


@dataclass
class ReceiptTool:
    """Leaves a receipt for every call."""

    first: int
    namespace: str | None
    on_step: OnStep
    receipts: list[Receipt] = field(default_factory=list)
    look: str = ""
    notes: Mapping[str, Any] = field(default_factory=dict)
    snapshot: Mapping[str, Any] | None = None
    proposals: list[Proposal] = field(default_factory=list)
    language: str = "en"
    earlier: list[int] = field(default_factory=list)
    """Numbers of receipts of other questions that the answer was judged by."""
    name: str = "kubectl"
    manual: str = "Runs kubectl."
    parameters: tuple[Parameter, ...] = (Parameter("command", "The command line."),)

    @property
    def tools(self) -> tuple[Tool, ...]:
        return (self,)

    async def first_look(self, question: str) -> str:  # noqa: ARG002 - it sees what it is told
        return self.look

    async def looked(self) -> Mapping[str, Any]:
        return {}

    def end(self) -> None:
        pass

    def found(self) -> str:
        return self.look and f"looked at: {self.look}"

    def verdict(
        self,
        answer: str,  # noqa: ARG002
        cited: Collection[int],
        earlier: Sequence[Receipt] = (),
    ) -> "ReceiptVerdict":
        self.earlier = [receipt.number for receipt in earlier]
        return ReceiptVerdict(f"**CONFIRMED** · by {sorted(cited)}.")

    def lead(
        self,
        answer: str,  # noqa: ARG002
        cited: Collection[int],  # noqa: ARG002
        earlier: Sequence[Receipt] = (),  # noqa: ARG002
    ) -> tuple[str, ...]:
        return ("**Next:** nothing to do.",)

    def conclusion(
        self,
        answer: str,  # noqa: ARG002
        cited: Collection[int],  # noqa: ARG002
        earlier: Sequence[Receipt] = (),  # noqa: ARG002
    ) -> "ReceiptConclusion":
        return ReceiptConclusion()

    def remarks(self) -> tuple[str, ...]:
        return ("Checked and fine: 3 nodes.",)

    def next_command(self) -> str:
        return "kubectl describe pod payments"

    async def rerun(self, receipt: Receipt) -> ToolResult:
        return await self.run({"command": receipt.command})

    async def run(self, arguments: Mapping[str, str]) -> ToolResult:
        await self.on_step(Step(arguments["command"]))
        receipt = Receipt(
            number=self.first + len(self.receipts),
            tool=self.name,
            command=arguments["command"],
            verdict="read",
            exit_code=0,
            output=f"NAME READY\npayments 0/1 in {self.namespace}",
            note="",
            started=2_000_000_000.0,
            seconds=0.4,
        )
        self.receipts.append(receipt)
        return ToolResult(receipt.output, receipt=receipt)


@dataclass(frozen=True)
class ReceiptConclusion:
    says: str = ""
    about: tuple[tuple[str, str, str], ...] = ()
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReceiptVerdict:
    line: str


@dataclass
class ReceiptToolbox:
    """Makes tools that leave receipts, and remembers what each turn was given."""

    look: str = ""
    proposals: list[Proposal] = field(default_factory=list)
    """The next turn proposes them."""
    given: list[dict[str, Any]] = field(default_factory=list)

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
    ) -> ReceiptTool:
        self.given.append({"notes": dict(notes or {}), "key": key, "asked_by": asked_by})
        left = {"focus": {"namespaces": ["shop"], "objects": []}}
        seen = {"format": 1, "turn": len(self.given)}
        made = [replace(each, asked_by=asked_by) for each in self.proposals]
        self.proposals.clear()
        return ReceiptTool(
            first_receipt,
            namespace,
            on_step,
            look=self.look,
            notes=left,
            snapshot=seen,
            proposals=made,
            language=language,
        )

    async def what_changed(self, before: Mapping[str, Any], now: float) -> str:
        return f"Since turn {before['turn']}, at {now:.0f}: nothing changed."


@dataclass(frozen=True)
class Shown:
    said: Input
    outcome: Outcome
    turn: str
    repeated: bool

    @property
    def text(self) -> str:
        match self.outcome:
            case Failure():
                return self.outcome.sentence
            case Answer() | Notice() | Closed() | Decided():
                return self.outcome.markdown


@dataclass
class Gallery:
    """Everybody who follows turns; remembers what was shown, in order."""

    shown: list[Shown] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    whispers: list[tuple[str, str]] = field(default_factory=list)
    """For whom, and what."""
    files: dict[str, Contents] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    asked_since: list[str] = field(default_factory=list)
    may_be_told: bool | Exception = True
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, said: Input) -> "Watcher":
        return Watcher(self, said)

    async def until(self, is_so: Callable[[], bool], seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while not is_so():
                self.changed.clear()
                await self.changed.wait()

    async def showed(self, number: int) -> list[Shown]:
        await self.until(lambda: len(self.shown) >= number)
        return self.shown


@dataclass
class Watcher:
    gallery: Gallery
    said: Input

    async def begin(self) -> None:
        self.gallery.begun.append(self.said.id)
        self.gallery.changed.set()

    async def step(self, step: Step) -> None:
        self.gallery.steps.append(step.text)
        self.gallery.changed.set()

    async def note(self, markdown: str, *, only_for: str = "") -> None:
        if only_for:
            self.gallery.whispers.append((only_for, markdown))
        else:
            self.gallery.notes.append(markdown)
        self.gallery.changed.set()

    async def contents(self, file: SharedFile) -> Contents:
        return self.gallery.files.get(file.id, Contents(problem="That file is gone."))

    async def earlier(self, since: str) -> tuple[Passage, ...]:
        self.gallery.asked_since.append(since)
        return self.gallery.passages

    async def place(self) -> str:
        return ""

    async def may_be_told(self) -> bool:
        if isinstance(self.gallery.may_be_told, Exception):
            raise self.gallery.may_be_told
        return self.gallery.may_be_told

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:
        self.gallery.changed.set()
        if self.gallery.errors:
            raise self.gallery.errors.pop(0)
        self.gallery.shown.append(Shown(self.said, outcome, turn, repeated))
        return f"{len(self.gallery.shown)}.5"

    async def end(self) -> None:
        self.gallery.ended.append(self.said.id)
        self.gallery.changed.set()
