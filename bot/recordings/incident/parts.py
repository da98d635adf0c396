"""Whence each part of a scenario is, for readers of its `receipts.json`; pure."""

from collections.abc import Iterator
from datetime import datetime

from bot.recordings.incident.assembling import Origin, Sources
from bot.recordings.incident.kept import Kept
from bot.recordings.incident.receipts import Part
from bot.recordings.reading import Read

_NAMED = 8
"""Of what has one origin, so many are named."""


def of_objects(sources: Sources, read_at: datetime) -> Iterator[Part]:
    for (kind, namespace, origin), names in sorted(sources.origins.items()):
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        where = f" in {namespace}" if namespace else ""
        yield Part(f"{kind}{where}: {', '.join(names[:_NAMED])}{more}", _how(origin, read_at))


def of_logs(now: Read, made: Read, kept: Kept | None) -> Iterator[Part]:
    then = {
        (log.namespace, log.pod, log.container, log.previous) for log in (kept.logs if kept else ())
    }
    for source in sorted(made.logs):
        key = (source.namespace, source.pod, source.container, source.is_previous)
        is_again = source in now.logs
        otherwise = Origin.AGAIN if is_again else Origin.RECEIPT
        yield Part(source.name, _how(Origin.SEEN if key in then else otherwise, now.at))


def _how(origin: Origin, read_at: datetime) -> str:
    is_again = origin is Origin.AGAIN
    return f"{origin.value} (at {read_at:%Y-%m-%d %H:%M:%S} UTC)" if is_again else origin.value
