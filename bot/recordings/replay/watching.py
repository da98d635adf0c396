"""Watches of what never changes: all there is where that is asked for, and then silence."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.recordings.replay import forms
from bot.recordings.replay.forms import Wanted
from bot.recordings.replay.lists import Query, number
from bot.recordings.replay.shelves import Entry, Shelf

_LONGEST_SECONDS = 1800
_TRUE = frozenset({"true", "1"})


def is_watch(query: Query) -> bool:
    return query.get("watch", "") in _TRUE


def events(
    shelf: Shelf, entries: Sequence[Entry], query: Query, form: Wanted, shift: timedelta
) -> Iterator[bytes]:
    """What the server sends at once, a line each."""
    is_list = query.get("sendInitialEvents") in _TRUE
    if is_list or query.get("resourceVersion", "") in ("", "0"):
        for entry in entries:
            yield _event(b"ADDED", forms.one(shelf, entry, form, shift))
    if is_list:
        yield _event(b"BOOKMARK", _bookmark(shelf))


def seconds(query: Query) -> float:
    asked = number(query.get("timeoutSeconds") or "0")
    return min(asked, _LONGEST_SECONDS) if asked > 0 else _LONGEST_SECONDS


async def silence(query: Query, closing: asyncio.Event) -> None:
    """Until the watch's end, or the server's."""
    try:
        async with asyncio.timeout(seconds(query)):
            await closing.wait()
    except TimeoutError:
        return


def _event(kind: bytes, found: bytes) -> bytes:
    return b'{"type":"%b","object":%b}\n' % (kind, found)


def _bookmark(shelf: Shelf) -> bytes:
    head = f'"kind":"{shelf.kind.kind}","apiVersion":"{shelf.kind.api_version}"'
    note = '"annotations":{"k8s.io/initial-events-end":"true"}'
    return f'{{{head},"metadata":{{"resourceVersion":"{shelf.version}",{note}}}}}'.encode()
