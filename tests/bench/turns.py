"""Kaia's own time in a turn: a model that answers at once, one tool call, a real kubectl."""

import asyncio
import itertools
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from bot.playground import Workspace
from tests.doubles.asking import of_slack, opened_workspace, running_kaia
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.kube_api import serve_kube_api
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Reply, Says, runs

TURNS = 50
_CHANNELS = 25
"""Slack takes about one message a second and channel, which is not what is measured here."""


@dataclass(frozen=True, slots=True)
class OwnTime:
    """Milliseconds of a turn."""

    whole: float
    """From the event's sending to the answer's arrival, at the median."""
    kubectl: float
    """Of it in the kubectl process, at the median."""
    first_request: float
    """From the event's sending to the model's first request, at the median."""
    late_request: float
    """The same, where 95 of 100 are quicker."""

    @property
    def own(self) -> float:
        return self.whole - self.kubectl


def answer_at_once(body: dict[str, Any]) -> Reply:
    is_first = body["messages"][-1]["role"] != "tool"
    return runs("kubectl get pods -n shop") if is_first else Says("All is well [1].")


async def measure(folder: Path) -> OwnTime:
    async with (
        opened_workspace() as server,
        OllamaServer(otherwise=answer_at_once) as model,
        serve_kube_api() as cluster,
    ):
        environ = of_slack(server) | {
            "KAIA_MODEL": "ollama:qwen3:8b",
            "OLLAMA_HOST": model.url,
            "KAIA_STORE": f"sqlite:///{folder / 'turns.db'}",
            "KUBECONFIG": str(cluster.write_kubeconfig(folder / "config")),
        }
        async with running_kaia(folder / "turns.log", environ) as process:
            return await _measure(server.workspace, model, process)


async def _measure(workspace: Workspace, model: OllamaServer, process: KaiaProcess) -> OwnTime:
    await workspace.wait_for(lambda now: now.deliveries.connections, timeout=30)
    channels = [workspace.add_channel(f"room-{number}").name for number in range(_CHANNELS)]
    await _turn(workspace, model, channels[0])
    rooms = itertools.islice(itertools.cycle(channels), TURNS)
    turns = [await _turn(workspace, model, room) for room in rooms]
    return OwnTime(
        whole=statistics.median(whole for whole, _ in turns) * 1000,
        kubectl=statistics.median(_kubectl_seconds(process)) * 1000,
        first_request=statistics.median(first for _, first in turns) * 1000,
        late_request=statistics.quantiles([first for _, first in turns], n=20)[-1] * 1000,
    )


async def _turn(workspace: Workspace, model: OllamaServer, channel: str) -> tuple[float, float]:
    asked = len(model.requests)
    began = time.perf_counter()
    root = workspace.say("ann", channel, "@kaia how are the pods in shop?")
    while len(model.requests) == asked:  # noqa: ASYNC110 - the finest grain that there is
        await asyncio.sleep(0)
    first = time.perf_counter() - began
    await workspace.wait_for(lambda now: len(now.thread(channel, root)) > 1)
    return time.perf_counter() - began, first


def _kubectl_seconds(process: KaiaProcess) -> list[float]:
    lines = [orjson.loads(line) for line in process.said.splitlines() if line.startswith("{")]
    return [line["seconds"] for line in lines if line["event"] == "kubectl.finished"]
