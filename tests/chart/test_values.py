"""The values: each is used, each has its type, and a misspelt one is refused."""

import math
import re
from typing import Any

import jsonschema
import pytest
import yaml

from tests.chart.rendering import CHART, CI_FILES, Renderer
from tests.chart.values import Path, at, branches, complaint, defaults, leaves, schema

pytestmark = pytest.mark.chart

_OF_KUBERNETES = {
    ("resources",),
    ("ollama", "resources"),
    ("podSecurityContext",),
    ("securityContext",),
    ("livenessProbe",),
    ("readinessProbe",),
    ("startupProbe",),
    ("dnsConfig",),
    ("affinity",),
    ("ollama", "affinity"),
}
"""Handed on as they are: their keys are Kubernetes' own."""
_FREE = {
    ("commonLabels",),
    ("runbooks",),
    ("persistence", "annotations"),
    ("writes", "namespaces"),
    ("serviceAccount", "annotations"),
    ("service", "annotations"),
    ("metrics", "serviceMonitor", "labels"),
    ("metrics", "prometheusRule", "labels"),
    ("metrics", "dashboard", "labels"),
    ("podAnnotations",),
    ("podLabels",),
    ("nodeSelector",),
    ("ollama", "persistence", "annotations"),
    ("ollama", "nodeSelector"),
}
"""Their keys are names that a person gives."""


def test_the_defaults_fit_the_schema_and_so_does_the_schema_its_own() -> None:
    jsonschema.Draft7Validator.check_schema(schema())
    assert complaint({}) == ""
    assert schema()["$schema"].startswith("http://json-schema.org/draft-07/schema")


@pytest.mark.parametrize("file", CI_FILES, ids=lambda file: file.name)
def test_the_values_of_every_file_fit_the_schema(file: Any) -> None:
    assert complaint(yaml.safe_load(file.read_text()) or {}) == ""


def test_a_misspelt_key_is_refused_wherever_it_stands() -> None:
    taken = [
        ".".join(map(str, path)) or "the top"
        for path, _held in branches(defaults())
        if path not in _FREE
        and not any(path[: len(free)] == free for free in _OF_KUBERNETES)
        and not complaint(at((*path, "misspelt"), "1"))
    ]
    assert taken == []


def test_helm_itself_says_which_key_it_does_not_know(chart: Renderer) -> None:
    assert "replicas" in chart.refusal({"replicas": 2})
    assert "botTokn" in chart.refusal({"slack": {"botTokn": "a"}})
    assert "KAIA_MODLE" in chart.refusal({"config": {"KAIA_MODLE": "a"}})


def test_a_value_of_the_wrong_type_is_refused() -> None:
    taken = [
        f"{'.'.join(map(str, path))}: {wrong!r}"
        for path, held in leaves(defaults())
        if not any(path[: len(free)] == free for free in _OF_KUBERNETES)
        for wrong in _wrong_for(held)
        if not complaint(at(path, wrong))
    ]
    assert taken == []


@pytest.mark.parametrize(
    "values",
    [
        {"replicaCount": -1},
        {"replicaCount": 1.5},
        {"replicaCount": 10**9},
        {"httpPort": 0},
        {"httpPort": 80},
        {"httpPort": 65_536},
        {"terminationGracePeriodSeconds": -1},
        {"serviceAccount": {"tokenSeconds": 60}},
        {"image": {"digest": "sha256:abc"}},
        {"image": {"pullPolicy": "Sometimes"}},
        {"image": {"repository": ""}},
        {"store": {"type": "mysql"}},
        {"rbac": {"scope": "everything"}},
        {"rbac": {"scope": "namespaced", "namespaces": ["Shop"]}},
        {"rbac": {"scope": "namespaced", "namespaces": ["*"]}},
        {"model": {"provider": "other"}},
        {"persistence": {"size": "much"}},
        {"persistence": {"accessModes": []}},
        {"slack": {"allowedUsers": ["@ann"]}},
        {"slack": {"existingSecret": "Not_A_Name"}},
        {"writes": {"approvers": ["ann"]}},
        {"writes": {"namespaces": {"Shop": {}}}},
        {"writes": {"namespaces": {"shop": {"changes": ["delete namespace"]}}}},
        {"writes": {"nodes": {"changes": ["scale"]}}},
        {"metrics": {"serviceMonitor": {"interval": "often"}}},
        {"traces": {"endpoint": "collector:4318"}},
        {"networkPolicy": {"apiServerPorts": ["https"]}},
        {"clusterName": "a\nb"},
        {"runbooks": {"../../etc/passwd": "text"}},
        {"runbooks": {"a b.md": "text"}},
    ],
    ids=str,
)
def test_a_value_that_makes_no_sense_is_refused(values: dict[str, Any]) -> None:
    assert complaint(values)


def test_every_value_says_in_the_schema_what_it_is() -> None:
    properties = schema()["properties"]
    silent = [
        ".".join(map(str, path))
        for path, _held in leaves(defaults())
        if not any(path[: len(free)] == free for free in _OF_KUBERNETES | _FREE)
        and not _in(properties, path).get("description")
    ]
    assert silent == []


def test_every_value_is_named_by_a_template() -> None:
    """A value that nothing reads would be decoration. It is looked for by name, not followed."""
    files = [file for file in (CHART / "templates").rglob("*") if file.is_file()]
    text = "\n".join(file.read_text() for file in files)
    unused = [
        ".".join(map(str, path))
        for path, _held in leaves(defaults())
        if not any(path[: len(whole)] == whole for whole in _OF_KUBERNETES | _FREE)
        and not (re.search(rf"\.Values\.{path[0]}\b", text) and _is_named(path, text))
    ]
    assert unused == []


def _is_named(path: Path, text: str) -> bool:
    return re.search(rf"\.{path[-1]}\b|\"{path[-1]}\"", text) is not None


def _wrong_for(held: Any) -> list[Any]:
    match held:
        case bool():
            return ["true", 1, {}, []]
        case int() | float():
            return ["1", True, {}, [], -math.pi]
        case str():
            return [1.1, True, {}, [], ["a"]]
        case dict():
            return ["a", 1, True, ["a"]]
        case list():
            return ["a", 1, True, {"a": "b"}]
        case _:
            return ["a", 1, True, ["a"]]


def _in(properties: dict[str, Any], path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for step in path:
        found = properties.get(str(step), {})
        while "$ref" in found:
            found = schema()["definitions"][found["$ref"].rpartition("/")[2]] | {
                key: value for key, value in found.items() if key == "description"
            }
        properties = found.get("properties", {})
    return found
