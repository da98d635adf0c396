"""From what was read to files without secrets: `record` makes a whole recording or none."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from bot.cluster.api import ClusterApi
from bot.recordings import layout
from bot.recordings.concealing import Concealer
from bot.recordings.container_logs import newest_lines
from bot.recordings.format import MOST_LOG_BYTES, NotRead
from bot.recordings.kind_files import write_kind
from bot.recordings.layout import Kind
from bot.recordings.reading import Read, read_cluster
from bot.recordings.server_side import files_of, name_of, written
from bot.recordings.writing import ALL, Room, Writer, check_target, write_server, written_whole
from bot.redaction import Redactor

_MOST_GAPS = 2_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a recording holds, in numbers."""

    folder: Path
    server: Path
    kubernetes: str
    namespaces: tuple[str, ...]
    kinds: int
    """Of which there is at least one object."""
    objects: int
    logs: int
    redactions: int
    bytes: int
    gaps: tuple[NotRead, ...]
    withheld: tuple[NotRead, ...]


async def record(
    api: ClusterApi,
    target: Path,
    *,
    namespaces: Sequence[str] = (),
    redactor: Redactor | None = None,
    note: str = "",
    room: Room = ALL,
) -> Recorded:
    """Into a new folder, whose path is absolute. Raises RecordingError and ClusterError, and then
    leaves nothing. What `room` does not hold is a gap.
    """
    check_target(target)
    redactor = redactor or Redactor()
    read = await read_cluster(api, tuple(dict.fromkeys(namespaces)), redactor)
    # Nobody keeps the key: equal secrets are seen to be equal, and no guess can be confirmed.
    concealer = Concealer(redactor.keyed(secrets.token_bytes(32)))
    return await asyncio.to_thread(write_recording, read, target, concealer, note, room)


def write_recording(
    read: Read,
    target: Path,
    concealer: Concealer,
    note: str,
    room: Room = ALL,
    *,
    extras: Mapping[PurePosixPath, str] = MappingProxyType({}),
    server: str = "",
) -> Recorded:
    """`extras` are files beside the recording's own, without secrets; `server` names what is there
    already of its server. Raises RecordingError.
    """
    _learn(read, concealer)
    files = {} if server else files_of(read.version, read.discovery, read.openapi)
    server = server or name_of(read.version, files)
    with written_whole(target, room) as writer:
        objects, logs = _write_contents(read, writer, concealer)
        kubernetes = str(read.version.get("gitVersion") or "unknown")
        manifest = _manifest(read, kubernetes, server, concealer, note)
        writer.write(PurePosixPath(layout.MANIFEST), written(manifest))
        for place, text in extras.items():
            writer.write(place, text)
        shared = write_server(target.parent, server, files)
    return Recorded(
        target,
        shared,
        kubernetes,
        read.namespaces,
        sum(1 for count in objects.values() if count),
        objects.total(),
        logs,
        concealer.count,
        writer.bytes,
        tuple(read.gaps),
        tuple(read.withheld),
    )


def _learn(read: Read, concealer: Concealer) -> None:
    for listing in read.listings:
        for held in listing.objects.values():
            for each in held:
                concealer.learn(each)


def _write_contents(read: Read, writer: Writer, concealer: Concealer) -> tuple[Counter[Kind], int]:
    """How many objects there are of each kind, and how many logs."""
    objects = Counter(
        {each.kind: write_kind(each, writer, concealer, read.miss) for each in read.listings}
    )
    # Of what was not written at all nobody may think that there was none.
    read.listings = [each for each in read.listings if objects[each.kind] or not each.count]
    logs = _write_logs(read, writer, concealer)
    _write_access(read, writer)
    return objects, logs


def _manifest(
    read: Read, kubernetes: str, server: str, concealer: Concealer, note: str
) -> dict[str, Any]:
    gaps = [{"what": each.what, "why": concealer.text(each.why)} for each in read.gaps[:_MOST_GAPS]]
    if more := len(read.gaps) - len(gaps):
        gaps.append({"what": f"{more:,} more", "why": "only the first are listed"})
    return {
        "format": layout.FORMAT,
        "recorded_at": read.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "kubernetes": kubernetes,
        "server": server,
        "kaia": version("kaia"),
        "namespaces": [*read.namespaces],
        "kinds": [_of_kind(kind) for kind in sorted(read.kinds)],
        "not_read": gaps + [{"what": each.what, "why": each.why} for each in read.withheld],
        "redactions": concealer.count,
        "note": concealer.text(note),
    }


def _of_kind(kind: Kind) -> dict[str, Any]:
    return {
        "group": kind.group,
        "version": kind.version,
        "plural": kind.plural,
        "kind": kind.kind,
        "namespaced": kind.is_namespaced,
    }


def _write_logs(read: Read, writer: Writer, concealer: Concealer) -> int:
    """How many were written: the others are gaps."""
    count = 0
    for source, text in sorted(read.logs.items()):
        place = layout.log_file(
            source.namespace, source.pod, source.container, previous=source.is_previous
        )
        # Marks may be longer than what they stand for.
        shown = newest_lines(concealer.log(text), MOST_LOG_BYTES)
        if why := writer.why_no_room(shown):
            read.miss(source.name, why)
            continue
        writer.write(place, shown)
        count += 1
    return count


def _write_access(read: Read, writer: Writer) -> None:
    text = written(read.access)
    if why := writer.why_no_room(text):
        read.miss("what the account may do", why)
        text = written({})
    writer.write(PurePosixPath(layout.ACCESS), text)
