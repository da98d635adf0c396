"""kubectl as a process: what it wrote, clean and redacted; it judges nothing, starts no shell."""

import asyncio
import contextlib
import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import structlog

from bot.audit import Record, unrecorded
from bot.cluster import processes
from bot.cluster.access import SERVICE_ACCOUNT, ClusterAccess, environ_for, with_context
from bot.cluster.frame import Folders, find_program
from bot.cluster.impersonation import Impersonation, impersonated
from bot.errors import ClusterError
from bot.plaintext import clean
from bot.redaction import Redactor
from bot.telemetry.seams import UNMEASURED, Telemetry
from bot.tools.bare_values import with_names
from bot.tools.purifying import purify, without_partial_lines
from bot.tools.recording import Line

_SMALL_BYTES = 32_768
"""Output that is redacted on the event loop; more goes to a thread."""

_WITHHELD = (
    "values withheld: they may be secret, and their names could not be read; "
    "ask for fewer objects, or for -o yaml"
)
_MINOR_VERSION = re.compile(r'"gitVersion":\s*"v(\d+)\.(\d+)')
_OLDEST_VERSION = (1, 34)

Json = dict[str, Any]

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ran:
    """A finished kubectl command. Its texts are clean and hold no secret."""

    stdout: str
    stderr: str
    exit_code: int | None
    """None where it was killed."""
    note: str
    """That it was killed or cut, in words; or nothing."""
    seconds: float
    bytes: int = 0
    """What it printed, before anything was taken out."""
    redactions: int = 0
    """How many secrets were."""


