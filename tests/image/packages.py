"""Installs into the virtual environment of a tree, as the Dockerfile does; it may then be moved."""

import subprocess
import sys
from pathlib import Path

from tests.image import interpreter

HOME = Path("opt/kaia")

_CONFIGURATION = f"""\
home = /usr/local/bin
include-system-site-packages = false
version = {sys.version.split()[0]}
executable = /usr/local/bin/{interpreter.NAME}
"""


class ImageFailed(Exception):
    """A step failed; what it said itself stands on standard error."""


def install(tree: Path, *requirements: str) -> None:
    """Only wheels, so that no package runs code of its own; bytecode is `compiled`'s."""
    home = tree / HOME
    _run("-m", "venv", "--without-pip", str(home))
    only = ["--quiet", "--no-compile", "--only-binary", ":all:"]
    _run("-m", "pip", "--python", str(home / "bin" / "python"), "install", *only, *requirements)
    _settle(home)


def compile_all(tree: Path, *folders: Path) -> None:
    """Once and for good: neither the date nor the source of a module is looked at again."""
    how = ["-q", "-j", "2", "--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", "/"]
    _run("-m", "compileall", *how, *(str(tree / folder) for folder in folders))


def build_wheel(source: Path, folder: Path) -> Path:
    _run("-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=source)
    return next(folder.glob("kaia-*.whl"))


def _settle(home: Path) -> None:
    """Nothing may name the folder of this machine that the environment was made in."""
    (home / "pyvenv.cfg").write_text(_CONFIGURATION)
    for script in (home / "bin").iterdir():
        if script.is_symlink() or script.name.lower().startswith("activate"):
            script.unlink()
        else:
            text = script.read_text()
            script.write_text(text.replace(f"{home}/bin/", f"/{HOME}/bin/"))
    for name, target in (
        (interpreter.NAME, f"/usr/local/bin/{interpreter.NAME}"),
        ("python3", interpreter.NAME),
        ("python", interpreter.NAME),
    ):
        (home / "bin" / name).symlink_to(target)


def _run(*arguments: str, cwd: Path | None = None) -> None:
    # What is printed is for the person who waits; the answer of a command line is its own.
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise ImageFailed(f"`python {' '.join(arguments[:2])}` failed: its own words stand above.")
