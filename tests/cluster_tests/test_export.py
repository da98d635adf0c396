"""`kaia export`: an incident is asked about, mended, exported, and found again as it was."""

import asyncio
import io
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from bot.evaluation import scenario as evaluated
from bot.playground import PlaygroundServer
from bot.recordings.format import Kind, Recording
from bot.recordings.incident import receipts_of
from bot.recordings.replay.kubeconfig import kubeconfig, write
from bot.recordings.replay.server import ReplayServer
from tests.apiserver.server import ApiServer
from tests.doubles.asking import answers, of_slack, opened_workspace, running_kaia
from tests.doubles.canaries import Watch
from tests.doubles.careless import CarelessTeam
from tests.doubles.careless_texts import YARD
from tests.scenarios import expectations, server_stage
from tests.scenarios.asking import answered, triaged
from tests.scenarios.objects import Objects
from tests.scenarios.scenario import Scenario, on

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(200)]

_ROOT = Path(__file__).parents[2]
PODS = Kind("", "v1", "pods", "Pod")
BY_NAME = {each.name: each for each in on("server")}
NAMES = ("image-tag-unknown", "crash-loop-told-by-its-log", "out-of-memory", "configmap-misspelt")
"""An event, a log, a status, and what is not there."""
OLDER = "exit-127-command-not-found"


class Asked(NamedTuple):
    scenario: Scenario
    thread: str
    environ: dict[str, str]


@pytest.fixture(scope="module")
def apiserver(own_apiserver: ApiServer) -> ApiServer:
    """Namespaces of scenarios stay, and others set up the same."""
    return own_apiserver


@pytest.fixture
def scenario(request: pytest.FixtureRequest, apiserver: ApiServer) -> Iterator[Scenario]:
    chosen = BY_NAME[request.param]
    with server_stage.set_up(chosen, apiserver):
        yield chosen


@pytest.fixture
async def slack() -> AsyncIterator[PlaygroundServer]:
    async with opened_workspace() as server:
        yield server


def environ_of(slack: PlaygroundServer, apiserver: ApiServer, home: Path) -> dict[str, str]:
    return of_slack(slack) | {
        "KAIA_MODEL": "builtin",
        "KAIA_STORE": f"sqlite:///{home / 'kaia.db'}",
        "KUBECONFIG": str(apiserver.limited_kubeconfig),
        "HOME": str(home),
    }


@pytest.fixture
async def asked(
    scenario: Scenario, slack: PlaygroundServer, apiserver: ApiServer, tmp_path: Path
) -> AsyncIterator[Asked]:
    """Of a Kaia that goes on running; afterwards nothing of the fault is left in the cluster."""
    environ = environ_of(slack, apiserver, tmp_path)
    async with running_kaia(tmp_path / "kaia.log", environ) as kaia:
        workspace = slack.workspace
        root = workspace.say("ann", "incidents", f"@kaia {scenario.question}")
        await answers(slack, kaia, root, 1)
        workspace.say("ann", "incidents", "and its logs?", thread_ts=root)
        await answers(slack, kaia, root, 2)
        channel = workspace.directory.channel("incidents").id
        mend(scenario, apiserver)
        yield Asked(scenario, f"{channel}:{root}", environ)


def mend(scenario: Scenario, server: ApiServer) -> None:
    """All that the scenario has made in its namespace is deleted."""
    objects = Objects(server.client)
    for each in scenario.manifests:
        metadata = {"namespace": scenario.namespace, **each["metadata"]}
        server.client.delete(objects.path_of({**each, "metadata": metadata}))
    server.client.delete(f"/api/v1/namespaces/{scenario.namespace}/events")


async def export(
    thread: str, target: Path, environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "bot", "export", thread, "-o", str(target)],
        cwd=_ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@asynccontextmanager
async def replayed(folder: Path, home: Path) -> AsyncIterator[Path]:
    recording = Recording.open(folder)
    async with ReplayServer(recording) as server:
        file = home / f"{folder.name}.kubeconfig"
        write(file, kubeconfig(server.url, recording.manifest))
        yield file


