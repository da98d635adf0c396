"""Pods as kubectl prints them: the rows of a table, and the status of one; pure."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ROW = re.compile(
    r"^(?:(?P<namespace>\S+)\s+)?(?P<name>\S+)\s+(?P<ready>\d+)/(?P<all>\d+)\s+(?P<status>\S+)\s+"
    r"(?P<restarts>\d+)(?:\s+\((?P<ago>\S+) ago\))?\s+(?P<age>\S+)"
)
_EVENT = re.compile(
    r"^(?P<last>\S+(?: \(x\d+ over \S+\))?)\s+Warning\s+(?P<reason>\S+)\s+\S+\s+(?P<message>.+)$"
)
_DONE = frozenset({"Completed", "Succeeded"})
_RECENT = re.compile(r"(?:\d{1,2}m)?(?:\d{1,3}s)?")
"""Less than an hour, as kubectl writes it."""

_SINCE_START = frozenset({"Ready", "ContainersReady", "PodScheduled", "Initialized"})


@dataclass(frozen=True, slots=True)
class Row:
    namespace: str
    name: str
    ready: int
    containers: int
    status: str
    restarts: int
    restarted_ago: str
    age: str

    @property
    def path(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def is_done(self) -> bool:
        return self.status in _DONE

    @property
    def is_well(self) -> bool:
        if self.is_done:
            return True
        is_calm = not (self.restarted_ago and _RECENT.fullmatch(self.restarted_ago))
        return self.status == "Running" and self.ready == self.containers and is_calm

    @property
    def urgency(self) -> tuple[bool, bool, int]:
        """The worst first: failing before merely not ready, then by restarts."""
        return (self.status == "Running", "Creating" in self.status, -self.restarts)

    def __str__(self) -> str:
        restarts = f"{self.restarts} restart{'' if self.restarts == 1 else 's'}"
        if self.restarted_ago:
            restarts += f", the last {self.restarted_ago} ago"
        return f"{self.status}, {self.ready}/{self.containers} ready, {restarts}, {self.age} old"


def rows(table: str, *, namespace: str = "") -> tuple[Row, ...]:
    """Of a table of `kubectl get pods`; `namespace` where it has no such column."""
    has_namespaces = not namespace
    return tuple(_rows(table.splitlines(), namespace, has_namespaces=has_namespaces))


def _rows(lines: Sequence[str], namespace: str, *, has_namespaces: bool) -> Iterator[Row]:
    for line in lines:
        found = _ROW.match(line)
        if found is None or bool(found["namespace"]) != has_namespaces:
            continue
        yield Row(
            found["namespace"] or namespace,
            found["name"],
            int(found["ready"]),
            int(found["all"]),
            found["status"],
            int(found["restarts"]),
            found["ago"] or "",
            found["age"],
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a container ended."""

    reason: str
    exit_code: int | None
    finished: str
    message: str

    def __str__(self) -> str:
        code = f" with exit code {self.exit_code}" if self.exit_code is not None else ""
        at = f" at {self.finished} (UTC)" if self.finished else ""
        return f"ended{code} ({self.reason or 'no reason given'}){at}"


@dataclass(frozen=True, slots=True)
class Container:
    name: str
    is_ready: bool
    restarts: int
    waiting: str
    """Reason, or nothing where it does not wait."""
    waiting_message: str
    ended: Ended | None
    before: Ended | None
    """How it ended the time before."""
    is_init: bool = False

    @property
    def has_started(self) -> bool:
        return self.restarts > 0 or self.ended is not None or not self.waiting

    @property
    def is_well(self) -> bool:
        finished = self.ended is not None and self.ended.exit_code == 0
        return finished or (self.is_ready and not self.waiting)


@dataclass(frozen=True, slots=True)
class Status:
    """What `-o jsonpath={.status}` says of one pod."""

    phase: str = ""
    reason: str = ""
    message: str = ""
    conditions: tuple[str, ...] = ()
    """Those that do not hold, with their message."""
    containers: tuple[Container, ...] = ()


def status(text: str) -> Status | None:
    """None where it cannot be read: shortened, or not JSON."""
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return Status(
        _text(found, "phase"),
        _text(found, "reason"),
        _text(found, "message"),
        tuple(_conditions(found)),
        (
            *(_container(each, is_init=True) for each in _items(found, "initContainerStatuses")),
            *(_container(each) for each in _items(found, "containerStatuses")),
        ),
    )


def _conditions(found: Mapping[str, Any]) -> Iterator[str]:
    for each in _items(found, "conditions"):
        message = _text(each, "message")
        if each.get("status") != "True" and _text(each, "type") in _SINCE_START and message:
            yield f"{_text(each, 'type')} is not true: {message}"


def _container(found: Mapping[str, Any], *, is_init: bool = False) -> Container:
    state, last = _object(found, "state"), _object(found, "lastState")
    waiting = _object(state, "waiting")
    restarts = found.get("restartCount")
    return Container(
        _text(found, "name"),
        found.get("ready") is True,
        restarts if isinstance(restarts, int) else 0,
        (_text(waiting, "reason") or "waiting") if "waiting" in state else "",
        _text(waiting, "message"),
        _ended(state),
        _ended(last),
        is_init,
    )


def _ended(state: Mapping[str, Any]) -> Ended | None:
    found = _object(state, "terminated")
    code = found.get("exitCode")
    if not found:
        return None
    return Ended(
        _text(found, "reason"),
        code if isinstance(code, int) else None,
        _text(found, "finishedAt"),
        _text(found, "message"),
    )


def _items(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = found.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _object(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def warnings(table: str) -> tuple[str, ...]:
    """Of a table of `kubectl events`: `FailedScheduling, 3m ago: …`, each reason once, latest."""
    latest: dict[str, str] = {}
    for line in table.splitlines():
        if found := _EVENT.match(line):
            words = f"{found['reason']}, {found['last']} ago: {found['message'].strip()}"
            latest[found["reason"]] = words
    return tuple(latest.values())
