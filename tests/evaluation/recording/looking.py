"""The first look at a recording that is replayed, as `kaia triage --json` says it of a cluster."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cluster.access import ClusterAccess, find_access
from bot.cluster.api import opened_api
from bot.cluster.reading import Scope
from bot.cluster.report import to_json
from bot.cluster.triage import look
from bot.recordings.format import Recording
from bot.recordings.replay.kubeconfig import NAME, kubeconfig, write
from bot.recordings.replay.server import ReplayServer
from bot.redaction import Redactor
from tests.scenarios.expectations import Report

STEADY_SECONDS = 5
"""How much older everything may look to a slow machine: the server's clock and the reader's are
not read at one moment.
"""


async def looked(folder: Path, namespace: str, older_seconds: int = 0) -> Report:
    """Raises RecordingError and ClusterError."""
    recording = Recording.open(folder)
    older = timedelta(seconds=older_seconds)
    async with ReplayServer(recording, clock=lambda: datetime.now(UTC) - older) as replay:
        with _written(kubeconfig(replay.url, recording.manifest)) as environ:
            access = await reached(environ, NAME)
            async with opened_api(access, environ) as api:
                report, _ = await look(api, Redactor().redact, Scope((namespace,)))
    return to_json(report)


def is_steady(first: Report, later: Report) -> bool:
    """The same findings that rest on the same; how long something lasts may be told otherwise."""
    return _founded(first) == _founded(later)


async def reached(environ: dict[str, str], context: str | None = None) -> ClusterAccess:
    return await find_access(environ, context=context, asks=False)


def _founded(report: Report) -> list[object]:
    return [
        [each[key] for key in ("severity", "kind", "namespace", "name")]
        + [proof["path"] for proof in each["evidence"]]
        for each in report["findings"]
    ]


@contextmanager
def _written(found: bytes) -> Iterator[dict[str, str]]:
    """Nothing of the person's own: an environment with this kubeconfig alone."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "config")
        write(file, found)
        yield {"KUBECONFIG": str(file), "HOME": home}
