"""What runs together, what is given up, and what the log holds: where and how much, never what."""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from autogen_core import CancellationToken
from structlog.testing import capture_logs

from bot.agents.sent import Call
from bot.agents.team import Assistant
from bot.agents.workbench import ToolsWorkbench
from bot.dialogue import ToolResult, Usage
from bot.errors import ModelError, TurnLostItsWay, TurnTimedOut
from tests.agents.conftest import BuildModel, KubectlDouble
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Calls, Hangs, runs

CALL = {"command": "kubectl get pods"}


@pytest.mark.parametrize(
    ("prompt", "answer", "is_warned"),
    [(3_000, 100, False), (3_900, 10, True), (3_000, 900, True), (4_096, 0, True)],
)
async def test_a_full_window_is_warned_about(
    prompt: int, answer: int, is_warned: bool, model_on: BuildModel, ollama: OllamaServer
) -> None:
    kaia = Assistant(model_on(num_ctx=4_096), deadline_seconds=20)
    ollama.prompt_tokens, ollama.answer_tokens = prompt, answer
    ollama.say("Fine.")

    with capture_logs() as logged:
        await kaia.run("fine?", saved=None, situation="", tools=[])

    assert any(entry["event"] == "model.window_full" for entry in logged) is is_warned


async def test_our_log_holds_nothing_of_what_was_said(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say(
        "", runs("kubectl get canary-pods"), '{"name": "kubectl", "arguments": {}}', "Canary"
    )

    with capture_logs() as logged:
        await kaia.run("canary?", saved=None, situation="canary", tools=[kubectl])

    assert logged
    assert "canary" not in json.dumps(logged, default=str).lower()


async def test_tools_of_one_answer_run_together_but_not_all_at_once() -> None:
    most, now = 0, 0

    async def act(_command: str) -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1

    workbench = ToolsWorkbench([KubectlDouble(act=act)])

    await asyncio.gather(*(workbench.call_tool("kubectl", CALL) for _ in range(12)))

    assert 2 <= most <= 4


class Deaf(KubectlDouble):
    """Does not end when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = asyncio.Event()

    async def run(self, arguments: object) -> ToolResult:  # noqa: ARG002
        self.begun.set()
        while not self.let_go.is_set():
            try:
                await self.let_go.wait()
            except asyncio.CancelledError:
                continue
        return ToolResult("late")


async def test_a_tool_that_does_not_end_is_given_up_and_said_so_in_the_log() -> None:
    tool, token = Deaf(), CancellationToken()
    workbench = ToolsWorkbench([tool], grace_seconds=0.1)

    with capture_logs() as logged:
        call = asyncio.create_task(workbench.call_tool("kubectl", CALL, token))
        await tool.begun.wait()
        token.cancel()
        result = await call
    tool.let_go.set()

    assert result.is_error
    assert "Cancelled" in result.to_text()
    assert [entry["event"] for entry in logged] == ["tool.leaked"]


async def test_cancelling_the_call_itself_gives_a_result_too() -> None:
    tool = KubectlDouble(act=lambda _command: asyncio.Event().wait())  # type: ignore[arg-type, return-value]
    workbench = ToolsWorkbench([tool])
    call = asyncio.create_task(workbench.call_tool("kubectl", CALL))
    await tool.begun.wait()
    call.cancel()

    assert (await call).is_error


async def test_a_tool_of_another_name_is_answered_with_those_there_are() -> None:
    result = await ToolsWorkbench([KubectlDouble()]).call_tool("shell", {"command": "id"})

    assert result.is_error
    assert "There are: kubectl." in result.to_text()


async def test_a_team_that_does_not_end_is_forced_and_said_so_in_the_log(
    model_on: BuildModel, ollama: OllamaServer
) -> None:
    kaia = Assistant(model_on(), deadline_seconds=0.3, grace_seconds=0.2)
    tool = Deaf()
    ollama.say(Calls((("kubectl", CALL),)))

    with capture_logs() as logged, pytest.raises(Exception, match="narrower"):
        await kaia.run("fine?", saved=None, situation="", tools=[tool])
    tool.let_go.set()

    assert {"event": "team.leaked", "log_level": "error"} in logged


class Breaking(KubectlDouble):
    """Breaks inside AutoGen, where nobody expects it."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def __getattribute__(self, name: str) -> object:
        if name == "manual":
            self.reads += 1
            if self.reads > 1:
                raise LookupError("secret path")
        return super().__getattribute__(name)


async def test_what_breaks_inside_autogen_ends_in_a_sentence(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    with pytest.raises(TurnLostItsWay, match="as it was before this question") as raised:
        await kaia.run("fine?", saved=None, situation="", tools=[Breaking()])

    assert "secret path" not in str(raised.value)
    assert not ollama.requests


async def test_autogen_says_nothing_of_the_words_at_warning_level(
    kaia: Assistant,
    ollama: OllamaServer,
    kubectl: KubectlDouble,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    ollama.say(runs("kubectl get canary-pods"), "canary")

    await kaia.run("canary?", saved=None, situation="", tools=[kubectl])

    assert "canary" not in caplog.text


@dataclass
class Metering:
    """Lets a model be asked so many times."""

    most_calls: int = 100
    usage: Usage = field(default_factory=Usage)
    calls: tuple[Call, ...] = ()

    def count(self, usage: Usage) -> None:
        self.usage += usage

    def used_up(self) -> str:
        return "That was enough." if self.usage.model_calls >= self.most_calls else ""

    def sent(self, calls: Sequence[Call]) -> None:
        self.calls = tuple(calls)


async def test_what_was_used_before_a_run_failed_is_counted(
    model_on: BuildModel, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    kaia, meter = Assistant(model_on(), deadline_seconds=1.5, grace_seconds=1), Metering()
    ollama.prompt_tokens, ollama.answer_tokens = 100, 10
    ollama.say(runs("kubectl get pods"), runs("kubectl get nodes"), Hangs())

    with pytest.raises(TurnTimedOut):
        await kaia.run("fine?", saved=None, situation="", tools=[kubectl], meter=meter)

    assert meter.usage == Usage(2, 200, 20)


async def test_a_model_is_not_asked_again_once_its_meter_says_so(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say(runs("kubectl get pods"), "Fine.")

    with pytest.raises(ModelError, match="That was enough"):
        await kaia.run("fine?", saved=None, situation="", tools=[kubectl], meter=Metering(1))

    assert len(ollama.requests) == 1
