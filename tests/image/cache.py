"""What was made from the same inputs is not made again; what has not been asked for lately goes."""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tests.apiserver.programs import test_home

_IN_USE_SECONDS = 3600
"""Another run may still read what an edit has made superfluous."""


def home(environ: Mapping[str, str]) -> Path:
    folder = test_home(environ) / "image"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def kept(target: Path, make: Callable[[Path], object]) -> Path:
    """`target` is `<kind>-<digest>`; it has that name only when it is whole."""
    kind = target.name.rpartition("-")[0]
    if not target.exists():
        part = target.with_name(f"{kind}.part")
        _remove(part)
        make(part)
        part.rename(target)
        for other in target.parent.glob(f"{kind}-*"):
            if other != target and other.stat().st_mtime < time.time() - _IN_USE_SECONDS:
                _remove(other)
    os.utime(target)
    return target


def digest_of(paths: Iterable[Path], *more: str) -> str:
    """Of names and content, so that a renamed file counts too."""
    total = hashlib.sha256("\n".join(more).encode())
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                total.update(f"\n{file.relative_to(path.parent)}\n".encode())
                total.update(file.read_bytes())
    return total.hexdigest()[:12]


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
