"""A real API server for one test run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.apiserver import programs, server
from tests.apiserver.server import ApiServer


@pytest.fixture(scope="session")
def apiserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    """etcd, kube-apiserver with RBAC and an audit log, and a node that has container logs."""
    try:
        found = programs.find(os.environ)
    except programs.ProgramsMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    home = tmp_path_factory.mktemp("apiserver") / "home"
    running = server.start(home, found)
    yield running
    server.stop(home)


@pytest.fixture(scope="session")
def kubectls(apiserver: ApiServer) -> list[Path]:
    """The newest kubectl, and the one of the API server's own version."""
    return list(apiserver.kubectls)
