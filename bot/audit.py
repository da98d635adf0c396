"""Who had what done where: one structured line each; never what was said or printed."""

import contextlib
import logging
import logging.handlers
import os
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import orjson
import structlog
from structlog.contextvars import get_contextvars

from bot.errors import SettingsError
from bot.plaintext import clean
from bot.redaction import Redactor

Kind = Literal["command", "proposal", "decision", "refusal"]

_OF_THE_TURN: Final = ("who", "where", "thread", "turn")
"""Bound by whoever runs a turn, so that no tool has to be told."""
_IN_EVERY_LINE: Final = (
    *_OF_THE_TURN,
    *("argv", "verdict", "rule", "seconds", "exit", "bytes", "redactions"),
)
"""Null where there is none, so that whoever reads the lines need not ask first."""
_LONGEST: Final = 2_000

_log = structlog.get_logger()


class Record(Protocol):
    def __call__(self, kind: Kind, **fields: Any) -> None:
        """`command`: argv, verdict, rule, seconds, exit, bytes, redactions; a change is recorded
        twice, and its `phase` says whether it begins or ends. `proposal`: proposal, change, argv,
        verdict, rule. `decision`: proposal, change, argv, approves, outcome. `refusal`: why.
        All: who, where, thread, turn, where they are not known from the turn that runs.
        """


class Audit:
    """Implements `Record`: into the log, and into a file of its own where one is named."""

    def __init__(self, file: Path | None = None, redactor: Redactor | None = None) -> None:
        """The file is appended to, made with the rights 0600, and opened anew where a log rotation
        has moved it away. Raises SettingsError where it cannot be opened.
        """
        self._redact = (redactor or Redactor()).redact
        self._file = None if file is None else _opened(file)

    def record(self, kind: Kind, **fields: Any) -> None:
        bound = {name: value for name, value in get_contextvars().items() if name in _OF_THE_TURN}
        line = dict.fromkeys(_IN_EVERY_LINE) | bound | fields
        event = {name: self._safe(value) for name, value in line.items()}
        _log.info(f"audit.{kind}", **event)
        if self._file is not None:
            written = {"time": datetime.now(UTC).isoformat(), "audit": kind, **event}
            # A short append to a local file: a line that waited in a queue would die with us.
            self._file.emit(logging.makeLogRecord({"msg": orjson.dumps(written).decode()}))

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _safe(self, value: Any) -> Any:
        match value:
            case bool() | int() | float() | None:
                return value
            case list() | tuple() | set() | frozenset():
                return [self._safe(each) for each in value]
            case _:
                return self._redact(clean(str(value)).replace("\n", " "))[:_LONGEST]


class _File(logging.handlers.WatchedFileHandler):
    """A full disk must not end a turn; the log has the same line."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return open(descriptor, "a", encoding="utf-8")  # noqa: PTH123 - logging closes it

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's name
        _log.error("audit.not_written", path=self.baseFilename)
        # What could not be written is still in the stream's buffer and would come twice.
        stream, self.stream = self.stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _opened(path: Path) -> _File:
    try:
        return _File(path)
    except OSError as error:
        raise SettingsError(
            f"KAIA_AUDIT_FILE names a file that cannot be written: {error.strerror}. Name one in a"
            " folder that Kaia may write to."
        ) from error


def unrecorded(kind: Kind, **fields: Any) -> None:
    """A `Record` for where nobody is to be held to account: a terminal of one's own."""
    del kind, fields
