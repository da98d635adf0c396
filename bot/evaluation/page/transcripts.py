"""What was said in each attempt, to open one by one; long outputs are cut, and it says so."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.evaluation.amounts import counted, dollars, number, short
from bot.evaluation.figures import Case, Figures
from bot.evaluation.page.cases import sorts
from bot.evaluation.page.markup import Markup, element, joined
from bot.evaluation.page.parts import passes, places, state
from bot.evaluation.results import Attempt, Command, Exchange, Price, Run

_ROOM_OF_PASSED, _ROOM_OF_OTHERS = 1_200_000, 3_000_000
"""Characters that all outputs together may take: a browser has to open the page."""
_MOST, _LEAST = 4_000, 60
"""Characters of one."""
_MOST_OF_AN_ANSWER = 12_000
_MOST_OF_A_LINE = 2_000
_RAN = ("read", "dry-run", "write")


@dataclass(frozen=True, slots=True)
class _Room:
    """Characters for an output."""

    passed: int
    others: int

    def of(self, attempt: Attempt) -> int:
        return self.passed if attempt.has_passed else self.others


def transcripts(run: Run, found: Figures) -> Markup:
    room, where = _room(run), places(found.cases)
    tried = [each for each in found.cases if each.attempts]
    sections = [_case(each, where[each.name], room, run.price) for each in tried]
    of_passed = "" if room.passed == room.others else f", {room.passed:,} where the attempt passed"
    note = (
        "Answers are shown as they were written, and what a command printed up to"
        f" {room.others:,} characters{of_passed}."
    )
    return element(
        "section",
        element("h2", "Transcripts"),
        element("p", note, class_="soft note"),
        *sections,
        id="transcripts",
    )


def _room(run: Run) -> _Room:
    def each(passed: bool, room: int) -> int:
        of = [one for one in run.attempts if one.has_passed is passed]
        commands = sum(len(each.commands) for one in of for each in one.exchanges)
        return max(_LEAST, min(_MOST, room // max(1, commands)))

    return _Room(each(True, _ROOM_OF_PASSED), each(False, _ROOM_OF_OTHERS))


def _case(case: Case, place: str, room: _Room, price: Price | None) -> Markup:
    name = element("span", case.name, class_="name")
    return element(
        "article",
        element("h3", name, " ", passes(case)),
        element("p", case.about, class_="soft"),
        *(_attempt(each, room, price) for each in case.attempts),
        id=place,
        data_state=state(case),
        data_sorts=sorts(case),
    )


def _attempt(attempt: Attempt, room: _Room, price: Price | None) -> Markup:
    kind = "passed" if attempt.has_passed else "failed"
    shown = [_exchange(each, room.of(attempt)) for each in attempt.exchanges]
    return element(
        "details",
        element("summary", *_line(attempt, kind, price)),
        *_problems(attempt),
        *shown,
        class_=f"attempt {kind}",
    )


def _line(attempt: Attempt, kind: str, price: Price | None) -> Iterator[str]:
    tokens = attempt.prompt_tokens + attempt.completion_tokens
    figures = [
        f"{number(attempt.seconds)} s",
        counted(attempt.model_calls, "call"),
        f"{tokens:,} tokens",
        *([dollars(price.of(attempt))] if price else []),
        *([f"{attempt.refused} refused"] if attempt.refused else []),
    ]
    yield f"Attempt {attempt.number} "
    yield element("span", kind, class_=f"state {kind}")
    yield element("span", " · ".join(figures), class_="soft")


def _problems(attempt: Attempt) -> Iterator[Markup]:
    if attempt.problems:
        yield element(
            "ul",
            *(
                element("li", element("b", each.sort), f": {each.sentence}")
                for each in attempt.problems
            ),
            class_="problems",
        )


def _exchange(exchange: Exchange, room: int) -> Markup:
    parts = [element("p", short(exchange.asked, _MOST_OF_AN_ANSWER), class_="asked text")]
    if exchange.source:
        parts.append(element("p", f"worded by {exchange.source}", class_="soft"))
    said = [_part(name, text) for name, text in _said(exchange).items() if text]
    if said:
        parts.append(element("dl", *said))
    commands = [_command(each, room) for each in exchange.commands]
    return element("div", *parts, *commands, class_="exchange")


def _said(exchange: Exchange) -> Mapping[str, str]:
    """In the order in which it is shown."""
    return {
        "Verdict": exchange.verdict,
        "Lead": "\n\n".join(exchange.lead),
        "Failure" if exchange.is_failure else "Answer": short(exchange.answer, _MOST_OF_AN_ANSWER),
        "Remarks": "\n\n".join(exchange.remarks),
        "Caveat": exchange.caveat,
    }


def _part(name: str, text: str) -> Markup:
    return joined([element("dt", name), element("dd", text, class_="text")])


def _command(command: Command, room: int) -> Markup:
    has_run = command.verdict in _RAN
    code = "killed" if command.exit_code is None else f"exit {command.exit_code}"
    ended = f"{code}, {number(command.seconds)} s" if has_run else command.verdict
    line = short(command.command, _MOST_OF_A_LINE)
    return element(
        "details",
        element(
            "summary",
            f"[{command.number}] ",
            element("code", line),
            " ",
            element("span", ended, class_="soft" if has_run else "state refused"),
        ),
        *_output(command, room),
        class_="command",
    )


def _output(command: Command, room: int) -> Iterator[Markup]:
    if command.note:
        yield element("p", command.note, class_="soft text")
    if command.output:
        yield element("pre", command.output[:room], tabindex="0")
    elif not command.note:
        yield element("p", "It printed nothing.", class_="soft")
    if (left := len(command.output) - room) > 0:
        told = f"{counted(left, 'more character')} left out: attempts.jsonl has them."
        yield element("p", told, class_="soft")
