"""The audit's lines about one run of kubectl: one at its end, and for a change one before."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from bot.audit import Record


class Line:
    """Written when the block ends, whatever ended it; nothing where kubectl was not started."""

    def __init__(
        self, record: Record, argv: Sequence[str], verdict: str = "read", rule: str | None = None
    ) -> None:
        self._record = record
        self._fields: dict[str, Any] = {
            "tool": "kubectl",
            "argv": tuple(argv),
            "verdict": verdict,
            "rule": rule,
        }
        self._began: float | None = None
        self._ended: dict[str, Any] = {}

    def begins(self) -> None:
        """Right before the process starts: a change may be made though nothing outlives it."""
        self._began = time.monotonic()
        if self._is_write:
            self._record("command", **self._fields, phase="begins")

    def ends(
        self, *, exit_code: int | None, seconds: float, size: int, redactions: int = 0
    ) -> None:
        """Not reached where the run was cancelled: then its exit is unknown."""
        self._ended = {
            "exit": exit_code,
            "seconds": round(seconds, 3),
            "bytes": size,
            "redactions": redactions,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._began is None:
            return
        ended = {"exit": None, "seconds": round(time.monotonic() - self._began, 3)} | self._ended
        phase = {"phase": "ends"} if self._is_write else {}
        self._record("command", **self._fields, **ended, **phase)

    @property
    def _is_write(self) -> bool:
        return bool(self._fields["verdict"] == "write")
