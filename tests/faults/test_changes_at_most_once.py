"""Processes are killed while people approve changes: each is made once or not, and all is told."""

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.playground.objects import Message
from tests.apiserver import programs, server, workloads
from tests.apiserver.approved import give_rights
from tests.apiserver.server import ApiServer
from tests.doubles.approving import BOUND, Stage, opened_stage
from tests.doubles.kaia_process import KaiaProcess
from tests.doubles.postgres import Postgres

pytestmark = [pytest.mark.faults, pytest.mark.timeout(280)]

_THREADS, _IN_EACH = 4, 3
_LONGEST_SECONDS = 1.2
"""From a press to the kill: a change with its trial takes about half of it."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    try:
        found = programs.find(os.environ)
    except programs.ProgramsMissing as missing:
        pytest.skip(f"no real API server can run here: {missing}")
    home = tmp_path_factory.mktemp("changes") / "home"
    running = server.start(home, found)
    workloads.add_namespace(running.client, BOUND)
    give_rights(running.client, BOUND)
    yield running
    server.stop(home)


@asynccontextmanager
async def replicas(stage: Stage, count: int) -> AsyncIterator[list[KaiaProcess]]:
    running: list[KaiaProcess] = []
    try:
        running += [await stage.start() for _ in range(count)]
        yield running
    finally:
        for process in running:
            await process.kill()


async def proposed(stage: Stage, prefix: str) -> dict[str, tuple[str, Message]]:
    """Deployment -> its thread and the message with its buttons."""
    found: dict[str, tuple[str, Message]] = {}
    for thread in range(_THREADS):
        names = [f"{prefix}-{thread}-{place}" for place in range(_IN_EACH)]
        for name in names:
            workloads.add_deployment(stage.apiserver.client, BOUND, name, replicas=1, available=1)
        lines = [f"kubectl scale deployment/{name} --replicas=3 -n {BOUND}" for name in names]
        root, offers = await stage.propose(*lines)
        found |= {name: (root, offer) for name, offer in zip(names, offers, strict=True)}
    return found


async def press_and_kill(
    stage: Stage, running: list[KaiaProcess], offer: Message, dice: random.Random
) -> None:
    """Two people press at nearly the same time, and a process dies at any moment after that."""
    await stage.until(lambda now: now.deliveries.connections)
    with contextlib.suppress(LookupError):  # decided by now, and without buttons
        stage.press("zoe", offer)
        stage.press("ben", offer)
    await asyncio.sleep(dice.random() * _LONGEST_SECONDS)
    victim = dice.randrange(len(running))
    await running[victim].kill()
    running[victim] = await stage.start()


async def press_what_is_left(stage: Stage, offers: list[Message]) -> None:
    """A press that nobody took was shown as failed, so people press again."""
    for _ in range(5):
        await stage.until(lambda now: now.deliveries.connections)
        for offer in offers:
            with contextlib.suppress(LookupError):
                stage.press("zoe", offer)
        with contextlib.suppress(TimeoutError):
            await stage.workspace.wait_for(lambda _: not open_in(stage, offers), timeout=10)
            return


def open_in(stage: Stage, offers: list[Message]) -> list[str]:
    threads = {offer.thread_ts or offer.ts for offer in offers}
    return [f"{each.ts} {each.text[:300]}" for root in threads for each in stage.offers(root)]


@pytest.mark.parametrize("processes", [1, 2])
async def test_each_change_is_made_at_most_once_and_its_thread_hears_of_it_once(
    request: pytest.FixtureRequest, cluster: ApiServer, tmp_path: Path, processes: int, seed: int
) -> None:
    url = ""
    if processes > 1:
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.url()
    dice = random.Random(seed)  # noqa: S311 - a schedule, no secret
    async with opened_stage(cluster, tmp_path, url) as stage, replicas(stage, processes) as running:
        found = await proposed(stage, f"for-{processes}")
        since = stage.mark()
        for _, offer in dice.sample(list(found.values()), len(found)):
            await press_and_kill(stage, running, offer, dice)
        offers = [offer for _, offer in found.values()]
        await press_what_is_left(stage, offers)
        assert not open_in(stage, offers), f"{open_in(stage, offers)}\n{stage.logs()[-4000:]}"

        fates = {name: fate(stage, since, name, root) for name, (root, _) in found.items()}
    assert all(each in {"made", "unknown and made", "unknown"} for each in fates.values()), (
        seed,
        fates,
    )
    assert "made" in fates.values(), (seed, fates)
    print(f"seed {seed}, {processes} processes, {len(found)} kills: {sorted(fates.values())}")  # noqa: T201


def fate(stage: Stage, since: int, name: str, root: str) -> str:
    """What was done, where it is what was told; else the difference."""
    changes = [each for each in stage.changes(since) if f"/{name}/" in each["requestURI"]]
    told = [text for text in map(_told, stage.said(root)) if f"deployment/{name} " in text]
    made = [text for text in told if "was run (exit 0" in text]
    unknown = [text for text in told if "it may have been made or not" in text]
    match len(changes), len(made), len(unknown):
        case 1, 1, 0:
            return "made"
        case 1, 0, 1:
            return "unknown and made"
        case 0, 0, 1:
            return "unknown"
        case other:
            return f"changes, told as made, told as unknown: {other}"


def _told(message: Message) -> str:
    """Only of what became of a change: proposals name the command too."""
    text = "\n".join(str(block.get("text", "")) for block in message.blocks)
    return "" if "**Proposed change**" in text or "not run: proposed" in text else text
