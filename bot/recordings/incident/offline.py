"""Where the cluster cannot be read: what another recording of the same server has of it."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from bot.errors import ClusterError, RecordingError
from bot.recordings import layout
from bot.recordings.files import read_json
from bot.recordings.incident.receipts import PastReceipt
from bot.recordings.reading import Read

NOTHING_EXPORTED = "Nothing was exported"


def when_read(receipts: Sequence[PastReceipt]) -> datetime.datetime | None:
    """When the last of those that answer was read; None where none does."""
    started = [each.started for each in receipts if each.answers]
    return datetime.datetime.fromtimestamp(max(started), datetime.UTC) if started else None


def nothing_there(problem: ClusterError) -> ClusterError:
    return ClusterError(
        f"{NOTHING_EXPORTED}: the cluster could not be read, and of this conversation neither a"
        f" look nor the output of a command is kept. {problem} Export again when it answers."
    )


def read_beside(target: Path, problem: ClusterError, at: datetime.datetime) -> tuple[Read, str]:
    """Nothing but its version and discovery, and the name of its folder. `at` is as of when all
    else is. Raises ClusterError.
    """
    servers = target.parent / layout.SERVERS
    found = sorted(each for each in servers.glob("*") if each.is_dir()) if servers.is_dir() else []
    if len(found) != 1:
        raise ClusterError(
            f"{NOTHING_EXPORTED}: the cluster could not be read. {problem} A replay also needs to"
            " know which types it serves. Export again when it answers; or put the folder"
            f" `{layout.SERVERS}` of a recording of this cluster, with one server in it, beside the"
            " scenario's."
        ) from problem
    [server] = found
    try:
        version = read_json(server / layout.VERSION)
        discovery = read_json(server / layout.DISCOVERY)
    except RecordingError as error:
        raise ClusterError(
            f"{NOTHING_EXPORTED}: the cluster could not be read. {problem} What lies beside"
            f" {target} is of no help: {error}"
        ) from error
    read = Read(at, version, discovery)
    read.miss("what was not kept of the conversation", "the cluster did not answer at export")
    return read, server.name
