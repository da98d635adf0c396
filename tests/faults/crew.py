"""The processes that serve the workspace: started, killed, started again; logs are read at the end.

A place is one replica's: it has one process at a time, and a door of its own to the model.
"""

import asyncio
import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.doubles.kaia_process import KaiaProcess
from tests.faults.model import Asked, Mind

RESPAWN_SECONDS = 0.3
_START_SECONDS = 60.0
_END_SECONDS = 40.0
_CONNECTED = "slack.connected"


@dataclass(eq=False)
class Place:
    """One replica: its process now, and what earlier ones left behind."""

    name: str
    environ: Mapping[str, str]
    command: Sequence[str] = ()
    """In place of `kaia slack`, where given."""
    process: KaiaProcess | None = None
    started: int = 0
    started_at: float = 0.0
    logs: dict[Path, float] = field(default_factory=dict)
    """One for each start, with its time."""

    @property
    def is_connected(self) -> bool:
        return self.process is not None and _CONNECTED in self.process.said

    async def start(self, folder: Path) -> None:
        self.started, self.started_at = self.started + 1, time.monotonic()
        log = folder / f"{self.name}-{self.started}.log"
        self.logs[log] = time.time()
        if self.command:
            self.process = await KaiaProcess.run(self.command, log=log, environ=self.environ)
        else:
            self.process = await KaiaProcess.start("slack", log=log, environ=self.environ)

    async def until_connected(self) -> None:
        """Raises AssertionError with its log where it ends or takes too long."""
        while not self.is_connected:
            process = self.process
            late = time.monotonic() - self.started_at > _START_SECONDS
            assert process is not None, f"{self.name} was not started"
            assert not late, f"{self.name} does not connect:\n{process.said[-3000:]}"
            assert process.is_running, f"{self.name} has ended by itself:\n{process.said[-3000:]}"
            await asyncio.sleep(0.05)  # a file tells nobody

    def start_seconds(self) -> list[float]:
        """From each start until the process was connected, as its log says."""
        return [
            datetime.fromisoformat(line["timestamp"]).timestamp() - began
            for log, began in self.logs.items()
            for line in _first_connection(log)
        ]


def _first_connection(log: Path) -> list[dict[str, str]]:
    lines = [line for line in log.read_text(errors="replace").splitlines() if _CONNECTED in line]
    return [json.loads(line) for line in lines[:1]]


@dataclass(frozen=True, slots=True)
class Killed:
    """One end of a process, and what it was in the middle of."""

    place: str
    at: float
    left: tuple[Asked, ...]
    with_warning: bool
    """SIGTERM, as Kubernetes ends a process; else SIGKILL."""
    exit_code: int = 0


@dataclass
class Crew:
    folder: Path
    mind: Mind
    places: list[Place]
    killed: list[Killed] = field(default_factory=list)

    async def start(self) -> None:
        for place in self.places:
            await place.start(self.folder)
        await self.until_connected()

    async def until_connected(self) -> None:
        for place in self.places:
            await place.until_connected()

    async def kill(self, place: Place) -> None:
        """As a power cut would; a new process takes the place."""
        await self.kill_for_good(place)
        await self._replace(place)

    async def kill_for_good(self, place: Place) -> None:
        assert place.process is not None
        left, at = tuple(self.mind.open_at(place.name)), time.monotonic()
        await place.process.kill()
        for asked in left:
            asked.ended = asked.ended or time.monotonic()
        self.killed.append(Killed(place.name, at, left, with_warning=False))

    def vanished(self, place: Place) -> tuple[Asked, ...]:
        """Its host is about to go without a word, and with it whoever asks the model there."""
        left, at = tuple(self.mind.open_at(place.name)), time.monotonic()
        for asked in left:
            asked.ended = at
        self.killed.append(Killed(place.name, at, left, with_warning=False))
        return left

    async def terminate(self, place: Place) -> None:
        """As Kubernetes would; it may hand over what it is in the middle of."""
        assert place.process is not None
        left, at = tuple(self.mind.open_at(place.name)), time.monotonic()
        code = await place.process.terminate(_END_SECONDS)
        self.killed.append(Killed(place.name, at, left, with_warning=True, exit_code=code))
        await self._replace(place)

    async def _replace(self, place: Place) -> None:
        await asyncio.sleep(RESPAWN_SECONDS)
        await place.start(self.folder)

    async def end(self) -> dict[str, int]:
        """All in order, side by side; place -> exit code."""
        living = [place for place in self.places if place.process is not None]
        ends = [place.process.terminate(_END_SECONDS) for place in living if place.process]
        codes = await asyncio.gather(*ends)
        return {place.name: code for place, code in zip(living, codes, strict=True)}

    async def abandon(self) -> None:
        """Whatever still lives is killed."""
        for place in self.places:
            if place.process is not None:
                await place.process.kill()

    def takeovers(self) -> list[float]:
        """Seconds from each kill -9 until what that process was asking ran again, anywhere."""
        found = []
        for end in self.killed:
            for asked in () if end.with_warning else end.left:
                again = self.mind.begun_again(asked, end.at)
                found += [again - end.at] if again is not None else []
        return found

    def complaints(self, expected: Collection[str] = ()) -> list[str]:
        """What no log should hold, each kind once: tracebacks, words that are no JSON, errors."""
        kinds: dict[str, list[str]] = {}
        for log in sorted(self.folder.glob("*.log")):
            for line in log.read_text(errors="replace").splitlines():
                if kind := _complaint(line, expected):
                    kinds.setdefault(kind, []).append(f"{log.name}: {line[:1500]}")
        return [f"{kind}, {len(lines)} times, first in {lines[0]}" for kind, lines in kinds.items()]


def _complaint(line: str, expected: Collection[str]) -> str:
    """What kind of complaint a line is, if it is one."""
    try:
        said = json.loads(line)
    except ValueError:
        return line.strip()[:60]
    problem = str(said.get("exception", "")).partition("\n")[0]
    is_worrying = problem or said.get("level") in {"error", "critical"}
    if not is_worrying or said["event"] in expected:
        return ""
    place = said.get("where", "") if said["event"] == "slack.listener_failed" else ""
    return " ".join(filter(None, (said["event"], problem, place)))
