"""What `kaia eval` is asked for, what it means where nothing is said, and how it is asked again."""

import os
import re
import shlex
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from bot.errors import EvaluationError
from bot.evaluation.results import Price

SHIPPED: Final = Path(str(resources.files("bot.evaluation").joinpath("scenarios")))
"""Those that are part of the program."""
BUILT_IN: Final = "builtin"
_USUAL_REPEATS: Final = 5
_MOST_WORKERS_BUILT_IN: Final = 4
_USUAL_WORKERS: Final = 2
_PRICE: Final = re.compile(r"(\d{1,6}(?:\.\d{1,6})?),(\d{1,6}(?:\.\d{1,6})?)")
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """The command line."""

    scenarios: Path | None = None
    repeats: int | None = None
    only: tuple[str, ...] = ()
    parallel: int | None = None
    price: Price | None = None
    output: Path | None = None
    against: tuple[Path, ...] = ()
    as_json: bool = False

    @property
    def folder(self) -> Path:
        """Of the scenarios."""
        return self.scenarios or SHIPPED

    def repeats_for(self, label: str) -> int:
        """The built-in wording never differs."""
        return self.repeats or (1 if label == BUILT_IN else _USUAL_REPEATS)

    def workers_for(self, label: str) -> int:
        if self.parallel is not None:
            return self.parallel
        if label == BUILT_IN:
            return min(_MOST_WORKERS_BUILT_IN, os.cpu_count() or 1)
        return _USUAL_WORKERS

    def output_for(self, label: str, now: float) -> Path:
        if self.output is not None:
            return self.output
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
        return Path("kaia-eval") / f"{_NOT_IN_A_NAME.sub('-', label)}-{stamp}"

    def again(self, label: str, output: Path) -> str:
        """The command that goes on with the same run."""
        return shlex.join(["kaia", "eval", *self._words(label, output)])

    def _words(self, label: str, output: Path) -> Iterator[str]:
        yield from ("--model", label)
        if self.scenarios is not None:
            yield from ("--scenarios", str(self.scenarios))
        if self.repeats is not None:
            yield from ("-n", str(self.repeats))
        for each in self.only:
            yield from ("--only", each)
        if self.parallel is not None:
            yield from ("--parallel", str(self.parallel))
        for folder in self.against:
            yield from ("--against", str(folder))
        if self.as_json:
            yield "--json"
        yield from ("-o", str(output))


def price_of(written: str) -> Price:
    """`0.15,0.60`. Raises EvaluationError."""
    if found := _PRICE.fullmatch(written.replace(" ", "")):
        return Price(float(found[1]), float(found[2]))
    raise EvaluationError(
        f"--price takes two numbers, and not {written[:40]!r}: dollars for a million tokens"
        " that are sent and for a million that are answered, such as --price 0.15,0.60."
    )
