"""A run as a folder: what is kept of it, what is not taken for one, and who may write it."""

import json
import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import EvaluationError
from bot.evaluation.keeping import RunFolder, load, opened
from bot.evaluation.page import written
from bot.evaluation.printed import to_json
from bot.evaluation.results import Attempt, Command, Exchange, Price, Problem, Run
from bot.evaluation.telling import told

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


@pytest.mark.parametrize(
    ("less", "what"),
    [
        ({"scenarios": {"memory": "aa"}}, "not asked for now: image. Leave --only away"),
        ({"repeats": 1}, "2 times, and now 1 is asked for. Ask with -n 2"),
    ],
)
def test_a_run_is_not_made_less_by_who_asks_for_a_part_of_it(
    tmp_path: Path, less: dict[str, Any], what: str
) -> None:
    with held(tmp_path) as folder:
        folder.add(attempt("image", 2, "bb"))
    before = (tmp_path / "run.json").read_bytes()
    with pytest.raises(EvaluationError, match=what), held(tmp_path, replace(_RUN, **less)):
        pass
    assert (tmp_path / "run.json").read_bytes() == before


def test_a_run_may_become_more(tmp_path: Path) -> None:
    with held(tmp_path, replace(_RUN, repeats=1, scenarios={"memory": "aa"})) as folder:
        folder.add(attempt())
    with held(tmp_path) as folder:
        assert folder.run.attempts == (attempt(),)
    assert load(tmp_path).scenarios == _RUN.scenarios


def test_how_many_were_tried_at_once_is_kept_while_it_is_the_same_for_all(tmp_path: Path) -> None:
    two, four = replace(_RUN, parallel=2), replace(_RUN, parallel=4)
    with held(tmp_path, four) as folder:
        assert folder.run.parallel == 4
    with held(tmp_path, two) as folder:  # nothing was tried with four
        folder.add(attempt())
    with held(tmp_path, two) as folder:
        assert folder.run.parallel == load(tmp_path).parallel == 2
    with held(tmp_path, four) as folder:
        assert folder.run.parallel == load(tmp_path).parallel == 0


def test_how_many_were_tried_at_once_is_told_where_it_is_known() -> None:
    known, mixed = replace(_RUN, parallel=4), replace(_RUN, parallel=0)
    for text in (told, written):
        assert "each tried 2 times, 4 at once" in text(known)
        assert "at once" not in text(mixed)
    assert to_json(known)["run"]["parallel"] == 4
    assert to_json(mixed)["run"]["parallel"] is None


def test_a_whole_run_stays_one_that_was_tried_as_it_was(tmp_path: Path) -> None:
    once = replace(_RUN, repeats=1, scenarios={"memory": "aa"}, parallel=2)
    with held(tmp_path, once) as folder:
        folder.add(attempt())
    with held(tmp_path, replace(once, parallel=4)) as folder:
        assert folder.run.parallel == 2


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


@pytest.mark.parametrize(
    "change",
    [
        {"started": 1e300},
        {"started": -1},
        {"model": "x" * 300},
        {"price": {"prompt": -0.1, "completion": 1}},
        {"price": {"prompt": 0.1, "completion": 1e300}},
        {"about": {"memory": "x" * 500}},
    ],
)
def test_a_run_that_cannot_be_is_refused_with_a_sentence(
    tmp_path: Path, change: dict[str, Any]
) -> None:
    with held(tmp_path):
        pass
    file = tmp_path / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(EvaluationError, match=r"run\.json cannot be read \("):
        load(tmp_path)


@pytest.mark.parametrize("name", ["run.json", "attempts.jsonl"])
@pytest.mark.parametrize("made", [os.mkfifo, os.mkdir, lambda file: file.symlink_to("/dev/zero")])
def test_what_is_no_file_is_not_read_and_nobody_waits_for_it(
    tmp_path: Path, name: str, made: Callable[[Path], None]
) -> None:
    with held(tmp_path):
        pass
    (tmp_path / name).unlink()
    made(tmp_path / name)
    with pytest.raises(EvaluationError, match=r"Restore it|is no run"):
        load(tmp_path)
    with pytest.raises(EvaluationError, match="Restore it"), held(tmp_path):
        pass


@pytest.mark.parametrize("made", [os.mkfifo, lambda file: file.symlink_to("../mine")])
def test_nothing_is_written_through_what_lies_in_the_way(
    tmp_path: Path, made: Callable[[Path], None]
) -> None:
    (tmp_path / "mine").write_text("mine")
    folder = tmp_path / "run"
    folder.mkdir()
    made(folder / ".run.json.half")
    with held(folder):
        pass
    assert load(folder).model == _RUN.model
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_models_name_that_is_too_long_is_said_before_anything_is_tried(tmp_path: Path) -> None:
    long = replace(_RUN, model="ollama:" + "x" * 300)
    with pytest.raises(EvaluationError, match="longer than 200 letters"), held(tmp_path, long):
        pass


@pytest.mark.parametrize("figure", [{"seconds": float("nan")}, {"prompt_tokens": 10**18}])
def test_an_attempt_with_figures_that_cannot_be_is_named(
    tmp_path: Path, figure: dict[str, Any]
) -> None:
    with held(tmp_path) as folder:
        folder.add(attempt())
    kept = {**attempt().to_json(), **figure}
    (tmp_path / "attempts.jsonl").write_text(json.dumps(kept) + "\n")
    with pytest.raises(EvaluationError, match="line 1, is no attempt"):
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


def test_a_place_that_cannot_be_written_is_said_and_not_that_something_is_kept(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    said = pytest.raises(EvaluationError, match=r"cannot be written .* Nothing is kept there yet")
    with said, held(tmp_path / "file"):
        pass
    with pytest.raises(EvaluationError, match="Nothing is kept there yet"), held(Path("/proc/x")):
        pass


@contextmanager
def only_small_files() -> Iterator[None]:
    """A full disk, as far as a process can tell. It holds for the file that the tests' own progress
    goes to as well, so nothing may be reported inside.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def fill(folder: RunFolder) -> None:
    for number in range(1, 100):
        folder.add(attempt(number=number))


def test_an_attempt_that_does_not_fit_leaves_no_half_a_line(tmp_path: Path) -> None:
    with held(tmp_path, replace(_RUN, repeats=100)) as folder:
        full = pytest.raises(EvaluationError, match="What ended before is kept there")
        with full, only_small_files():
            fill(folder)
        assert (tmp_path / "attempts.jsonl").read_text().endswith("\n")
        assert len(folder.run.attempts) == len(load(tmp_path).attempts) > 1
