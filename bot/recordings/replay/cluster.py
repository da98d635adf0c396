"""A recording as an API server's answers to reads; it knows no HTTP and keeps no state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from bot.recordings.format import Recording
from bot.recordings.layout import Kind
from bot.recordings.replay import fields, forms, lists, logs, scales, watching
from bot.recordings.replay.catalog import Catalog, Target
from bot.recordings.replay.gaps import Gaps
from bot.recordings.replay.lists import Query
from bot.recordings.replay.shelves import Entry, Shelf, shelf_of
from bot.recordings.replay.statuses import not_allowed, not_found, unknown_resource

Json = dict[str, Any]

_DEFINITIONS = ("apiextensions.k8s.io", "customresourcedefinitions")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a request is answered, and how far recorded times are moved for it."""

    now: datetime
    shift: timedelta


class RecordedCluster:
    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.catalog = Catalog(recording.shared.discovery)
        self._gaps = Gaps(recording)
        self._shelves: dict[Kind, Shelf] = {}
        self._definitions = _definitions(recording)

    def moment(self, now: datetime) -> Moment:
        """Whole seconds, as most recorded times are."""
        passed = (now - self.recording.manifest.recorded_at).total_seconds()
        return Moment(now, timedelta(seconds=int(passed)))

    def answer(self, target: Target, query: Query, accept: str, at: Moment) -> bytes:
        """A list or one object. Raises Refused."""
        if not target.name:
            return self._list(target, query, accept, at)
        form = forms.wanted(accept, query.get("includeObject", ""))
        shelf, entry = self._entry(target)
        match target.subresource:
            case "" | "status":
                return forms.one(shelf, entry, form, at.shift)
            case "scale":
                return scales.scale(entry, form, at.shift)
            case _:
                raise not_allowed()

    def log(self, target: Target, query: Query, at: Moment) -> bytes:
        _, entry = self._entry(target)
        return logs.log_of(self.recording, entry, query, at.shift, at.now)

    def watched(self, target: Target, query: Query, accept: str, at: Moment) -> Sequence[bytes]:
        """What a watch says at once, before it falls silent. Raises Refused."""
        form = forms.wanted(accept, query.get("includeObject", ""))
        shelf, entries = self._selected(target, query)
        return list(watching.events(shelf, entries, query, form, at.shift))

    def _list(self, target: Target, query: Query, accept: str, at: Moment) -> bytes:
        form = forms.wanted(accept, query.get("includeObject", ""))
        shelf, entries = self._selected(target, query)
        here, metadata = lists.page(shelf, entries, query)
        return forms.many(shelf, here, metadata, form, at.shift)

    def _selected(self, target: Target, query: Query) -> tuple[Shelf, list[Entry]]:
        if not target.resource.can_be_listed:
            raise not_allowed("the server does not allow this method on the requested resource")
        self._gaps.check(target)
        shelf = self._shelf(target.kind)
        custom = self._definitions.get((target.kind.group, target.kind.plural))
        own = None if custom is None else fields.custom_fields(custom, target.kind.version)
        chosen = lists.selected(shelf, target.namespace, query, own)
        return shelf, [entry for entry in chosen if target.name in ("", entry.name)]

    def _entry(self, target: Target) -> tuple[Shelf, Entry]:
        self._gaps.check(target)
        shelf = self._shelf(target.kind)
        entry = shelf.named(target.namespace, target.name)
        if entry is None:
            raise not_found(target.kind.plural, target.kind.group, target.name)
        return shelf, entry

    def _shelf(self, kind: Kind) -> Shelf:
        if kind not in self._shelves:
            self._shelves[kind] = shelf_of(self.recording, kind)
        return self._shelves[kind]

    def openapi(self, path: str) -> bytes:
        """Raises Refused where the recording has none."""
        found = self.recording.shared.openapi(path.removeprefix("/openapi/").strip("/"))
        if found is None:
            raise unknown_resource()
        return orjson.dumps(found)


def _definitions(recording: Recording) -> dict[tuple[str, str], Json]:
    """CustomResourceDefinitions by the group and plural that they define."""
    found: dict[tuple[str, str], Json] = {}
    for kind in recording.kinds():
        if (kind.group, kind.plural) == _DEFINITIONS:
            for each in recording.objects(kind):
                plural, _, group = str(each["metadata"]["name"]).partition(".")
                found[group, plural] = each
    return found
