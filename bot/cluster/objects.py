"""Fields of objects as the API gives them, read without ever breaking on an odd one; pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Object = Mapping[str, Any]
"""One object, or a part of one, as JSON."""

SPEC_CHANGED = "kaia/specChanged"
"""Key in the metadata of what was read: when its spec was last written, where that is known."""
_SUFFIXES = {
    "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
    "E": 1e18, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50,
    "Ei": 2.0**60,
}  # fmt: skip
_QUANTITY = re.compile(r"([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([numkKMGTPE]i?|)")


def part(found: Object, *path: str) -> Object:
    """The mapping at this path, or an empty one."""
    for name in path:
        value = found.get(name)
        if not isinstance(value, dict):
            return {}
        found = value
    return found


def text(found: Object, *path: str) -> str:
    """The string at this path, or an empty one; numbers and booleans as JSON writes them."""
    value = part(found, *path[:-1]).get(path[-1])
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else ""


def number(found: Object, *path: str, default: int = 0) -> int:
    value = part(found, *path[:-1]).get(path[-1])
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def flag(found: Object, *path: str) -> bool:
    return part(found, *path[:-1]).get(path[-1]) is True


def items(found: Object, *path: str) -> list[Object]:
    """The mappings in the list at this path."""
    value = part(found, *path[:-1]).get(path[-1])
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def words(found: Object, *path: str) -> list[str]:
    """The strings in the list at this path."""
    value = part(found, *path[:-1]).get(path[-1])
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def strings(found: Object, *path: str) -> dict[str, str]:
    """The mapping of strings at this path: labels, selectors, node selectors, hard limits."""
    return {k: v for k, v in part(found, *path).items() if isinstance(v, str)}


def name_of(found: Object) -> str:
    return text(found, "metadata", "name")


def namespace_of(found: Object) -> str:
    return text(found, "metadata", "namespace")


def labels_of(found: Object) -> dict[str, str]:
    return strings(found, "metadata", "labels")


def condition(found: Object, kind: str) -> Object:
    """The condition of this type, or an empty mapping."""
    return next((c for c in items(found, "status", "conditions") if c.get("type") == kind), {})


def controller_of(found: Object) -> tuple[str, str]:
    """Kind and name of what owns it; two empty words where nothing does."""
    owners = items(found, "metadata", "ownerReferences")
    owner = next((each for each in owners if each.get("controller") is True), None)
    owner = owner or (owners[0] if owners else {})
    return text(owner, "kind"), text(owner, "name")


def moment(written: str) -> datetime | None:
    """A time as Kubernetes writes it (RFC 3339); None where it is none."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def age_seconds(written: str, now: datetime) -> float | None:
    found = moment(written)
    return None if found is None else (now - found).total_seconds()


def quantity(written: object) -> float | None:
    """`250m`, `1.5Gi`, `2` in base units (cores, bytes); None where it is no quantity.

    Source: apimachinery's resource.Quantity.
    """
    found = _QUANTITY.fullmatch(str(written).strip())
    if found is None or found[2] not in _SUFFIXES:
        return None
    try:
        return float(found[1]) * _SUFFIXES[found[2]]
    except ValueError:
        return None


def matches(selector: Object, labels: Mapping[str, str]) -> bool:
    """A LabelSelector (`matchLabels`, `matchExpressions`); an empty one matches everything."""
    if any(labels.get(k) != v for k, v in strings(selector, "matchLabels").items()):
        return False
    return all(_holds(each, labels) for each in items(selector, "matchExpressions"))


def _holds(expression: Object, labels: Mapping[str, str]) -> bool:
    value = labels.get(text(expression, "key"))
    values = words(expression, "values")
    match text(expression, "operator"):
        case "In":
            return value in values
        case "NotIn":
            return value not in values
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case _:
            return False


def containers_of(spec: Object) -> Iterator[tuple[Object, bool]]:
    """Every container of a pod's spec, and whether it is an init container."""
    yield from ((each, True) for each in items(spec, "initContainers"))
    yield from ((each, False) for each in items(spec, "containers"))


def event_time(event: Object) -> str:
    """When it was last seen, in RFC 3339: the newer API and the older one keep it elsewhere."""
    return (
        text(event, "series", "lastObservedTime")
        or text(event, "lastTimestamp")
        or text(event, "eventTime")
        or text(event, "metadata", "creationTimestamp")
    )


def event_count(event: Object) -> int:
    counted = text(event, "series", "count") or text(event, "count")
    return int(counted) if counted.isdigit() else 1
