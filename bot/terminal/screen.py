"""What one turn shows on a terminal; every character passes through `plaintext` on its way."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import assert_never

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markdown import Markdown
from rich.segment import Segment
from rich.status import Status
from rich.text import Text

from bot.dialogue import (
    Alone,
    Answer,
    Closed,
    Decided,
    Failure,
    Notice,
    Outcome,
    Receipt,
    Step,
)
from bot.languages import Phrases, speaking
from bot.plaintext import clean

_LOOKING = "looking …"


class Harmless:
    """Draws something without any control code but rich's own colours.

    Cleaned after drawing: Markdown turns `&#8238;` into the character it stands for.
    """

    def __init__(self, drawn: RenderableType) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._drawn, options):
            if not segment.control:
                yield Segment(clean(segment.text), segment.style)


def show(console: Console, drawn: RenderableType, *, end: str = "\n") -> None:
    console.print(Harmless(drawn), end=end, soft_wrap=not console.is_terminal)


class TerminalAudience(Alone):
    """A status line where there is a terminal, then the outcome; only that where there is none."""

    no_files = "A terminal takes no files. Paste the text."

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self.outcome: Outcome | None = None
        self.is_over = asyncio.Event()

    async def begin(self) -> None:
        self._tell(_LOOKING)

    async def step(self, step: Step) -> None:
        self._tell(step.text)

    async def note(self, markdown: str, *, only_for: str = "") -> None:  # noqa: ARG002 - there is nobody else
        self._clear()
        show(self._console, _prose(markdown, is_terminal=self._console.is_terminal))

    async def deliver(self, outcome: Outcome, *, turn: str, repeated: bool) -> str:  # noqa: ARG002 - a terminal cannot be looked through for what it showed
        self._clear()
        self.outcome = outcome
        show(self._console, _drawn(outcome, is_terminal=self._console.is_terminal))
        self.is_over.set()
        return f"{datetime.now(UTC).timestamp():.6f}"

    async def end(self) -> None:
        self._clear()
        self.is_over.set()

    def _clear(self) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _tell(self, what: str) -> None:
        if self._console.is_terminal and not self.is_over.is_set():
            line = Text(_one_line(what), no_wrap=True, overflow="ellipsis")
            if self._status is None:
                self._status = Status(line, console=self._console)
                self._status.start()
            self._status.update(line)


def _first_lines(answer: Answer) -> list[str]:
    return [line for line in (answer.verdict, *answer.lead) if line]


def _drawn(outcome: Outcome, *, is_terminal: bool) -> RenderableType:
    match outcome:
        case Answer():
            remarks = [_one_line(remark) for remark in outcome.remarks]
            return Group(
                *(_prose(line, is_terminal=is_terminal) for line in _first_lines(outcome)),
                *([Text(_one_line(outcome.caveat) + "\n")] if outcome.caveat else []),
                _prose(outcome.markdown, is_terminal=is_terminal),
                *([Text("\n".join(["", *remarks]))] if remarks else []),
                Text("\n".join(["", *_receipt_lines(outcome), _footer(outcome)])),
            )
        case Notice(markdown, attachment):
            file = [] if attachment is None else [Text(f"\n{clean(attachment.text).rstrip()}")]
            return Group(_prose(markdown, is_terminal=is_terminal), *file)
        case Closed(markdown) | Decided(markdown):
            return _prose(markdown, is_terminal=is_terminal)
        case Failure(sentence, reference):
            label = speaking(outcome.language).reference_inside.format(reference=reference)
            text = f"{sentence} ({label})" if reference else sentence
            return Text(clean(text))
        case _:
            assert_never(outcome)


def _prose(markdown: str, *, is_terminal: bool) -> RenderableType:
    """Links keep their address in sight; a pipe gets the words as they were written."""
    cleaned = clean(markdown)
    return Markdown(cleaned, hyperlinks=False) if is_terminal else Text(cleaned)


def _receipt_lines(answer: Answer) -> Iterator[str]:
    for each in answer.receipts:
        ended = _how_it_ended(each, speaking(answer.language))
        yield _one_line(f"[{each.number}] {each.command}  ({ended})")


def _how_it_ended(receipt: Receipt, say: Phrases) -> str:
    code = receipt.exit_code
    if receipt.verdict == "refused":
        return say.refused_why.format(note=receipt.note) if receipt.note else say.refused
    if receipt.verdict == "proposed":
        return say.proposed_not_run
    ended = say.not_finished if code is None else say.exit.format(code=code)
    return f"{ended}, {receipt.note}" if receipt.note else ended


def _footer(answer: Answer) -> str:
    say = speaking(answer.language)
    parts = [
        say.cluster_inside.format(name=answer.cluster) if answer.cluster else "",
        f"{datetime.now(UTC):%H:%M} UTC",
        answer.source,
    ]
    return _one_line(" · ".join(part for part in parts if part))


def _one_line(text: str) -> str:
    # Before rich sees it: rich drops a BEL, and with it the end of a title sequence.
    return clean(text).replace("\n", " ").strip()
