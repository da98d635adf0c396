"""The real program as a child process; its environment holds nothing but what it is given."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_OF_THE_MACHINE = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")


class KaiaProcess:
    """`kaia COMMAND …`; what it prints goes to a file that can be read at any time."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self.log = log

    @classmethod
    async def start(cls, *arguments: str, log: Path, environ: Mapping[str, str]) -> "KaiaProcess":
        return await cls.run((sys.executable, "-m", "bot", *arguments), log=log, environ=environ)

    @classmethod
    async def run(
        cls, command: Sequence[str], *, log: Path, environ: Mapping[str, str]
    ) -> "KaiaProcess":
        """Another program in Kaia's place."""
        kept = {name: os.environ[name] for name in _OF_THE_MACHINE if name in os.environ}
        with log.open("ab") as sink:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                env=kept | dict(environ),
            )
        return cls(process, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    async def wait(self, seconds: float = 20) -> int:
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    async def kill(self) -> None:
        """Ends it as a power cut would."""
        await self._end(signal.SIGKILL)

    async def terminate(self, seconds: float = 20) -> int:
        """Ends it as Kubernetes would."""
        await self._end(signal.SIGTERM, seconds)
        return self._process.returncode or 0

    async def _end(self, how: signal.Signals, seconds: float = 20) -> None:
        if self._process.returncode is None:
            self._process.send_signal(how)
            await self.wait(seconds)
