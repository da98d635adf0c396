"""One kind's files: in each namespace its objects and the server's table of them, without secrets.

What there is no room for is left out and named; that never ends a recording.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from bot.recordings import layout
from bot.recordings.concealing import Concealer
from bot.recordings.files import Json, is_segment
from bot.recordings.layout import Kind
from bot.recordings.listing import Listing
from bot.recordings.server_side import written
from bot.recordings.writing import FEWER, Writer, sized

Miss = Callable[[str, str], None]
"""Takes what is left out, and why."""


def write_kind(listing: Listing, writer: Writer, concealer: Concealer, miss: Miss) -> int:
    """How many objects were written."""
    kind, count = listing.kind, 0
    for namespace, held in sorted(listing.objects.items()):
        if not held or not is_segment(namespace or layout.CLUSTER):
            continue
        where = f"{kind.name} in {namespace}" if namespace else kind.name
        items = list(_concealed(kind, held, concealer, miss))
        items.sort(key=lambda each: str(each["metadata"].get("name")))
        text, kept = _text_of(kind, items, writer.room.file_bytes)
        if left := len(items) - len(kept):
            most = sized(writer.room.file_bytes)
            what = f"{left:,} of {where}" if kept else where
            miss(what, f"left out: a file of more than {most} is not read again. {FEWER}")
        table = _table_of(listing, namespace, kept, concealer)
        if why := writer.why_no_room(text, table):
            miss(where, why)
        if why or (items and not kept):
            continue
        writer.write(layout.file_of(layout.OBJECTS, kind, namespace), text)
        if table:
            writer.write(layout.file_of(layout.TABLES, kind, namespace), table)
        count += len(kept)
    return count


def _text_of(kind: Kind, items: list[Json], most: int) -> tuple[str, list[Json]]:
    """A file of at most so many bytes; and those of the objects that it holds."""
    head = {"apiVersion": kind.api_version, "kind": f"{kind.kind}List"}
    text = written({**head, "items": items})
    if _size(text) <= most:
        return text, items
    kept, left = [], most - _size(written({**head, "items": []}))
    for each in items:
        one = written(each)
        # Two levels further in each of its lines begins two characters later.
        size = _size(one) + 2 * one.count("\n") + 2
        if size <= left:
            kept.append(each)
            left -= size
    return written({**head, "items": kept}), kept


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _table_of(listing: Listing, namespace: str, items: list[Json], concealer: Concealer) -> str:
    """Empty where the server prints none."""
    if not listing.columns:
        return ""
    kept = {each["metadata"].get("name") for each in items}
    rows = [
        {"name": name, "cells": _cells(listing.columns, cells, name, concealer)}
        for name, cells in listing.rows[namespace]
        if name in kept
    ]
    return written({"columnDefinitions": listing.columns, "rows": rows})


def _concealed(
    kind: Kind, held: Sequence[Json], concealer: Concealer, miss: Miss
) -> Iterator[Json]:
    for each in held:
        shown = concealer.named(each)
        if shown is None:
            name = each["metadata"].get("name")
            miss(f"{kind.name} {name}", "could not be searched for secrets")
        else:
            yield shown


def _cells(
    columns: Sequence[Json], cells: Sequence[Any], name: str, concealer: Concealer
) -> list[Any]:
    """Each beside its column's name, which may say that the cell is a secret."""
    named = {
        f"{at} {column.get('name')}": cell
        for at, (column, cell) in enumerate(zip(columns, cells, strict=False))
    }
    shown = concealer.object(named)
    found = [*shown.values()] if shown is not None else []
    found = [name if cell == name else each for cell, each in zip(cells, found, strict=False)]
    return [*found, *(None for _ in range(len(columns) - len(found)))]
