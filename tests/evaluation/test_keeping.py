"""A run as a folder: what is kept of it, what is not taken for one, and who may write it."""

import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import EvaluationError
from bot.evaluation.keeping import RunFolder, load, opened
from bot.evaluation.results import Attempt, Command, Exchange, Price, Problem, Run

_OPTIONS = {"options": {"num_ctx": 16_384}, "think": False}
_RUN = Run(
    "ollama:qwen3:8b",
    repeats=2,
    started=1_700_000_000.0,
    kaia="0.1.0",
    scenarios={"memory": "aa", "image": "bb"},
    about={"memory": "Out of memory.", "image": "No such image."},
    price=Price(0.15, 0.6),
)


def attempt(scenario: str = "memory", number: int = 1, digest: str = "aa") -> Attempt:
    command = Command(1, "kubectl", "kubectl get pods", "read", 0, "NAME\n", seconds=0.1)
    exchange = Exchange("why?", "**LIKELY**", ("Cause",), "So [1].", ("fine",), commands=(command,))
    problem = Problem("missing fact", "The answer does not say “64Mi”.")
    return Attempt(scenario, number, digest, (exchange,), (problem,), 1.5, 2, 200, 20)


def lines(folder: Path) -> list[str]:
    return (folder / "attempts.jsonl").read_text().splitlines()


@contextmanager
def held(folder: Path, run: Run = _RUN, **options: Any) -> Iterator[RunFolder]:
    with opened(folder, run, options or _OPTIONS) as found:
        yield found


def test_what_is_added_is_there_when_the_folder_is_opened_again(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "run"
    with held(folder) as first:
        first.add(attempt())
        assert first.run.attempts == (attempt(),)
        assert len(lines(folder)) == 1
    with held(folder, replace(_RUN, started=1.0, price=None)) as again:
        assert again.run == replace(_RUN, attempts=(attempt(),), folder="run")
        assert not again.run.is_whole


def test_a_run_is_loaded_as_it_was_kept_to_be_compared_with(tmp_path: Path) -> None:
    with held(tmp_path / "run") as folder:
        for name, digest in _RUN.scenarios.items():
            for number in (1, 2):
                folder.add(attempt(name, number, digest))
        assert load(tmp_path / "run") == folder.run
        assert folder.run.is_whole


def test_a_line_that_was_cut_as_it_was_written_is_dropped_and_the_next_begins_anew(
    tmp_path: Path,
) -> None:
    with held(tmp_path) as folder:
        folder.add(attempt())
    file = tmp_path / "attempts.jsonl"
    file.write_text(file.read_text() + '{"scenario":"memory","numb')
    with held(tmp_path) as folder:
        assert folder.run.attempts == (attempt(),)
        folder.add(attempt(number=2))
    assert [json.loads(line)["number"] for line in lines(tmp_path)] == [1, 2]


def test_an_attempt_at_another_content_of_a_scenario_does_not_count(tmp_path: Path) -> None:
    with held(tmp_path) as folder:
        folder.add(attempt())
        folder.add(attempt("image", 1, "bb"))
    with held(tmp_path, replace(_RUN, scenarios={"memory": "other", "image": "bb"})) as folder:
        assert [each.scenario for each in folder.run.attempts] == ["image"]


def test_attempts_that_are_not_asked_for_now_stay_in_the_file(tmp_path: Path) -> None:
    with held(tmp_path) as folder:
        folder.add(attempt(number=2))
        folder.add(attempt("image", 1, "bb"))
    with held(tmp_path, replace(_RUN, repeats=1, scenarios={"memory": "aa"})) as folder:
        assert folder.run.attempts == ()
    with held(tmp_path) as folder:
        assert len(folder.run.attempts) == 2


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"model": "builtin"}, "another model"), ({"kaia": "9.9.9"}, "another version of Kaia")],
)
def test_another_model_or_kaia_does_not_go_on_with_a_run(
    tmp_path: Path, changes: dict[str, Any], what: str
) -> None:
    with held(tmp_path):
        pass
    with pytest.raises(EvaluationError, match=what), held(tmp_path, replace(_RUN, **changes)):
        pass


def test_another_window_of_the_same_model_does_not_go_on_with_a_run(tmp_path: Path) -> None:
    with held(tmp_path):
        pass
    with pytest.raises(EvaluationError, match="another model's options"), held(tmp_path, think=1):
        pass


def test_another_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"format": 2, "what": "ever"}')
    with pytest.raises(EvaluationError, match="says format '2', and this Kaia reads format 1"):
        load(tmp_path)
    with pytest.raises(EvaluationError, match="says format '2'"), held(tmp_path):
        pass


@pytest.mark.parametrize("written", ["", "[]", "no JSON", '{"format": 1}', '{"format": "1"}'])
def test_a_broken_run_is_refused_with_a_sentence(tmp_path: Path, written: str) -> None:
    (tmp_path / "run.json").write_text(written)
    with pytest.raises(EvaluationError, match=r"run\.json"):
        load(tmp_path)


@pytest.mark.parametrize("line", ["", "{}", "[1]", '{"scenario": 3}', '{"scenario": "a", "x": 1}'])
def test_a_broken_line_within_is_named(tmp_path: Path, line: str) -> None:
    with held(tmp_path) as folder:
        folder.add(attempt())
    file = tmp_path / "attempts.jsonl"
    file.write_text(f"{file.read_text()}{line}\n{file.read_text()}")
    with pytest.raises(EvaluationError, match="line 2, is no attempt"):
        load(tmp_path)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(EvaluationError, match="something else than a run"), held(tmp_path):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["index.html"]


def test_a_folder_that_is_no_run_cannot_be_compared_with(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="is no run"):
        load(tmp_path / "nothing")


def test_two_processes_do_not_write_one_run(tmp_path: Path) -> None:
    taken = pytest.raises(EvaluationError, match="Another `kaia eval` writes")
    with held(tmp_path), taken, held(tmp_path):
        pass
    with held(tmp_path):
        pass


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match="cannot be written"), held(tmp_path / "file"):
        pass


@pytest.fixture
def _small_files() -> Iterator[None]:
    """A full disk, as far as a process can tell."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, ignored)


def fill(folder: RunFolder) -> None:
    for number in range(1, 100):
        folder.add(attempt(number=number))


@pytest.mark.usefixtures("_small_files")
def test_an_attempt_that_does_not_fit_leaves_no_half_a_line(tmp_path: Path) -> None:
    with held(tmp_path, replace(_RUN, repeats=100)) as folder:
        with pytest.raises(EvaluationError, match="cannot be written"):
            fill(folder)
        assert (tmp_path / "attempts.jsonl").read_text().endswith("\n")
        assert len(folder.run.attempts) == len(load(tmp_path).attempts) > 1
