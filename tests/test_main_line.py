"""The real program from end to end: Slack's protocol, a scripted Ollama, a real kubectl."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground import PlaygroundServer
from tests.doubles.asking import (
    answers,
    files_holding,
    of_slack,
    opened_workspace,
    running_kaia,
    said_by_kaia,
)
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.kube_api import KubeApi, serve_kube_api
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.openai_server import OpenAIServer
from tests.doubles.served import Hangs, Reply, Says, runs

QUESTION = "@kaia how are the pods in shop?"


@pytest.fixture
async def slack() -> AsyncIterator[PlaygroundServer]:
    async with opened_workspace() as server:
        yield server


@pytest.fixture
async def cluster() -> AsyncIterator[KubeApi]:
    async with serve_kube_api() as api:
        yield api


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaServer]:
    async with OllamaServer(otherwise=look_then_answer) as server:
        yield server


@pytest.fixture
def environ(
    slack: PlaygroundServer, ollama: OllamaServer, cluster: KubeApi, tmp_path: Path
) -> dict[str, str]:
    return of_slack(slack) | {
        "KAIA_MODEL": "ollama:qwen3:8b",
        "OLLAMA_HOST": ollama.url,
        "KAIA_CLUSTER_NAME": "staging",
        "KAIA_STORE": f"sqlite:///{tmp_path / 'kaia.db'}",
        "KUBECONFIG": str(cluster.write_kubeconfig(tmp_path / "config")),
    }


@pytest.fixture
async def kaia(environ: dict[str, str], tmp_path: Path) -> AsyncIterator[KaiaProcess]:
    async with running_kaia(tmp_path / "kaia.log", environ) as process:
        yield process


def look_then_answer(body: dict[str, Any]) -> Reply:
    """One command, then words that quote the question and the end of the command's result."""
    last = body["messages"][-1]
    if last["role"] != "tool":
        return runs("kubectl get pods -n shop")
    asked = [each["content"] for each in body["messages"] if each["role"] == "user"][-1]
    return Says(f"Asked: {asked}. Seen: {'web-0' in last['content']} [1].")


async def asked(ollama: OllamaServer, times: int) -> None:
    async with asyncio.timeout(30):
        while len(ollama.requests) < times:  # noqa: ASYNC110 - the server knows nothing of tests
            await asyncio.sleep(0.01)


async def test_the_model_asks_kubectl_and_every_reply_goes_on_without_a_mention(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer
) -> None:
    root = slack.workspace.say("ann", "incidents", QUESTION)
    [first] = await answers(slack, kaia, root, 1)
    assert "Seen: True" in first
    assert "staging" in first
    assert "kubectl get pods --namespace=shop" in first

    slack.workspace.say("ben", "incidents", "and the other ones?", thread_ts=root)
    second = (await answers(slack, kaia, root, 2))[1]
    assert "and the other ones?" in second
    assert "ben (U" in second
    sent = [message.get("content", "") for message in ollama.requests[-1]["messages"]]
    assert any("how are the pods in shop?" in content for content in sent)

    slack.workspace.say("ann", "incidents", "Thanks!", thread_ts=root)
    await answers(slack, kaia, root, 3)
    asked_before = len(ollama.requests)
    slack.workspace.say("ann", "incidents", "lunch?", thread_ts=root)
    await slack.workspace.wait_for(lambda now: not now.problems)
    assert len(ollama.requests) == asked_before
    assert len(said_by_kaia(slack.workspace, root)) == 3


async def test_an_answer_comes_though_the_model_is_gone_and_says_so(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer
) -> None:
    ollama.models.clear()
    root = slack.workspace.say("ann", "incidents", QUESTION)
    [answer] = await answers(slack, kaia, root, 1)
    assert "ollama pull qwen3:8b" in answer
    assert answer.index("ollama pull qwen3:8b") < answer.index("kaia triage")
    assert "web-0" in answer or "shop" in answer
    assert "Traceback" not in answer


async def test_the_log_says_at_start_whether_the_model_is_there(
    kaia: KaiaProcess, slack: PlaygroundServer
) -> None:
    await slack.workspace.wait_for(lambda now: now.deliveries.connections, timeout=30)
    async with asyncio.timeout(10):
        while "model.probed" not in kaia.said:  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.05)
    assert '"usable": true' in kaia.said


async def test_a_process_killed_in_the_middle_of_a_turn_leaves_one_answer_after_its_restart(
    slack: PlaygroundServer,
    kaia: KaiaProcess,
    ollama: OllamaServer,
    environ: dict[str, str],
    tmp_path: Path,
) -> None:
    ollama.script.append(Hangs())
    root = slack.workspace.say("ann", "incidents", QUESTION)
    await asked(ollama, 1)
    await kaia.kill()
    assert not said_by_kaia(slack.workspace, root)

    async with running_kaia(tmp_path / "again.log", environ) as again:
        await answers(slack, again, root, 1)
        slack.workspace.say("ann", "incidents", "status", thread_ts=root)
        said = await answers(slack, again, root, 2)
        assert ["Seen: True" in each for each in said] == [True, False]


