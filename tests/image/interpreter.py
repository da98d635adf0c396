"""Copies this machine's own Python into a tree: program, library, shared libraries of all of it."""

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

NAME = f"python{sys.version_info.major}.{sys.version_info.minor}"
LIBRARY = Path("usr/local/lib") / NAME

# The base image of the Dockerfile has none of these either, or nothing of Kaia's needs them.
_LEFT_OUT = (
    "__pycache__",
    "site-packages",
    "dist-packages",
    "ensurepip",
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "turtledemo",
    "lib2to3",
    "config-*",
    "_tkinter.*",
    "_test*.so",
    "_ctypes_test*",
    "xx*.so",
)
_FOUND_BY_THE_LOADER = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")
_NEEDED = re.compile(r"(?:(\S+) => )?(/\S+) \(0x")


def copy(tree: Path) -> None:
    bin_ = tree / "usr/local/bin"
    bin_.mkdir(parents=True)
    program = Path(sys.base_prefix) / "bin" / NAME
    shutil.copy2(program.resolve(), bin_ / NAME)
    for name in ("python3", "python"):
        (bin_ / name).symlink_to(NAME)
    library = Path(sysconfig.get_path("stdlib"))
    ignored = shutil.ignore_patterns(*_LEFT_OUT)
    shutil.copytree(library, tree / LIBRARY, symlinks=True, ignore=ignored)
    (tree / LIBRARY / "site-packages").mkdir()


def copy_shared_libraries(tree: Path) -> None:
    """What the programs and the extension modules of the tree are linked with, outside of it."""
    within = [tree / "usr/local/bin" / NAME, *tree.rglob("*.so"), *tree.rglob("*.so.*")]
    needed = _needed(file for file in within if not file.is_symlink())
    beside = next(path.parent for name, path in needed if name.startswith("libc.so"))
    for name, path in needed:
        if path.is_relative_to(tree):
            continue
        is_found = str(path).startswith(_FOUND_BY_THE_LOADER)
        target = tree / (path if is_found else beside / name).relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path.resolve(), target)


def _needed(files: Iterable[Path]) -> list[tuple[str, Path]]:
    """The name that is asked for, and what answers to it; the loader itself is among them."""
    listed = subprocess.run(["ldd", *files], capture_output=True, text=True, check=False).stdout
    found = (_NEEDED.search(line) for line in listed.splitlines())
    return sorted({(one[1] or Path(one[2]).name, Path(one[2])) for one in found if one})
