"""Runs inside of a container of the image and says in one line of JSON what it finds there."""

import contextlib
import getpass
import importlib
import importlib.util
import io
import json
import os
import pkgutil
import shutil
import ssl
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_NOT_OF_THE_IMAGE = ("/proc", "/sys", "/dev", "/tmp")  # noqa: S108 - looked at, never written to
_INSTALLERS = ("pip", "pip3", "uv", "ensurepip", "setuptools")
_COMPILERS = ("cc", "gcc", "g++", "clang", "make", "ld")


def survey() -> dict[str, Any]:
    with contextlib.redirect_stdout(io.StringIO()):
        unimportable = dict(_unimportable())
    return {
        "unimportable": unimportable,
        "compiled at every start": _without_bytecode(),
        "installers": [name for name in _INSTALLERS if _is_here(name)],
        "compilers": [name for name in _COMPILERS if shutil.which(name)],
        "gains rights": _paths(lambda mode: not stat.S_ISDIR(mode) and mode & 0o6000),
        "anyone writes": _paths(lambda mode: not stat.S_ISLNK(mode) and mode & stat.S_IWOTH),
        "root is read-only": bool(os.statvfs("/").f_flag & os.ST_RDONLY),
        "state is writable": os.access("/var/lib/kaia", os.W_OK),
        "user": [os.getuid(), os.getgid(), getpass.getuser(), os.environ["HOME"]],
        "capabilities": _status("CapEff", "CapPrm", "CapInh", "CapBnd"),
        "authorities": len(ssl.create_default_context().get_ca_certs()),
    }


def _unimportable() -> Iterator[tuple[str, str]]:
    """Every module of Kaia's; a migration's surroundings are alembic's to import."""
    bot = importlib.import_module("bot")
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if not module.name.endswith((".migrations.env", ".__main__")):
            try:
                importlib.import_module(module.name)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is what is asked for
                yield module.name, repr(error)


def _without_bytecode() -> list[str]:
    specs = (getattr(module, "__spec__", None) for module in list(sys.modules.values()))
    return sorted(
        spec.name
        for spec in specs
        if spec and (spec.origin or "").endswith(".py") and not Path(spec.cached or "").is_file()
    )


def _is_here(name: str) -> bool:
    return shutil.which(name) is not None or importlib.util.find_spec(name) is not None


def _paths(is_meant: Callable[[int], int | bool]) -> list[str]:
    found = []
    for folder, folders, files in os.walk("/"):
        folders[:] = [
            name for name in folders if f"/{name}" not in _NOT_OF_THE_IMAGE or folder != "/"
        ]
        for path in (os.path.join(folder, name) for name in (*folders, *files)):  # noqa: PTH118
            with contextlib.suppress(PermissionError, FileNotFoundError):
                if is_meant(os.lstat(path).st_mode):
                    found.append(path)
    return found


def _status(*names: str) -> list[str]:
    lines = Path("/proc/self/status").read_text().splitlines()
    pairs = dict(line.split(":", 1) for line in lines)
    return sorted({pairs[name].strip() for name in names})


if __name__ == "__main__":
    print(json.dumps(survey()))  # noqa: T201 - that is what it is for