async def test_a_turn_that_killed_its_process_three_times_is_given_up_in_words(
    slack: PlaygroundServer, ollama: OllamaServer, environ: dict[str, str], tmp_path: Path
) -> None:
    ollama.script.extend([Hangs(), Hangs(), Hangs()])
    root = slack.workspace.say("ann", "incidents", QUESTION)
    for times in (1, 2, 3):
        async with running_kaia(tmp_path / "kaia.log", environ):
            await asked(ollama, times)

    async with running_kaia(tmp_path / "kaia.log", environ) as last:
        [given_up] = await answers(slack, last, root, 1)
        assert "three times" in given_up
        slack.workspace.say("ann", "incidents", "and now?", thread_ts=root)
        assert "and now?" in (await answers(slack, last, root, 2))[1]


async def test_stop_is_heard_while_the_model_thinks(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer
) -> None:
    ollama.script.append(Hangs())
    root = slack.workspace.say("ann", "incidents", QUESTION)
    await asked(ollama, 1)
    slack.workspace.say("ben", "incidents", "Stop!", thread_ts=root)
    stopped, found = await answers(slack, kaia, root, 2)
    assert "Stopped" in stopped
    assert "My first look: " in found
    slack.workspace.say("ann", "incidents", "once more, please", thread_ts=root)
    assert "once more, please" in (await answers(slack, kaia, root, 3))[2]


async def test_a_stop_tells_what_was_run_until_then(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer
) -> None:
    ollama.script.extend([runs("kubectl get pods -n shop"), Hangs()])
    root = slack.workspace.say("ann", "incidents", QUESTION)
    await asked(ollama, 2)
    began = time.monotonic()
    slack.workspace.say("ben", "incidents", "stop", thread_ts=root)
    stopped, found = await answers(slack, kaia, root, 2)
    seconds = time.monotonic() - began
    assert stopped.startswith("Stopped. ")
    assert "- 2 `kubectl get pods --namespace=shop` exit 0" in found
    assert "No conclusion was drawn" in found
    assert seconds < 3  # Slack takes one message a second
    print(f"from stop to what was found: {seconds * 1000:.0f} ms")  # noqa: T201
    slack.workspace.say("ann", "incidents", "show 2", thread_ts=root)
    assert "web-0" in (await answers(slack, kaia, root, 3))[2]


async def test_a_pasted_token_and_a_token_in_a_log_are_nowhere_kept_or_sent(
    slack: PlaygroundServer,
    kaia: KaiaProcess,
    ollama: OllamaServer,
    cluster: KubeApi,
    tmp_path: Path,
) -> None:
    pasted, logged = "xoxb-" + "1234567890-" + "AbCdEfGhIjKlMnOp", "ghp_" + "a1B2c3D4e5" * 4
    cluster.logs["web-0"] = f"login with token={logged}\n"
    ollama.script.append(runs("kubectl logs web-0 -n shop"))
    root = slack.workspace.say("ann", "incidents", f"@kaia does {pasted} still work?")
    await answers(slack, kaia, root, 1)
    slack.workspace.say("ann", "incidents", "show 1", thread_ts=root)
    said = await answers(slack, kaia, root, 2)
    await kaia.terminate()
    for secret in (pasted, logged):
        assert not files_holding(secret, tmp_path)
        assert secret not in str(ollama.requests)
        assert secret not in "".join(said)


async def test_a_key_alone_sends_nothing_to_a_paid_model(
    slack: PlaygroundServer, environ: dict[str, str], tmp_path: Path
) -> None:
    async with OpenAIServer() as paid:
        del environ["KAIA_MODEL"]
        environ |= {"OPENAI_API_KEY": "sk-made-up", "OPENAI_BASE_URL": f"{paid.url}/v1"}
        async with running_kaia(tmp_path / "kaia.log", environ) as kaia:
            root = slack.workspace.say("ann", "incidents", QUESTION)
            await answers(slack, kaia, root, 1)
            assert not paid.requests


async def test_sigterm_lets_a_turn_end_and_ends_in_order(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer
) -> None:
    root = slack.workspace.say("ann", "incidents", QUESTION)
    await asked(ollama, 1)
    assert await kaia.terminate() == 0
    assert "Seen: True" in said_by_kaia(slack.workspace, root)[0]
    assert "Traceback" not in kaia.said
