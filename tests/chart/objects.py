"""Looks into rendered objects; it knows Kubernetes' shapes and nothing of the chart."""

from collections.abc import Iterable, Iterator
from typing import Any

from tests.chart.rendering import Object


def of_kind(objects: Iterable[Object], *kinds: str) -> list[Object]:
    return [each for each in objects if each["kind"] in kinds]


def one(objects: Iterable[Object], kind: str, name: str) -> Object:
    """Raises ValueError where there is none, or more than one."""
    (found,) = [each for each in of_kind(objects, kind) if each["metadata"]["name"] == name]
    return found


def of_release(objects: Iterable[Object], fullname: str = "kaia") -> list[Object]:
    """The chart's own; objects that a person adds have names of theirs."""
    names = fullname, f"{fullname}-"
    return [
        each
        for each in objects
        if each["metadata"]["name"] == names[0] or each["metadata"]["name"].startswith(names[1])
    ]


def address(each: Object) -> tuple[str, str, str]:
    metadata = each["metadata"]
    return each["kind"], metadata.get("namespace", ""), metadata["name"]


def pod_templates(objects: Iterable[Object]) -> Iterator[tuple[str, Object]]:
    """Everything that makes pods, by `kind/name`."""
    for each in objects:
        called = f"{each['kind']}/{each['metadata']['name']}"
        match each:
            case {"kind": "Pod"}:
                yield called, each
            case {"kind": "CronJob"}:
                yield called, each["spec"]["jobTemplate"]["spec"]["template"]
            case {"spec": {"template": {"spec": {"containers": _}} as template}}:
                yield called, template


def containers(pod: Object) -> list[Object]:
    kinds = "initContainers", "containers", "ephemeralContainers"
    return [each for kind in kinds for each in pod["spec"].get(kind) or ()]


def variables(objects: Iterable[Object], container: Object) -> dict[str, str | None]:
    """Environment of a container; None where the value comes from a Secret or the pod.

    What lies in objects that are not among these is not told.
    """
    held = {each["metadata"]["name"]: each for each in of_kind(objects, "ConfigMap")}
    found: dict[str, str | None] = {}
    for source in container.get("envFrom") or ():
        found |= held.get(source.get("configMapRef", {}).get("name"), {}).get("data", {})
    return found | {each["name"]: each.get("value") for each in container.get("env") or ()}


def strings(value: Any) -> Iterator[str]:
    """Every string in it, keys too."""
    match value:
        case str():
            yield value
        case dict():
            for key, held in value.items():
                yield from strings(key)
                yield from strings(held)
        case list():
            for held in value:
                yield from strings(held)


def selectors(objects: Iterable[Object]) -> dict[tuple[str, str, str], Any]:
    """What each object selects pods by; of a Deployment it can never be changed."""
    found = {}
    for each in objects:
        spec = each.get("spec") or {}
        if selector := spec.get("selector") or spec.get("podSelector"):
            found[address(each)] = selector.get("matchLabels", selector)
    return found
