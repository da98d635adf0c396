"""Which lines a container's log has in a scenario: as they were seen, shown, or still are; pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.cluster.needs import LogOf
from bot.cluster.objects import Object, items, moment, part, text
from bot.recordings.container_logs import Source
from bot.recordings.incident.kept import Kept, place_of
from bot.recordings.incident.outputs import logs_in, stamped
from bot.recordings.incident.receipts import PastReceipt
from bot.recordings.listing import Listing
from bot.recordings.reading import Read

_STATUSES = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")


class HasLogs(Protocol):
    @property
    def kept(self) -> Kept | None: ...

    @property
    def receipts(self) -> tuple[PastReceipt, ...]: ...


def logs_of(
    now: Read, incident: HasLogs, listings: Sequence[Listing], at: datetime
) -> dict[Source, str]:
    """Lines after their times, of pods that are in the scenario."""
    pods = {
        place_of(each): each
        for listing in listings
        if listing.kind.name == "pods"
        for held in listing.objects.values()
        for each in held
    }
    found = dict(_until(now.logs, at)) if incident.kept else dict(now.logs)
    answering = [each for each in incident.receipts if each.answers]
    found |= logs_in(answering, lambda namespace, name: pods.get(f"{namespace}/{name}"))
    found |= dict(_kept(incident.kept.logs, pods, at)) if incident.kept else {}
    return {each: text for each, text in found.items() if f"{each.namespace}/{each.pod}" in pods}


def _kept(
    logs: Mapping[LogOf, tuple[str, ...]], pods: Mapping[str, Object], at: datetime
) -> Iterator[tuple[Source, str]]:
    for log, lines in logs.items():
        pod = pods.get(f"{log.namespace}/{log.pod}", {})
        last = _ended(pod, log.container, previous=log.previous) or at
        source = Source(log.namespace, log.pod, log.container, log.previous)
        yield source, stamped(lines, min(last, at))


def _ended(pod: Object, container: str, *, previous: bool) -> datetime | None:
    for key in _STATUSES:
        for each in items(pod, "status", key):
            if each.get("name") == container:
                which = "lastState" if previous else "state"
                end = text(part(each, which, "terminated"), "finishedAt")
                return moment(end) if end else None
    return None


def _until(logs: Mapping[Source, str], at: datetime) -> Iterator[tuple[Source, str]]:
    """What was written later is none of what was to be seen then."""
    for source, written in logs.items():
        lines = written.splitlines(keepends=True)
        kept = [line for line in lines if (moment(line.partition(" ")[0]) or at) <= at]
        if kept:
            yield source, "".join(kept)
