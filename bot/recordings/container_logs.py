"""What containers wrote, as far as their node still has it: the last lines, after their times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.cluster.api import ClusterApi, NotReadable
from bot.recordings.files import Json, is_segment

MOST_LOGS = 1_000
MOST_LINES = 2_000
MOST_BYTES = 256 * 1024
_MOST_ASKED_BYTES = 4 * 2**20
_NO_LOG = ("HTTP 400", "HTTP 404")
"""The container has not started, or never ended before."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """One log that a container may have."""

    namespace: str
    pod: str
    container: str
    is_previous: bool

    @property
    def name(self) -> str:
        which = "previous log" if self.is_previous else "log"
        return f"{which} of {self.namespace}/{self.pod}, container {self.container}"

    @property
    def path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/pods/{self.pod}/log"


def sources_in(pods: Iterable[Json]) -> list[Source]:
    """Those of containers that began again come first: they are what people ask about."""
    found = {source: restarts for pod in pods for source, restarts in _of_pod(pod)}
    return sorted(found, key=lambda source: (not found[source], source))


async def read_log(api: ClusterApi, source: Source) -> str | None:
    """None where the container has none. Raises NotReadable and ClusterError."""
    query: dict[str, str | int] = {
        "container": source.container,
        "timestamps": "true",
        "tailLines": MOST_LINES,
        "limitBytes": _MOST_ASKED_BYTES,
    }
    if source.is_previous:
        query["previous"] = "true"
    try:
        text = await api.text(source.path, query)
    except NotReadable as error:
        if str(error).startswith(_NO_LOG) or error.why == "not found":
            return None
        raise
    # A limit in bytes cuts the last line, and half a secret is not seen as one.
    return newest_lines(text[: text.rfind("\n") + 1], MOST_BYTES)


def newest_lines(text: str, most_bytes: int) -> str:
    """The newest whole lines that fit."""
    kept = text.encode()[-most_bytes:].decode("utf-8", "ignore")
    return kept if len(kept) == len(text) else kept[kept.find("\n") + 1 :]


def _of_pod(pod: Json) -> Iterator[tuple[Source, int]]:
    metadata, spec, status = (pod.get(key) or {} for key in ("metadata", "spec", "status"))
    namespace, name = str(metadata.get("namespace")), str(metadata.get("name"))
    restarts = _restarts(status)
    for key in ("initContainers", "containers", "ephemeralContainers"):
        for container in spec.get(key) or [] if spec.get("nodeName") else []:
            called = str(container.get("name"))
            if all(map(is_segment, (namespace, name, called))):
                count = restarts.get(called, 0)
                yield Source(namespace, name, called, is_previous=False), count
                if count:
                    yield Source(namespace, name, called, is_previous=True), count


def _restarts(status: Any) -> dict[str, int]:
    keys = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
    return {
        str(each.get("name")): int(each.get("restartCount") or 0)
        + bool((each.get("lastState") or {}).get("terminated"))
        for key in keys
        for each in status.get(key) or []
    }
