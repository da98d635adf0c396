"""Which attempts a run lacks, how many are tried at once, and what is told on the way."""

import asyncio
import io
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from rich.console import Console

from bot.agents.models import DEFAULT_MODEL
from bot.errors import EvaluationError
from bot.evaluation.attempt import Bench
from bot.evaluation.canaries import Planted, planted
from bot.evaluation.progress import Progress
from bot.evaluation.results import Attempt, Problem, Run
from bot.evaluation.running import Task, lacking, try_all
from bot.evaluation.scenario import Scenario
from bot.recordings.format import Recording
from bot.settings import load_settings
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.scenes import copied

_LABEL = f"ollama:{DEFAULT_MODEL}"


@pytest.fixture
def scenarios(tmp_path: Path) -> list[Scenario]:
    names = ("first", "second", "third")
    return [copied(tmp_path, "out-of-memory", name, must=["OOMKilled"]) for name in names]


def run_of(scenarios: Sequence[Scenario], repeats: int = 2) -> Run:
    return Run("builtin", repeats, 0.0, "0.1.0", {each.name: "aa" for each in scenarios})


def bench(calls: int, **environ: str) -> Bench:
    settings = load_settings({"KAIA_MODEL": "builtin", **environ})
    label = settings.model or ""
    return Bench(settings, label, os.environ, asyncio.Semaphore(calls))


async def tried(tasks: Sequence[Task], bench: Bench, workers: int) -> list[Attempt]:
    ended: list[Attempt] = []
    await try_all(tasks, bench, workers=workers, on_begin=lambda _task: None, on_end=ended.append)
    return ended


def test_every_scenario_is_tried_once_before_any_is_tried_twice(scenarios: list[Scenario]) -> None:
    kept = (Attempt("first", 2, "aa"), Attempt("second", 1, "aa"))
    tasks = lacking(replace(run_of(scenarios), attempts=kept), scenarios)
    found = [(each.scenario.name, each.number) for each in tasks]
    assert found == [("first", 1), ("third", 1), ("second", 2), ("third", 2)]


async def test_attempts_at_once_do_not_disturb_each_other(scenarios: list[Scenario]) -> None:
    together = Barrier(3)

    def planted_together(recording: Recording) -> Planted:
        found = planted(recording)
        together.wait(timeout=50)
        return found

    tasks = lacking(run_of(scenarios), scenarios)
    ended = await tried(tasks, replace(bench(6), plant=planted_together), workers=3)
    assert {(each.scenario, each.number) for each in ended} == {
        (name, number) for name in ("first", "second", "third") for number in (1, 2)
    }
    assert [each.problems for each in ended] == [()] * 6


async def test_the_models_calls_wait_for_those_of_all_attempts(scenarios: list[Scenario]) -> None:
    async with OllamaServer() as server:
        impatient = {"OLLAMA_HOST": server.url, "KAIA_MODEL_TIMEOUT_SECONDS": "0.2"}
        none_at_once = bench(0, KAIA_MODEL=_LABEL, **impatient)
        ended = await tried(lacking(run_of(scenarios, 1), scenarios), none_at_once, workers=3)
        assert server.requests == []
    assert [each.problems[0].sort for each in ended] == ["other wording"] * 3


async def test_what_cannot_be_kept_ends_the_run(scenarios: list[Scenario]) -> None:
    began: list[str] = []

    def keep(_attempt: Attempt) -> None:
        raise EvaluationError("The disk is full.")

    with pytest.raises(ExceptionGroup) as raised:
        await try_all(
            lacking(run_of(scenarios), scenarios),
            bench(1),
            workers=1,
            on_begin=lambda task: began.append(task.scenario.name),
            on_end=keep,
        )
    assert raised.group_contains(EvaluationError, match="The disk is full")
    assert began == ["first"]


def shown(is_terminal: bool) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    return Console(file=file, force_terminal=is_terminal, width=100, highlight=False), file


def test_without_a_terminal_each_attempt_that_has_ended_is_a_plain_line(
    scenarios: list[Scenario],
) -> None:
    console, file = shown(is_terminal=False)
    problem = Problem("missing fact", "The answer does not say\n “64Mi”\x1b[2J.")
    with Progress(replace(run_of(scenarios), attempts=(Attempt("first", 1, "aa"),)), console) as it:
        it.began(Task(scenarios[1], "aa", 1))
        it.ended(Attempt("second", 1, "aa", seconds=0.84))
        it.ended(Attempt("second", 2, "aa", problems=(problem,), seconds=12.0))
    lines = file.getvalue().splitlines()
    assert lines[0] == "2/6 passed second #1 (0.8 s)"
    assert lines[1].startswith("3/6 failed second #2 (12.0 s): The answer does not say “64Mi”")
    assert "\x1b" not in lines[1]


def test_on_a_terminal_one_line_says_what_is_done_and_what_runs(
    scenarios: list[Scenario],
) -> None:
    console, file = shown(is_terminal=True)
    with Progress(run_of(scenarios, repeats=1), console) as progress:
        progress.began(Task(scenarios[0], "aa", 1))
        progress.began(Task(scenarios[1], "aa", 1))
        progress.ended(Attempt("first", 1, "aa"))
    assert "1/3 done · 1 passed · second" in file.getvalue()
    assert "(0.0 s)" not in file.getvalue()
