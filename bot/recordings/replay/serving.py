"""A recording as a cluster that is read like any other, for the length of a block."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bot.cluster.access import ClusterAccess, find_access
from bot.errors import ClusterError
from bot.recordings.format import Recording
from bot.recordings.replay.kubeconfig import NAME, kubeconfig, write
from bot.recordings.replay.server import ReplayServer


@asynccontextmanager
async def replayed(
    recording: Recording, environ: Mapping[str, str], folder: Path, *, asks: bool = True
) -> AsyncIterator[ClusterAccess]:
    """`folder` takes its kubeconfig, `asks` is as in `find_access`. Raises RecordingError, and
    ClusterError where it is served and cannot be read.
    """
    async with ReplayServer(recording) as replay:
        file = folder / "recording.kubeconfig"
        write(file, kubeconfig(replay.url, recording.manifest))
        # The context is named, so that it is taken in a pod too.
        found = await find_access({**environ, "KUBECONFIG": str(file)}, context=NAME, asks=asks)
        if found.kind == "none":
            raise ClusterError(
                f"The recording {recording.folder} is served, and not read. {found.reason}"
            )
        yield found
