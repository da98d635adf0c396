"""How long Slack waits for its acks while 300 events come at once."""

import asyncio
import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.playground import Workspace
from tests.doubles.asking import of_slack, opened_workspace
from tests.doubles.kaia_process import KaiaProcess

EVENTS = 300


@dataclass(frozen=True, slots=True)
class Acks:
    """Milliseconds from an envelope's sending to its ack."""

    median: float
    worst: float


async def bare(folder: Path) -> Acks:
    """The yardstick."""
    return await _burst(
        folder, (sys.executable, "-m", "tests.bench.bare_bolt", str(folder / "bare.db")), {}
    )


async def kaia(folder: Path) -> Acks:
    environ = {
        "KAIA_MODEL": "builtin",
        "KAIA_STORE": f"sqlite:///{folder / 'kaia.db'}",
        "KUBECONFIG": "/dev/null",
    }
    return await _burst(folder, (sys.executable, "-m", "bot", "slack"), environ)


async def _burst(folder: Path, command: tuple[str, ...], environ: Mapping[str, str]) -> Acks:
    async with opened_workspace() as server:
        process = await KaiaProcess.run(
            command, log=folder / "burst.log", environ=of_slack(server) | dict(environ)
        )
        try:
            await _warm_up(server.workspace)
            return await _measure(server.workspace)
        finally:
            await process.kill()


async def _warm_up(workspace: Workspace) -> None:
    """One question from beginning to ack, so that imports and pools are not measured."""
    await workspace.wait_for(lambda now: now.deliveries.connections, timeout=30)
    workspace.say("ann", "incidents", "@kaia help")
    await workspace.wait_for(lambda now: not now.deliveries.unacked, timeout=30)
    await asyncio.sleep(1)


async def _measure(workspace: Workspace) -> Acks:
    before = len(workspace.acks)
    for number in range(EVENTS):
        # Without app_mention, so that an event is an event for both programs.
        workspace.say("ann", "incidents", f"@kaia question {number}", mention_event=False)
    await workspace.wait_for(lambda now: len(now.acks) >= before + EVENTS, timeout=60)
    seconds = [ack.seconds for ack in workspace.acks[before:]]
    return Acks(statistics.median(seconds) * 1000, max(seconds) * 1000)
