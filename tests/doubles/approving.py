"""The real program, a model that proposes what it is told to, and people who press buttons."""

import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.playground import PlaygroundServer, Workspace
from bot.playground.deliveries import Delivery
from bot.playground.objects import Message
from bot.slack.hearing.presses import APPROVE, REJECT
from tests.apiserver import workloads
from tests.apiserver.server import ApiServer
from tests.doubles.asking import of_slack, opened_workspace_of, running_kaia
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Calls, Reply, Says

BOUND, UNBOUND = "approved-shop", "approved-elsewhere"
"""Namespaces: in the first the group has its rights, in the second it has none."""
SCALE = "kubectl scale deployment/{} --replicas=3 -n " + BOUND
_WRITING = {"create", "update", "patch", "delete", "deletecollection"}
_ACCOUNT = "system:serviceaccount:kaia:kaia"
_PATIENCE = 40


@dataclass
class Proposer(OllamaServer):
    """Proposes these command lines at once, then says its sentence."""

    lines: tuple[str, ...] = ()
    sentence: str = "I propose it."

    def __post_init__(self) -> None:
        self.otherwise = self._answer

    def _answer(self, body: dict[str, Any]) -> Reply:
        calls = [
            ("propose_change", {"command": line, "reason": "One pod is too few [1]."})
            for line in self.lines
        ]
        if not calls or body["messages"][-1]["role"] == "tool":
            return Says(self.sentence)
        return Calls(tuple(calls))

    def heard(self) -> str:
        """All of the last request."""
        return json.dumps(self.requests[-1], ensure_ascii=False)


