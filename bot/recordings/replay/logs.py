"""Recorded logs as a node gives them: by lines, by time, by bytes, with or without times."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.recordings.format import Recording
from bot.recordings.replay.lists import number
from bot.recordings.replay.shelves import Entry
from bot.recordings.replay.statuses import Refused, bad_request
from bot.recordings.replay.times import later, moment

Json = dict[str, Any]
Query = Mapping[str, str]

_TRUE = frozenset({"true", "1", "t", "T", "TRUE", "True"})
_PULLING = frozenset({"ErrImagePull", "ImagePullBackOff"})
_KINDS = (
    ("containers", "", "containerStatuses"),
    ("initContainers", " or one of the init containers: ", "initContainerStatuses"),
    ("ephemeralContainers", " or one of the ephemeral containers: ", "ephemeralContainerStatuses"),
)


def log_of(
    recording: Recording, pod: Entry, query: Query, shift: timedelta, now: datetime
) -> bytes:
    """Raises Refused in the server's words, or the node's."""
    _check(pod, query)
    spec = pod.found.get("spec") or {}
    container = query.get("container") or _only(pod, spec)
    if container not in _names(spec):
        raise bad_request(f"container {container} is not valid for pod {pod.name}")
    if not spec.get("nodeName"):
        return b""
    is_previous = query.get("previous") in _TRUE
    text = recording.log(pod.namespace, pod.name, container, is_previous)
    if text is None:
        raise _absent(pod, container, is_previous=is_previous)
    return select(text, query, shift, now)


def select(text: str, query: Query, shift: timedelta, now: datetime) -> bytes:
    lines = text.splitlines()
    if begin := _begin(query, now):
        lines = [line for line in lines if _is_since(line, begin, shift)]
    if "tailLines" in query:
        count = number(query["tailLines"])
        lines = lines[-count:] if count else []
    parts = (line.partition(" ") for line in lines)
    if query.get("timestamps") in _TRUE:
        sent = "".join(f"{later(at, shift)}{gap}{said}\n" for at, gap, said in parts).encode()
    else:
        sent = "".join(f"{said}\n" for _, _, said in parts).encode()
    return sent[: number(query["limitBytes"])] if "limitBytes" in query else sent


def _is_since(line: str, begin: datetime, shift: timedelta) -> bool:
    """One without a time is not left out."""
    at = moment(later(line.partition(" ")[0], shift))
    return at is None or at >= begin


def _begin(query: Query, now: datetime) -> datetime | None:
    if "sinceSeconds" in query:
        return now - timedelta(seconds=min(number(query["sinceSeconds"]), 10**9))
    if "sinceTime" not in query:
        return None
    begin = moment(query["sinceTime"])
    if begin is None:
        asked = query["sinceTime"]
        raise bad_request(f'parsing time "{asked}" as "2006-01-02T15:04:05Z07:00": cannot parse it')
    return begin.astimezone(UTC)


def _check(pod: Entry, query: Query) -> None:
    for field, least in (("tailLines", 0), ("limitBytes", 1), ("sinceSeconds", 1)):
        if field in query and (value := number(query[field])) < least:
            why = "must be greater than 0" if least else "must be greater than or equal to 0"
            raise _invalid(pod.name, field, f"Invalid value: {value}: {why}")


def _invalid(name: str, field: str, message: str) -> Refused:
    cause = {"reason": "FieldValueInvalid", "message": message, "field": field}
    return Refused(
        422,
        "Invalid",
        f'PodLogOptions "{name}" is invalid: {field}: {message}',
        {"name": name, "kind": "PodLogOptions", "causes": [cause]},
    )


def _only(pod: Entry, spec: Json) -> str:
    names = _names(spec)
    if len(names) == 1 or (len(spec.get("containers") or []) == 1 and len(names) == 1):
        return names[0]
    said = f"a container name must be specified for pod {pod.name}, choose one of: "
    for key, before, _ in _KINDS:
        if named := [str(each.get("name")) for each in spec.get(key) or []]:
            said += f"{before}[{' '.join(named)}]"
    raise bad_request(said)


def _names(spec: Json) -> list[str]:
    return [str(each.get("name")) for key, _, _ in _KINDS for each in spec.get(key) or []]


def _absent(pod: Entry, container: str, *, is_previous: bool) -> Refused:
    if is_previous:
        return bad_request(
            f'previous terminated container "{container}" in pod "{pod.name}" not found'
        )
    waiting = _waiting(pod, container)
    if waiting is None:
        return Refused(
            404,
            "NotFound",
            f'this recording holds no log of container "{container}" in pod "{pod.name}"',
            {},
        )
    why = "trying and failing to pull image" if waiting in _PULLING else waiting
    said = f'container "{container}" in pod "{pod.name}" is waiting to start'
    return bad_request(f"{said}: {why}" if why else said)


def _waiting(pod: Entry, container: str) -> str | None:
    """Why it has not started yet; None where it has."""
    status = pod.found.get("status") or {}
    for _, _, key in _KINDS:
        for each in status.get(key) or []:
            if each.get("name") == container:
                waiting = (each.get("state") or {}).get("waiting")
                is_first = not each.get("lastState")
                return str(waiting.get("reason") or "") if waiting and is_first else None
    return ""
