"""The cgroups under which the node's pods run, so that nothing of them is left or mistaken."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from tests.node.machine import CGROUPS


def make(name: str) -> None:
    """In every hierarchy, as the kubelet expects of its root."""
    for root in _roots(name):
        if root.parent.name != "unified":
            root.mkdir(exist_ok=True)
    cpuset = CGROUPS / "cpuset"
    if cpuset.is_dir():
        # In version 1 a new cpuset is empty, and nothing can run in it.
        for file in ("cpuset.cpus", "cpuset.mems"):
            (cpuset / name / file).write_text((cpuset / file).read_text())


def end_processes(name: str, seconds: float = 10) -> None:
    """Kills whatever runs in them until nothing does."""
    deadline = time.monotonic() + seconds
    while (pids := set(_pids(name))) and time.monotonic() < deadline:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def remove(name: str, seconds: float = 5) -> None:
    """A cgroup can go some moments after its last process."""
    deadline = time.monotonic() + seconds
    while any(root.exists() for root in _roots(name)) and time.monotonic() < deadline:
        for folder in _folders(name):
            with contextlib.suppress(OSError):
                folder.rmdir()
        time.sleep(0.05)


def _roots(name: str) -> list[Path]:
    if (CGROUPS / "cgroup.controllers").exists():
        return [CGROUPS / name]
    return [hierarchy / name for hierarchy in CGROUPS.iterdir() if hierarchy.is_dir()]


def _folders(name: str) -> Iterator[Path]:
    """The deepest first."""
    for root in _roots(name):
        for folder, _, _ in os.walk(root, topdown=False):
            yield Path(folder)


def _pids(name: str) -> Iterator[int]:
    for folder in _folders(name):
        with contextlib.suppress(OSError):
            yield from map(int, (folder / "cgroup.procs").read_text().split())
