"""A recording, read and checked: nothing outside of its folder is opened, and nothing is written.

Everything but logs and OpenAPI is read when it is opened, so that a broken one is refused then.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Self

from bot.errors import RecordingError
from bot.plaintext import clean
from bot.recordings import layout
from bot.recordings.checking import (
    check_columns,
    check_count,
    check_discovery,
    items_of,
    kinds_of,
    list_of,
    moment_of,
    rows_of,
    text_of,
    texts_of,
)
from bot.recordings.files import Json, check_tree, is_segment, read_bytes, read_json
from bot.recordings.layout import Kind

__all__ = ["Kind", "Manifest", "NotRead", "Recording", "Shared", "Table"]

_MOST_MANIFEST_BYTES = 4 * 2**20
MOST_LOG_BYTES = 2**20
_OPENAPI_PATH = re.compile(r"v[23](/[A-Za-z0-9_-][A-Za-z0-9._-]*){0,6}")


@dataclass(frozen=True, slots=True)
class NotRead:
    """What the recorder could not read, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`recording.json`: when, from what, and how much of it."""

    recorded_at: datetime.datetime
    kubernetes: str
    """The server's version: `v1.34.4`."""
    server: str
    """The folder under `servers` that holds what recordings of this server share."""
    kaia: str = ""
    namespaces: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    """What was listed, also where nothing was found; all else is unknown."""
    not_read: tuple[NotRead, ...] = ()
    redactions: int = 0
    note: str = ""
    """Whatever a person wants to say of it: what is broken."""


@dataclass(frozen=True, slots=True)
class Table:
    """What the server prints of a kind: its columns, and cells by (namespace, name) in order."""

    columns: Sequence[Json]
    rows: Mapping[tuple[str, str], Sequence[Any]]


@dataclass(slots=True)
class Shared:
    """What all recordings of one server version have in common."""

    folder: Path
    version: Json
    discovery: Mapping[str, Json]
    """`/api` and `/apis` -> an aggregated APIGroupDiscoveryList."""

    def openapi(self, path: str) -> Json | None:
        """`v3` for the index, `v3/apis/apps/v1` for a document; None where it was not kept."""
        if not _OPENAPI_PATH.fullmatch(path) or ".." in path:
            return None
        file = self.folder / layout.openapi_file(path)
        return read_json(file) if _is_there(self.folder, layout.openapi_file(path)) else None


@dataclass(slots=True)
class Recording:
    """What a cluster said at one moment. Make it with `Recording.open(folder)`."""

    folder: Path
    manifest: Manifest
    shared: Shared
    _objects: dict[Kind, list[Json]] = field(default_factory=dict)
    _tables: dict[Kind, Table] = field(default_factory=dict)
    _access: Json = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Raises RecordingError for whatever is no recording that can be served as it is."""
        if not folder.is_dir():
            raise RecordingError(
                f"There is no folder {folder}. Name one that `kaia record` has written."
            )
        if not (folder / layout.MANIFEST).is_file():
            raise RecordingError(
                f"{folder} is no recording: it has no {layout.MANIFEST}. Name a folder that"
                " `kaia record` has written."
            )
        home = folder.resolve()
        check_tree(home)
        manifest = _manifest(home / layout.MANIFEST)
        opened = cls(home, manifest, _shared(home, manifest))
        opened._load()
        return opened

    def kinds(self) -> tuple[Kind, ...]:
        """Everything that was listed, in a fixed order."""
        return tuple(sorted(self._objects))

    def objects(self, kind: Kind) -> list[Json]:
        """Of all namespaces, by namespace and name; of the reader's to copy before a change."""
        return self._objects.get(kind, [])

    def table(self, kind: Kind) -> Table | None:
        """None where the server rendered none."""
        return self._tables.get(kind)

    def log(self, namespace: str, pod: str, container: str, previous: bool) -> str | None:
        """Lines after their times; None where there was none."""
        if not all(map(is_segment, (namespace, pod, container))):
            return None
        file = layout.log_file(namespace, pod, container, previous=previous)
        if not _is_there(self.folder, file):
            return None
        # One that somebody else made may hold what a terminal obeys.
        return clean(read_bytes(self.folder / file, MOST_LOG_BYTES).decode("utf-8", "replace"))

    def access(self, namespace: str) -> Json | None:
        """What the recorder might do there: a SelfSubjectRulesReview's status."""
        found = self._access.get(namespace)
        return found if isinstance(found, dict) else None

    def _load(self) -> None:
        known = {kind.folder: kind for kind in self.manifest.kinds}
        self._objects, count = {kind: [] for kind in self.manifest.kinds}, 0
        for file in _json_files(self.folder, layout.OBJECTS):
            found = read_json(self.folder / file)
            at = file.parent.relative_to(layout.OBJECTS)
            kind = known.setdefault(at, _kind_by(file, found))
            items = items_of(self.folder / file, found, _namespace(file))
            self._objects.setdefault(kind, []).extend(items)
            count += len(items)
            check_count(self.folder, count)
        tables: dict[Kind, tuple[list[Json], dict[tuple[str, str], list[Any]]]] = {}
        for file in _json_files(self.folder, layout.TABLES):
            kind_of = known.get(file.parent.relative_to(layout.TABLES))
            if kind_of is not None:
                columns, rows = rows_of(self.folder / file, read_json(self.folder / file))
                first, held = tables.setdefault(kind_of, (columns, {}))
                check_columns(self.folder / file, columns, first)
                held.update({(_namespace(file), name): cells for name, cells in rows})
        self._tables = {kind: Table(columns, rows) for kind, (columns, rows) in tables.items()}
        if _is_there(self.folder, PurePosixPath(layout.ACCESS)):
            self._access = read_json(self.folder / layout.ACCESS)


