"""Whether containers can run on this machine, found by trying; it leaves nothing behind."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
_NEEDED = ("nsenter", "unshare", "mount", "umount")


class NodeImpossible(Exception):
    """No real node can run here, and nothing that we could get would change it; says why."""


def check(home: Path) -> None:
    """Raises NodeImpossible with the first reason found."""
    if not sys.platform.startswith("linux"):
        raise NodeImpossible(f"containers need Linux, and this is {platform.system()}")
    if os.geteuid() != 0:
        raise NodeImpossible("a kubelet and containerd need root")
    for name in _NEEDED:
        if shutil.which(name) is None:
            raise NodeImpossible(f"the program `{name}` is missing")
    _check_cgroups()
    _check_network()
    _check_overlay(home)


def _check_cgroups() -> None:
    memory = CGROUPS if (CGROUPS / "cgroup.controllers").exists() else CGROUPS / "memory"
    probe = memory / f"kaia-probe-{os.getpid()}"
    try:
        probe.mkdir()
    except OSError as problem:
        raise NodeImpossible(f"no cgroup can be made: {problem}") from None
    probe.rmdir()


def _check_network() -> None:
    _try(["unshare", "--net", "--mount", "true"], "no network of its own can be made")


def _check_overlay(home: Path) -> None:
    """Where the images would lie: an overlay on an overlay is refused, for one."""
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        lower, upper, work, merged = (Path(folder, name) for name in ("l", "u", "w", "m"))
        for layer in (lower, upper, work, merged):
            layer.mkdir()
        options = f"lowerdir={lower},upperdir={upper},workdir={work}"
        mount = ["mount", "-t", "overlay", "overlay", "-o", options, str(merged)]
        # In a mount namespace of its own, so that nothing stays mounted whatever happens.
        _try(["unshare", "--mount", *mount], "no overlay can be mounted")


def _try(argv: list[str], otherwise: str) -> None:
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NodeImpossible(f"{otherwise}: {done.stderr.strip()}")
