"""A cluster that answers."""

from collections.abc import AsyncIterator

import pytest

from tests.doubles.kube_api import KubeApi, serve_kube_api


@pytest.fixture
async def kube_api() -> AsyncIterator[KubeApi]:
    async with serve_kube_api() as api:
        yield api
