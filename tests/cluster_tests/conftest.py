"""A real API server for one test run, and a real node where this machine can have one."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.apiserver import programs, server, workloads
from tests.apiserver.approved import give_rights
from tests.apiserver.server import ApiServer
from tests.chart import programs as chart_programs
from tests.doubles.admission import Gatekeeper, gatekeeper
from tests.doubles.approving import BOUND, UNBOUND, Stage, opened_stage
from tests.doubles.kaia_process import KaiaProcess
from tests.image import archive
from tests.node import node as nodes
from tests.node import programs as node_programs
from tests.node import runs
from tests.node.machine import NodeImpossible
from tests.node.node import Node

_WHY_NO_NODE = pytest.StashKey[str]()
_FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def apiserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """etcd, kube-apiserver with RBAC and an audit log, and a node that has container logs."""
    yield from _started(tmp_path_factory.mktemp("apiserver") / "home")


@pytest.fixture(scope="module")
def own_apiserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """Another one, where what other modules have left behind would be part of the answers."""
    yield from _started(tmp_path_factory.mktemp("own-apiserver") / "home")


def _started(home: Path) -> Iterator[ApiServer]:
    try:
        found = programs.find(os.environ)
    except programs.ProgramsMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    running = server.start(home, found)
    yield running
    server.stop(home)


@pytest.fixture(scope="session")
def kubectls(apiserver: ApiServer) -> list[Path]:
    """The newest kubectl, and the one of the API server's own version."""
    return list(apiserver.kubectls)


@pytest.fixture(scope="session")
def node(request: pytest.FixtureRequest) -> Iterator[Node]:
    """A whole cluster of one node, where containers run and fail for real."""
    try:
        found = node_programs.find(os.environ)
    except programs.ProgramsMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    except NodeImpossible as reason:
        request.config.stash[_WHY_NO_NODE] = str(reason)
        pytest.skip(f"no real node can run here: {reason}")
    runs.end_forsaken(os.environ, found.tools)
    home = runs.new_home(os.environ)
    running = nodes.start(home, found)
    yield running
    nodes.stop(home, found.tools)


@pytest.fixture(scope="session")
def helm() -> Path:
    """Helm's program."""
    try:
        return chart_programs.find(os.environ).helm
    except programs.ProgramsMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def kaia_image() -> Path:
    """An archive of an image of Kaia's, as the chart names it."""
    return archive.get(os.environ)


@pytest.fixture(scope="session")
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a sentence with a measured number; it stands below the tests' results."""
    figures = request.config.stash.setdefault(_FIGURES, [])
    return figures.append


@pytest.fixture(scope="session")
def rights_to_change(apiserver: ApiServer) -> None:
    """Two namespaces, in one of which an approved change may be made."""
    for namespace in (BOUND, UNBOUND):
        workloads.add_namespace(apiserver.client, namespace)
    give_rights(apiserver.client, BOUND)


@pytest.fixture
async def stage(apiserver: ApiServer, tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_stage(apiserver, tmp_path) as opened:
        yield opened


@pytest.fixture
async def kaia(stage: Stage) -> AsyncIterator[KaiaProcess]:
    async with stage.running() as process:
        yield process


@pytest.fixture
async def keeper(apiserver: ApiServer, tmp_path: Path) -> AsyncIterator[Gatekeeper]:
    (tmp_path / "keeper").mkdir()
    async with gatekeeper(apiserver.client, BOUND, tmp_path / "keeper") as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if reason := terminalreporter.config.stash.get(_WHY_NO_NODE, ""):
        terminalreporter.write_line(f"Tests on a real node skipped: {reason}.")
    for sentence in terminalreporter.config.stash.get(_FIGURES, []):
        terminalreporter.write_line(sentence)
