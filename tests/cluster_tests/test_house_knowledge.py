"""What the owner tells Kaia reaches the model and the answer: runbooks, a channel's namespace."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import PlaygroundServer
from tests.apiserver import scene
from tests.apiserver.server import ApiServer
from tests.doubles.asking import answers, of_slack, opened_workspace, running_kaia
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Says

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

RUNBOOK = """\
---
title: The database of the shop
namespaces: [sho*]
causes: [connectionrefused, CrashLoopBackOff]
---
Ask the harbour team: they move the database on Thursdays.
"""
OTHER = "---\ntitle: Not for this\ncauses: OOMKilled\n---\nRaise the limit to 9Gi.\n"
ANSWER = "Deployment checkout: connection refused, exit code 1. See the runbook [1]."


@pytest.fixture
async def slack(apiserver: ApiServer) -> AsyncIterator[PlaygroundServer]:
    scene.set_up(apiserver)
    async with opened_workspace() as server:
        yield server


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaServer]:
    async with OllamaServer(otherwise=lambda _: Says(ANSWER)) as server:
        yield server


@pytest.fixture
async def kaia(
    slack: PlaygroundServer, ollama: OllamaServer, apiserver: ApiServer, tmp_path: Path
) -> AsyncIterator[KaiaProcess]:
    books = tmp_path / "books"
    books.mkdir()
    (books / "database.md").write_text(RUNBOOK)
    (books / "other.md").write_text(OTHER)
    channel = slack.workspace.directory.channel("incidents").id
    config = tmp_path / "kaia.yaml"
    config.write_text(f"runbooks: books\nchannel_namespaces:\n  {channel}: shop\n")
    environ = of_slack(slack) | {
        "KAIA_MODEL": "ollama:qwen3:8b",
        "OLLAMA_HOST": ollama.url,
        "KAIA_CONFIG": str(config),
        "KAIA_STORE": f"sqlite:///{tmp_path / 'kaia.db'}",
        "KUBECONFIG": str(apiserver.limited_kubeconfig),
    }
    async with running_kaia(tmp_path / "kaia.log", environ) as process:
        yield process


async def test_a_fitting_runbook_is_quoted_to_the_model_and_named_in_the_answer(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer
) -> None:
    root = slack.workspace.say("ann", "incidents", "@kaia what is going on?")
    [answer] = await answers(slack, kaia, root, 1)

    given = str(ollama.requests[-1]["messages"])
    assert "harbour team" in given
    assert "9Gi" not in given
    assert "The database of the shop" in answer
    # That it crashes is shown; that it cannot connect stands in its log alone.
    assert answer.startswith("**LIKELY**")


async def test_a_channel_has_a_namespace_of_its_own(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer
) -> None:
    root = slack.workspace.say("ann", "incidents", "@kaia is everything fine?")
    [answer] = await answers(slack, kaia, root, 1)

    assert "kaia triage -n shop" in answer
    assert "ns=shop, 2 pods" in str(ollama.requests[-1]["messages"])
