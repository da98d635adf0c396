"""What an autoscaler measures against what it aims at; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.cluster.objects import Object, items, part, quantity, text

_FIELDS = {
    "Utilization": "averageUtilization",
    "AverageValue": "averageValue",
    "Value": "value",
}
_SOURCES = {
    "Resource": "resource",
    "ContainerResource": "containerResource",
    "Pods": "pods",
    "Object": "object",
    "External": "external",
}


@dataclass(frozen=True, slots=True)
class Demand:
    name: str
    """`cpu`, or what a custom metric is called."""
    current: str
    """`180 %` or `1500m`, as measured."""
    target: str
    is_above: bool

    @property
    def spoken(self) -> str:
        return f"{self.name} is at {self.current}, its target is {self.target}"


def demand_of(scaler: Object) -> Iterator[Demand]:
    """One for each metric that was measured."""
    measured = {_key(each): each for each in items(scaler, "status", "currentMetrics")}
    for metric in items(scaler, "spec", "metrics"):
        found = measured.get(_key(metric))
        kind = text(_source(metric), "target", "type")
        field = _FIELDS.get(kind, "")
        if found is None or not field:
            continue
        target = text(_source(metric), "target", field)
        current = text(_source(found), "current", field)
        if target and current:
            yield _demand(_key(metric)[1], current, target, " %" if kind == "Utilization" else "")


def _demand(name: str, current: str, target: str, unit: str) -> Demand:
    is_above = (quantity(current) or 0) > (quantity(target) or 0)
    return Demand(name, f"{current}{unit}", f"{target}{unit}", is_above)


def _source(metric: Object) -> Object:
    return part(metric, _SOURCES.get(text(metric, "type"), ""))


def _key(metric: Object) -> tuple[str, str, str]:
    source = _source(metric)
    name = text(source, "name") or text(source, "metric", "name")
    return text(metric, "type"), name, text(source, "container")
