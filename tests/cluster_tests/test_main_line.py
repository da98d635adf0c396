"""The main job with nothing replaced but Slack and the model: a mention, an answer, "Thanks!"."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.playground import PlaygroundServer
from tests.apiserver import scene
from tests.apiserver.server import ApiServer
from tests.doubles.asking import (
    answers,
    files_holding,
    of_slack,
    opened_workspace,
    running_kaia,
)
from tests.doubles.kaia_process import KaiaProcess

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]


@pytest.fixture(scope="module", autouse=True)
def shop(apiserver: ApiServer) -> None:
    scene.set_up(apiserver)


@pytest.fixture
async def slack() -> AsyncIterator[PlaygroundServer]:
    async with opened_workspace() as server:
        yield server


@pytest.fixture
def environ(slack: PlaygroundServer, apiserver: ApiServer, tmp_path: Path) -> dict[str, str]:
    return of_slack(slack) | {
        "KAIA_MODEL": "builtin",
        "KAIA_CLUSTER_NAME": "shop-test",
        "KAIA_STORE": f"sqlite:///{tmp_path / 'kaia.db'}",
        "KUBECONFIG": str(apiserver.limited_kubeconfig),
        "OPENAI_API_KEY": "sk-an-api-key-alone-sends-nothing-anywhere",
    }


@pytest.fixture
async def kaia(environ: dict[str, str], tmp_path: Path) -> AsyncIterator[KaiaProcess]:
    async with running_kaia(tmp_path / "kaia.log", environ) as process:
        yield process


async def test_a_mention_two_replies_and_thanks(
    slack: PlaygroundServer, kaia: KaiaProcess, tmp_path: Path
) -> None:
    workspace = slack.workspace
    root = workspace.say("ann", "incidents", "@kaia what is wrong in namespace shop?")
    [first] = await answers(slack, kaia, root, 1)
    assert "checkout" in first
    assert "CrashLoopBackOff" in first
    assert "connection refused" in first
    assert "shop-test" in first

    workspace.say("ben", "incidents", "and its logs?", thread_ts=root)
    second = (await answers(slack, kaia, root, 2))[1]
    assert "giving up after 5 attempts" in second

    workspace.say("ann", "incidents", "show 1", thread_ts=root)
    third = (await answers(slack, kaia, root, 3))[2]
    assert "kaia triage -n shop" in third

    thanks = workspace.say("ann", "incidents", "Thanks!", thread_ts=root)
    await answers(slack, kaia, root, 4)
    await workspace.wait_for(
        lambda now: "white_check_mark" in now.message("incidents", thanks).reactions
    )

    workspace.say("ben", "incidents", "so it was the database", thread_ts=root)
    workspace.say("ben", "incidents", "@kaia is cart well?", thread_ts=root)
    reopened = (await answers(slack, kaia, root, 5))[4]
    assert "cart" in reopened
    await workspace.wait_for(lambda now: not now.problems)
    assert scene.CANARY not in workspace.transcript("incidents")
    assert not files_holding(scene.CANARY, tmp_path)


async def test_a_killed_process_goes_on_after_its_restart_and_answers_once(
    slack: PlaygroundServer, kaia: KaiaProcess, environ: dict[str, str], tmp_path: Path
) -> None:
    workspace = slack.workspace
    await workspace.wait_for(lambda now: now.deliveries.connections, timeout=30)
    root = workspace.say("ann", "incidents", "@kaia what is wrong in namespace shop?")
    await workspace.wait_for(lambda now: not now.deliveries.unacked)
    await kaia.kill()

    async with running_kaia(tmp_path / "again.log", environ) as again:
        await answers(slack, again, root, 1)
        workspace.say("ann", "incidents", "status", thread_ts=root)
        both = await answers(slack, again, root, 2)
        assert ["checkout" in message for message in both] == [True, False]
