"""Waits until the objects of a namespace are as a scenario says; it changes nothing."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from tests.apiserver.client import Manifest
from tests.scenarios.objects import Objects
from tests.scenarios.scenario import Condition, Scenario

_EVERY_SECONDS = 0.3


class NeverCame(Exception):
    """What a scenario waits for did not come about in time; says what there was instead."""


def wait(scenario: Scenario, objects: Objects) -> None:
    """Until all is as the scenario waits for. Raises NeverCame."""
    await_all(scenario, scenario.until, objects)


def await_all(scenario: Scenario, conditions: Sequence[Condition], objects: Objects) -> None:
    """Each has to hold once, not all at one moment. Raises NeverCame."""
    deadline = time.monotonic() + scenario.within_seconds
    missing = list(conditions)
    while missing := [one for one in missing if not _holds(one, objects, scenario.namespace)]:
        if time.monotonic() > deadline:
            found = objects.all(missing[0].kind, scenario.namespace)
            raise NeverCame(f"{scenario.name}: {_seen(missing[0], found)}")
        time.sleep(_EVERY_SECONDS)


def is_met(condition: Condition, found: Manifest) -> bool:
    """All of it by this one object."""
    return all(
        any(_agrees(wanted, value) for value in values(found, path))
        for path, wanted in condition.where.items()
    )


def values(found: Any, path: str) -> Iterator[Any]:
    """What stands at a path of names; where a list is on the way, in each of its parts."""
    if isinstance(found, list):
        for part in found:
            yield from values(part, path)
    elif not path:
        yield found
    elif isinstance(found, dict):
        name, _, rest = path.partition(".")
        if name in found:
            yield from values(found[name], rest)


def _holds(condition: Condition, objects: Objects, namespace: str) -> bool:
    return any(is_met(condition, one) for one in objects.all(condition.kind, namespace))


def _agrees(wanted: str | int | bool, value: Any) -> bool:
    """`>= 2` asks for a number, `~ quota` for a part of a text, anything else for the same."""
    text = str(wanted)
    if text.startswith(">="):
        return isinstance(value, int) and value >= int(text.removeprefix(">="))
    if text.startswith("~"):
        return text.removeprefix("~").strip() in str(value)
    return str(value) == text


def _seen(condition: Condition, found: list[Manifest]) -> str:
    lines = [f"no {condition.kind} came to have {condition.where}; there is"]
    for one in found[-10:]:
        has = {path: list(values(one, path)) for path in condition.where}
        lines.append(f"  {one['metadata']['name']}: {has}")
    return "\n".join(lines)