@pytest.mark.parametrize("scenario", NAMES, indirect=True)
async def test_what_is_mended_is_found_again_as_it_was(
    asked: Asked, apiserver: ApiServer, tmp_path: Path
) -> None:
    healed = await asyncio.to_thread(triaged, asked.scenario, apiserver.limited_kubeconfig)
    assert healed["healthy"], healed

    ran = await export(asked.thread, tmp_path / "out" / "incident", asked.environ)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    assert "as seen then" in ran.stdout

    async with replayed(tmp_path / "out" / "incident", tmp_path) as file:
        report = await asyncio.to_thread(triaged, asked.scenario, file)
        said = await answered(asked.scenario, file)
    assert not expectations.of_report(asked.scenario, report)
    assert not expectations.of_answer(asked.scenario, said.markdown, said.receipts)

    loaded = evaluated.load(tmp_path / "out" / "incident")
    assert loaded.expected.question == asked.scenario.question
    assert loaded.expected.follow_ups == ("and its logs?",)
    remembered = receipts_of(loaded.folder)
    assert remembered
    assert all(each.command.startswith("kubectl ") for each in remembered)
    text = (loaded.folder / "scenario.yaml").read_text()
    assert "ann" not in text.lower().split()

    if not loaded.expected.must:  # its cause stands in a log alone, and so was not confirmed
        assert "Nothing was confirmed: write what" in ran.stdout
        by_hand = yaml.safe_dump({"must": [[*each] for each in asked.scenario.must]})
        (loaded.folder / "scenario.yaml").write_text(f"{text}{by_hand}")
    code, told = await evaluate(loaded.folder, tmp_path)
    assert code == 0, told


async def evaluate(folder: Path, home: Path) -> tuple[int | None, str]:
    """With the built-in wording: exit code, and all that was printed."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "eval", "--model", "builtin", "--scenarios"),
        *(str(folder), "-n", "1", "-o", str(home / "run")),
        env={"PATH": os.environ["PATH"], "HOME": str(home)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, logged = await running.communicate()
    return running.returncode, told.decode() + logged.decode()


@pytest.mark.parametrize("scenario", [OLDER], indirect=True)
async def test_of_an_older_conversation_there_is_what_its_receipts_say(
    asked: Asked, tmp_path: Path
) -> None:
    """It was had with a Kaia that kept no look."""
    with closing(sqlite3.connect(tmp_path / "kaia.db", timeout=20)) as database:
        database.execute("DELETE FROM notes WHERE name = 'looked'")
        database.commit()
    ran = await export(asked.thread, tmp_path / "out" / "older", asked.environ)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    assert "no look was kept" in ran.stdout
    assert evaluated.load(tmp_path / "out" / "older").expected.question == asked.scenario.question
    assert receipts_of(tmp_path / "out" / "older")
    parts = json.loads((tmp_path / "out" / "older" / "receipts.json").read_text())["parts"]
    assert not any(part["how"] == "as seen then" for part in parts)
    assert Recording.open(tmp_path / "out" / "older").objects(PODS) == []


async def test_of_a_careless_team_nothing_secret_is_kept_exported_or_sent(
    slack: PlaygroundServer, apiserver: ApiServer, tmp_path: Path
) -> None:
    """By the command line, and by the word `export` after the close-out."""
    team = CarelessTeam(apiserver)
    team.set_up()
    workspace, environ = slack.workspace, environ_of(slack, apiserver, tmp_path)
    async with running_kaia(tmp_path / "kaia.log", environ) as kaia:
        root = workspace.say("ann", "incidents", f"@kaia what is wrong in namespace {YARD}?")
        await answers(slack, kaia, root, 1)
        for count, words in enumerate(("and its logs?", "Thanks!", "export"), start=2):
            workspace.say("ann", "incidents", words, thread_ts=root)
            said = await answers(slack, kaia, root, count, seconds=90)
        thread = f"{workspace.directory.channel('incidents').id}:{root}"
        ran = await export(thread, tmp_path / "out" / "careless", environ)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    assert "as seen then" in ran.stdout
    assert "`export` keeps the incident as a scenario" in said[2]

    [sent] = [each for each in workspace.files.values() if each.name.endswith(".zip")]
    assert sent.name in said[3]
    with zipfile.ZipFile(io.BytesIO(sent.content or b"")) as archive:
        archive.extractall(tmp_path / "sent")
    [folder] = (tmp_path / "sent").iterdir()
    assert Recording.open(folder).manifest.namespaces == (YARD,)
    assert evaluated.load(folder).expected.follow_ups == ("and its logs?",)
    assert Watch(team.canaries).seen_below(tmp_path) == {}
    team.leave()
