"""`kaia playground` as somebody meets it who has neither Slack nor a cluster nor a model."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.doubles.playground_process import Playground, running_playground


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Playground]:
    """In the place of the one that a small app is connected to."""
    async with running_playground(tmp_path) as playground:
        yield playground


@pytest.fixture(autouse=True)
def app() -> None:
    """No small app: Kaia is here herself."""
