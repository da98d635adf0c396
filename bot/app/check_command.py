"""`kaia check-command`: says what the policy says of command lines; it runs nothing."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import typer

from bot.errors import SettingsError
from bot.plaintext import clean
from bot.tools.policy import Verdict, judge

_SHOWN = {"read": "permitted", "write": "needs approval", "refused": "refused"}


def run_check_command(
    commands: Sequence[str], file: Path | None, *, as_json: bool, environ: Mapping[str, str]
) -> int:
    """0, or 1 where one is refused; changes as KAIA_WRITES says. Raises SettingsError."""
    lines = [*_lines_of_arguments(commands), *(_lines_of(file) if file else ())]
    lines = [line for line in lines if line.strip() and not line.startswith("#")]
    if not lines:
        raise SettingsError("No command was given. Give each one in quotes, or --file PATH, or -.")
    changes = environ.get("KAIA_WRITES", "").strip() == "approve"
    verdicts = [(line, judge(line, changes=changes)) for line in lines]
    for line, verdict in verdicts:
        typer.echo(_as_json(line, verdict) if as_json else _as_text(line, verdict))
    return 1 if any(verdict.kind == "refused" for _, verdict in verdicts) else 0


def _lines_of_arguments(arguments: Iterable[str]) -> Iterator[str]:
    for argument in arguments:
        if argument == "-":
            yield from _lines_of(Path("-"))
        else:
            yield argument


def _lines_of(path: Path) -> Iterator[str]:
    """Only a line feed ends a line, as for a shell: nothing else may cut a command in two.

    What is no UTF-8 stands in its line as a sign that the policy refuses.
    """
    try:
        read = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = read.decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    for line in text.split("\n"):
        yield line.removesuffix("\r")


def _as_json(line: str, verdict: "Verdict") -> str:
    return json.dumps(
        {
            "command": line,
            "verdict": verdict.kind,
            "reason": verdict.reason,
            "argv": list(verdict.argv),
        }
    )


def _as_text(line: str, verdict: "Verdict") -> str:
    command, reason = (clean(text).replace("\n", " ") for text in (line, verdict.reason))
    return f"{_SHOWN[verdict.kind]}: {command}" + (f"  ({reason})" if reason else "")
