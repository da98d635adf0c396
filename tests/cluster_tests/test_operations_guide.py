"""docs/operations.md, followed command by command on a real node, from its first to its last."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from bot.playground import PlaygroundServer
from tests.doubles.asking import opened_workspace, said_by_kaia
from tests.image import archive
from tests.installing import guide, rendered, trouble, volume
from tests.installing.commands import Command
from tests.installing.guide import Block
from tests.installing.installed import CHART, until
from tests.installing.inventory import objects_of
from tests.installing.names import names_of_services
from tests.installing.reach import reached_by_pods
from tests.node.node import Node

NAMESPACE = "guided"
_DOCS = Path(__file__).parents[2] / "docs"
_GUIDE = guide.blocks((_DOCS / "operations.md").read_text())
_PRESENT = archive.reference().rpartition(":")[2]
EXCUSED = {
    "docker buildx build": "no Docker engine and no registry are here",
    "kubectl --namespace kaia logs deployment/kaia-ollama": "no Ollama runs on the test's node",
}
"""Beginnings of blocks that are not run, and why. Every other block is run."""
REPLACED = {
    # The node has a namespace of the guide's name, for other tests' account.
    "namespace kaia": f"namespace {NAMESPACE}",
    "registry.example/team": "docker.io/library",
    "image.tag=0.1.1": f"image.tag={_PRESENT}",
    # No Postgres is here: the API server only tries what the chart makes of these values.
    "--set store.type=postgres": "--dry-run=server --set store.type=postgres",
}
"""What stands in the guide, and what takes its place; the tokens besides."""
pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]


@dataclass
class Walk:
    """Somebody who follows the guide."""

    node: Node
    slack: PlaygroundServer
    shell: Command
    tokens: dict[str, str]
    before: set[str]
    printed: str = ""
    thread: str = ""

    async def run(self, block: Block) -> None:
        """As whoever reads does: the next command comes when Kaia is up again."""
        text = guide.replaced(block.text, REPLACED | self.tokens)
        done = await self.shell.attempt(text, seconds=150)
        assert done.code == 0, f"{block.text}\n{done.errors}\n{done.output}\n{await self._told()}"
        self.printed = done.output
        if self.node.client.has(f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/kaia"):
            await self.shell(_ROLLED_OUT, seconds=150)

    async def hear(self, part: str) -> None:
        """Until this is in the thread."""
        try:
            await self.slack.workspace.wait_for(lambda _now: part in self.said(), timeout=90)
        except TimeoutError:
            said = self.said()
            raise AssertionError(f"not `{part}`:\n{said}\n{await self._told()}") from None

    def said(self) -> str:
        return "\n".join(said_by_kaia(self.slack.workspace, self.thread))

    def reply(self, text: str) -> None:
        self.slack.workspace.say("ann", "incidents", text, thread_ts=self.thread)

    async def _told(self) -> str:
        return (await self.shell.attempt(_LOOK)).output


_ROLLED_OUT = f"kubectl --namespace {NAMESPACE} rollout status deployment/kaia --timeout=120s"
_LOOK = f"""\
kubectl --namespace {NAMESPACE} get all,pvc,events || true
kubectl --namespace {NAMESPACE} logs --selector app.kubernetes.io/instance=kaia --tail=60
"""


async def test_every_command_of_the_guide_does_what_it_says(
    node: Node, kaia_image: Path, helm: Path, figure: Callable[[str], None], tmp_path: Path
) -> None:
    await asyncio.to_thread(node.load, kaia_image)
    async with _walking(node, helm, tmp_path) as walk:
        for block in guide.without(_GUIDE, EXCUSED):
            await walk.run(block)
            for part, seen in _SEEN_AFTER.items():
                if part in block.text:
                    await seen(walk)
    for beginning, reason in EXCUSED.items():
        figure(f"not run of docs/operations.md, `{beginning} …`: {reason}")


def test_what_is_replaced_and_what_is_looked_at_stands_in_the_guide() -> None:
    assert not guide.unused(_GUIDE, REPLACED | dict.fromkeys(_SEEN_AFTER, "") | _tokens("", ""))


# What a person sees after a command


async def _pods_must_be_restricted(walk: Walk) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    walk.node.client.patch(f"/api/v1/namespaces/{NAMESPACE}", {"metadata": {"labels": labels}})


async def _it_is_ready(walk: Walk) -> None:
    assert "Succeeded" in walk.printed


async def _it_answers(walk: Walk) -> None:
    """After the doctor, who has found nothing that keeps it from it."""
    assert "Kaia cannot read Secrets." in walk.printed
    question = f"@kaia what is wrong in namespace {trouble.NAMESPACE}?"
    walk.thread = walk.slack.workspace.say("ann", "incidents", question)
    await walk.hear(trouble.CAUSE)


async def _the_volume_loses_it(walk: Walk) -> None:
    [store] = (walk.node.home / "volumes" / NAMESPACE).rglob("kaia.db")
    for file in store.parent.glob("kaia.db*"):
        file.unlink()


async def _the_conversation_is_known(walk: Walk) -> None:
    """What the first command printed is in the store, and nowhere else."""
    walk.reply("show 1")
    await walk.hear(_SHOWN)


async def _it_is_watched(walk: Walk) -> None:
    path = f"/apis/monitoring.coreos.com/v1/namespaces/{NAMESPACE}"
    kinds = ("servicemonitors", "prometheusrules")
    assert all(walk.node.client.has(f"{path}/{kind}/kaia") for kind in kinds)


async def _claim_and_secrets_are_left(walk: Walk) -> None:
    found = re.findall(r"^(persistentvolumeclaim|secret)/(\S+)", walk.printed, re.MULTILINE)
    kept = {("persistentvolumeclaim", "kaia"), ("secret", "kaia-slack"), ("secret", "kaia-store")}
    assert set(found) == kept, walk.printed


async def _nothing_is_left(walk: Walk) -> None:
    await until(lambda: objects_of(walk.node.client, NAMESPACE) == walk.before)


_SHOWN = "cluster `staging`, exit 1, "
_SEEN_AFTER = {
    "create namespace kaia": _pods_must_be_restricted,
    "helm test": _it_is_ready,
    "kaia doctor": _it_answers,
    "> kaia-backup.db": _the_volume_loses_it,
    "< kaia-backup.db": _the_conversation_is_known,
    "serviceMonitor": _it_is_watched,
    "helm uninstall": _claim_and_secrets_are_left,
    "delete namespace": _nothing_is_left,
}


# Before the first command


@asynccontextmanager
async def _walking(node: Node, helm: Path, folder: Path) -> AsyncIterator[Walk]:
    await _trouble(node)
    rendered.define_monitoring(node.client)
    volume.make(node, NAMESPACE)
    try:
        async with (
            opened_workspace() as slack,
            reached_by_pods(node.place, slack.port) as address,
            names_of_services(node),
        ):
            slack.reached_by(f"http://{address}")
            shell = _shell(node, helm, folder, slack.api_url)
            tokens = _tokens(slack.bot_token, slack.app_token)
            yield Walk(node, slack, shell, tokens, objects_of(node.client, NAMESPACE))
    finally:
        volume.remove(node, NAMESPACE)
        rendered.forget_monitoring(node.client)


async def _trouble(node: Node) -> None:
    """Something to ask about."""
    trouble.make(node.client)
    await until(lambda: trouble.is_furnished(node.client))
    trouble.break_pod(node.client)
    await until(lambda: trouble.is_broken(node.client))


def _tokens(bot: str, app: str) -> dict[str, str]:
    return {"xoxb-…": bot, "xapp-…": app}


def _shell(node: Node, helm: Path, folder: Path, slack: str) -> Command:
    """In a folder that holds what of the repository the commands name."""
    shutil.copytree(CHART, folder / "helm")
    (folder / "docs").mkdir()
    manifest = guide.replaced((_DOCS / "restore.yaml").read_text(), REPLACED)
    (folder / "docs" / "restore.yaml").write_text(manifest)
    values = folder / "emulated.yaml"
    values.write_text(yaml.safe_dump(_values(slack)))
    return guide.shell(folder, node.kubeconfig, {"helm": helm, "kubectl": node.kubectl}, values)


def _values(slack: str) -> dict[str, object]:
    return {
        "slack": {"apiUrl": slack},
        "model": {"provider": "builtin"},
        "persistence": {"storageClass": volume.CLASS},
    }
