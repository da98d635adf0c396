"""Kaia on a real node, put there by `helm install`, with Slack and the model on this machine."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.playground import PlaygroundServer
from tests.apiserver.client import Client, Manifest
from tests.doubles.asking import opened_workspace, said_by_kaia
from tests.doubles.ollama_server import OllamaServer
from tests.installing import commands, volume
from tests.installing.commands import Command
from tests.installing.reach import reached_by_pods
from tests.node.node import Node

CHART = Path(__file__).parents[2] / "helm"
RELEASE = "kaia"
TOKENS = "slack-tokens"
_WAIT = "240s"
_WAIT_SECONDS = 260
_PATIENCE = 90


@dataclass
class Installed:
    """One release in a namespace of its own."""

    node: Node
    namespace: str
    slack: PlaygroundServer
    model: OllamaServer
    helm: Command
    kubectl: Command
    """An administrator's."""
    folder: Path
    values: Manifest
    model_url: str
    """As the pod reaches it."""
    install_seconds: float = 0.0

    @property
    def client(self) -> Client:
        return self.node.client

    async def install(self) -> None:
        """Returns when the pod is ready."""
        begun = time.monotonic()
        await self._apply("install")
        self.install_seconds = time.monotonic() - begun

    async def upgrade(self, **changed: Any) -> None:
        self.values |= changed
        await self._apply("upgrade")

    async def uninstall(self) -> None:
        await self.helm("uninstall", RELEASE, "--namespace", self.namespace, "--wait", seconds=120)

    async def _apply(self, verb: str) -> None:
        file = self.folder / "values.yaml"
        file.write_text(yaml.safe_dump(self.values))
        where = ("--namespace", self.namespace, "--values", str(file))
        waiting = ("--wait", "--timeout", _WAIT)
        try:
            await self.helm(verb, RELEASE, str(CHART), *where, *waiting, seconds=_WAIT_SECONDS)
        except commands.CommandFailed as failed:
            raise AssertionError(f"{failed}\n{await self.told()}") from None

    # In the cluster

    def pods(self) -> list[Manifest]:
        """Kaia's own that are there, those that end included."""
        labels = f"app.kubernetes.io/instance%3D{RELEASE},app.kubernetes.io/component%3Dbot"
        path = f"/api/v1/namespaces/{self.namespace}/pods?labelSelector={labels}"
        found: list[Manifest] = self.client.get(path)["items"]
        return found

    async def pod(self) -> str:
        """The name of the one that is ready, as soon as one is."""
        await self.until(lambda: bool(self._ready()))
        return self._ready()[0]

    def _ready(self) -> list[str]:
        alive = [each for each in self.pods() if "deletionTimestamp" not in each["metadata"]]
        return [each["metadata"]["name"] for each in alive if _is_ready(each)]

    async def in_pod(self, *argv: str, seconds: float = 60) -> commands.Finished:
        """Runs a program in Kaia's container, as an administrator who executes it there."""
        where = (
            "--namespace",
            self.namespace,
            "exec",
            await self.pod(),
            "--container",
            "kaia",
            "--",
        )
        return await self.kubectl.attempt(*where, *argv, seconds=seconds)

    async def told(self) -> str:
        """What a person would look at who wonders why it does not work."""
        where = ("--namespace", self.namespace)
        looks = (
            ("get", "all,pvc,events", *where),
            ("describe", "pods", *where),
            ("logs", *where, "--selector", f"app.kubernetes.io/instance={RELEASE}", "--tail=60"),
        )
        found = [await self.kubectl.attempt(*look) for look in looks]
        return "\n".join(f"{each.output}{each.errors}" for each in found)

    # In Slack

    def ask(self, text: str) -> str:
        """The thread."""
        return self.slack.workspace.say("ann", "incidents", f"@kaia {text}")

    def reply(self, root: str, text: str) -> None:
        self.slack.workspace.say("ann", "incidents", text, thread_ts=root)

    async def answers(self, root: str, count: int) -> list[str]:
        """What Kaia said in the thread, as soon as it is so many messages."""
        try:
            return await self.slack.workspace.wait_for(
                lambda now: _if_enough(said_by_kaia(now, root), count), timeout=_PATIENCE
            )
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{await self.told()}") from None

    async def until_said(self, root: str, part: str) -> list[str]:
        """All that Kaia said in the thread, as soon as this is in it."""
        try:
            return await self.slack.workspace.wait_for(
                lambda now: _if_holding(said_by_kaia(now, root), part), timeout=_PATIENCE
            )
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{await self.told()}") from None

    async def until(self, holds: Callable[[], bool], seconds: float = _PATIENCE) -> None:
        """Asks the cluster again and again: nobody tells of it."""
        try:
            await until(holds, seconds)
        except TimeoutError:
            raise AssertionError(f"it does not come about\n{await self.told()}") from None


@asynccontextmanager
async def installed(
    node: Node, image: Path, helm: Path, folder: Path, namespace: str, **values: Any
) -> AsyncIterator[Installed]:
    """Installs, and uninstalls at the end; `values` change those that a person must set."""
    await asyncio.to_thread(node.load, image)
    async with prepared(node, helm, folder, namespace, **values) as release:
        await release.install()
        try:
            yield release
        finally:
            await release.uninstall()


@asynccontextmanager
async def prepared(
    node: Node, helm: Path, folder: Path, namespace: str, **values: Any
) -> AsyncIterator[Installed]:
    """Everything before `helm install`; takes the namespace and its volume away at the end."""
    async with (
        opened_workspace() as slack,
        OllamaServer() as model,
        reached_by_pods(node.place, slack.port) as slack_address,
        reached_by_pods(node.place, model.port) as model_address,
    ):
        slack.reached_by(f"http://{slack_address}")
        release = Installed(
            node,
            namespace,
            slack,
            model,
            commands.helm(helm, node.kubeconfig, folder),
            commands.kubectl(node.kubectl, node.kubeconfig, folder),
            folder,
            _values(slack.api_url) | values,
            f"http://{model_address}",
        )
        await _furnish(release)
        try:
            yield release
        finally:
            await _clear(release)


def _values(slack: str) -> Manifest:
    return {
        "clusterName": "node-test",
        "slack": {"existingSecret": TOKENS, "apiUrl": slack},
        "model": {"provider": "builtin"},
        "persistence": {"storageClass": volume.CLASS},
    }


async def _furnish(release: Installed) -> None:
    """A namespace that takes restricted pods only, both tokens in a Secret, and a volume."""
    client, name = release.client, release.namespace
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    client.post("/api/v1/namespaces", {"metadata": {"name": name, "labels": labels}})
    tokens = {"bot-token": release.slack.bot_token, "app-token": release.slack.app_token}
    secret = {"metadata": {"name": TOKENS}, "stringData": tokens}
    client.post(f"/api/v1/namespaces/{name}/secrets", secret)
    await asyncio.to_thread(volume.make, release.node, name)
    account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
    await release.until(lambda: client.has(account))


async def _clear(release: Installed) -> None:
    path = f"/api/v1/namespaces/{release.namespace}"
    release.client.delete(path)
    await release.until(lambda: not release.client.has(path))
    volume.remove(release.node, release.namespace)


async def until(holds: Callable[[], bool], seconds: float = _PATIENCE) -> None:
    """Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - an API server tells nobody of it
            await asyncio.sleep(0.1)


def _is_ready(pod: Manifest) -> bool:
    conditions = pod["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _if_enough(said: list[str], count: int) -> list[str]:
    return said if len(said) >= count else []


def _if_holding(said: list[str], part: str) -> list[str]:
    return said if any(part in each for each in said) else []
