"""`kaia eval`: which model, which scenarios, which folder; then the run, its table and its page."""

import asyncio
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import typer

from bot.agents.models import build_model
from bot.agents.probe import choose_model, probe
from bot.cluster.frame import find_program
from bot.errors import EvaluationError
from bot.evaluation.amounts import counted, times
from bot.evaluation.attempt import Bench
from bot.evaluation.homes import remove_left_behind
from bot.evaluation.keeping import RunFolder, load, opened
from bot.evaluation.options import BUILT_IN, Asked
from bot.evaluation.page import written
from bot.evaluation.patience import Patience
from bot.evaluation.printed import to_json
from bot.evaluation.progress import Progress
from bot.evaluation.results import Attempt, Run
from bot.evaluation.running import lacking, try_all
from bot.evaluation.scenario import Scenario, load_all
from bot.evaluation.telling import USUAL, told
from bot.plaintext import clean
from bot.recordings.format import Recording
from bot.recordings.incident import receipts_of
from bot.recordings.replay.server import ReplayServer
from bot.settings import Settings

_ALL_PASSED, _SOME_FAILED, _INTERRUPTED = 0, 1, 130
"""What cannot be run is said by `__main__`, which ends with 2."""


async def run_eval(
    settings: Settings, asked: Asked, environ: Mapping[str, str] = os.environ
) -> int:
    """Returns the exit code. Raises errors of bot.errors where nothing can be run."""
    find_program(environ)  # once, and not by each attempt
    await asyncio.to_thread(remove_left_behind)
    others = await asyncio.to_thread(lambda: [load(each) for each in asked.against])
    scenarios = await asyncio.to_thread(_scenarios, asked)
    chosen = await _with_model(settings)
    run = await asyncio.to_thread(_meant, asked, chosen, scenarios)
    output = asked.output_for(chosen.label, run.started)
    await asyncio.to_thread(_check_against, asked, output)
    with opened(output, run, chosen.options) as folder:
        bench = _bench(chosen, environ)
        if not await _tried(asked, bench, scenarios, folder):
            _write_page(folder, others)
            return _INTERRUPTED
        return _reported(folder, others, as_json=asked.as_json)


def _scenarios(asked: Asked) -> list[Scenario]:
    """That one of them cannot be served is said before hours are spent on the others. Raises
    EvaluationError, RecordingError.
    """
    found = load_all(asked.folder, asked.only)
    for each in found:
        ReplayServer(Recording.open(each.folder))
        receipts_of(each.folder)
    return found


@dataclass(frozen=True, slots=True)
class _Chosen:
    settings: Settings
    """With the model in them."""
    label: str
    options: Mapping[str, Any] = field(default_factory=dict)


async def _with_model(settings: Settings) -> _Chosen:
    """Raises EvaluationError for a model that cannot be used: no other takes its place."""
    if settings.model is None:
        choice = await choose_model(settings)
        await choice.model.close()
        _say(*choice.sentences)
        settings = settings.model_copy(update={"model": choice.model.label})
    else:
        report = await probe(settings)
        if not report.is_usable:
            raise EvaluationError("\n".join(report.sentences))
        _say(*(() if report.label == BUILT_IN else report.sentences))
    model = build_model(settings)
    await model.close()
    return _Chosen(settings, model.label, model.options)


def _meant(asked: Asked, chosen: _Chosen, scenarios: Sequence[Scenario]) -> Run:
    """Without attempts."""
    return Run(
        chosen.label,
        asked.repeats_for(chosen.label),
        time.time(),
        version("kaia"),
        {each.name: each.digest() for each in scenarios},
        {each.name: each.expected.about for each in scenarios},
        price=asked.price,
        parallel=asked.workers_for(chosen.label),
    )


def _check_against(asked: Asked, output: Path) -> None:
    if output.resolve() in {each.resolve() for each in asked.against}:
        raise EvaluationError(f"--against names {output}, the run itself. Name another one.")


def _bench(chosen: _Chosen, environ: Mapping[str, str]) -> Bench:
    at_once = asyncio.Semaphore(chosen.settings.parallel_model_calls)
    return Bench(chosen.settings, chosen.label, environ, at_once)


async def _tried(
    asked: Asked, bench: Bench, scenarios: Sequence[Scenario], folder: RunFolder
) -> bool:
    """False where somebody has stopped it."""
    try:
        await _try(asked, bench, scenarios, folder)
    except asyncio.CancelledError:
        _say(f"Stopped. {_how_to_go_on(asked, bench.label, folder)}")
        return False
    except BaseException:
        _say(_how_to_go_on(asked, bench.label, folder))
        raise
    return True


async def _try(
    asked: Asked, bench: Bench, scenarios: Sequence[Scenario], folder: RunFolder
) -> None:
    tasks, workers = lacking(folder.run, scenarios), asked.workers_for(bench.label)
    _say(_beginning(folder, len(tasks), workers))
    patience = Patience(bench.label, folder.add, folder.run.attempts)
    with Progress(folder.run) as progress:

        def ended(attempt: Attempt) -> None:
            progress.ended(attempt)
            patience.ended(attempt)

        await try_all(tasks, bench, workers=workers, on_begin=progress.began, on_end=ended)
    patience.over()


def _beginning(folder: RunFolder, lacking: int, workers: int) -> str:
    run = folder.run
    what = f"{run.model}: {counted(len(run.scenarios), 'scenario')}, each {times(run.repeats)}"
    kept = f", {len(run.attempts)} of them are there already" if run.attempts else ""
    if not lacking:
        return f"{what}. All attempts are there already, in {folder.folder}."
    return f"{what}, {workers} at once{kept}. Kept in {folder.folder}."


def _how_to_go_on(asked: Asked, label: str, folder: RunFolder) -> str:
    run = folder.run
    whole = len(run.scenarios) * run.repeats
    return (
        f"{len(run.attempts)} of {whole} attempts are kept. Go on with:\n"
        f"  {asked.again(label, folder.folder)}"
    )


def _reported(folder: RunFolder, others: Sequence[Run], *, as_json: bool) -> int:
    run = folder.run
    if as_json:
        typer.echo(orjson.dumps(to_json(run, others), option=orjson.OPT_INDENT_2).decode())
    else:
        width = shutil.get_terminal_size((USUAL, 24)).columns
        typer.echo(told(run, others, width=width), nl=False)
    _write_page(folder, others)
    return _ALL_PASSED if all(each.has_passed for each in run.attempts) else _SOME_FAILED


def _write_page(folder: RunFolder, others: Sequence[Run]) -> None:
    """Also of a run that was stopped: what has ended says something."""
    if folder.run.attempts:
        page = folder.write_page(written(folder.run, others))
        _say(f"The page with every transcript: {page}")


def _say(*sentences: str) -> None:
    """On stderr: stdout is the result's."""
    for each in sentences:
        typer.echo(f"kaia: {clean(each)}", err=True)
