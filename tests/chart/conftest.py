"""Helm for one run of tests; what it rendered once is not rendered again."""

import os

import pytest

from tests.apiserver.programs import ProgramsMissing
from tests.chart import programs
from tests.chart.programs import Programs
from tests.chart.rendering import CI_FILES, Object, Release, Renderer


@pytest.fixture(scope="session")
def tools() -> Programs:
    try:
        return programs.find(os.environ)
    except ProgramsMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def chart(tools: Programs) -> Renderer:
    return Renderer(tools.helm)


@pytest.fixture(scope="session")
def rendered(chart: Renderer) -> dict[str, list[Object]]:
    """The objects of every file in helm/ci, and of no values at all."""
    files = {file.name: chart.objects(release=Release(file=file)) for file in CI_FILES}
    return {"no values": chart.objects(), **files}
