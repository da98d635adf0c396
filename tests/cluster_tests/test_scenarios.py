"""Every scenario: the fault is set up, and Kaia finds it, and nothing else."""

from collections.abc import Iterator

import pytest

from tests.apiserver.server import ApiServer
from tests.node.node import Node
from tests.scenarios import expectations, node_stage, server_stage, waiting
from tests.scenarios.asking import answered, triaged
from tests.scenarios.objects import Objects
from tests.scenarios.scenario import Scenario, on

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(200)]

ON_A_SERVER = [pytest.param(each, id=each.name) for each in on("server")]
ON_A_NODE = [pytest.param(each, id=each.name) for each in on("node")]


@pytest.fixture(scope="module", params=ON_A_SERVER)
def on_a_server(request: pytest.FixtureRequest, apiserver: ApiServer) -> Iterator[Scenario]:
    scenario: Scenario = request.param
    with server_stage.set_up(scenario, apiserver):
        yield scenario


@pytest.fixture(scope="module")
def objects(node: Node, request: pytest.FixtureRequest) -> Objects:
    """All scenarios that this run has chosen begin at once."""
    chosen = {item.callspec.id for item in request.session.items if hasattr(item, "callspec")}
    return node_stage.set_up((each for each in on("node") if each.name in chosen), node)


@pytest.fixture(scope="module", params=ON_A_NODE)
def on_a_node(request: pytest.FixtureRequest, objects: Objects) -> Scenario:
    scenario: Scenario = request.param
    waiting.wait(scenario, objects)
    return scenario


def test_triage_finds_what_is_wrong(on_a_server: Scenario, apiserver: ApiServer) -> None:
    report = triaged(on_a_server, apiserver.limited_kubeconfig)
    assert not expectations.of_report(on_a_server, report)


async def test_the_answer_says_what_is_wrong(on_a_server: Scenario, apiserver: ApiServer) -> None:
    said = await answered(on_a_server, apiserver.limited_kubeconfig)
    assert not expectations.of_built_in(on_a_server, said.markdown, said.receipts)


def test_triage_finds_what_is_wrong_on_a_node(on_a_node: Scenario, node: Node) -> None:
    report = triaged(on_a_node, node.limited_kubeconfig)
    assert not expectations.of_report(on_a_node, report)


async def test_the_answer_says_what_is_wrong_on_a_node(on_a_node: Scenario, node: Node) -> None:
    said = await answered(on_a_node, node.limited_kubeconfig)
    assert not expectations.of_built_in(on_a_node, said.markdown, said.receipts)
