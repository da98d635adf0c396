"""Where the cluster cannot be read: what another recording of the same server has of it."""

import datetime
from pathlib import Path

from bot.errors import ClusterError, RecordingError
from bot.recordings import layout
from bot.recordings.files import read_json
from bot.recordings.reading import Read


def read_beside(target: Path, problem: ClusterError) -> tuple[Read, str]:
    """Nothing but its version and discovery, and the name of its folder. Raises ClusterError."""
    servers = target.parent / layout.SERVERS
    found = sorted(each for each in servers.glob("*") if each.is_dir()) if servers.is_dir() else []
    if len(found) != 1:
        raise ClusterError(
            f"Nothing was exported: the cluster could not be read. {problem} A replay also needs to"
            " know which types it serves. Export again when it answers; or put the folder"
            f" `{layout.SERVERS}` of a recording of this cluster, with one server in it, beside"
            f" {target}."
        ) from problem
    [server] = found
    try:
        version = read_json(server / layout.VERSION)
        discovery = read_json(server / layout.DISCOVERY)
    except RecordingError as error:
        raise ClusterError(f"{problem} What lies beside {target} is of no help: {error}") from error
    read = Read(datetime.datetime.now(datetime.UTC), version, discovery)
    read.miss("what was not kept of the conversation", "the cluster did not answer at export")
    return read, server.name
