"""Whoever follows an attempt: what Kaia shows, and what her model is sent, kept in memory.

It judges nothing, and nobody else sees anything of it.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.dialogue import (
    Alone,
    Answer,
    Attachment,
    Closed,
    Failure,
    Input,
    Notice,
    Outcome,
    Receipt,
    Step,
)
from bot.evaluation.results import Command, Exchange
from bot.telemetry.seams import Happening, Unmeasured

_MOST_OUTPUT_CHARS = 4_000
_UNSAID = "Kaia ended this question without an answer. `kaia doctor` says what may be missing."


class Witness(Alone):
    """Follows one question."""

    no_files = "No file is shared in an evaluation."

    def __init__(self) -> None:
        self.is_over = asyncio.Event()
        self.outcome: Outcome | None = None
        self._notes: list[str] = []

    async def begin(self) -> None:
        pass

    async def step(self, step: Step) -> None:
        pass

    async def note(self, markdown: str, *, only_for: str = "") -> None:  # noqa: ARG002 - one person
        self._notes.append(markdown)

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:  # noqa: ARG002 - nothing is shown twice
        self.outcome = outcome
        return f"{datetime.now(UTC).timestamp():.6f}"

    async def end(self) -> None:
        self.is_over.set()

    def exchange(self, asked: str) -> Exchange:
        """What was shown, whole."""
        match self.outcome:
            case Answer() as answer:
                return _answered(asked, answer, self._notes)
            case Failure(sentence):
                return failed(asked, sentence, self._notes)
            case Notice(markdown, attachment) | Closed(markdown, attachment):
                return Exchange(asked, remarks=(*self._notes, markdown, *_inside(attachment)))
            case _:
                return failed(asked, _UNSAID, self._notes)


class Witnesses:
    """An `AudienceFor`: hands each question to whoever follows it."""

    def __init__(self) -> None:
        self._waiting: dict[str, Witness] = {}

    def expect(self, said: Input) -> Witness:
        witness = self._waiting[said.id] = Witness()
        return witness

    def __call__(self, said: Input) -> Witness:
        return self._waiting.get(said.id) or Witness()


class Overheard(Unmeasured):
    """What the model was sent, each text once, and what that took."""

    def __init__(self) -> None:
        self.texts: dict[str, None] = {}
        self.model_calls = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0

    def hear(self, texts: Iterable[str]) -> None:
        self.model_calls += 1
        self.texts.update(dict.fromkeys(texts))

    def count(self, what: Happening, word: str = "", by: float = 1) -> None:
        if what == "tokens" and word == "in":
            self.prompt_tokens += int(by)
        elif what == "tokens":
            self.completion_tokens += int(by)


def failed(asked: str, sentence: str, notes: Sequence[str] = ()) -> Exchange:
    return Exchange(asked, answer=sentence, remarks=tuple(notes), is_failure=True)


def _answered(asked: str, answer: Answer, notes: Sequence[str]) -> Exchange:
    return Exchange(
        asked,
        verdict=answer.verdict,
        lead=answer.lead,
        answer=answer.markdown,
        remarks=(*notes, *answer.remarks),
        source=answer.source,
        caveat=answer.caveat,
        commands=tuple(map(_command, answer.receipts)),
        not_run=answer.not_run,
    )


def _command(receipt: Receipt) -> Command:
    return Command(
        receipt.number,
        receipt.tool,
        receipt.command,
        receipt.verdict,
        receipt.exit_code,
        receipt.output,
        receipt.note,
        receipt.seconds,
    )


def shortened(exchange: Exchange) -> Exchange:
    """As it is kept: a reader wants the beginning of an output."""
    return replace(exchange, commands=tuple(map(_with_less_output, exchange.commands)))


def _with_less_output(command: Command) -> Command:
    left_out = len(command.output) - _MOST_OUTPUT_CHARS
    if left_out <= 0:
        return command
    more = f"\n[... {left_out:,} characters left out]"
    return replace(command, output=command.output[:_MOST_OUTPUT_CHARS] + more)


def _inside(attachment: Attachment | None) -> tuple[str, ...]:
    return () if attachment is None else (attachment.text,)
