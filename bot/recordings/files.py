"""Files of a folder that nobody vouches for: bounded, never through a link, never outside of it.

It knows what a file may be, and nothing of what a recording holds.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from bot.errors import RecordingError

Json = dict[str, Any]

MOST_FILE_BYTES = 64 * 2**20
MOST_BYTES = 512 * 2**20
MOST_FILES = 50_000
_MOST_FOLDERS_DEEP = 8
_MOST_VALUES = 4_000_000
_MOST_JSON_DEEP = 200
MOST_OBJECT_DEEP = _MOST_JSON_DEEP - 2
"""Of one object, which stands in a file's list."""

_SEGMENT = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9_][A-Za-z0-9._:@+~=-]{0,252}\Z")


def is_segment(name: str) -> bool:
    """May stand between two slashes of a path: no separator, no dots alone, nothing invisible."""
    return _SEGMENT.match(name) is not None


def check_tree(folder: Path) -> None:
    """Raises RecordingError for links, devices, and more or larger files than one may have."""
    files = size = 0
    for entry in _entries(folder, 0):
        if entry.is_dir(follow_symlinks=False):
            continue
        files, size = files + 1, size + _checked_size(entry)
        if files > MOST_FILES:
            raise RecordingError(
                f"{folder} holds more than {MOST_FILES:,} files: that is no recording of Kaia's."
                " Record again with fewer namespaces (`kaia record -n …`)."
            )
        if size > MOST_BYTES:
            raise RecordingError(
                f"{folder} holds more than {MOST_BYTES // 2**20} MiB, which is not read."
                " Record again with fewer namespaces (`kaia record -n …`)."
            )


def read_bytes(file: Path, most: int = MOST_FILE_BYTES) -> bytes:
    """A regular file's content. Raises RecordingError, and does not wait on a pipe."""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise RecordingError(_say_link(file)) from None
        raise RecordingError(
            f"{file} cannot be read ({error.strerror}). Take the recording as a whole folder,"
            " together with the `servers` folder beside it."
        ) from error
    found = os.fstat(opened)
    if not stat.S_ISREG(found.st_mode):
        os.close(opened)
        raise RecordingError(_say_no_file(file))
    with os.fdopen(opened, "rb") as held:
        raw = held.read(most + 1) if found.st_size <= most else b""
        if found.st_size > most or len(raw) > most:
            raise RecordingError(_say_too_large(file, most))
        return raw


def read_json(file: Path, most: int = MOST_FILE_BYTES) -> Json:
    """Raises RecordingError where it is no JSON object, or is nested deeper than any real one."""
    raw = read_bytes(file, most)
    if holds_too_much(raw):
        raise RecordingError(
            f"{file} holds more than {_MOST_VALUES:,} values, as no file of a recording does."
            " Record again with fewer namespaces (`kaia record -n …`)."
        )
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise RecordingError(
            f"{file} is no JSON that can be read ({error}). Restore the file, or record again."
        ) from error
    if not isinstance(found, dict):
        raise RecordingError(f"{file} must hold a JSON object. Restore the file, or record again.")
    _check_depth(file, found)
    return found


def holds_too_much(raw: bytes) -> bool:
    """Whether it may become so many values that they fill the memory: nothing is ever as dense."""
    return sum(map(raw.count, (b",", b"[", b"{"))) > _MOST_VALUES


def is_deeper(found: Any, most: int) -> bool:
    """Whether lists and objects are nested in more levels; the value itself is the first."""
    layer, depth = [found], 0
    while layer:
        depth += 1
        if depth > most:
            return True
        layer = [child for each in layer for child in _children(each)]
    return False


def _entries(folder: Path, depth: int) -> Iterator[os.DirEntry[str]]:
    if depth > _MOST_FOLDERS_DEEP:
        raise RecordingError(f"{folder} lies deeper than a recording of Kaia's goes. Remove it.")
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise RecordingError(f"{folder} cannot be read ({error.strerror}).") from error
    for entry in entries:
        if entry.is_symlink():
            raise RecordingError(_say_link(Path(entry.path)))
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _entries(Path(entry.path), depth + 1)


def _checked_size(entry: os.DirEntry[str]) -> int:
    found = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(found.st_mode):
        raise RecordingError(_say_no_file(Path(entry.path)))
    if found.st_size > MOST_FILE_BYTES:
        raise RecordingError(_say_too_large(Path(entry.path), MOST_FILE_BYTES))
    return found.st_size


def _check_depth(file: Path, found: Any) -> None:
    if is_deeper(found, _MOST_JSON_DEEP):
        raise RecordingError(
            f"{file} is nested deeper than {_MOST_JSON_DEEP} levels, as no object of Kubernetes"
            " is. Restore the file, or record again."
        )


def _children(value: Any) -> list[Any]:
    held = value.values() if isinstance(value, dict) else value
    return [child for child in held if isinstance(child, dict | list)]


def _say_link(file: Path) -> str:
    return (
        f"{file} is a symbolic link. A recording holds plain files only, so that nothing outside of"
        " its folder is read. Replace it by the file itself."
    )


def _say_no_file(file: Path) -> str:
    return f"{file} is no regular file. A recording holds plain files only. Remove it."


def _say_too_large(file: Path, most: int) -> str:
    return (
        f"{file} is larger than {most / 2**20:g} MiB, which is not read."
        " Record again with fewer namespaces (`kaia record -n …`)."
    )
