"""Runs helm and kubectl beside the event loop, with an environment of their own."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class CommandFailed(Exception):
    """The program ended with an error; holds its words."""


@dataclass(frozen=True, slots=True)
class Finished:
    code: int
    output: str
    errors: str


@dataclass(frozen=True, slots=True)
class Command:
    """A program, with what is the same each time it is called."""

    program: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)

    async def __call__(self, *arguments: str, given: str = "", seconds: float = 60) -> str:
        """What it prints. Raises CommandFailed."""
        done = await self.attempt(*arguments, given=given, seconds=seconds)
        if done.code != 0:
            raise CommandFailed(f"`{' '.join(arguments)}`: {done.errors.strip()}\n{done.output}")
        return done.output

    async def attempt(self, *arguments: str, given: str = "", seconds: float = 60) -> Finished:
        """`given` is its standard input. Raises TimeoutError."""
        process = await asyncio.create_subprocess_exec(
            *self.program,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=dict(self.environ),
        )
        try:
            async with asyncio.timeout(seconds):
                output, errors = await process.communicate(given.encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Finished(process.returncode or 0, output.decode(), errors.decode())


def helm(program: Path, kubeconfig: Path, folder: Path) -> Command:
    """It keeps what it keeps in `folder`."""
    homes = {f"HELM_{kind}_HOME": str(folder / kind) for kind in ("CACHE", "CONFIG", "DATA")}
    return Command((str(program),), _environ(kubeconfig, folder) | homes)


def kubectl(program: Path, kubeconfig: Path, folder: Path) -> Command:
    return Command((str(program),), _environ(kubeconfig, folder))


def _environ(kubeconfig: Path, folder: Path) -> dict[str, str]:
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(folder), "KUBECONFIG": str(kubeconfig)}
