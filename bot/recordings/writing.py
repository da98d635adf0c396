"""A recording's files: written beside their place and moved there whole, or not at all."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.errors import RecordingError
from bot.recordings.files import MOST_BYTES, MOST_FILE_BYTES, MOST_FILES, holds_too_much
from bot.recordings.layout import SERVERS

FEWER = "Name the namespaces that matter: `kaia record -n NAMESPACE -o DIR`."
_KEPT_BYTES = 16 * 2**20
_KEPT_FILES = 100
"""For what says what a recording is, whose place nothing else may take."""


@dataclass(frozen=True, slots=True)
class Room:
    """For objects, tables and logs: as much of them as is read again."""

    file_bytes: int = MOST_FILE_BYTES
    bytes: int = MOST_BYTES - _KEPT_BYTES
    files: int = MOST_FILES - _KEPT_FILES


ALL = Room()


class Writer:
    """Writes below one folder, and counts."""

    def __init__(self, folder: Path, room: Room = ALL) -> None:
        self.folder, self.room = folder, room
        self.bytes = self.files = 0

    def write(self, place: PurePosixPath, text: str) -> None:
        """Raises RecordingError where the recording becomes larger than one is read."""
        raw = text.encode("utf-8", "replace")
        self.bytes, self.files = self.bytes + len(raw), self.files + 1
        if self.bytes > MOST_BYTES or self.files > MOST_FILES or len(raw) > MOST_FILE_BYTES:
            raise RecordingError(f"The recording becomes larger than what is read again. {FEWER}")
        file = self.folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
        file.chmod(0o644)

    def why_no_room(self, *texts: str) -> str:
        """Why there is no room for these files, or for those with text in them; else empty."""
        encoded = [each.encode("utf-8", "replace") for each in texts if each]
        sizes, room = [len(each) for each in encoded], self.room
        if max(sizes, default=0) > room.file_bytes or any(map(holds_too_much, encoded)):
            return f"left out: a file of it is more than is read again. {FEWER}"
        if self.bytes + sum(sizes) > room.bytes:
            return f"left out: {sized(room.bytes)} were recorded before it. {FEWER}"
        if self.files + len(sizes) > room.files:
            return f"left out: {room.files:,} files were recorded before it. {FEWER}"
        return ""


def sized(count: int) -> str:
    return f"{count / 2**20:g} MiB"


def check_target(target: Path) -> None:
    """Raises RecordingError for what a recording may not be written over."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise RecordingError(f"{target} is there and is no folder. Name another one with -o.")
    if target.is_dir() and any(target.iterdir()):
        raise RecordingError(
            f"{target} is not empty, and nothing is written over. Name a new folder with -o, or"
            " remove that one first."
        )
    if target.name in {"", SERVERS}:
        raise RecordingError(
            f"{target} cannot hold a recording: `{SERVERS}` beside the recordings is where they"
            " keep what they share. Name another folder with -o."
        )


@contextlib.contextmanager
def written_whole(target: Path, room: Room = ALL) -> Iterator[Writer]:
    """The folder appears at the end of the block; where that fails, nothing is left."""
    with _part_of(target) as part:
        yield Writer(part, room)
        for folder, _, _ in os.walk(part):
            Path(folder).chmod(0o755)
        check_target(target)
        try:
            part.rename(target)
        except OSError as error:
            raise _unwritable(target, error) from error


def write_server(parent: Path, name: str, files: Mapping[PurePosixPath, str]) -> Path:
    """Once for each server version: what is there has the same content, as its name says."""
    folder = parent / SERVERS / name
    if folder.is_dir():
        return folder
    try:
        with written_whole(folder) as writer:
            for place, text in files.items():
                writer.write(place, text)
    except RecordingError:
        if not folder.is_dir():  # another recording of this server was faster
            raise
    return folder


@contextlib.contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}.part-", dir=target.parent))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        yield part
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _unwritable(target: Path, error: OSError) -> RecordingError:
    return RecordingError(
        f"{target} cannot be written ({error.strerror or type(error).__name__})."
        " Name a folder with -o that you may write and that has space."
    )
