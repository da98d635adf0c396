"""How far a run is, on stderr: one line that changes where somebody looks, else a line for each
attempt that has ended. Nothing of it goes to stdout.
"""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from bot.evaluation.results import Attempt, Run
from bot.evaluation.running import Task
from bot.plaintext import clean

_MOST_NAMED = 4
_LONGEST_WHY = 160


class Progress:
    def __init__(self, run: Run, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._whole = len(run.scenarios) * run.repeats
        self._repeats = run.repeats
        self._done = len(run.attempts)
        self._passed = sum(each.has_passed for each in run.attempts)
        self._running: dict[tuple[str, int], None] = {}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal and self._done < self._whole:
            self._live = Live(self._line(), console=self._console, transient=True)
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def began(self, task: Task) -> None:
        self._running[task.scenario.name, task.number] = None
        self._draw()

    def ended(self, attempt: Attempt) -> None:
        self._running.pop((attempt.scenario, attempt.number), None)
        self._done += 1
        self._passed += attempt.has_passed
        if self._live is None:
            self._say(self._told(attempt))
        self._draw()

    def _say(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)

    def _draw(self) -> None:
        if self._live is not None:
            self._live.update(self._line())

    def _line(self) -> Text:
        names = [_name(*each, self._repeats) for each in self._running]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        shown = f" · {', '.join(names[:_MOST_NAMED])}{more}" if names else ""
        text = f"{self._done}/{self._whole} done · {self._passed} passed{shown}"
        return Text(text, no_wrap=True, overflow="ellipsis")

    def _told(self, attempt: Attempt) -> str:
        word = "passed" if attempt.has_passed else "failed"
        name = _name(attempt.scenario, attempt.number, self._repeats)
        why = "" if attempt.has_passed else f": {_first(attempt)}"
        return f"{self._done}/{self._whole} {word} {name} ({attempt.seconds:.1f} s){why}"


def _name(scenario: str, number: int, repeats: int) -> str:
    return f"{scenario} #{number}" if repeats > 1 else scenario


def _first(attempt: Attempt) -> str:
    """Of its problems. It may quote a model."""
    said = " ".join(clean(attempt.problems[0].sentence).split())
    return said if len(said) <= _LONGEST_WHY else f"{said[: _LONGEST_WHY - 1]}…"
