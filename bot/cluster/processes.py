"""One child process, run within bounds of time and size; it never leaves one behind."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

Ending = Literal["exited", "deadline", "flood"]

_STDOUT = 1
_REAP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one process may take."""

    deadline_seconds: float = 20.0
    stdout_bytes: int = 2_000_000
    stderr_bytes: int = 65_536


@dataclass(frozen=True, slots=True)
class Finished:
    """What a process wrote before it ended, or was ended."""

    stdout: bytes
    stderr: bytes
    exit_code: int | None
    """None where it was killed."""
    ending: Ending
    """`flood`: it wrote more than it may, and what is here is the beginning."""
    seconds: float


async def run(
    argv: Sequence[str], *, environ: Mapping[str, str], cwd: Path, bounds: Bounds
) -> Finished:
    """Runs `argv` without a shell. Raises OSError where it cannot start.

    The child leads a process group of its own, which is killed however this ends: at the
    deadline, on a flood, on cancellation, and after a plain exit for what the child left running.
    """
    begun = time.monotonic()
    loop = asyncio.get_running_loop()
    transport, child = await loop.subprocess_exec(
        lambda: _Child(bounds),
        *argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        env=dict(environ),
        cwd=cwd,
    )
    try:
        await child.follow()
    finally:
        await child.end(transport)
    killed = child.ending != "exited"
    return Finished(
        bytes(child.stdout),
        bytes(child.stderr),
        None if killed else transport.get_returncode(),
        child.ending,
        time.monotonic() - begun,
    )


class _Child(asyncio.SubprocessProtocol):
    """Keeps what the child writes.

    A protocol and not `asyncio.subprocess.Process`, whose `wait` also waits for every pipe to
    close, and so for whatever a credential plugin left running with them.
    """

    def __init__(self, bounds: Bounds) -> None:
        self.stdout, self.stderr = bytearray(), bytearray()
        self.ending: Ending = "exited"
        self._bounds = bounds
        self._pid = 0
        self._exited, self._gone = asyncio.Event(), asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._pid = cast("asyncio.SubprocessTransport", transport).get_pid()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == _STDOUT:
            self._keep(self.stdout, data, self._bounds.stdout_bytes)
        else:
            self._keep(self.stderr, data, self._bounds.stderr_bytes)

    def process_exited(self) -> None:
        self._exited.set()
        self._kill_group()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._gone.set()

    async def follow(self) -> None:
        """Returns when the child and its pipes are gone, or its time is up."""
        try:
            async with asyncio.timeout(self._bounds.deadline_seconds):
                await self._gone.wait()
        except TimeoutError:
            if not self._exited.is_set() and self.ending == "exited":
                self.ending = "deadline"

    async def end(self, transport: asyncio.SubprocessTransport) -> None:
        """Kills what is left. Cancelled again here, asyncio still reaps what was killed."""
        try:
            if not self._exited.is_set():
                self._kill_group()
            async with asyncio.timeout(_REAP_SECONDS):
                await self._exited.wait()
        except TimeoutError:
            pass
        finally:
            transport.close()

    def _keep(self, held: bytearray, data: bytes, most_bytes: int) -> None:
        room = most_bytes - len(held)
        held += data[:room]
        if len(data) > room:
            self.ending = "flood"
            self._kill_group()

    def _kill_group(self) -> None:
        # The group outlives its leader for as long as a member lives, so its number is still ours.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
