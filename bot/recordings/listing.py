"""One kind as the server lists it: whole objects, and the rows it prints of them, in one answer."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cluster.api import JSON, TABLE, ClusterApi, NotReadable, Query
from bot.recordings.checking import is_name
from bot.recordings.files import MOST_OBJECT_DEEP, Json, is_deeper
from bot.recordings.layout import Kind

MOST_OBJECTS = 5_000
"""Of one kind."""
_PAGE = 250
_SHOWN_CHARS = 80
_TABLE_OR_LIST = f"{TABLE},{JSON}"
"""As kubectl asks: not every aggregated server prints tables."""


@dataclass(slots=True)
class Listing:
    """What was listed of a kind, by namespace; under an empty name what belongs to none."""

    kind: Kind
    objects: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    columns: list[Json] | None = None
    rows: dict[str, list[tuple[str, list[Any]]]] = field(default_factory=lambda: defaultdict(list))
    gaps: list[tuple[str, str]] = field(default_factory=list)
    """Namespace and reason of what could not be listed."""
    left_out: list[tuple[str, str]] = field(default_factory=list)
    """Name and reason of objects that no recording can hold."""

    @property
    def count(self) -> int:
        return sum(map(len, self.objects.values()))

    def add(self, found: Json, cells: list[Any] | None = None) -> None:
        metadata = found.setdefault("metadata", {})
        metadata.pop("managedFields", None)
        if why := _why_not(found):
            self.left_out.append((str(metadata.get("name"))[:_SHOWN_CHARS], why))
            return
        namespace = str(metadata.get("namespace") or "")
        self.objects[namespace].append(found)
        if cells is not None:
            self.rows[namespace].append((str(metadata.get("name") or ""), cells))


async def list_kind(api: ClusterApi, kind: Kind, places: Sequence[str]) -> Listing:
    """In each of `places`; an empty name is all namespaces. Raises ClusterError."""
    listing = Listing(kind)
    for place in places if kind.is_namespaced else ("",):
        try:
            await _list(api, listing, place)
        except NotReadable as error:
            listing.gaps.append((place, _reason(error)))
    return listing


async def _list(api: ClusterApi, listing: Listing, place: str) -> None:
    query: Query = {"limit": _PAGE, "includeObject": "Object"}
    async for page in api.pages(listing.kind.path(place), query, accept=_TABLE_OR_LIST):
        if page.get("kind") == "Table":
            columns = page.get("columnDefinitions")
            listing.columns = columns if isinstance(columns, list) and columns else listing.columns
            for row in page.get("rows") or []:
                listing.add(row["object"], row.get("cells") or [])
        else:
            known = {"kind": listing.kind.kind, "apiVersion": listing.kind.api_version}
            for item in page.get("items") or []:
                listing.add({**known, **item})
        if listing.count >= MOST_OBJECTS and (page.get("metadata") or {}).get("continue"):
            listing.gaps.append((place, f"only the first {listing.count:,} were recorded"))
            return


def _why_not(found: Json) -> str:
    if not is_name(found["metadata"].get("name")):
        return "left out: its name is none of Kubernetes'"
    return "left out: it is nested too deep" if is_deeper(found, MOST_OBJECT_DEEP) else ""


def _reason(error: NotReadable) -> str:
    said = str(error).strip()
    if error.why == "forbidden":
        return "forbidden: Kaia's account may not list it"
    return f"{error.why}: {said}" if said else error.why