class Kubectl:
    """Runs kubectl commands that have been judged, as they are, against one cluster."""

    def __init__(
        self,
        access: ClusterAccess,
        redactor: Redactor,
        *,
        environ: Mapping[str, str],
        program: Path | None = None,
        folder: Path | None = None,
        bounds: processes.Bounds | None = None,
        parallel: int = 4,
        service_account: Path = SERVICE_ACCOUNT,
        record: Record = unrecorded,
        telemetry: Telemetry = UNMEASURED,
    ) -> None:
        """Without a `folder`, a temporary one is made, and removed with this object. `record`
        hears of each command that is run against the cluster, and of nothing else.
        """
        self.access = access
        self.redactor = redactor
        self.record = record
        self._telemetry = telemetry
        self._environ = environ
        self._program = program
        self._bounds = bounds or processes.Bounds()
        self._slots = asyncio.Semaphore(parallel)
        self._folders = self._make_folders(folder)
        self._version: tuple[int, int] | None = None
        self._service_account = service_account

    async def run(self, argv: Sequence[str], redactor: Redactor | None = None) -> Ran:
        """Runs `argv`, whose first word is `kubectl`. Raises ClusterError if it cannot start.

        `redactor` is the conversation's own, whose marks tell equal secrets.
        """
        argv, redactor = tuple(argv), redactor or self.redactor
        with Line(self.record, argv) as line:
            finished = await self._started(line, with_context(self.access, argv))
            named = with_names(argv)
            bare = await self._bare_values(named, redactor) if named else frozenset()
            ran = await self._read(argv, finished, redactor, bare or frozenset())
            if bare is None and ran.stdout:
                ran = replace(ran, stdout="", note=_WITHHELD)
            return _finished(line, argv, ran)

    async def run_as(self, argv: tuple[str, ...], identity: Impersonation, line: Line) -> Ran:
        """The same with the rights of another. Never run a second time, whatever came of it."""
        words, environ = impersonated(
            self.access,
            argv,
            self._environ,
            self._folders,
            identity,
            service_account=self._service_account,
        )
        with line:
            finished = await self._started(line, words, environ)
            ran = await self._read(argv, finished, self.redactor)
            return _finished(line, argv, ran, impersonated=True)

    async def json(self, argv: tuple[str, ...]) -> tuple[Json | None, Ran]:
        """What the command printed as JSON, secrets and all: none of it is shown as it is.

        None where there is none; what came instead is in `Ran`.
        """
        with Line(self.record, argv) as line:
            finished = await self._started(line, with_context(self.access, argv))
            if finished.exit_code == 0:
                with contextlib.suppress(ValueError):
                    found = orjson.loads(finished.stdout)
                    ran = Ran("", "", 0, "", finished.seconds, len(finished.stdout))
                    return found, _finished(line, argv, ran)
            return None, _finished(line, argv, await self._read(argv, finished, self.redactor))

    async def version(self) -> tuple[int, int]:
        """kubectl's own, asked once; the oldest that Kaia ships with where it does not say."""
        if self._version is None:
            finished = await self._start(("kubectl", "version", "--client", "--output=json"))
            found = _MINOR_VERSION.search(finished.stdout.decode("utf-8", "replace"))
            self._version = (int(found[1]), int(found[2])) if found else _OLDEST_VERSION
        return self._version

    async def _bare_values(
        self, named: tuple[str, ...], redactor: Redactor
    ) -> frozenset[str] | None:
        """None where it cannot know: without the names the values are not shown at all."""
        with Line(self.record, named) as line:
            finished = await self._started(line, with_context(self.access, named))
            size = len(finished.stdout) + len(finished.stderr)
            line.ends(exit_code=finished.exit_code, seconds=finished.seconds, size=size)
        if finished.exit_code != 0:
            return None
        text = clean(finished.stdout.decode("utf-8", "replace"))
        return await asyncio.to_thread(redactor.secrets_in, text)

    def _make_folders(self, folder: Path | None) -> Folders:
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="kaia-kubectl-"))
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        folders = Folders(folder)
        folders.make()
        return folders

    async def _started(
        self, line: Line, argv: Sequence[str], environ: Mapping[str, str] | None = None
    ) -> processes.Finished:
        async with self._slots:
            line.begins()
            with self._telemetry.doing("kubectl", argv[1] if len(argv) > 1 else "") as running:
                finished = await self._start(argv, environ)
                running.ends(_outcome(finished))
                running.notes(bytes=len(finished.stdout))
                return finished

    async def _start(
        self, argv: Sequence[str], environ: Mapping[str, str] | None = None
    ) -> processes.Finished:
        if self._program is None:
            self._program = find_program(self._environ)
        try:
            return await processes.run(
                (str(self._program), *argv[1:]),
                environ=environ or environ_for(self.access, self._environ, self._folders),
                cwd=self._folders.work,
                bounds=self._bounds,
            )
        except OSError as error:
            raise ClusterError(
                f"kubectl cannot be started: {error.strerror}. Install it again for this machine."
            ) from error

    async def _read(
        self,
        argv: tuple[str, ...],
        finished: processes.Finished,
        redactor: Redactor,
        bare: frozenset[str] = frozenset(),
    ) -> Ran:
        stdout, stderr, cut = without_partial_lines(argv, finished)
        if len(stdout) + len(stderr) > _SMALL_BYTES:
            found = await asyncio.to_thread(purify, argv, stdout, stderr, redactor, bare)
        else:
            found = purify(argv, stdout, stderr, redactor, bare)
        out, err = found
        for each in found:
            if each.failure is not None:
                _log.error("redaction.failed", error=type(each.failure).__name__)
        note = self._say_ending(finished, cut=cut)
        size = len(finished.stdout) + len(finished.stderr)
        count = out.count + err.count
        return Ran(out.text, err.text, finished.exit_code, note, finished.seconds, size, count)

    def _say_ending(self, finished: processes.Finished, *, cut: bool) -> str:
        match finished.ending:
            case "deadline":
                return f"killed after {self._bounds.deadline_seconds:g} s"
            case "flood":
                return f"killed after {_say_bytes(self._bounds.stdout_bytes)} of output"
            case "exited":
                return "cut by --limit-bytes" if cut else ""


def _finished(line: Line, argv: Sequence[str], ran: Ran, *, impersonated: bool = False) -> Ran:
    line.ends(
        exit_code=ran.exit_code, seconds=ran.seconds, size=ran.bytes, redactions=ran.redactions
    )
    _log.info(
        "kubectl.finished",
        verb=argv[1] if len(argv) > 1 else "",
        impersonated=impersonated,
        exit_code=ran.exit_code,
        seconds=round(ran.seconds, 3),
        bytes=ran.bytes,
        redactions=ran.redactions,
    )
    return ran


def _outcome(finished: processes.Finished) -> str:
    if finished.ending != "exited":
        return "killed"
    return "done" if finished.exit_code == 0 else "nonzero"


def _say_bytes(count: int) -> str:
    return f"{count / 1e6:g} MB" if count >= 1_000_000 else f"{count / 1e3:g} kB"
