"""`kaia eval`: what it says and keeps, how it ends, and how it goes on."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.agents.models import DEFAULT_MODEL
from bot.errors import KaiaError
from bot.evaluation.command import run_eval
from bot.evaluation.keeping import load, opened
from bot.evaluation.options import Asked, price_of
from bot.evaluation.patience import IN_A_ROW
from bot.evaluation.results import Sort
from bot.evaluation.scenario import Expected
from bot.evaluation.scenario import load as load_scenario
from bot.plaintext import clean
from bot.settings import load_settings
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.scenes import copied, expect
from tests.doubles.served import Fails, Hangs, Says

_LABEL = f"ollama:{DEFAULT_MODEL}"
_RIGHT = "Pod images is OOMKilled: its limit of 64Mi is too small [1]."
_NO_OLLAMA = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def ended(self) -> list[str]:
        """The lines of attempts."""
        return [line for line in self.err.splitlines() if " passed " in line or " failed " in line]


class Kaia:
    """`kaia eval` on two scenarios in a folder of its own."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home = home
        self.scenes = home / "scenes"
        self.output = home / "run"
        self.environ = {"OLLAMA_HOST": _NO_OLLAMA}
        self._capsys = capsys
        for name in ("first", "second"):
            copied(self.scenes, "out-of-memory", name, must=["OOMKilled"])

    async def run(self, model: str | None = "builtin", **asked: Any) -> Ended:
        """Within this process, with its errors as `__main__` says them."""
        settings = load_settings({**self.environ, **({"KAIA_MODEL": model} if model else {})})
        given = Asked(scenarios=self.scenes, output=self.output, **asked)
        try:
            code, said = await run_eval(settings, given, os.environ), ""
        except KaiaError as error:
            code, said = 2, str(error)
        out, err = self._capsys.readouterr()
        return Ended(code, out, err + said)

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        given = ("eval", "--scenarios", str(self.scenes), "-o", str(self.output), *words)
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *given),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "HOME": str(self.home), **self.environ},
            # A shell starts what it puts in the background with SIGINT ignored, and children
            # inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    @property
    def kept(self) -> list[tuple[str, int]]:
        return [(each.scenario, each.number) for each in load(self.output).attempts]


async def ended(process: asyncio.subprocess.Process) -> Ended:
    async with asyncio.timeout(50):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


