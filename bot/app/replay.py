"""`kaia replay`: a recording served on this machine until it is ended; nothing in it can change."""

import asyncio
import shlex
import tempfile
from pathlib import Path

import typer

from bot.plaintext import clean
from bot.recordings.format import Manifest, Recording
from bot.recordings.replay.kubeconfig import kubeconfig, write
from bot.recordings.replay.server import ReplayServer


async def run_replay(folder: Path, *, port: int = 0, file: Path | None = None) -> int:
    """Until it is cancelled. Raises RecordingError."""
    recording = await asyncio.to_thread(Recording.open, folder)
    async with ReplayServer(recording, port=port) as server:
        with tempfile.TemporaryDirectory(prefix="kaia-replay-") as home:
            place = file or Path(home) / "kubeconfig"
            write(place, kubeconfig(server.url, recording.manifest))
            try:
                typer.echo(_told(recording.manifest, server.url, place))
                await asyncio.Event().wait()
            finally:
                # Its address is nobody's once this has ended.
                place.unlink(missing_ok=True)
    return 0


def _told(manifest: Manifest, url: str, file: Path) -> str:
    where = ", ".join(manifest.namespaces) or "no namespace"
    lines = [
        (
            f"Serving a recording of Kubernetes {manifest.kubernetes} at {url}: {where}, as it"
            f" was at {manifest.recorded_at:%Y-%m-%d %H:%M} UTC. Ages are as they were then."
        ),
        f"What is in it: {manifest.note}" if manifest.note else "",
        (
            f"Read it with   export KUBECONFIG={shlex.quote(str(file))}   and kubectl or kaia."
            " Ctrl-C ends it."
        ),
    ]
    return clean("\n".join(filter(None, lines)))
