"""The warnings that a server sends with kinds it would rather not be asked for any more."""

import re
from collections.abc import Mapping
from typing import Any

from bot.recordings.layout import Kind

_SINCE = {
    "endpoints": (
        33,
        "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
    ),
    "componentstatuses": (19, "v1 ComponentStatus is deprecated in v1.19+"),
}


def warnings(kind: Kind, version: Mapping[str, Any]) -> dict[str, str]:
    """As headers of the answer."""
    if kind.group or kind.plural not in _SINCE:
        return {}
    minor, sentence = _SINCE[kind.plural]
    found = re.match(r"\d+", str(version.get("minor") or ""))
    return {"Warning": f'299 - "{sentence}"'} if found and int(found[0]) >= minor else {}
