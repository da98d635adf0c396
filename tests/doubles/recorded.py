"""A recording as a cluster that answers, for the length of a block."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.cluster.access import ClusterAccess
from bot.recordings.format import Recording
from bot.recordings.replay.kubeconfig import NAME, kubeconfig, write
from bot.recordings.replay.server import ReplayServer


@asynccontextmanager
async def served(
    recording: Recording, file: Path, namespace: str = "default"
) -> AsyncIterator[ClusterAccess]:
    """`file` becomes its kubeconfig."""
    async with ReplayServer(recording) as server:
        write(file, kubeconfig(server.url, recording.manifest))
        yield ClusterAccess("kubeconfig", NAME, server.url, namespace, str(file))
