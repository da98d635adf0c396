"""A guide's commands, as a person meets them: its `sh` blocks by section, and a shell to run them.

It changes nothing in a block but what it is told to; it does not know what a command is for.
"""

import re
import shlex
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.installing.commands import Command

_BLOCK = re.compile(
    r"^(?P<indent> *)```sh\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
_TITLE = re.compile(r"^## (.+)$", re.MULTILINE)


class GuideDiffers(Exception):
    """A table names something that is not in the guide."""


@dataclass(frozen=True, slots=True)
class Block:
    section: str
    text: str


def blocks(guide: str) -> list[Block]:
    """In the order of the page."""
    return [
        Block(_section(guide, found.start()), textwrap.dedent(found["text"]))
        for found in _BLOCK.finditer(guide)
    ]


def _section(guide: str, at: int) -> str:
    titles = [found[1] for found in _TITLE.finditer(guide) if found.start() < at]
    return titles[-1] if titles else ""


def without(found: list[Block], excused: Mapping[str, str]) -> list[Block]:
    """Those that none of the beginnings excuses. Raises GuideDiffers where one fits no block."""
    for beginning in excused:
        if sum(each.text.startswith(beginning) for each in found) != 1:
            raise GuideDiffers(f"not one block begins with `{beginning}`")
    return [each for each in found if not each.text.startswith(tuple(excused))]


def replaced(text: str, replacements: Mapping[str, str]) -> str:
    for there, here in replacements.items():
        text = text.replace(there, here)
    return text


def unused(found: list[Block], replacements: Mapping[str, str]) -> set[str]:
    """What is to be replaced and stands nowhere."""
    return {each for each in replacements if not any(each in block.text for block in found)}


def shell(folder: Path, kubeconfig: Path, programs: Mapping[str, Path], values: Path) -> Command:
    """Runs text in `folder` until a command fails; an install of Helm's also takes the values."""
    path = folder / ".bin"
    path.mkdir()
    for name, script in _wrappers(programs, values):
        (path / name).write_text(script)
        (path / name).chmod(0o755)
    homes = {f"HELM_{kind}_HOME": str(path / kind) for kind in ("CACHE", "CONFIG", "DATA")}
    environ = {"PATH": f"{path}:/usr/bin:/bin", "HOME": str(path), "KUBECONFIG": str(kubeconfig)}
    program = ("/usr/bin/env", f"--chdir={folder}", "/bin/sh", "-e", "-x", "-c")
    return Command(program, environ | homes)


def _wrappers(programs: Mapping[str, Path], values: Path) -> Iterator[tuple[str, str]]:
    for name, program in programs.items():
        more = f" --values {shlex.quote(str(values))}" if name == "helm" else ""
        also = f'[ "$1" != install ] || set -- "$@"{more}\n' if more else ""
        yield name, f'#!/bin/sh\n{also}exec {shlex.quote(str(program))} "$@"\n'
