"""Events have two addresses and one storage: what was recorded under the one is served under both.

The fields are named as the API's own conversion names them; the table is the same.
"""

from collections.abc import Mapping
from typing import Any

from bot.recordings.layout import Kind

Json = dict[str, Any]

_CORE = Kind("", "v1", "events", "Event")
_NEWER = Kind("events.k8s.io", "v1", "events", "Event")
_NAMES = {
    "count": "deprecatedCount",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "involvedObject": "regarding",
    "lastTimestamp": "deprecatedLastTimestamp",
    "message": "note",
    "reportingComponent": "reportingController",
    "source": "deprecatedSource",
}
_LEFT_OUT_WHERE_EMPTY = frozenset({"reportingController", "reportingInstance", "note"})


def stored_as(kind: Kind) -> Kind:
    """Under which address its objects were recorded."""
    return _CORE if kind == _NEWER else kind


def as_asked_for(kind: Kind, found: Mapping[str, Any]) -> Json:
    """A recorded object in the words of the address that it is read at."""
    if kind != _NEWER:
        return dict(found)
    renamed = {_NAMES.get(key, key): value for key, value in found.items()}
    kept = {
        key: value for key, value in renamed.items() if value or key not in _LEFT_OUT_WHERE_EMPTY
    }
    return {**kept, **({"apiVersion": kind.api_version} if "apiVersion" in kept else {})}
