"""From what was read to files without secrets: `record` makes a whole recording or none."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any

from bot.cluster.api import ClusterApi
from bot.recordings import layout
from bot.recordings.concealing import Concealer
from bot.recordings.files import Json, is_segment
from bot.recordings.format import NotRead
from bot.recordings.layout import Kind
from bot.recordings.listing import Listing
from bot.recordings.reading import Read, read_cluster
from bot.recordings.server_side import files_of, name_of, written
from bot.recordings.writing import Writer, check_target, write_server, written_whole
from bot.redaction import Redactor


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
) -> Recorded:
    """Into a new folder, whose path is absolute. Raises RecordingError and ClusterError, and then
    leaves nothing.
    """
    check_target(target)
    redactor = redactor or Redactor()
    read = await read_cluster(api, tuple(dict.fromkeys(namespaces)), redactor)
    # Nobody keeps the key: equal secrets are seen to be equal, and no guess can be confirmed.
    concealer = Concealer(redactor.keyed(secrets.token_bytes(32)))
    return await asyncio.to_thread(_write, read, target, concealer, note)


def _write(read: Read, target: Path, concealer: Concealer, note: str) -> Recorded:
    for listing in read.listings:
        for held in listing.objects.values():
            for each in held:
                concealer.learn(each)
    files = files_of(read.version, read.discovery, read.openapi)
    server = name_of(read.version, files)
    with written_whole(target) as writer:
        objects = Counter(
            {each.kind: _write_kind(each, writer, concealer, read) for each in read.listings}
        )
        logs = _write_logs(read, writer, concealer)
        writer.write(PurePosixPath(layout.ACCESS), written(read.access))
        kubernetes = str(read.version.get("gitVersion") or "unknown")
        manifest = _manifest(read, kubernetes, server, concealer, note)
        writer.write(PurePosixPath(layout.MANIFEST), written(manifest))
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


def _manifest(
    read: Read, kubernetes: str, server: str, concealer: Concealer, note: str
) -> dict[str, Any]:
    gaps = [{"what": each.what, "why": concealer.text(each.why)} for each in read.gaps]
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


def _write_kind(listing: Listing, writer: Writer, concealer: Concealer, read: Read) -> int:
    """How many objects were written; those that cannot be searched for secrets are left out."""
    kind, count = listing.kind, 0
    for namespace, held in sorted(listing.objects.items()):
        if not held or not is_segment(namespace or layout.CLUSTER):
            continue
        items = list(_concealed(kind, held, concealer, read))
        items.sort(key=lambda each: str(each["metadata"].get("name")))
        count += len(items)
        found = {"apiVersion": kind.api_version, "kind": f"{kind.kind}List", "items": items}
        writer.write(layout.file_of(layout.OBJECTS, kind, namespace), written(found))
        if listing.columns:
            kept = {each["metadata"].get("name") for each in items}
            rows = [
                {"name": name, "cells": _cells(listing.columns, cells, name, concealer)}
                for name, cells in listing.rows[namespace]
                if name in kept
            ]
            table = {"columnDefinitions": listing.columns, "rows": rows}
            writer.write(layout.file_of(layout.TABLES, kind, namespace), written(table))
    return count


def _concealed(
    kind: Kind, held: Sequence[Json], concealer: Concealer, read: Read
) -> Iterator[Json]:
    for each in held:
        shown, metadata = concealer.object(each), each["metadata"]
        if shown is None:
            read.miss(f"{kind.name} {metadata.get('name')}", "could not be searched for secrets")
        else:
            # By these the files are found; they are no place for a secret.
            shown["metadata"] |= {
                key: metadata[key] for key in ("name", "namespace") if key in metadata
            }
            yield shown


def _cells(
    columns: Sequence[Json], cells: Sequence[Any], name: str, concealer: Concealer
) -> list[Any]:
    """Each beside its column's name, which may say that the cell is a secret."""
    named = {
        f"{at} {column.get('name')}": cell
        for at, (column, cell) in enumerate(zip(columns, cells, strict=False))
    }
    shown = concealer.object(named)
    found = [*shown.values()] if shown is not None else []
    found = [name if cell == name else each for cell, each in zip(cells, found, strict=False)]
    return [*found, *(None for _ in range(len(columns) - len(found)))]


def _write_logs(read: Read, writer: Writer, concealer: Concealer) -> int:
    for source, text in sorted(read.logs.items()):
        place = layout.log_file(
            source.namespace, source.pod, source.container, previous=source.is_previous
        )
        writer.write(place, concealer.log(text))
    return len(read.logs)
