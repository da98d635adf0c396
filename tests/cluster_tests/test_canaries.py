"""Nothing secret gets out: everything that is written while Kaia is asked about a careless team."""

import asyncio
import json
import os
import re
import sys
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
from tests.doubles.careless import POD, PULLING, CarelessTeam
from tests.doubles.careless_texts import COMMIT, IMAGE, YARD
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Reply, Says, runs

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(400)]

PASTED = f"my token is {generated('pasted')} and password: {remembered('pasted')}"
TAG = re.compile(r"\[redacted:[a-z]+-([0-9a-f]{4})\]")
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

    def __init__(self, slack: PlaygroundServer, kaia: KaiaProcess) -> None:
        self._slack, self._kaia = slack, kaia
        self.root = ""

    @property
    def said(self) -> list[str]:
        return said_by_kaia(self._slack.workspace, self.root) if self.root else []

    async def say(self, text: str) -> str:
        """What Kaia says to it first."""
        before = len(self.said)
        workspace = self._slack.workspace
        stamp = workspace.say("ann", "incidents", text, thread_ts=self.root or None)
        self.root = self.root or stamp
        try:
            said = await workspace.wait_for(
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


def found_in(watch: Watch, places: dict[str, str], *folders: Path) -> str:
    """Which canaries were seen where, for a person to read; nothing where none was."""
    seen = {
        f"{place}: {name}": about
        for place, text in places.items()
        for name, about in watch.seen_in(text).items()
    }
    seen |= watch.seen_below(*folders)
    return "\n\n".join(f"{name}:\n{about}" for name, about in sorted(seen.items()))


def asked_of(ollama: OllamaServer) -> str:
    return "\n".join(json.dumps(each, ensure_ascii=False) for each in ollama.requests)


async def test_no_piece_of_a_secret_is_anywhere_after_a_long_conversation(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer, watch: Watch, home: Path
) -> None:
    thread = Thread(slack, kaia)
    await thread.say(f"@kaia what is wrong in namespace {YARD}? {PASTED}")
    for number in range(len(ROUNDS) - 1):
        await thread.say(f"look at everything once more ({number})")
    receipts = 1
    while "There is no command" not in await thread.say(f"show {receipts}"):
        receipts += 1
    for text in ("rerun 2", "rerun 12", "what changed?", "status", "help", "stop", "Thanks!"):
        await thread.say(text)
    model, shown = asked_of(ollama), written_in_slack(slack)

    assert receipts > 40
    assert slack.workspace.files
    assert not found_in(watch, {"model": model, "Slack": shown}, home)
    for legitimate in (POD, COMMIT, IMAGE, "refused", "registry.example", "401 Unauthorized"):
        assert legitimate in shown, legitimate


@pytest.mark.usefixtures("team")
async def test_equal_secrets_have_equal_marks_in_one_conversation_and_others_in_another(
    slack: PlaygroundServer, kaia: KaiaProcess, ollama: OllamaServer
) -> None:
    first_variable = ".spec.containers[0].env[0]"
    commands = (
        f"get pod {POD} -o jsonpath={{{first_variable}}}",
        f"get pod {POD} -o custom-columns=E:{first_variable}.value",
    )
    tags: list[set[str]] = []
    for _ in range(2):
        ollama.otherwise = Parrot(deque([commands]))
        thread = Thread(slack, kaia)
        await thread.say(f"@kaia what is wrong with pod {POD} in namespace {YARD}?")
        tags += [{*TAG.findall(await thread.say(f"show {number}"))} for number in (2, 3)]

    assert [len(each) for each in tags] == [1, 1, 1, 1]
    assert tags[0] == tags[1] != tags[2] == tags[3]


async def test_a_chat_with_the_rights_of_an_administrator_shows_nothing_either(
    ollama: OllamaServer, apiserver: ApiServer, watch: Watch, home: Path
) -> None:
    ollama.otherwise = Parrot(deque([*ROUNDS[:5], ("get secrets -o yaml", "describe secret db")]))
    lines = [f"what is wrong in namespace {YARD}? {PASTED}", *["and now?"] * 5]
    lines += [f"show {number}" for number in range(1, 30)]
    lines += ["rerun 3", "what changed?", "status", "Thanks!"]
    environ = environ_of(home, ollama, apiserver.kubeconfig)

    code, said = await run("chat", environ, "\n".join(lines))

    assert code == 0, said
    assert "refused" in said
    assert not found_in(watch, {"model": asked_of(ollama), "terminal": said}, home)


@pytest.mark.parametrize("options", [("--json",), (), ("-A", "--json")])
async def test_triage_prints_no_piece_of_a_secret(
    ollama: OllamaServer, apiserver: ApiServer, watch: Watch, home: Path, options: tuple[str, ...]
) -> None:
    environ = environ_of(home, ollama, apiserver.kubeconfig)
    where = () if "-A" in options else ("-n", YARD)

    code, said = await run("triage", environ, "", *where, *options)

    assert code == 1
    assert "web" in said
    assert not found_in(watch, {"terminal": said}, home)


async def run(command: str, environ: dict[str, str], typed: str, *options: str) -> tuple[int, str]:
    """`kaia COMMAND …` to its end: its exit code, and all that it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", command, *options,
        env={"PATH": os.environ["PATH"]} | environ,
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(typed.encode()), 240)
    return process.returncode or 0, said.decode()