def _manifest(file: Path) -> Manifest:
    found = read_json(file, _MOST_MANIFEST_BYTES)
    if found.get("format") != layout.FORMAT or isinstance(found.get("format"), bool):
        raise RecordingError(
            f"{file} says format {str(found.get('format'))[:20]!r}, and this Kaia reads format"
            f" {layout.FORMAT}. Use the Kaia that recorded it"
            f" ({str(found.get('kaia') or 'unknown')[:20]}), or record again with this one."
        )
    server = text_of(file, found, "server")
    if not is_segment(server):
        raise RecordingError(
            f"{file} names the server {server[:80]!r}, which is no folder's name. Restore the file."
        )
    gaps = list_of(file, found, "not_read")
    return Manifest(
        moment_of(file, text_of(file, found, "recorded_at")),
        text_of(file, found, "kubernetes"),
        server,
        str(found.get("kaia") or ""),
        texts_of(file, found, "namespaces"),
        kinds_of(file, list_of(file, found, "kinds")),
        tuple(NotRead(text_of(file, each, "what"), text_of(file, each, "why")) for each in gaps),
        count if isinstance(count := found.get("redactions"), int) else 0,
        str(found.get("note") or ""),
    )


def _shared(home: Path, manifest: Manifest) -> Shared:
    """Beside the recording, or within it where it was sent alone."""
    places = [home.parent / layout.SERVERS / manifest.server]
    places.append(home / layout.SERVERS / manifest.server)
    folder = next((each for each in places if _is_folder(each)), None)
    if folder is None:
        raise RecordingError(
            f"{places[0]} is missing: what recordings of one server share stands there."
            " Copy it beside the recording, or record again."
        )
    check_tree(folder)
    discovery = read_json(folder / layout.DISCOVERY)
    check_discovery(folder / layout.DISCOVERY, discovery)
    return Shared(folder, read_json(folder / layout.VERSION), discovery)


def _is_folder(folder: Path) -> bool:
    links = folder.is_symlink() or folder.parent.is_symlink()
    return folder.is_dir() and not links


def _is_there(folder: Path, file: PurePosixPath) -> bool:
    return (folder / file).is_file()


def _json_files(home: Path, top: str) -> Iterator[PurePosixPath]:
    """Those that stand where a kind's files do, in order; other files are none of ours."""
    for file in sorted((home / top).glob("*/*/*/*.json")):
        found = PurePosixPath(file.relative_to(home).as_posix())
        if not all(map(is_segment, (*found.parts[:-1], found.stem))):
            raise RecordingError(f"{file} has a name that no resource has. Remove the file.")
        yield found


def _namespace(file: PurePosixPath) -> str:
    return "" if file.stem == layout.CLUSTER else file.stem


def _kind_by(file: PurePosixPath, found: Json) -> Kind:
    _, group, version, plural, _ = file.parts
    kind = str(found.get("kind") or "").removesuffix("List")
    core = "" if group == layout.CORE else group
    return Kind(core, version, plural, kind, is_namespaced=file.stem != layout.CLUSTER)
