"""Each way to fail ends in one plain sentence, leaves no task, and the next reply works."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.agents.team import Assistant
from bot.dialogue import ToolResult
from bot.errors import (
    KaiaError,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelRefused,
    ModelSaidNothing,
    ModelTimedOut,
    ModelUnreachable,
    ModelWithoutTools,
    TurnTimedOut,
)
from tests.agents.conftest import BuildModel, KubectlDouble
from tests.doubles.ollama_server import OllamaServer, Weights, busy
from tests.doubles.served import Babbles, Calls, Cuts, Fails, Hangs, Reply, Says, runs

pytestmark = pytest.mark.usefixtures("nothing_left_behind")

PRINTED = '<tool_call>{"name": "kubectl", "arguments": {broken</tool_call>'


@dataclass(frozen=True)
class Failure:
    replies: tuple[Reply, ...]
    error: type[KaiaError]
    words: tuple[str, ...]
    """What the sentence has to say."""


FAILURES = {
    "the model is busy": Failure((busy(), busy()), ModelBusy, ("too busy", "Ask again")),
    "the connection is cut": Failure((Cuts(), Cuts()), ModelUnreachable, ("cut", "OLLAMA_HOST")),
    "the answer is empty": Failure((Says(""), Says(" \n")), ModelSaidNothing, ("empty", "again")),
    "the call is printed and broken": Failure(
        (Says(PRINTED), Says(PRINTED)), ModelSaidNothing, ("printed tool calls", "KAIA_MODEL")
    ),
    "an unknown tool is swallowed by the server": Failure(
        (Calls((("shell", {"command": "id"}),)),) * 2, ModelSaidNothing, ("empty",)
    ),
    "the server breaks": Failure(
        (Fails(500, "runner has stopped"),), ModelError, ("failed (500)",)
    ),
    "the key is refused": Failure((Fails(401, "no"),), ModelRefused, ("refused",)),
    "the origin is refused": Failure((Fails(403, ""),), ModelRefused, ("OLLAMA_ORIGINS",)),
    "the rate is limited": Failure((Fails(429, "slow down"),), ModelBusy, ("minute",)),
    "it is too long": Failure(
        (Fails(400, "the input length exceeds the context length"),),
        ModelRefused,
        ("longer than the window", "KAIA_NUM_CTX"),
    ),
    "it cannot think": Failure(
        (Fails(400, '"qwen3:8b" does not support thinking'),), ModelRefused, ("KAIA_THINK=false",)
    ),
    "the request is malformed": Failure(
        (Fails(400, "unexpected EOF"),), ModelRefused, ("would not take the request",)
    ),
    "a proxy answers": Failure((Babbles(),), ModelError, ("does not speak like a model server",)),
    "the model vanished": Failure(
        (Fails(404, "model 'qwen3:8b' not found"),), ModelMissing, ("ollama pull qwen3:8b",)
    ),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES.keys())
@pytest.mark.parametrize("after_a_tool", [False, True], ids=["first call", "after a tool"])
async def test_a_failure_ends_in_a_sentence_and_the_next_reply_works(
    failure: Failure,
    after_a_tool: bool,
    kaia: Assistant,
    ollama: OllamaServer,
    kubectl: KubectlDouble,
) -> None:
    ollama.say("Which namespace?")
    good = await kaia.run("what is wrong?", saved=None, situation="", tools=[kubectl])
    ollama.say(*([runs("kubectl get pods")] if after_a_tool else []), *failure.replies)

    with pytest.raises(KaiaError) as raised:
        await kaia.run("shop", saved=good.saved, situation="", tools=[kubectl])

    assert type(raised.value) is failure.error
    assert_plain(str(raised.value), failure.words)
    await assert_healthy(kaia, ollama, good.saved)


async def assert_healthy(kaia: Assistant, ollama: OllamaServer, saved: object) -> None:
    """From the last good state, with nothing of what failed in it."""
    ollama.script.clear()
    ollama.say("All is well in shop.")
    assert isinstance(saved, dict)
    run = await kaia.run("shop", saved=saved, situation="", tools=[])
    assert run.answer == "All is well in shop."
    said = [message["content"] for message in ollama.requests[-1]["messages"][1:]]
    assert said == ["what is wrong?", "Which namespace?", "shop"]


def assert_plain(sentence: str, words: tuple[str, ...] = ()) -> None:
    for word in words:
        assert word in sentence
    for mark in ("Traceback", "File ", "httpx", "site-packages", "Error(", "http://"):
        assert mark not in sentence
    assert sentence.endswith(".")


async def opened(kaia: Assistant, ollama: OllamaServer) -> dict[str, object]:
    ollama.say("Which namespace?")
    return dict((await kaia.run("what is wrong?", saved=None, situation="", tools=[])).saved)


async def test_a_missing_model_names_the_pull_command(
    model_on: BuildModel, kaia: Assistant, ollama: OllamaServer
) -> None:
    saved = await opened(kaia, ollama)
    other = Assistant(model_on(model="ollama:qwen2"), deadline_seconds=5)

    with pytest.raises(ModelMissing, match="ollama pull qwen2") as raised:
        await other.run("shop", saved=saved, situation="", tools=[])

    assert_plain(str(raised.value))
    await assert_healthy(kaia, ollama, saved)


async def test_a_model_without_tools_is_told_apart(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    saved = await opened(kaia, ollama)
    ollama.models["qwen3:8b"] = Weights(capabilities=("completion",))

    with pytest.raises(ModelWithoutTools, match="cannot call tools") as raised:
        await kaia.run("shop", saved=saved, situation="", tools=[kubectl])

    assert_plain(str(raised.value), ("KAIA_MODEL",))
    ollama.models["qwen3:8b"] = Weights()
    await assert_healthy(kaia, ollama, saved)


async def test_a_refused_connection_names_the_host_but_no_password(
    model_on: BuildModel, kaia: Assistant, ollama: OllamaServer, unused_tcp_port: int
) -> None:
    saved = await opened(kaia, ollama)
    host = f"http://kaia:hunter2@127.0.0.1:{unused_tcp_port}"
    away = Assistant(model_on(ollama_host=host), deadline_seconds=5)

    with pytest.raises(ModelUnreachable, match=f"127.0.0.1:{unused_tcp_port}") as raised:
        await away.run("shop", saved=saved, situation="", tools=[])

    assert "hunter2" not in str(raised.value)
    assert_plain(str(raised.value), ("OLLAMA_HOST",))
    await assert_healthy(kaia, ollama, saved)


async def test_an_unknown_host_is_unreachable(model_on: BuildModel) -> None:
    away = Assistant(model_on(ollama_host="http://nowhere.invalid:11434"), deadline_seconds=20)

    with pytest.raises(ModelUnreachable, match=r"nowhere\.invalid:11434"):
        await away.run("shop", saved=None, situation="", tools=[])


async def test_a_model_that_hangs_is_hung_up_on(
    model_on: BuildModel, kaia: Assistant, ollama: OllamaServer
) -> None:
    saved = await opened(kaia, ollama)
    hasty = Assistant(model_on(timeout_seconds=0.3), deadline_seconds=10)
    ollama.say(Hangs())

    with pytest.raises(ModelTimedOut, match=r"within 0\.3 s") as raised:
        await hasty.run("shop", saved=saved, situation="", tools=[])

    await ollama.until(lambda: ollama.disconnects == 1)
    assert_plain(str(raised.value), ("KAIA_MODEL_TIMEOUT_SECONDS",))
    await assert_healthy(kaia, ollama, saved)


async def test_waiting_in_our_own_queue_counts_as_waiting(
    model_on: BuildModel, ollama: OllamaServer
) -> None:
    narrow = model_on(timeout_seconds=0.5, parallel_model_calls=1)
    kaia = Assistant(narrow, deadline_seconds=10)
    ollama.say(Hangs())

    async with narrow.parallel:
        with pytest.raises(ModelTimedOut):
            await kaia.run("shop", saved=None, situation="", tools=[])

    assert not ollama.requests


async def test_no_more_calls_run_at_once_than_are_allowed(
    model_on: BuildModel, ollama: OllamaServer
) -> None:
    kaia = Assistant(model_on(parallel_model_calls=2), deadline_seconds=20)
    ollama.say(*["Fine."] * 6)

    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(kaia.run("fine?", saved=None, situation="", tools=[]))

    assert ollama.most_at_once <= 2


@pytest.mark.parametrize("first", [busy(), Cuts(), Says("")], ids=["503", "cut", "empty"])
async def test_one_retry_saves_the_answer(
    first: Reply, kaia: Assistant, ollama: OllamaServer
) -> None:
    ollama.say(first, "Fine.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[])

    assert (run.answer, len(ollama.requests)) == ("Fine.", 2)


async def test_what_a_retry_was_told_is_not_kept(kaia: Assistant, ollama: OllamaServer) -> None:
    ollama.say("", "Fine.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[])

    assert "empty" in ollama.requests[1]["messages"][-1]["content"]
    assert "empty" not in json.dumps(run.saved)
    assert run.usage.model_calls == 2


@pytest.mark.parametrize(
    "text",
    [
        '<tool_call>\n{"name": "kubectl", "arguments": {"command": "get pods"}}\n</tool_call>',
        '```json\n{"name": "kubectl", "parameters": {"command": "get pods"}}\n```',
        '{"name": "kubectl", "arguments": "{\\"command\\": \\"get pods\\"}"}',
        "<function=kubectl><parameter=command>get pods</parameter></function>",
    ],
    ids=["tag", "fence", "bare", "function"],
)
async def test_a_call_printed_as_text_is_made(
    text: str, kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say(text, "Fine [1].")

    run = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    assert (kubectl.commands, run.answer) == (["get pods"], "Fine [1].")
    (call,) = ollama.requests[1]["messages"][-2]["tool_calls"]
    assert call["function"]["arguments"] == {"command": "get pods"}


WRONG_ARGUMENTS = {
    "unknown": ({"command": "get pods", "namespace": "shop"}, "has no argument namespace"),
    "missing": ({}, "needs command"),
    "not text": ({"command": {"verb": "get"}}, "takes only text for command"),
}


@pytest.mark.parametrize(
    ("given", "complaint"), WRONG_ARGUMENTS.values(), ids=WRONG_ARGUMENTS.keys()
)
async def test_wrong_arguments_go_back_to_the_model_and_nothing_runs(
    given: dict[str, object],
    complaint: str,
    kaia: Assistant,
    ollama: OllamaServer,
    kubectl: KubectlDouble,
) -> None:
    ollama.say(Calls((("kubectl", given),)), "I could not look.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    assert complaint in ollama.requests[1]["messages"][-1]["content"]
    assert (kubectl.commands, run.answer) == ([], "I could not look.")


async def test_an_unknown_tool_goes_back_to_the_model(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say('{"name": "shell", "arguments": {"command": "id"}}', "I cannot.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    assert (kubectl.commands, run.answer) == ([], "I cannot.")


@dataclass
class FaultyTool(KubectlDouble):
    error: BaseException | None = None

    async def run(self, arguments: object) -> ToolResult:  # noqa: ARG002
        assert self.error is not None
        raise self.error


@pytest.mark.parametrize(
    "error", [RuntimeError("secret path"), asyncio.CancelledError()], ids=["error", "cancelled"]
)
async def test_whatever_comes_out_of_a_tool_stays_in_the_workbench(
    error: BaseException, kaia: Assistant, ollama: OllamaServer
) -> None:
    ollama.say(runs("kubectl get pods"), "I could not look.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[FaultyTool(error=error)])

    assert run.answer == "I could not look."
    assert "secret path" not in json.dumps(run.saved)


async def test_a_tool_loop_that_never_ends_is_asked_for_its_last_words(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.otherwise = lambda body: runs("kubectl get pods") if body.get("tools") else Says("So.")

    run = await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    assert (run.answer, len(kubectl.commands)) == ("So.", 8)
    assert run.is_cut
    assert "No more commands" in ollama.requests[-1]["messages"][-1]["content"]
    assert "No more commands" not in json.dumps(run.saved)


@pytest.mark.parametrize("last", ["", PRINTED], ids=["silent", "printing calls"])
async def test_a_tool_loop_without_last_words_ends_in_a_sentence(
    last: str, kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    saved = await opened(kaia, ollama)
    ollama.otherwise = lambda body: runs("kubectl get pods") if body.get("tools") else Says(last)

    with pytest.raises(ModelSaidNothing) as raised:
        await kaia.run("shop", saved=saved, situation="", tools=[kubectl])

    assert_plain(str(raised.value))
    await assert_healthy(kaia, ollama, saved)


async def test_no_more_tools_run_in_one_turn_than_are_allowed(
    kaia: Assistant, ollama: OllamaServer, kubectl: KubectlDouble
) -> None:
    ollama.say(runs(*(f"kubectl get pods -n n{number}" for number in range(40))), "Fine.")

    await kaia.run("fine?", saved=None, situation="", tools=[kubectl])

    assert len(kubectl.commands) == 24


async def waits_for_ever(_command: str) -> None:
    await asyncio.Event().wait()


@dataclass
class CooperativeTool(KubectlDouble):
    """As the real one: turns a cancellation into text."""

    async def run(self, arguments: object) -> ToolResult:  # noqa: ARG002
        self.begun.set()
        with contextlib.suppress(asyncio.CancelledError):  # as the real one does
            await asyncio.Event().wait()
        return ToolResult("cancelled", is_error=True)


STUCK: dict[str, Callable[[], KubectlDouble]] = {
    "gives text": CooperativeTool,
    "lets it out": lambda: KubectlDouble(act=waits_for_ever),
}


@pytest.mark.parametrize("make_tool", STUCK.values(), ids=STUCK.keys())
async def test_cancelling_the_caller_in_a_tool_ends_the_team_first(
    make_tool: Callable[[], KubectlDouble], kaia: Assistant, ollama: OllamaServer
) -> None:
    saved = await opened(kaia, ollama)
    tool = make_tool()
    ollama.say(runs("kubectl get pods"))
    turn = asyncio.create_task(kaia.run("shop", saved=saved, situation="", tools=[tool]))
    async with asyncio.timeout(10):
        await tool.begun.wait()
    turn.cancel()

    with pytest.raises(asyncio.CancelledError):
        await turn

    await assert_healthy(kaia, ollama, saved)


async def test_cancelling_the_caller_in_a_model_call_hangs_up(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    saved = await opened(kaia, ollama)
    ollama.say(Hangs())
    turn = asyncio.create_task(kaia.run("shop", saved=saved, situation="", tools=[]))
    await ollama.until(lambda: len(ollama.requests) == 2)
    turn.cancel()

    with pytest.raises(asyncio.CancelledError):
        await turn

    await ollama.until(lambda: ollama.disconnects == 1)
    await assert_healthy(kaia, ollama, saved)


async def test_cancelling_the_caller_in_our_own_queue_frees_the_place(
    model_on: BuildModel, ollama: OllamaServer
) -> None:
    model = model_on(parallel_model_calls=1)
    kaia = Assistant(model, deadline_seconds=10)
    async with model.parallel:
        turn = asyncio.create_task(kaia.run("shop", saved=None, situation="", tools=[]))
        await asyncio.wait({turn}, timeout=0.1)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn

    ollama.say("Fine.")
    assert (await kaia.run("shop", saved=None, situation="", tools=[])).answer == "Fine."


@pytest.mark.parametrize("where", ["model", "tool"])
async def test_a_turn_that_takes_too_long_ends_in_a_sentence(
    where: str, model_on: BuildModel, kaia: Assistant, ollama: OllamaServer
) -> None:
    saved = await opened(kaia, ollama)
    hasty = Assistant(model_on(), deadline_seconds=0.5, grace_seconds=3)
    ollama.say(Hangs() if where == "model" else runs("kubectl get pods"))
    tool = KubectlDouble(act=waits_for_ever)

    with pytest.raises(TurnTimedOut, match=r"within 0\.5 s") as raised:
        await hasty.run("shop", saved=saved, situation="", tools=[tool])

    assert_plain(str(raised.value), ("narrower",))
    await assert_healthy(kaia, ollama, saved)


async def test_an_answer_cut_at_its_length_limit_says_so(
    kaia: Assistant, ollama: OllamaServer
) -> None:
    ollama.done_reason, ollama.answer_tokens = "length", 2_048
    ollama.say("The pod is")

    run = await kaia.run("fine?", saved=None, situation="", tools=[])

    assert "ended here, at its length limit" in run.answer
