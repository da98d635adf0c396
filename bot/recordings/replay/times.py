"""Moves recorded times by as much as has passed since then, so that ages stay as they were.

Only what stands in a field for a time moves; a time in free text or in a person's data does not.
"""

import re
import secrets
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)((?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d))")
_TIME_KEY = re.compile(r"([Tt]imestamp|[Tt]ime|At|Update|Until|Since|After|Before)\Z")
_DATA = frozenset({"data", "binaryData", "stringData"})
_MARK = secrets.token_hex(8)
_MARKED = re.compile(f'{_MARK}([^"]*)'.encode())


class Stamped:
    """One JSON value, serialised once; only its times are written anew for each answer."""

    __slots__ = ("_parts",)

    def __init__(self, value: Any, *, is_cells: bool = False) -> None:
        self._parts = _MARKED.split(orjson.dumps(_marked(value, is_time=is_cells)))

    def at(self, shift: timedelta) -> bytes:
        parts = self._parts
        if len(parts) == 1:
            return parts[0]
        moved = parts.copy()
        moved[1::2] = [later(each.decode(), shift).encode() for each in parts[1::2]]
        return b"".join(moved)


@lru_cache(maxsize=65_536)
def later(text: str, shift: timedelta) -> str:
    """An RFC 3339 time, moved; its fraction and zone are kept as written. Else the same text."""
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    try:
        moved = datetime.fromisoformat(found[1]) + shift
    except (ValueError, OverflowError):
        return text
    return f"{moved.isoformat()}{found[2]}"


def moment(text: str) -> datetime | None:
    """When that was; None where the text is no RFC 3339 time."""
    if _TIME.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _marked(value: Any, *, is_time: bool) -> Any:
    match value:
        case str() if is_time and _TIME.fullmatch(value):
            return _MARK + value
        case dict():
            return {
                key: each if key in _DATA else _marked(each, is_time=bool(_TIME_KEY.search(key)))
                for key, each in value.items()
            }
        case list():
            return [_marked(each, is_time=is_time) for each in value]
        case _:
            return value
