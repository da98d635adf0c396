"""Asks Kaia about a scenario, as a process of its own: `kaia triage`, or `kaia chat` in a pipe."""

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from tests.scenarios.expectations import Report
from tests.scenarios.scenario import Scenario

_ROOT = Path(__file__).parents[2]
_RECEIPT = re.compile(r"\[\d+\] (?P<command>.+)  \((?P<end>[^()]*)\)")
_ANSWER_WITHIN_SECONDS = 60


class Answered(NamedTuple):
    markdown: str
    receipts: tuple[str, ...]
    """The command lines it shows under its answers."""


class KaiaFailed(Exception):
    """It ended without an answer; holds what it said instead."""


def triaged(scenario: Scenario, kubeconfig: Path) -> Report:
    """What `kaia triage` finds in the scenario's namespace. Raises KaiaFailed."""
    argv = [sys.executable, "-m", "bot", "triage", "-n", scenario.namespace, "--json"]
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            argv,
            cwd=_ROOT,
            env=_environment(kubeconfig, home),
            capture_output=True,
            text=True,
            check=False,
            timeout=_ANSWER_WITHIN_SECONDS,
        )
    try:
        report: Report = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise KaiaFailed(_end(done.returncode, done.stdout, done.stderr)) from None
    return report


_BUILT_IN = {"KAIA_MODEL": "builtin"}


async def answered(
    scenario: Scenario, kubeconfig: Path, model: Mapping[str, str] = MappingProxyType(_BUILT_IN)
) -> Answered:
    """What the whole engine says, with the built-in model unless told. Raises KaiaFailed."""
    with tempfile.TemporaryDirectory() as home:
        chat = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "chat"),
            cwd=_ROOT,
            env={**_environment(kubeconfig, home), **model},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        lines = "".join(f"{line}\n" for line in (scenario.question, *scenario.follow_ups))
        async with asyncio.timeout(_ANSWER_WITHIN_SECONDS):
            said, logged = await chat.communicate(lines.encode())
    if chat.returncode != 0:
        raise KaiaFailed(_end(chat.returncode, said.decode(), logged.decode()))
    return parted(said.decode())


def parted(said: str) -> Answered:
    """Answers and receipts, as a pipe gets both."""
    lines = said.splitlines()
    found = [_RECEIPT.fullmatch(line) for line in lines]
    prose = [line for line, receipt in zip(lines, found, strict=True) if receipt is None]
    return Answered("\n".join(prose), tuple(one["command"] for one in found if one is not None))


def _end(code: int | None, said: str, logged: str) -> str:
    return "\n".join([f"it ended with {code}:", *said.splitlines(), *logged.splitlines()[-8:]])


def _environment(kubeconfig: Path, home: str) -> dict[str, str]:
    """Nothing of the person's own but the way to the programs."""
    folders: Sequence[str] = (os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent))
    return {"PATH": os.pathsep.join(folders), "HOME": home, "KUBECONFIG": str(kubeconfig)}