@pytest.fixture
def kaia(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Kaia:
    return Kaia(tmp_path, capsys)


@pytest.fixture
async def server(kaia: Kaia) -> AsyncIterator[OllamaServer]:
    async with OllamaServer() as server:
        kaia.environ["OLLAMA_HOST"] = server.url
        yield server


async def test_a_run_in_which_all_passed_ends_with_0_and_leaves_a_page(kaia: Kaia) -> None:
    found = await kaia.run()
    assert found.code == 0, found.err
    assert "Pass@1" in found.out
    assert len(found.ended) == 2
    assert not any(line in found.out for line in found.ended)
    page = kaia.output / "index.html"
    assert "OOMKilled" in page.read_text()
    assert str(page) in found.err
    assert load(kaia.output).is_whole


async def test_a_run_in_which_one_failed_ends_with_1_and_says_why(kaia: Kaia) -> None:
    expect(kaia.scenes / "second", must=["wrong image"])
    found = await kaia.run()
    assert found.code == 1, found.err
    assert "does not say" in found.out
    assert "2/2" in found.err


async def test_as_a_process_json_is_all_there_is_on_stdout(kaia: Kaia) -> None:
    kaia.environ["KAIA_MODEL"] = "ollama:absent:1b"
    found = await ended(await kaia.start("--model", "builtin", "--json", "--only", "f*"))
    assert found.code == 0, found.err
    assert json.loads(found.out)
    assert [line.split()[2] for line in found.ended] == ["first"]


async def test_each_scenario_is_tried_as_often_as_is_said_and_its_tokens_have_their_price(
    kaia: Kaia, server: OllamaServer
) -> None:
    server.say(*[_RIGHT] * 6)
    found = await kaia.run(_LABEL, repeats=3, parallel=3, price=price_of("10000,0"))
    assert found.code == 0, found.err
    assert len(kaia.kept) == len(server.requests) == 6
    assert load(kaia.output).parallel == 3
    assert "$" in found.out


async def test_a_model_that_cannot_be_used_is_refused_and_never_replaced(
    kaia: Kaia, server: OllamaServer
) -> None:
    found = await kaia.run("ollama:absent:1b")
    assert (found.code, found.out) == (2, "")
    assert "absent:1b" in found.err
    assert "builtin" not in found.err
    assert server.requests == []
    assert not kaia.output.exists()


async def test_where_no_model_is_named_it_is_said_which_is_taken(kaia: Kaia) -> None:
    found = await kaia.run(None, only=("first",))
    assert found.code == 0, found.err
    assert "Model: the built-in wording, because no Ollama answers" in found.err
    assert load(kaia.output).model == "builtin"


async def test_a_whole_run_tries_nothing_and_writes_its_page_again(kaia: Kaia) -> None:
    await kaia.run()
    (kaia.output / "index.html").unlink()
    found = await kaia.run()
    assert (found.code, found.ended) == (0, [])
    assert "All attempts are there already" in found.err
    assert "Pass@1" in found.out
    assert (kaia.output / "index.html").exists()


async def test_a_scenario_that_has_changed_is_tried_again_and_no_other(kaia: Kaia) -> None:
    await kaia.run()
    expect(kaia.scenes / "second", about="Something else.")
    found = await kaia.run()
    assert [line.split()[2] for line in found.ended] == ["second"]
    assert load(kaia.output).about["second"] == "Something else."


async def test_another_model_does_not_go_on_with_a_run(kaia: Kaia, server: OllamaServer) -> None:
    await kaia.run()
    found = await kaia.run(_LABEL)
    assert found.code == 2
    assert f"another model: builtin, and now it is {_LABEL}" in found.err
    assert server.requests == []


async def hanging(kaia: Kaia, server: OllamaServer) -> asyncio.subprocess.Process:
    """The first attempt has ended and is kept, and the second waits for the model."""
    server.say(_RIGHT, Hangs())
    process = await kaia.start("--model", _LABEL, "-n", "1", "--parallel", "1")
    assert process.stderr is not None
    async with asyncio.timeout(50):
        while b"1/2 passed first" not in await process.stderr.readline():
            assert process.returncode is None
    await server.until(lambda: len(server.requests) == 2)
    assert kaia.kept == [("first", 1)]
    return process


async def test_a_run_that_was_killed_goes_on_with_what_is_missing(
    kaia: Kaia, server: OllamaServer
) -> None:
    process = await hanging(kaia, server)
    process.kill()
    await ended(process)
    server.say(_RIGHT)
    found = await kaia.run(_LABEL, repeats=1)
    assert found.code == 0, found.err
    assert "1 of them" in found.err
    assert [line.split()[:3] for line in found.ended] == [["2/2", "passed", "second"]]
    assert len(server.requests) == 3


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_a_run_that_is_stopped_says_how_to_go_on(
    kaia: Kaia, server: OllamaServer, how: signal.Signals
) -> None:
    process = await hanging(kaia, server)
    process.send_signal(how)
    found = await ended(process)
    assert found.code == 130
    assert "Traceback" not in found.err
    assert "Stopped. 1 of 2 attempts are kept." in found.err
    assert f"kaia eval --model {_LABEL} --scenarios {kaia.scenes} -n 1" in found.err
    assert f"-o {kaia.output}" in found.err
    assert kaia.kept == [("first", 1)]
    assert "1 of 2" in (kaia.output / "index.html").read_text()


async def test_a_model_that_is_gone_ends_the_run_and_its_attempts_are_tried_again(
    kaia: Kaia, server: OllamaServer
) -> None:
    server.say(_RIGHT, _RIGHT)
    server.otherwise = lambda _body: Fails(401, "unauthorized")
    process = await kaia.start("--model", _LABEL, "-n", "5", "--parallel", "1")
    found = await ended(process)
    assert found.code == 2
    assert "Traceback" not in found.err
    assert f"{_LABEL} has answered none of the last {IN_A_ROW} attempts" in found.err
    assert "2 of 10 attempts are kept. Go on with:" in found.err
    assert kaia.kept == [("first", 1), ("second", 1)]
    server.otherwise = lambda _body: Says(_RIGHT)
    assert (await kaia.run(_LABEL, repeats=5)).code == 0


async def test_a_model_that_never_answered_in_a_run_of_few_attempts_leaves_nothing_behind(
    kaia: Kaia, server: OllamaServer
) -> None:
    found = await kaia.run(_LABEL, repeats=2)
    assert found.code == 2, found.err
    assert "Pass@1" not in found.out
    assert f"{_LABEL} has answered in no attempt of this run" in found.err
    assert "0 of 4 attempts are kept. Go on with:" in found.err
    assert kaia.kept == []
    server.otherwise = lambda _body: Says(_RIGHT)
    assert (await kaia.run(_LABEL, repeats=2)).code == 0


async def test_a_model_that_answered_before_the_run_went_on_has_failed_where_it_gives_out(
    kaia: Kaia, server: OllamaServer
) -> None:
    server.say(_RIGHT)
    await kaia.run(_LABEL, repeats=1, only=("first",))
    found = await kaia.run(_LABEL, repeats=1)
    assert found.code == 1, found.err
    assert kaia.kept == [("first", 1), ("second", 1)]


async def test_what_a_killed_process_left_is_removed_by_the_next_run(
    kaia: Kaia, server: OllamaServer
) -> None:
    kaia.environ["TMPDIR"] = str(kaia.home / "tmp")
    (kaia.home / "tmp").mkdir()
    process = await hanging(kaia, server)
    process.kill()
    await ended(process)
    [left] = (kaia.home / "tmp").glob("kaia-eval-*")
    found = await ended(await kaia.start("--model", "builtin", "-o", str(kaia.home / "other")))
    assert found.code == 0, found.err
    assert not left.exists()


async def test_a_model_that_gives_out_now_and_then_has_failed_there(
    kaia: Kaia, server: OllamaServer
) -> None:
    server.say(_RIGHT)
    found = await kaia.run(_LABEL, repeats=1, parallel=1)
    assert found.code == 1, found.err
    assert "other wording" in found.out
    assert kaia.kept == [("first", 1), ("second", 1)]


async def test_a_run_that_another_process_writes_is_left_to_it(kaia: Kaia) -> None:
    await kaia.run()
    with opened(kaia.output, load(kaia.output), {}):
        found = await kaia.run()
    assert found.code == 2
    assert "Another `kaia eval` writes" in found.err


async def test_a_recording_that_cannot_be_served_is_said_before_anything_is_tried(
    kaia: Kaia,
) -> None:
    (kaia.scenes / "second" / "recording.json").write_text("{}")
    found = await kaia.run()
    assert (found.code, found.ended) == (2, [])
    assert "recording.json" in found.err


async def test_as_a_process_what_cannot_be_run_ends_with_2_and_a_sentence(kaia: Kaia) -> None:
    found = await ended(await kaia.start("--model", "builtin", "--price", "cheap"))
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("kaia: --price takes two numbers")
    assert "Traceback" not in found.err


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [({"only": ("thrid",)}, "No scenario in"), ({"against": (Path("nowhere"),)}, "is no run")],
)
async def test_what_there_is_none_of_is_said_before_anything_is_tried(
    kaia: Kaia, asked: dict[str, Any], sentence: str
) -> None:
    found = await kaia.run(**asked)
    assert (found.code, found.out) == (2, "")
    assert sentence in found.err
    assert not kaia.output.exists()


