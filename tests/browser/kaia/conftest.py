"""The page of a playground in which all of Kaia is at work: a shop, a model's server, a store."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground import PlaygroundServer, Workspace
from tests.doubles.served import Reply, Says, runs
from tests.stories.stage import ANSWER, BY_MODEL, Stage, opened_stage

_COMMANDS = (
    "kubectl logs cart-0 -n shop --previous",
    "kubectl get pods -n shop",
    "kubectl get deployments -n shop",
    "kubectl get events -n shop",
)
"""So many that they are folded below the answer."""


def looked_closely(body: dict[str, Any]) -> Reply:
    roles = [message["role"] for message in body["messages"]]
    done = roles[::-1][: roles[::-1].index("user")].count("tool")
    if not body.get("tools") or done >= len(_COMMANDS):
        return Says(ANSWER)
    return runs(_COMMANDS[done])


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with opened_stage(tmp_path, BY_MODEL) as stage:
        stage.ollama.otherwise = looked_closely
        yield stage


@pytest.fixture
def server(stage: Stage) -> PlaygroundServer:
    """In the place of the one that a small app is connected to."""
    return stage.server


@pytest.fixture
def workspace(stage: Stage) -> Workspace:
    return stage.slack


@pytest.fixture(autouse=True)
def app() -> None:
    """No small app: Kaia is here herself."""
