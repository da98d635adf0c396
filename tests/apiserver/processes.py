"""Starts and ends processes by recorded pid; it never ends one that it did not start."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

_PR_SET_PDEATHSIG = 1
_REPOSITORY = Path(__file__).parents[2]


def start(
    home: Path,
    name: str,
    argv: Sequence[str],
    *,
    outlives_us: bool,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Starts a daemon with its log and pid file in `home`; `environ` adds to our own."""
    pid_file = home / f"{name}.pid"
    with (home / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=_REPOSITORY,  # where a program of ours is found by its module's name
            env={**_environment(), **environ},
            start_new_session=True,
            preexec_fn=None if outlives_us else _die_with_parent(),  # noqa: PLW1509 - one thread
        )
    pid_file.write_text(f"{process.pid} {_started(process.pid)}\n")
    process.returncode = 0  # kept by the pid file from here on, so no warning that it still runs


def is_running(home: Path, name: str) -> bool:
    return _pid(home / f"{name}.pid") is not None


def stop(home: Path) -> list[str]:
    """Ends everything started in `home`, last first; returns the names of what was running."""
    files = sorted(home.glob("*.pid"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    ended = [file.stem for file in files if _end(file)]
    for file in files:
        file.unlink()
    return ended


def identity(pid: int) -> str:
    """Tells a process from a later one of the same pid; without a beginning where it ended."""
    return f"{pid}-{_started(pid).replace(' ', '.')}"


def end_of_log(home: Path, name: str) -> str:
    """What it said last, for whoever has to find out why it ended."""
    return "\n".join((home / f"{name}.log").read_text(errors="replace").splitlines()[-15:])


def _end(pid_file: Path) -> bool:
    pid = _pid(pid_file)
    if pid is None:
        return False
    # Its state is thrown away, and a graceful kube-apiserver takes ten seconds and more.
    os.kill(pid, signal.SIGKILL)
    _wait_until(lambda: _pid(pid_file) is None, seconds=10)
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, 0)
    return True


def _pid(pid_file: Path) -> int | None:
    """The recorded pid, where it is still the same process and no zombie."""
    if not pid_file.exists():
        return None
    pid, _, started = pid_file.read_text().strip().partition(" ")
    return int(pid) if started and _started(int(pid)) == started else None


def _started(pid: int) -> str:
    """When the process began, which tells it from a later one of the same pid; "" if it ended."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.parent.parent.joinpath("self").exists():
        return _started_by_ps(pid)
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in "ZX" else fields[19]


def _started_by_ps(pid: int) -> str:
    argv = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    state, _, began = subprocess.run(
        argv, capture_output=True, text=True, check=False
    ).stdout.strip().partition(" ")  # fmt: skip
    return "" if state.startswith("Z") else began.strip()


def _die_with_parent() -> Callable[[], None] | None:
    """Linux ends the daemon with us, however we end; elsewhere only an orderly end does."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def die_with_parent() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return die_with_parent


def _environment() -> dict[str, str]:
    """Everything is on loopback, where no proxy may stand between."""
    return {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


def _wait_until(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