@pytest.mark.parametrize(("columns", "widest"), [("64", 64), ("500", 100)])
async def test_the_table_is_as_wide_as_the_terminal(kaia: Kaia, columns: str, widest: int) -> None:
    expect(kaia.scenes / "second", must=["of another image " * 20])
    kaia.environ["COLUMNS"] = columns
    found = await ended(await kaia.start("--model", "builtin"))
    assert found.code == 1, found.err
    assert max(map(len, found.out.splitlines())) == widest


async def test_a_scenario_that_any_answer_would_pass_is_refused_before_the_run(kaia: Kaia) -> None:
    expect(kaia.scenes / "second", must=[], must_not=[], must_cite=[])
    found = await kaia.run()
    assert (found.code, found.out) == (2, "")
    assert "second asks for nothing" in found.err
    assert not kaia.output.exists()


async def test_a_run_is_compared_with_another_and_not_with_itself(kaia: Kaia) -> None:
    await kaia.run()
    before, kaia.output = kaia.output, kaia.home / "later"
    expect(kaia.scenes / "second", must_not=["OOMKilled"])
    found = await kaia.run(against=(before,))
    assert found.code == 1, found.err
    assert before.name in found.out
    again = await kaia.run(against=(kaia.output,))
    assert again.code == 2
    assert "the run itself" in again.err


async def test_what_a_model_says_obeys_no_terminal(kaia: Kaia, server: OllamaServer) -> None:
    server.say(*["\x1b]0;owned\x07 nothing [1]."] * 2)
    found = await kaia.run(_LABEL, repeats=1)
    assert found.code == 1, found.err
    assert clean(found.out) == found.out
    assert "\x1b" not in found.err


def test_the_scenario_in_the_documentation_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text()
    (tmp_path / "scenario.yaml").write_text(page.split("```yaml\n")[1].split("```")[0])
    assert load_scenario(tmp_path).expected.must[1] == (
        "password",
        "credentials",
        "authentication",
    )


def test_the_documentation_names_every_option_and_every_problem() -> None:
    page = (Path(__file__).parents[2] / "docs" / "evaluation.md").read_text()
    said = CliRunner().invoke(app, ["eval", "--help"], env={"COLUMNS": "200"}).output
    options = set(re.findall(r"--[a-z]+", said)) - {"--help", "--output"}
    assert "--scenarios" in options
    assert [each for each in options if f"`{each}`" not in page] == []
    assert [each for each in get_args(Sort) if f"`{each}`" not in page] == []
    assert [each for each in Expected.model_fields if f"`{each}`" not in page] == []
