"""The pod goes in the middle of a turn, deleted or replaced by `helm upgrade`: one answer comes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.apiserver.client import Manifest
from tests.doubles.served import Hangs, runs
from tests.installing.installed import Installed, installed
from tests.node.node import Node

NAMESPACE = "kaia-in-a-turn"
_WITH_A_MODEL = {
    # As long as a turn may still take when its pod is told to end.
    "config": {"KAIA_GRACE_SECONDS": "2"},
    "clusterName": "before",
}
pytestmark = [
    pytest.mark.cluster,
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def release(
    node: Node, kaia_image: Path, helm: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installed]:
    folder = tmp_path_factory.mktemp("install")
    async with installed(node, kaia_image, helm, folder, NAMESPACE, **_WITH_A_MODEL) as release:
        model = {"provider": "ollama", "name": "qwen3:8b", "baseUrl": release.model_url}
        await release.upgrade(model=model)
        yield release


async def hanging_turn(release: Installed, marker: str) -> str:
    """A thread whose question waits for the model; the model answers whoever asks next."""
    await release.pod()
    asked = len(release.model.requests)
    release.model.script.extend([Hangs(), runs(f"get pods -n {NAMESPACE}")])
    release.model.say(f"All is well [1]. {marker}")
    root = release.ask(f"what is in namespace {NAMESPACE}?")
    await release.model.until(lambda: len(release.model.requests) > asked)
    return root


async def answered_once(release: Installed, root: str, marker: str) -> None:
    """The answer to a further reply comes after whatever was still to come."""
    await release.until_said(root, marker)
    release.model.say("That was all.")
    release.reply(root, "and now?")
    said = await release.until_said(root, "That was all.")
    assert sum(marker in each for each in said) == 1, said


async def test_a_deleted_pod_is_replaced_and_the_question_answered_once(
    release: Installed,
) -> None:
    root = await hanging_turn(release, "after the deletion")
    gone = await release.pod()
    await release.kubectl("delete", "pod", gone, "--namespace", NAMESPACE, seconds=90)
    await answered_once(release, root, "after the deletion")
    assert await release.pod() != gone


async def test_a_pod_that_vanishes_leaves_the_question_to_the_next(release: Installed) -> None:
    root = await hanging_turn(release, "after the loss")
    force = ("--grace-period=0", "--force")
    await release.kubectl("delete", "pod", await release.pod(), "--namespace", NAMESPACE, *force)
    await answered_once(release, root, "after the loss")


async def test_an_upgrade_rolls_the_pod_and_the_question_is_answered_once(
    release: Installed,
) -> None:
    root = await hanging_turn(release, "after the upgrade")
    before = _template(release)
    await release.upgrade(clusterName="after")
    await answered_once(release, root, "after the upgrade")

    after = _template(release)
    changed = {
        name for name, value in after["annotations"].items() if before["annotations"][name] != value
    }
    assert {name.partition("/")[0] for name in changed} == {"checksum"}
    assert after["labels"] == before["labels"]


async def test_an_upgrade_that_changes_nothing_leaves_the_pod(release: Installed) -> None:
    before = await release.pod()
    await release.upgrade()
    assert await release.pod() == before


def _template(release: Installed) -> Manifest:
    path = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/kaia"
    found: Manifest = release.client.get(path)["spec"]["template"]["metadata"]
    return found
