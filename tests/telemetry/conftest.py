"""One busy run of the real program, and everything its operators have of it afterwards."""

import asyncio
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.playground import PlaygroundServer
from tests.doubles.asking import answers, of_slack, opened_workspace, running_kaia
from tests.doubles.collector import Collector, SeenSpan
from tests.doubles.kube_api import KubeApi, pod, serve_kube_api
from tests.doubles.ollama_server import OllamaServer, busy
from tests.doubles.served import Hangs, Reply, Says, runs

CANARIES = ("heliotrope", "quagmire", "ziggurat", "Kx7vQ2mZ9pLw4RtY", "marzipan")
"""Said by people, in names of the cluster, printed by it, a secret, said by the model."""
QUESTION = "@kaia why is the heliotrope broken?"


@dataclass(frozen=True)
class Busy:
    exposition: str
    log: str
    spans: list[SeenSpan]
    sent: bytes
    """To the collector."""
    ids: tuple[str, ...]
    """Of people, channels and the workspace."""


@pytest.fixture(scope="session")
def busy_run(tmp_path_factory: pytest.TempPathFactory) -> Busy:
    return asyncio.run(_run(tmp_path_factory.mktemp("busy")))


async def _run(folder: Path) -> Busy:
    async with (
        opened_workspace() as slack,
        serve_kube_api() as cluster,
        OllamaServer(otherwise=_look_then_answer) as ollama,
        Collector() as collector,
    ):
        port = _free_port()
        environ = _environ(slack, cluster, ollama, folder) | {
            "KAIA_HTTP_PORT": str(port),
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        }
        await _die_in_the_middle(slack, ollama, collector, environ, folder)
        log = folder / "kaia.log"
        async with running_kaia(log, environ) as kaia:
            await _be_busy(slack, kaia, ollama)
            exposition = await _scraped(port)
            assert await kaia.terminate() == 0
        directory = slack.workspace.directory
        ids = (*directory.people, *directory.channels, directory.team_id)
        return Busy(exposition, log.read_text(), collector.spans, b"".join(collector.bodies), ids)


def _environ(
    slack: PlaygroundServer, cluster: KubeApi, ollama: OllamaServer, folder: Path
) -> dict[str, str]:
    cluster.pods["quagmire"] = [pod("ziggurat-0", DB_PASSWORD="Kx7vQ2mZ9pLw4RtY")]
    cluster.logs["ziggurat-0"] = "error: ziggurat fell\n"
    return of_slack(slack) | {
        "KAIA_MODEL": "ollama:qwen3:8b",
        "OLLAMA_HOST": ollama.url,
        "KAIA_STORE": f"sqlite:///{folder / 'kaia.db'}",
        "KUBECONFIG": str(cluster.write_kubeconfig(folder / "config")),
        "KAIA_ALLOWED_USERS": slack.workspace.directory.person("ann").id,
    }


def _look_then_answer(body: dict[str, Any]) -> Reply:
    if body["messages"][-1]["role"] != "tool":
        return runs(
            "kubectl get pods ziggurat-0 -n quagmire -o yaml",
            "kubectl logs ziggurat-0 -n quagmire --tail=50",
        )
    return Says("The marzipan is soft [1].")


async def _die_in_the_middle(
    slack: PlaygroundServer,
    ollama: OllamaServer,
    collector: Collector,
    environ: dict[str, str],
    folder: Path,
) -> None:
    ollama.script.append(Hangs())
    async with running_kaia(folder / "first.log", environ) as kaia:
        await slack.workspace.wait_for(lambda now: now.deliveries.connections, timeout=60)
        slack.workspace.say("ann", "incidents", QUESTION)
        await ollama.until(lambda: bool(ollama.requests))
        await collector.until(lambda: bool(collector.bodies))
        await kaia.kill()


async def _be_busy(slack: PlaygroundServer, kaia: Any, ollama: OllamaServer) -> None:
    workspace = slack.workspace
    [first] = {message.thread_ts or message.ts for message in workspace.messages("incidents")}
    await answers(slack, kaia, first, 1)
    await slack.disconnect("refresh_requested")
    workspace.faults.add("chat.postMessage", "ratelimited", retry_after=1)
    ollama.script.extend(
        [
            runs("kubectl get secrets -n quagmire"),
            runs("kubectl get pods | grep ziggurat"),
        ]
    )
    second = workspace.say("ann", "incidents", QUESTION)
    await answers(slack, kaia, second, 1)
    ollama.script.extend([busy(), busy()])
    third = workspace.say("ann", "incidents", QUESTION)
    await answers(slack, kaia, third, 1)
    workspace.say("ann", "incidents", "status", thread_ts=third)
    await answers(slack, kaia, third, 2)
    workspace.say("ben", "incidents", QUESTION)
    await workspace.wait_for(lambda now: not now.deliveries.unacked)


async def _scraped(port: int) -> str:
    url = f"http://127.0.0.1:{port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        return await answer.text()


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])
