"""The audit file that the real program leaves: these lines, and nothing that was said."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.playground import PlaygroundServer
from tests.doubles.asking import answers, of_slack, opened_workspace, running_kaia
from tests.doubles.kube_api import KubeApi, serve_kube_api
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Says, runs

QUESTION = "@kaia is the heliotrope in shop fine?"
OF_A_LINE = {
    *("time", "audit", "who", "where", "thread", "turn"),
    *("argv", "verdict", "rule", "seconds", "exit", "bytes", "redactions"),
}


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
    async with OllamaServer() as server:
        yield server


async def test_a_read_a_refused_command_and_a_refused_person_are_these_lines(
    slack: PlaygroundServer, cluster: KubeApi, ollama: OllamaServer, tmp_path: Path
) -> None:
    file = tmp_path / "audit.jsonl"
    environ = of_slack(slack) | {
        "KAIA_MODEL": "ollama:qwen3:8b",
        "OLLAMA_HOST": ollama.url,
        "KAIA_STORE": f"sqlite:///{tmp_path / 'kaia.db'}",
        "KAIA_AUDIT_FILE": str(file),
        "KUBECONFIG": str(cluster.write_kubeconfig(tmp_path / "config")),
    }
    ollama.script.extend(
        [
            runs("kubectl get pods -n shop"),
            runs("kubectl delete pod web-0 -n shop"),
            Says("The pods are there [2]."),
        ]
    )
    slack.workspace.join("guest", "incidents")
    async with running_kaia(tmp_path / "kaia.log", environ) as kaia:
        root = slack.workspace.say("ann", "incidents", QUESTION)
        await answers(slack, kaia, root, 1)
        slack.workspace.say("guest", "incidents", "@kaia show the heliotrope")
        await slack.workspace.wait_for(lambda now: now.whispers("guest", "incidents"), timeout=20)

    lines = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    ann, guest = (slack.workspace.directory.person(name).id for name in ("ann", "guest"))
    pods = ["kubectl", "get", "pods", "--namespace=shop"]
    delete = ["kubectl", "delete", "pod", "web-0", "-n", "shop"]
    assert [_said_in(line) for line in lines] == [
        ("command", ann, ["kaia", "triage", "-n", "shop"], "read", False, 0),
        ("command", ann, pods, "read", False, 0),
        ("command", ann, delete, "refused", True, None),
        ("refusal", guest, None, None, False, None),
    ]
    assert all(line.keys() >= OF_A_LINE for line in lines)
    assert all(line["where"] and line["thread"] for line in lines)
    assert lines[1]["bytes"] > 0
    assert "heliotrope" not in file.read_text()
    assert "Running" not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def _said_in(line: dict[str, Any]) -> tuple[Any, ...]:
    return (
        *(line[key] for key in ("audit", "who", "argv", "verdict")),
        bool(line["rule"]),
        line["exit"],
    )
