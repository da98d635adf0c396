"""Faults on demand: what the next calls of a method meet instead of an answer."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

FaultKind = Literal[
    "ratelimited",
    "server_error",
    "unavailable",
    "hang",
    "slow",
    "drop_after_commit",
    "drop",
    "error",
    "garbled",
]

PAGE = "<!DOCTYPE html><html><body><h1>Something stands between you and Slack.</h1></body></html>"


@dataclass(slots=True)
class Fault:
    """`hang` never answers, `slow` does the work late, `drop` cuts before and `drop_after_commit`
    after the work is done; `garbled` answers 200 with something else than Slack's JSON.
    """

    method: str
    kind: FaultKind
    times: int
    after: int = 0
    """Calls that pass unharmed first."""
    details: dict[str, Any] = field(default_factory=dict)


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.met: list[tuple[str, FaultKind]] = []

    def add(
        self, method: str, kind: FaultKind, times: int = 1, *, after: int = 0, **details: Any
    ) -> None:
        """Plans a fault for a method, or for `*`.

        Details: `retry_after` seconds (ratelimited), `code` (error), `seconds` (slow; hang, where
        it is to end), `body` and `mimetype` (garbled; else a page), and any more fields the
        error's body is to have.
        """
        if kind not in get_args(FaultKind):
            raise ValueError(f"no fault is called {kind}; there are {get_args(FaultKind)}")
        self._faults.append(Fault(method, kind, times, after, details))

    def clear(self) -> None:
        self._faults.clear()

    def take(self, method: str) -> Fault | None:
        """The fault this call meets, counted down; None for a call that goes well."""
        for fault in self._faults:
            if fault.method not in (method, "*") or fault.times <= 0:
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            self.met.append((method, fault.kind))
            return fault
        return None
