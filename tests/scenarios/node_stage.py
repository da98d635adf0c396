"""Sets scenarios up on a real node, where everything else comes about by itself."""

import time
from collections.abc import Iterable

from tests.apiserver.client import ApiRefused
from tests.node.node import Node
from tests.scenarios import waiting
from tests.scenarios.objects import Objects
from tests.scenarios.scenario import Scenario, ScenarioFaulty

_NAMESPACE_WITHIN_SECONDS = 20
_OF_A_NAMESPACE = ("serviceaccounts/default", "configmaps/kube-root-ca.crt")


def set_up(scenarios: Iterable[Scenario], node: Node) -> Objects:
    """All at once, so that their waiting is shared."""
    objects, chosen = Objects(node.client), list(scenarios)
    for scenario in chosen:
        metadata = {"name": scenario.namespace}
        objects.add({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}, "")
    for scenario in chosen:
        _await_namespace(node, scenario.namespace)
        _make(scenario, objects)
    for scenario in chosen:
        _go_on(scenario, objects)
    return objects


def _make(scenario: Scenario, objects: Objects) -> None:
    for manifest in scenario.manifests:
        try:
            objects.add(manifest, scenario.namespace)
        except (ApiRefused, KeyError) as problem:
            raise ScenarioFaulty(f"{scenario.name}: {problem}") from None


def _go_on(scenario: Scenario, objects: Objects) -> None:
    for step in scenario.then:
        waiting.await_all(scenario, step.once, objects)
        for manifest in step.manifests:
            objects.change(manifest, scenario.namespace)


def _await_namespace(node: Node, name: str) -> None:
    """Pods that come before these two get warnings that have nothing to do with the scenario."""
    deadline = time.monotonic() + _NAMESPACE_WITHIN_SECONDS
    paths = [f"/api/v1/namespaces/{name}/{each}" for each in _OF_A_NAMESPACE]
    while not all(node.client.has(path) for path in paths):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the controllers do not fill the namespace {name}")
        time.sleep(0.05)
