"""A recording's files: written beside their place and moved there whole, or not at all."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from bot.errors import RecordingError
from bot.recordings.files import MOST_BYTES, MOST_FILE_BYTES
from bot.recordings.layout import SERVERS


class Writer:
    """Writes below one folder, and counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bytes = 0

    def write(self, place: PurePosixPath, text: str) -> None:
        """Raises RecordingError where the recording becomes larger than one is read."""
        file = self.folder / place
        raw = text.encode("utf-8", "replace")
        self.bytes += len(raw)
        if self.bytes > MOST_BYTES or len(raw) > MOST_FILE_BYTES:
            raise RecordingError(
                f"The recording becomes larger than what is read again: {MOST_BYTES // 2**20} MiB,"
                f" and {MOST_FILE_BYTES // 2**20} MiB of one kind in one namespace. Name the"
                " namespaces that matter: `kaia record -n NAMESPACE -o DIR`."
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
        file.chmod(0o644)


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
def written_whole(target: Path) -> Iterator[Writer]:
    """The folder appears at the end of the block; where that fails, nothing is left."""
    with _part_of(target) as part:
        yield Writer(part)
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
