"""What a scenario file says: a scene, a question, and what must be found. It sets nothing up."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

FOLDER = Path(__file__).parent

Manifest = dict[str, Any]


class ScenarioFaulty(Exception):
    """A file cannot be used; says which and why."""


def _documents(given: object) -> object:
    """A list of objects, or a string that holds several."""
    if isinstance(given, str):
        return [one for one in yaml.safe_load_all(given) if one is not None]
    return given


def _as_tuple(given: object) -> object:
    return (given,) if isinstance(given, str) else given


AnyOf = Annotated[tuple[str, ...], BeforeValidator(_as_tuple), Field(min_length=1)]
"""Ways to say the same, of which one is enough. In a file a text, or a list of texts."""
Manifests = Annotated[tuple[Manifest, ...], BeforeValidator(_documents)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Status(_Part):
    kind: str
    name: str
    namespace: str = ""
    """Of the scenario where it is empty."""
    status: Manifest


class Event(_Part):
    kind: str = "Pod"
    name: str
    reason: str
    message: str
    type: Literal["Warning", "Normal"] = "Warning"
    count: int = 1
    first: str = "10m ago"
    last: str = "1m ago"
    source: str = "kubelet"


class Log(_Part):
    pod: str
    container: str = "app"
    previous: bool = False
    text: str


class NodeOf(_Part):
    name: str
    labels: dict[str, str] = {}
    spec: Manifest = {}
    status: Manifest = {}
    """Over that of a node that is well, key by key."""


class Condition(_Part):
    """Holds when one object of this kind has all these values; see `waiting`."""

    kind: str
    where: dict[str, str | int | bool]


class Step(_Part):
    """Something that a person changes later."""

    once: tuple[Condition, ...]
    manifests: Manifests
    """Laid over the objects that are there, as a merge patch does."""


class Expected(_Part):
    """A finding that must be there."""

    kind: str
    name: str
    """`*` stands for anything."""
    reason: str = ""
    severity: Literal["", "critical", "warning"] = ""
    cause: tuple[str, ...] = ()
    """Words of its one sentence."""
    evidence: tuple[str, ...] = ()
    """Words of the paths and values it names."""


class Scenario(_Part):
    name: str
    about: str
    runs_on: Literal["server", "node"]
    namespace: str
    question: str
    follow_ups: tuple[str, ...] = ()
    manifests: Manifests
    statuses: tuple[Status, ...] = ()
    events: tuple[Event, ...] = ()
    logs: tuple[Log, ...] = ()
    nodes: tuple[NodeOf, ...] = ()
    then: tuple[Step, ...] = ()
    until: tuple[Condition, ...] = ()
    within_seconds: int = Field(default=60, gt=0, le=150)
    healthy: bool
    finding: Expected | None = None
    no_other_findings: bool = True
    must: tuple[AnyOf, ...] = ()
    must_not: tuple[str, ...] = ()
    must_cite: tuple[str, ...] = ()
    refused_at_most: int | None = None
    """Commands that the policy refuses; None where trying is no fault."""

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> "Scenario":
        if self.healthy != (self.finding is None):
            raise ValueError("either `healthy: true`, or a `finding`")
        if self.runs_on == "node" and (self.statuses or self.events or self.logs or self.nodes):
            raise ValueError("on a node, statuses, events, logs and nodes come about by themselves")
        if self.runs_on == "server" and (self.until or self.then):
            raise ValueError("on a server nothing happens by itself: no `until`, no `then`")
        for manifest in self.manifests:
            if not all(manifest.get(key) for key in ("apiVersion", "kind", "metadata")):
                raise ValueError(f"no manifest of an object: {str(manifest)[:60]}")
        return self


def load(path: Path) -> Scenario:
    """Raises ScenarioFaulty."""
    try:
        scenario = Scenario.model_validate(yaml.safe_load(path.read_text()))
    except yaml.YAMLError as error:
        raise ScenarioFaulty(f"{path.name} is no YAML: {error}") from None
    except ValidationError as error:
        raise ScenarioFaulty(f"{path.name}:\n{_in_lines(error)}") from None
    if scenario.name != path.stem:
        raise ScenarioFaulty(f"{path.name}: `name` is {scenario.name}; it must be the file's")
    if not re.fullmatch(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", scenario.namespace):
        raise ScenarioFaulty(f"{path.name}: {scenario.namespace!r} is no name of a namespace")
    return scenario


def load_all(folder: Path = FOLDER) -> list[Scenario]:
    """In the order of their names. Raises ScenarioFaulty, also where two share a namespace."""
    scenarios = [load(path) for path in sorted(folder.glob("*.yaml"))]
    taken: dict[str, str] = {}
    for scenario in scenarios:
        if other := taken.get(scenario.namespace):
            raise ScenarioFaulty(f"{scenario.name} and {other} share {scenario.namespace}")
        taken[scenario.namespace] = scenario.name
    return scenarios


def _in_lines(error: ValidationError) -> str:
    return "\n".join(_line(one["loc"], one["msg"]) for one in error.errors())


def _line(place: tuple[int | str, ...], message: str) -> str:
    return f"  {'.'.join(map(str, place)) or 'as a whole'}: {message.removeprefix('Value error, ')}"


def on(where: Literal["server", "node"]) -> Iterator[Scenario]:
    return (scenario for scenario in load_all() if scenario.runs_on == where)
