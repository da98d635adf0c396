"""`kaia` as a person or a script meets it: real processes, their words and their exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app

LISTS = Path(__file__).parent / "tools"
READ, WRITE = "kubectl get pods -n shop", "kubectl delete pod x"


def kaia(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", **environ},
        timeout=30,
        check=False,
    )


def check(*arguments: str, stdin: str = "") -> Result:
    """In this process, as these are many."""
    return CliRunner().invoke(app, ["check-command", *arguments], input=stdin.encode())


def objects(done: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


class TestTheProgram:
    def test_help_names_every_command(self) -> None:
        done = kaia("--help")

        assert done.returncode == 0
        for command in ("slack", "chat", "playground", "triage", "doctor", "check-command"):
            assert f"\n  {command} " in done.stdout

    def test_help_needs_none_of_the_heavy_libraries(self) -> None:
        script = (
            "import sys, bot.__main__\n"
            "heavy = {'autogen_core', 'slack_bolt', 'slack_sdk', 'sqlalchemy', 'aiohttp', 'rich',"
            " 'pydantic_settings', 'structlog', 'yaml'}\n"
            "print(sorted(heavy & set(sys.modules)))"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
        )

        assert done.stdout == "[]\n"

    def test_triage_takes_one_namespace_or_all_of_them(self) -> None:
        done = kaia("triage", "-n", "shop", "-A")

        assert (done.returncode, done.stdout) == (2, "")
        assert "not both" in done.stderr

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (("shop",), "A namespace stands behind -n: `kaia triage -n shop`."),
            (("shop", "bank"), "A namespace stands behind -n: `kaia triage -n shop -n bank`."),
            (("-n", ""), "The namespace behind -n is empty."),
            (("-n", "shop", "-n", " "), "The namespace behind -n is empty."),
        ],
    )
    def test_triage_says_how_a_namespace_is_given(
        self, arguments: tuple[str, ...], sentence: str
    ) -> None:
        done = kaia("triage", *arguments)

        assert (done.returncode, done.stdout) == (2, "")
        assert sentence in done.stderr

    def test_triage_without_a_cluster_says_so_and_ends_with_2(self, tmp_path: Path) -> None:
        done = kaia("triage", "--json", KUBECONFIG=str(tmp_path / "nowhere"))

        assert (done.returncode, done.stdout) == (2, "")
        assert "kubeconfig" in done.stderr
        assert "Traceback" not in done.stderr

    def test_it_says_its_version(self) -> None:
        done = kaia("--version")

        assert done.returncode == 0
        assert done.stdout.startswith("kaia ")

    def test_nothing_asked_for_is_answered_with_help(self) -> None:
        done = kaia()

        assert done.returncode == 2
        assert "check-command" in done.stdout + done.stderr

    def test_an_unknown_command_is_said_without_a_traceback(self) -> None:
        done = kaia("chatt")

        assert done.returncode == 2
        assert "chat" in done.stderr
        assert "Traceback" not in done.stderr


class TestWrongSettings:
    @pytest.mark.parametrize("command", ["slack", "chat", "playground"])
    def test_they_are_told_in_sentences_and_end_the_program(self, command: str) -> None:
        done = kaia(command, KAIA_MODLE="builtin", KAIA_NUM_CTX="many")

        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr.splitlines() == [
            "kaia: KAIA_MODLE is not a setting; the nearest is KAIA_MODEL.",
            "kaia: KAIA_NUM_CTX has to be a whole number of tokens, 2048 or more, such as 16384.",
        ]

    def test_a_context_is_taken_where_a_cluster_is_read(self) -> None:
        for command in ("chat", "playground", "doctor"):
            assert "--context" in kaia(command, "--help").stdout


class TestCheckingCommands:
    def test_one_that_reads_is_permitted(self) -> None:
        done = check(READ)

        assert done.exit_code == 0
        assert done.stdout.startswith(f"permitted: {READ}  (")

    def test_one_that_is_refused_decides_the_exit_code(self) -> None:
        done = check(READ, WRITE, READ)

        assert done.exit_code == 1
        assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [
            "permitted",
            "refused",
            "permitted",
        ]

    def test_json_is_one_object_a_line_with_four_fields(self) -> None:
        read, write = objects(check("--json", "get pods -n shop", WRITE))

        assert list(read) == ["command", "verdict", "reason", "argv"]
        assert read["command"] == "get pods -n shop"
        assert read["verdict"] == "read"
        assert read["argv"] == ["kubectl", "get", "pods", "--namespace=shop"]
        assert (write["verdict"], write["argv"]) == ("refused", [])
        assert write["reason"]

    @pytest.mark.parametrize(
        "line",
        ["--as get delete pod x", "-n shop get pods", "--file x", "-v=9", "--help x"],
    )
    def test_an_argument_that_begins_with_a_dash_is_still_a_command(self, line: str) -> None:
        [found] = objects(check("--json", line))

        assert found["command"] == line

    def test_a_file_is_read_line_by_line_past_blanks_and_remarks(self, tmp_path: Path) -> None:
        path = tmp_path / "commands"
        path.write_bytes(f"\ufeff# a list\n\n  \n{READ}\r\n{WRITE}\n#{READ}".encode())
        found = objects(check("--json", "--file", str(path)))

        assert [line["command"] for line in found] == [READ, WRITE]

    @pytest.mark.parametrize("arguments", [("-",), ("--file", "-")])
    def test_a_dash_reads_the_standard_input(self, arguments: tuple[str, ...]) -> None:
        found = objects(check("--json", *arguments, stdin=f"{READ}\n{WRITE}\n"))

        assert [line["command"] for line in found] == [READ, WRITE]

    def test_arguments_come_before_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "commands"
        path.write_text(f"{READ}\n", encoding="utf-8")
        found = objects(check("--json", "--file", str(path), WRITE))

        assert [line["command"] for line in found] == [WRITE, READ]

    def test_only_a_line_feed_ends_a_line(self) -> None:
        line = "kubectl get pods\x0b\x0c\x1c\x85\u2028-n shop"
        found = objects(check("--json", "-", stdin=line))

        assert [each["command"] for each in found] == [line]

    def test_a_tab_does_not_end_a_command(self) -> None:
        [found] = objects(check("--json", "-", stdin=f"{READ}\ta remark\n"))

        assert found["command"] == f"{READ}\ta remark"
        assert found["verdict"] == "refused"

    @pytest.mark.parametrize("arguments", [(), ("",), ("# only a remark",), ("-",)])
    def test_nothing_given_is_an_error_of_its_own(self, arguments: tuple[str, ...]) -> None:
        done = check(*arguments)

        assert (done.exit_code, done.stdout) == (2, "")
        assert "No command was given" in done.stderr

    def test_a_file_that_cannot_be_read_is_one_too(self, tmp_path: Path) -> None:
        for path, why in ((tmp_path / "absent", "No such file"), (tmp_path, "")):
            done = check("--file", str(path))
            assert (done.exit_code, done.stdout) == (2, "")
            assert str(path) in done.stderr
            assert why in done.stderr

    def test_a_line_that_is_no_utf_8_is_refused_and_the_others_are_judged(
        self, tmp_path: Path
    ) -> None:
        mixed = tmp_path / "mixed"
        mixed.write_bytes(READ.encode() + b"\nkubectl get p\xf6ds\n" + READ.encode())

        found = objects(check("--json", "--file", str(mixed)))

        assert [each["verdict"] for each in found] == ["read", "refused", "read"]

    def test_the_words_of_a_command_never_reach_the_terminal_alive(self) -> None:
        done = check("-", stdin="get pods \x1b]0;owned\x07\x1b[2J\r\n")

        assert "\x1b" not in done.stdout
        assert len(done.stdout.splitlines()) == 1


WORKING = """
import asyncio, signal, sys
# A shell starts what it puts in the background with SIGINT ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
from bot import __main__ as cli
from bot.commands.frame import run_to_the_end
from bot.errors import SettingsError, StoreError

