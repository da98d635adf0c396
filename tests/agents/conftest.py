"""A model on loopback, a tool that answers by script, and a check that no task stays behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.agents.models import build_model
from bot.agents.team import Assistant
from bot.agents.wrapped import Model
from bot.dialogue import Parameter, ToolResult, fence
from bot.settings import Settings
from tests.doubles.ollama_server import OllamaServer


@dataclass
class KubectlDouble:
    """Answers from a table of command -> output; numbers its receipts as the real one does."""

    outputs: Mapping[str, str] = field(default_factory=dict)
    act: Callable[[str], Awaitable[None]] | None = None
    commands: list[str] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    name: str = "kubectl"
    manual: str = "Runs one kubectl command that only reads, and returns what it printed."
    parameters: tuple[Parameter, ...] = (
        Parameter("command", "The whole command line, such as: kubectl get pods -n shop"),
    )

    async def run(self, arguments: Mapping[str, str]) -> ToolResult:
        command = arguments["command"]
        self.commands.append(command)
        self.begun.set()
        if self.act is not None:
            await self.act(command)
        output = self.outputs.get(command, f"output of {command}")
        head = f"receipt {len(self.commands)}: {command}"
        return ToolResult(f"{head}\nexit 0, 1 lines\n{fence(output)}")


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaServer]:
    async with OllamaServer() as server:
        yield server


@pytest.fixture
def kubectl() -> KubectlDouble:
    return KubectlDouble()


BuildModel = Callable[..., Model]


@pytest.fixture
async def model_on(ollama: OllamaServer) -> AsyncIterator[BuildModel]:
    """Builds a model on the scripted Ollama; short pauses, closed at the end."""
    built: list[Model] = []

    def build(**fields: Any) -> Model:
        given = {"model": "ollama:qwen3:8b", "ollama_host": ollama.url, **fields}
        timeout = given.pop("timeout_seconds", 10.0)
        model = build_model(Settings(**given, model_timeout_seconds=timeout))
        model = replace(model, pause_seconds=0.01)
        built.append(model)
        return model

    yield build
    for model in built:
        await model.close()


@pytest.fixture
async def kaia(model_on: BuildModel) -> Assistant:
    return Assistant(model_on(), deadline_seconds=20, grace_seconds=2)


@pytest.fixture
async def nothing_left_behind(
    ollama: OllamaServer,  # noqa: ARG001 - its tasks are there before
) -> AsyncIterator[None]:
    """Fails where a task of the team, the model or a tool outlives its run."""
    before = asyncio.all_tasks()
    yield
    async with asyncio.timeout(5):
        while ours := _left(before):
            await asyncio.wait(ours, timeout=0.05)
    assert not _left(before)


def _left(before: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    here = asyncio.current_task()
    of_server = ("RequestHandler", "Server")
    return {
        task
        for task in asyncio.all_tasks() - before - {here}
        if not any(word in repr(task.get_coro()) for word in of_server)
    }
