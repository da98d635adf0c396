"""One list: what of a kind a query selects, and page by page where it asks for pages."""

import base64
import binascii
import bisect
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bot.recordings.replay import fields, labels
from bot.recordings.replay.shelves import Entry, Shelf
from bot.recordings.replay.statuses import bad_request

Json = dict[str, Any]
Query = Mapping[str, str]


def selected(
    shelf: Shelf, namespace: str, query: Query, custom: fields.Readable | None
) -> list[Entry]:
    """`custom`: the fields of a kind that is not built in. Raises Refused for a selector that the
    server would not take.
    """
    has_labels = labels.parse(query.get("labelSelector", ""))
    kind, is_custom = shelf.kind, custom is not None
    readable = fields.readable_fields(
        kind.group, kind.plural, is_namespaced=kind.is_namespaced, is_custom=is_custom
    )
    has_fields = fields.parse(
        query.get("fieldSelector", ""),
        {**readable, **(custom or {})},
        fields.refusal(kind.group, kind.plural, is_custom=is_custom),
    )
    return [
        entry
        for entry in shelf.inside(namespace)
        if has_labels(entry.labels) and has_fields(entry.found)
    ]


def page(shelf: Shelf, entries: Sequence[Entry], query: Query) -> tuple[Sequence[Entry], Json]:
    """The entries of this page, and the list's metadata. Raises Refused."""
    limit = number(query.get("limit") or "0")
    first = _place(entries, query["continue"]) if query.get("continue") else 0
    here = entries[first : first + limit] if limit > 0 else entries[first:]
    metadata: Json = {"resourceVersion": shelf.version}
    left = len(entries) - first - len(here)
    if left:
        metadata["continue"] = _token(shelf, here[-1])
        if not query.get("labelSelector") and not query.get("fieldSelector"):
            metadata["remainingItemCount"] = left
    return here, metadata


def number(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        quoted = orjson.dumps(text).decode()
        raise bad_request(f"strconv.ParseInt: parsing {quoted}: invalid syntax") from error


def _token(shelf: Shelf, last: Entry) -> str:
    found = {"v": "meta.k8s.io/v1", "rv": int(shelf.version), "start": f"{last.key}\0"}
    return base64.urlsafe_b64encode(orjson.dumps(found)).decode().rstrip("=")


def _place(entries: Sequence[Entry], token: str) -> int:
    try:
        found = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        start = str(found["start"])
    except (binascii.Error, orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise bad_request("invalid continue token: continue key is not valid") from error
    return bisect.bisect_left([entry.key for entry in entries], start)
