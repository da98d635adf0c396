"""Nothing secret gets out: everything that is written while Kaia is asked about a careless team."""

import json
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.playground import PlaygroundServer
from tests.apiserver.server import ApiServer
from tests.doubles import troubles
from tests.doubles.asking import of_slack, opened_workspace, running_kaia, said_by_kaia
from tests.doubles.canaries import Watch, generated, remembered
from tests.doubles.careless import POD, PULLING, YARD, CarelessTeam
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Reply, Says, runs

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]

PASTED = f"my token is {generated('pasted')} and password: {remembered('pasted')}"
_SHOWN_CHARS = 30_000
COLUMNS = (
    "custom-columns=N:.metadata.name,E:.spec.containers[*].env[*].value,A:.metadata.annotations"
)
ROUNDS = (
    ("get pods -o yaml", f"get pod {POD} -o json", "get pods -o wide", "get events -o json",
     "get pods -o jsonpath={.items[*].spec.containers[*].env}"),
    (f"get pods -o {COLUMNS}", "get pods -o jsonpath={..env[*].value}",
     "get pods -o jsonpath={..args}", "get pods -o jsonpath-as-json={.items[*].metadata}",
     "get all"),
    ("get configmaps -o yaml", "get cm settings -o json", "describe configmaps",
     "get cm -o jsonpath={.items[*].data}", "get cm -o custom-columns=D:.data"),
    ("get deployments -o yaml", "describe deployment web", f"describe pod {POD}",
     f"describe pod {PULLING}", "events"),
    (f"logs {POD}", f"logs {POD} -p", f"logs {POD} --tail=3", f"logs {POD} --tail=9 --timestamps",
     f"logs {POD} --prefix --all-containers"),
    ("describe job migrate", "get jobs -o yaml", "describe ingress web", "get ingress -o yaml",
     "describe service web"),
    ("get services -o json", "describe nodes", "get nodes -o yaml", "get secret db -o yaml",
     "explain pod.spec.containers.env"),
    ("get widgets -o yaml", "describe widget press",
     "get validatingwebhookconfigurations -o yaml", "get replicasets -o yaml",
     "get pods -o wide --show-labels"),
)  # fmt: skip


@dataclass
class Parrot:
    """A model that asks for these commands, a round a question, and repeats all it was shown."""

    rounds: deque[tuple[str, ...]] = field(default_factory=deque)

    def __call__(self, body: dict[str, Any]) -> Reply:
        if body["messages"][-1]["role"] == "user" and self.rounds:
            return runs(*(f"kubectl {each} -n {YARD}" for each in self.rounds.popleft()))
        shown = "\n".join(each.get("content") or "" for each in body["messages"][1:])
        return Says(f"I saw this:\n{shown[-_SHOWN_CHARS:]}")


@pytest.fixture(scope="module")
def team(apiserver: ApiServer) -> Iterator[CarelessTeam]:
    team = CarelessTeam(apiserver)
    team.set_up()
    rule = {"apiGroups": [troubles.GROUP], "resources": ["widgets"], "verbs": ["get", "list"]}
    with troubles.served_widgets(apiserver.client) as root:
        troubles.allow(apiserver.client, ("kaia", "kaia"), "canary-widgets", [rule])
        team.add_widget(root)
        yield team
    team.leave()


@pytest.fixture(scope="module")
def watch(team: CarelessTeam) -> Watch:
    pasted = {"pasted token": generated("pasted"), "pasted password": remembered("pasted")}
    return Watch(team.canaries | pasted)


@pytest.fixture
async def slack() -> AsyncIterator[PlaygroundServer]:
    async with opened_workspace() as server:
        yield server


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaServer]:
    async with OllamaServer(otherwise=Parrot(deque(ROUNDS))) as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "tmp").mkdir()
    return tmp_path


def environ_of(home: Path, ollama: OllamaServer, kubeconfig: Path) -> dict[str, str]:
    return {
        "KAIA_MODEL": "ollama:qwen3:8b",
        "OLLAMA_HOST": ollama.url,
        "KAIA_LOG_LEVEL": "debug",
        "KAIA_STORE": f"sqlite:///{home / 'kaia.db'}",
        "KUBECONFIG": str(kubeconfig),
        "HOME": str(home),
        "TMPDIR": str(home / "tmp"),
    }


@pytest.fixture
async def kaia(
    slack: PlaygroundServer, ollama: OllamaServer, apiserver: ApiServer, home: Path
) -> AsyncIterator[KaiaProcess]:
    environ = environ_of(home, ollama, apiserver.limited_kubeconfig) | of_slack(slack)
    async with running_kaia(home / "kaia.log", environ) as process:
        yield process


class Thread:
    """A conversation in #incidents, a message at a time."""

    def __init__(self, slack: PlaygroundServer, kaia: KaiaProcess, first: str) -> None:
        self._slack, self._kaia, self._first = slack, kaia, first
        self.root = ""

    @property
    def said(self) -> list[str]:
        return said_by_kaia(self._slack.workspace, self.root) if self.root else []

    async def say(self, text: str) -> str:
        """What Kaia says to it first."""
        before = len(self.said)
        thread = {"thread_ts": self.root} if self.root else {}
        stamp = self._slack.workspace.say("ann", "incidents", text, **thread)
        self.root = self.root or stamp
        try:
            said = await self._slack.workspace.wait_for(
                lambda _: self.said if len(self.said) > before else [], timeout=60
            )
        except TimeoutError as error:
            raise AssertionError(f"{text}: {error}\n{self._kaia.said[-3000:]}") from None
        return said[before]


def written_in_slack(slack: PlaygroundServer) -> str:
    """All that Kaia sent: calls with their metadata and blocks, and files."""
    workspace = slack.workspace
    files = [(each.content or b"").decode() for each in workspace.files.values()]
    calls = [json.dumps(call.arguments, default=str) for call in workspace.calls]
    return "\n".join([*calls, *files])


async def test_no_piece_of_a_secret_is_anywhere_after_a_long_conversation(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer, watch: Watch, home: Path
) -> None:
    thread = Thread(slack, kaia, "")
    await thread.say(f"@kaia what is wrong in namespace {YARD}? {PASTED}")
    for number in range(len(ROUNDS) - 1):
        await thread.say(f"look at everything once more ({number})")
    receipts = 1
    while "There is no command" not in await thread.say(f"show {receipts}"):
        receipts += 1
    for text in ("rerun 2", "rerun 12", "what changed?", "status", "help", "stop"):
        await thread.say(text)
    asked = [json.dumps(each, ensure_ascii=False) for each in ollama.requests]
    shown = written_in_slack(slack)

    assert receipts > 40
    leaks = {f"the model: {name}": place for name, place in watch.seen_in("\n".join(asked)).items()}
    leaks |= {f"Slack: {name}": place for name, place in watch.seen_in(shown).items()}
    leaks |= watch.seen_below(home)
    assert not leaks, "\n\n".join(f"{name}:\n{place}" for name, place in sorted(leaks.items()))