@dataclass
class Stage:
    slack: PlaygroundServer
    model: Proposer
    apiserver: ApiServer
    folder: Path
    store_url: str
    writes: dict[str, Any] = field(default_factory=dict)
    """`writes` of KAIA_CONFIG."""
    is_on: bool = True
    _begun: int = 0
    _as_posted: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace

    @property
    def audit_file(self) -> Path:
        return self.folder / "audit.jsonl"

    @property
    def environ(self) -> dict[str, str]:
        config = self.folder / "config.yaml"
        config.write_text(yaml.safe_dump({"writes": self.writes}))
        return of_slack(self.slack) | {
            "KAIA_MODEL": "ollama:qwen3:8b",
            "OLLAMA_HOST": self.model.url,
            "KAIA_CLUSTER_NAME": "shop-test",
            "KAIA_STORE": self.store_url,
            "KAIA_CONFIG": str(config),
            "KAIA_WRITES": "approve" if self.is_on else "off",
            "KAIA_AUDIT_FILE": str(self.audit_file),
            "KUBECONFIG": str(self.apiserver.limited_kubeconfig),
        }

    def running(self) -> AbstractAsyncContextManager[KaiaProcess]:
        """A process with what is set now; its log is one of its own."""
        self._begun += 1
        return running_kaia(self.folder / f"kaia-{self._begun}.log", self.environ)

    async def start(self) -> KaiaProcess:
        """The same, for the caller to end."""
        self._begun += 1
        log = self.folder / f"kaia-{self._begun}.log"
        return await KaiaProcess.start("slack", log=log, environ=self.environ)

    def logs(self) -> str:
        return "\n".join(log.read_text() for log in sorted(self.folder.glob("kaia-*.log")))

    # What people do

    async def propose(
        self, *lines: str, by: str = "ann", ask: str = "@kaia please scale it"
    ) -> tuple[str, list[Message]]:
        """The thread, and the messages with buttons in it, as soon as there are so many."""
        await self.until(lambda now: now.deliveries.connections)
        self.model.lines = lines
        root = self.workspace.say(by, "incidents", ask)
        await self.until(lambda _: len(self.offers(root)) == len(lines))
        for offer in self.offers(root):
            self._as_posted[offer.ts] = offer.blocks
        return root, self.offers(root)

    def press(self, by: str, offer: Message, *, approves: bool = True) -> Delivery:
        action = APPROVE if approves else REJECT
        pressed = self.workspace.click(by, "incidents", offer.ts, action)
        assert pressed is not None
        return pressed

    def press_again(self, by: str, offer: Message) -> None:
        """By somebody whose Slack still shows the message as it was."""
        message = self.workspace.message("incidents", offer.ts)
        blocks, message.blocks = message.blocks, self._as_posted[offer.ts]
        self.press(by, message)
        message.blocks = blocks

    # What can be seen

    def offers(self, root: str) -> list[Message]:
        return [each for each in self.said(root) if has_buttons(each)]

    def said(self, root: str) -> list[Message]:
        thread = self.workspace.thread("incidents", root)
        return [message for message in thread if message.user == self.workspace.bot.id]

    def text(self, root: str) -> str:
        return "\n\n".join(map(shown, self.said(root)))

    async def until(self, is_so: Any, seconds: float = _PATIENCE) -> Any:
        try:
            return await self.workspace.wait_for(is_so, timeout=seconds)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{self.logs()[-6000:]}") from None

    async def until_said(self, root: str, *parts: str) -> str:
        await self.until(lambda _: all(part in self.text(root) for part in parts))
        return self.text(root)

    async def until_whispered(self, user: str, part: str) -> str:
        """What that person alone is told, once this is in it."""

        def found(now: Workspace) -> str:
            told = [each.text for each in now.whispers(user, "incidents") if part in each.text]
            return told[-1] if told else ""

        return str(await self.until(found))

    def audited(self) -> list[dict[str, Any]]:
        if not self.audit_file.exists():
            return []
        return [json.loads(line) for line in self.audit_file.read_text().splitlines()]

    # What the API server was asked

    def mark(self) -> int:
        return self.apiserver.audit_log.stat().st_size

    def changes(self, since: int) -> list[dict[str, Any]]:
        """Kaia's requests that change something, as they arrived; trials are none."""
        return [each for each in self._writing(since) if "dryRun=" not in each["requestURI"]]

    def trials(self, since: int) -> list[dict[str, Any]]:
        return [each for each in self._writing(since) if "dryRun=" in each["requestURI"]]

    def ended(self, since: int) -> list[dict[str, Any]]:
        """The same changes once they were answered: only then is known who was acted as."""
        with self.apiserver.audit_log.open("rb") as log:
            log.seek(since)
            events = [json.loads(line) for line in log]
        ids = {each["auditID"] for each in self.changes(since)}
        return [e for e in events if e["auditID"] in ids and e["stage"] == "ResponseComplete"]

    def _writing(self, since: int) -> list[dict[str, Any]]:
        return [
            each
            for each in self.apiserver.requests(since)
            if each["verb"] in _WRITING and each["user"]["username"] == _ACCOUNT
            if not each["requestURI"].startswith("/apis/authorization.k8s.io")
        ]

    def deployment(self, name: str, namespace: str = BOUND) -> dict[str, Any]:
        path = f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}"
        return self.apiserver.client.get(path)

    def replicas(self, name: str, namespace: str = BOUND) -> int:
        return int(self.deployment(name, namespace)["spec"]["replicas"])


def has_buttons(message: Message) -> bool:
    return any(block["type"] == "actions" for block in message.blocks)


def shown(message: Message) -> str:
    """What the blocks say; where there are none, the text."""
    blocks = [str(block["text"]) for block in message.blocks if block["type"] == "markdown"]
    return "\n".join(blocks) or message.text


def a_deployment(apiserver: ApiServer, name: str, namespace: str = BOUND) -> str:
    workloads.add_deployment(apiserver.client, namespace, name, replicas=1, available=1)
    return name


@asynccontextmanager
async def opened_stage(
    apiserver: ApiServer, folder: Path, store_url: str = ""
) -> AsyncIterator[Stage]:
    """Ann, Ben (on call), Zoe and Max in #incidents; Zoe and whoever is on call may approve."""
    workspace = Workspace()
    for name in ("zoe", "max"):
        workspace.add_person(name)
        workspace.join(name, "incidents")
    writes = {
        "approvers": [workspace.directory.person("zoe").id, "S0ONCALL"],
        "namespaces": {BOUND: {}, UNBOUND: {}},
    }
    url = store_url or f"sqlite:///{folder / 'kaia.db'}"
    async with opened_workspace_of(workspace) as slack, Proposer() as model:
        yield Stage(slack, model, apiserver, folder, url, writes)