async def work():
    print("working", flush=True)
    try:
        await asyncio.sleep(60)
    finally:
        print("draining", flush=True)
        await asyncio.sleep(0.2)
        print("drained", flush=True)
    return 0

async def fail():
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(raising(), name="one")

async def raising():
    raise StoreError("The disk is full.\\nFree some.")

async def nothing():
    return 7

@cli.app.command()
def probe(what: str):
    run_to_the_end(globals()[what])

cli.main()
"""


def begin(what: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKING, "probe", what],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    if what == "work":
        assert process.stdout.readline() == "working\n"
    return process


class TestEnding:
    @pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
    def test_what_runs_is_let_finish(self, how: signal.Signals, code: int) -> None:
        process = begin("work")
        process.send_signal(how)
        said, complained = process.communicate(timeout=20)

        assert said == "draining\ndrained\n"
        assert (process.returncode, complained) == (code, "")

    def test_sigterm_twice_still_lets_it_finish(self) -> None:
        process = begin("work")
        process.terminate()
        assert process.stdout is not None
        assert process.stdout.readline() == "draining\n"
        process.terminate()
        said, _ = process.communicate(timeout=20)

        assert (said, process.returncode) == ("drained\n", 0)

    def test_the_exit_code_is_what_the_command_returns(self) -> None:
        process = begin("nothing")
        process.communicate(timeout=20)

        assert process.returncode == 7

    def test_our_errors_are_sentences_even_out_of_a_group_of_tasks(self) -> None:
        process = begin("fail")
        _, complained = process.communicate(timeout=20)

        assert process.returncode == 2
        assert complained == "kaia: The disk is full.\nkaia: Free some.\n"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    lines = f"{READ}\n" * 2_000
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m bot check-command - | head -1"],
        input=lines,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
