"""A run as a folder that one process holds, and that a later one goes on with.

An attempt is on the disk before the next one is counted, so that a run that was killed goes on
where it was. Nothing is tried here, and nothing of a kept attempt is ever changed.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson

from bot.errors import EvaluationError
from bot.evaluation.amounts import several
from bot.evaluation.files import (
    ATTEMPTS,
    PAGE,
    RUN,
    Head,
    attempts_of,
    drop_broken_line,
    half_of,
    head_of,
    unwritable,
    write,
    write_head,
)
from bot.evaluation.results import Attempt, Run

_LOCK: Final = ".lock"
_MOST_NAMED: Final = 4


class RunFolder:
    """One that this process holds. Made by `opened`."""

    def __init__(self, folder: Path, run: Run) -> None:
        """Raises EvaluationError."""
        self.folder = folder
        self.run = run
        self._descriptor = _opened(folder / ATTEMPTS, os.O_WRONLY | os.O_APPEND)

    def add(self, attempt: Attempt) -> None:
        """It is on the disk when this returns. Raises EvaluationError."""
        line = orjson.dumps(attempt.to_json(), option=orjson.OPT_APPEND_NEWLINE)
        before = os.fstat(self._descriptor).st_size
        try:
            while line:
                line = line[os.write(self._descriptor, line) :]
            os.fsync(self._descriptor)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._descriptor, before)
            raise unwritable(self.folder, error) from error
        self.run = replace(self.run, attempts=_in_order([*self.run.attempts, attempt]))

    def write_page(self, page: str) -> Path:
        """Raises EvaluationError."""
        write(self.folder / PAGE, page.encode("utf-8", "replace"))
        return self.folder / PAGE

    def close(self) -> None:
        os.close(self._descriptor)


@contextmanager
def opened(folder: Path, run: Run, options: Mapping[str, Any]) -> Iterator[RunFolder]:
    """`run` as it is meant, without attempts: those that are kept of it are added. Raises
    EvaluationError where the folder holds something else, or another process writes it.
    """
    _make(folder)
    run = replace(run, folder=folder.resolve().name)
    with _held(folder):
        kept = head_of(folder) if (folder / RUN).exists() else None
        if kept is not None:
            _check(folder, kept, run, options)
            _check_is_no_less(folder, kept, run)
            run = replace(run, started=kept.started, price=run.price or kept.price)
        run = _with_attempts(folder, run)
        if kept is not None and run.attempts:
            run = replace(run, parallel=_parallel(kept, run))
        write_head(folder, run, options)
        drop_broken_line(folder)
        found = RunFolder(folder, run)
        try:
            yield found
        finally:
            found.close()


def load(folder: Path) -> Run:
    """A run to compare with, whole or not. Raises EvaluationError."""
    if not (folder / RUN).is_file():
        raise EvaluationError(
            f"{folder} is no run: it has no {RUN}. Name a folder that `kaia eval` has written."
        )
    head = head_of(folder)
    run = Run(
        head.model,
        head.repeats,
        head.started,
        head.kaia,
        head.scenarios,
        head.about,
        price=head.price,
        parallel=head.parallel,
        folder=folder.resolve().name,
    )
    return _with_attempts(folder, run)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = {each.name for each in folder.iterdir()} - {_LOCK, half_of(RUN)}
    except OSError as error:
        raise unwritable(folder, error) from error
    if held and RUN not in held:
        raise EvaluationError(
            f"{folder} holds something else than a run. Name a new folder with -o."
        )


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    descriptor = _opened(folder / _LOCK, os.O_RDWR)
    try:
        _lock(folder, descriptor)
        yield
    finally:
        os.close(descriptor)


def _opened(file: Path, flags: int) -> int:
    try:
        return os.open(file, flags | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise unwritable(file.parent, error) from error


def _lock(folder: Path, descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise EvaluationError(
            f"Another `kaia eval` writes {folder} now. Wait for it, or name another folder with -o."
        ) from None


def _check(folder: Path, kept: Head, run: Run, options: Mapping[str, Any]) -> None:
    """Attempts of two models in one table would say nothing of either."""
    now = orjson.loads(orjson.dumps(dict(options)))
    differing = (
        ("model", kept.model, run.model),
        ("version of Kaia", kept.kaia, run.kaia),
        ("model's options", dict(kept.options), now),
    )
    for what, then, present in differing:
        if then != present:
            raise EvaluationError(
                f"The run in {folder} has another {what}: {then}, and now it is {present}. Name"
                " a new folder with -o, or ask for the same again."
            )


def _check_is_no_less(folder: Path, kept: Head, run: Run) -> None:
    """What a run is of stands in one file, and would be lost for the sake of a part of it."""
    if left := sorted(kept.scenarios.keys() - run.scenarios.keys()):
        raise EvaluationError(
            f"The run in {folder} has scenarios that are not asked for now:"
            f" {several(left, _MOST_NAMED)}. Leave --only away, put back what is"
            " gone, or name a new folder with -o."
        )
    if run.repeats < kept.repeats:
        raise EvaluationError(
            f"The run in {folder} tries each scenario {kept.repeats} times, and now {run.repeats}"
            f" is asked for. Ask with -n {kept.repeats}, or name a new folder with -o."
        )


def _parallel(kept: Head, run: Run) -> int:
    """Of all attempts: those that are missing are tried as `run` says."""
    return kept.parallel if run.is_whole or kept.parallel == run.parallel else 0


def _with_attempts(folder: Path, run: Run) -> Run:
    """Those of today's digests; where one was tried twice, the later."""
    found = {
        (each.scenario, each.number): each
        for each in attempts_of(folder)
        if run.scenarios.get(each.scenario) == each.digest and 1 <= each.number <= run.repeats
    }
    return replace(run, attempts=_in_order(found.values()))


def _in_order(attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    return tuple(sorted(attempts, key=lambda each: (each.scenario, each.number)))
