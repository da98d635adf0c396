"""Folders in which attempts are made, each removed as its attempt ends.

A process that is killed removes nothing: the next run does, of those whose lock is free.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "kaia-eval-"
_LOCK: Final = "lock"


@contextmanager
def home() -> Iterator[Path]:
    """A new one."""
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    descriptor = _held(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def remove_left_behind() -> None:
    """This user's, of processes that have ended."""
    for each in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another's, in use, or gone meanwhile
            _remove(each)


def _held(folder: Path) -> int:
    """The lock has its name only once it is taken, so that nobody meets it free before."""
    making = folder / f"{_LOCK}.new"
    descriptor = os.open(making, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    making.rename(folder / _LOCK)
    return descriptor


def _remove(folder: Path) -> None:
    """Raises OSError where it is not to be removed."""
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        return
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(descriptor)
