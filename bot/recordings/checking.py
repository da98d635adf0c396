"""Whether JSON of a recording has the shape that its place demands; it reads no file."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.errors import RecordingError
from bot.recordings.files import Json, is_segment
from bot.recordings.layout import Kind

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z")
MOST_OBJECTS = 100_000
"""More than are recorded."""
_NAME = re.compile(r"(?!\.{1,2}\Z)[^\x00-\x1f\x7f/%]{1,253}")
_MEND = "Restore the file, or record again."


def text_of(file: Path, found: Any, key: str) -> str:
    value = found.get(key) if isinstance(found, dict) else None
    if not isinstance(value, str) or not value:
        raise RecordingError(f"{file} needs a text for {key!r}. {_MEND}")
    return value


def texts_of(file: Path, found: Json, key: str) -> tuple[str, ...]:
    listed = list_of(file, found, key)
    if not all(isinstance(each, str) for each in listed):
        raise RecordingError(f"{file} needs a list of texts for {key!r}. {_MEND}")
    return tuple(listed)


def list_of(file: Path, found: Json, key: str) -> list[Any]:
    """Empty where nothing is said."""
    listed = found.get(key) or []
    if not isinstance(listed, list):
        raise RecordingError(f"{file} needs a list for {key!r}. {_MEND}")
    return listed


def kinds_of(file: Path, listed: list[Any]) -> tuple[Kind, ...]:
    """The manifest's own list of what was read."""
    return tuple(_kind(file, each) for each in listed)


def items_of(file: Path, found: Json, namespace: str) -> list[Json]:
    """Objects that are named, and that stand in the namespace their file is named for."""
    items = found.get("items")
    if not isinstance(items, list):
        raise RecordingError(f"{file} needs a list for 'items'. {_MEND}")
    for item in items:
        metadata = item.get("metadata") if isinstance(item, dict) else None
        if not isinstance(metadata, dict) or not is_name(metadata.get("name")):
            raise RecordingError(f"{file} holds an object without a name of Kubernetes'. {_MEND}")
        if str(metadata.get("namespace") or "") != namespace:
            raise RecordingError(
                f"{file} holds {str(metadata['name'])!r} of the namespace"
                f" {str(metadata.get('namespace') or '')[:80]!r}, which is not the file's. {_MEND}"
            )
    return items


def rows_of(file: Path, found: Json) -> tuple[list[Json], list[tuple[str, list[Any]]]]:
    """Columns, and cells by name: as many cells as there are columns."""
    columns, rows = found.get("columnDefinitions"), found.get("rows")
    if not isinstance(columns, list) or not all(_is_column(each) for each in columns):
        raise RecordingError(f"{file} needs columns with a name and a type. {_MEND}")
    if not isinstance(rows, list) or not all(_is_row(each, len(columns)) for each in rows):
        raise RecordingError(
            f"{file} needs rows with a name and {len(columns)} cells, one for each column. {_MEND}"
        )
    return columns, [(row["name"], row["cells"]) for row in rows]


def check_columns(file: Path, columns: list[Json], first: list[Json]) -> None:
    """All namespaces are printed as one table."""
    if len(columns) != len(first):
        raise RecordingError(
            f"{file} has {len(columns)} columns, and the table of another namespace has"
            f" {len(first)}. {_MEND}"
        )


def check_count(folder: Path, count: int) -> None:
    if count > MOST_OBJECTS:
        raise RecordingError(
            f"{folder} holds more than {MOST_OBJECTS:,} objects, which are not served."
            " Record again with fewer namespaces (`kaia record -n …`)."
        )


def moment_of(file: Path, written: str) -> datetime.datetime:
    if _MOMENT.fullmatch(written):
        try:
            return datetime.datetime.fromisoformat(written)
        except ValueError:
            pass  # a thirteenth month: said below
    raise RecordingError(
        f"{file} says it was recorded at {written[:40]!r}, which is no time like"
        " 2026-11-27T10:20:00Z. Restore the file, or record again."
    )


def check_discovery(file: Path, found: Json) -> None:
    """Two lists of groups, of versions, of resources; what they say beyond that is the reader's."""
    for path in ("/api", "/apis"):
        listed = found.get(path)
        if not isinstance(listed, dict):
            raise RecordingError(f"{file} has no {path!r}. {_MEND}")
        groups = listed.get("items") or []
        if not _are(groups, _is_group):
            raise RecordingError(f"{file} lists groups under {path!r} that are none. {_MEND}")


def is_name(name: Any) -> bool:
    """Whether an object can be called so: RBAC's may hold nearly anything but a slash."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _kind(file: Path, found: Any) -> Kind:
    group = str(found.get("group") or "") if isinstance(found, dict) else ""
    version, plural, kind = (text_of(file, found, key) for key in ("version", "plural", "kind"))
    if not all(map(is_segment, (group or "core", version, plural, kind))):
        raise RecordingError(f"{file} lists a kind whose names are not Kubernetes'. {_MEND}")
    return Kind(group, version, plural, kind, is_namespaced=found.get("namespaced") is not False)


def _is_column(found: Any) -> bool:
    return isinstance(found, dict) and all(
        isinstance(found.get(key), str) for key in ("name", "type")
    )


def _is_row(found: Any, columns: int) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        return False
    cells = found.get("cells")
    return isinstance(cells, list) and len(cells) == columns


def _is_group(found: Json) -> bool:
    named = found.get("metadata") or {}
    is_named = isinstance(named, dict) and isinstance(named.get("name", ""), str)
    return is_named and _are(found.get("versions") or [], _is_version)


def _is_version(found: Json) -> bool:
    return isinstance(found.get("version"), str) and _are(
        found.get("resources") or [], _is_resource
    )


def _is_resource(found: Json) -> bool:
    answered, below = found.get("responseKind") or {}, found.get("subresources") or []
    texts = (found.get("resource"), found.get("scope", ""), found.get("singularResource", ""))
    lists = (found.get(key) or [] for key in ("verbs", "shortNames", "categories"))
    return (
        isinstance(answered, dict)
        and all(isinstance(each, str) for each in (*texts, *answered.values()))
        and all(
            isinstance(each, list) and all(isinstance(one, str) for one in each) for each in lists
        )
        and _are(below, _is_below)
    )


def _is_below(found: Json) -> bool:
    return isinstance(found.get("subresource"), str) and isinstance(
        found.get("responseKind") or {}, dict
    )


def _are(listed: Any, is_one: Callable[[Json], bool]) -> bool:
    return isinstance(listed, list) and all(
        isinstance(each, dict) and is_one(each) for each in listed
    )
