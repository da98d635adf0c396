"""What a `kaia slack` that nobody asks anything costs: CPU of one core while it only listens."""

import asyncio
import os
import time
from pathlib import Path

from tests.doubles.asking import of_slack, opened_workspace, running_kaia
from tests.doubles.kaia_process import KaiaProcess

SECONDS = 25.0
_QUIET_SECONDS = 4.0
"""After the connection: what is left of the start."""


async def measure(folder: Path, name: str, store_url: str) -> float:
    """The share of a core, as a fraction."""
    async with opened_workspace() as server:
        environ = of_slack(server) | {
            "KAIA_MODEL": "builtin",
            "KAIA_STORE": store_url,
            "KUBECONFIG": "/dev/null",
        }
        async with running_kaia(folder / f"idle-{name}.log", environ) as process:
            await server.workspace.wait_for(lambda now: now.deliveries.connections, timeout=30)
            await asyncio.sleep(_QUIET_SECONDS)
            return await _share(process)


async def _share(process: KaiaProcess) -> float:
    began, used = time.monotonic(), _cpu_seconds(process.pid)
    await asyncio.sleep(SECONDS)
    return (_cpu_seconds(process.pid) - used) / (time.monotonic() - began)


def _cpu_seconds(pid: int) -> float:
    """Of the process in user and kernel mode, as the kernel counts."""
    # The name in brackets may hold anything, so fields are counted from its end.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
