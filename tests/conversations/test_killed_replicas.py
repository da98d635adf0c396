"""Replicas that are killed, frozen, told to end, or cut off the network; real processes."""

import asyncio
import itertools
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.conftest import Engine
from tests.conversations.replicas import Replicas, asking, end_sessions
from tests.doubles.conversation_edges import said
from tests.doubles.other_host import NoOtherHost, OtherHost, other_host
from tests.doubles.postgres import NoPostgres, Postgres, running_postgres


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.url()


async def test_a_killed_replicas_turns_are_taken_over_within_two_seconds(url: str) -> None:
    async with Replicas(url) as replicas, asking(url) as engine:
        first, second = await asyncio.gather(replicas.start(), replicas.start())
        takeovers = []
        for number in range(3):
            await engine.inbox.receive(said("work 0.6", thread=f"{number}.0"))
            [began] = (await replicas.did("begins", 2 * number + 1))[2 * number :]
            replicas.signal(began.by, signal.SIGKILL)
            killed = asyncio.get_running_loop().time()  # monotonic, as the deeds' moments are
            again = (await replicas.did("begins", 2 * number + 2))[-1]
            takeovers.append(again.at - killed)
            assert (again.attempt, again.crashes) == (2, 1)
            await engine.settled(number + 1)
            await replicas.start()
        print(f"taken over after {', '.join(f'{s:.2f}' for s in takeovers)} s")  # noqa: T201
        assert max(takeovers) < 2.0
        assert {first, second} & {deed.by for deed in replicas.of("posted")}
        assert not replicas.overlaps()


async def test_kills_and_restarts_under_load_lose_nothing_and_keep_the_order(
    url: str, postgres: Postgres
) -> None:
    async with Replicas(url) as replicas, asking(url) as engine:
        alive = list(await asyncio.gather(*(replicas.start() for _ in range(3))))
        numbers = itertools.count()

        async def ask(count: int) -> None:
            for _ in range(count):
                number = next(numbers)
                await engine.inbox.receive(said("work 0.05", thread=f"{number % 7}.0"))

        for _ in range(2):
            await ask(15)
            replicas.signal(alive.pop(0), signal.SIGKILL)
            await ask(15)
            alive.append(await replicas.start())
        await ask(10)
        await asyncio.to_thread(postgres.restart, "immediate")
        await ask(15)
        rows = await settled(engine, total := next(numbers))
        assert [row.status for row in rows] == ["done"] * total
        assert max(row.crashes for row in rows) <= 2
        for thread in {row.thread for row in rows}:
            in_line = [row.id for row in rows if row.thread == thread]
            ended = sorted((row.finished, row.id) for row in rows if row.thread == thread)
            assert [name for _, name in ended] == in_line
            entries = await engine.store.transcript(thread)
            assert len(entries) == 2 * len(in_line)
        assert not replicas.overlaps()


async def settled(engine: Engine, number: int) -> list[Any]:
    """Polite to a server that two cores share with three replicas."""
    async with asyncio.timeout(60):
        while True:
            rows = await engine.rows()
            if sum(row.finished is not None for row in rows) >= number:
                return rows
            await asyncio.sleep(0.1)


async def test_a_frozen_replica_that_lost_its_session_saves_nothing_when_it_thaws(
    url: str, postgres: Postgres
) -> None:
    async with Replicas(url) as replicas, asking(url) as engine:
        await replicas.start()
        await engine.inbox.receive(said("work 1.5"))
        [began] = await replicas.did("begins")
        os.kill(began.by, signal.SIGSTOP)
        other = await replicas.start()
        end_sessions(postgres, url)
        await replicas.did("begins", by=other)
        await replicas.did("posted", by=other)
        os.kill(began.by, signal.SIGCONT)
        [ended] = await replicas.did("ends", by=began.by)
        assert ended.at - began.at > 1.5
        [row] = await engine.settled(1)
        assert (row.status, row.attempt) == ("done", 2)
        assert not replicas.of("posted", by=began.by)
        await engine.inbox.receive(said("work 0"))
        await replicas.did("posted", 2)
        assert len(await engine.store.transcript("T1:C1:1.0")) == 4


async def test_a_lost_session_is_let_go_of_before_another_replica_begins(
    url: str, postgres: Postgres
) -> None:
    async with Replicas(url) as replicas, asking(url) as engine:
        await asyncio.gather(replicas.start(), replicas.start())
        for number in range(6):
            await engine.inbox.receive(said("work 0.5", thread=f"{number}.0"))
        await replicas.did("begins", 6)
        end_sessions(postgres, url)
        await replicas.did("posted", 6)
        assert not replicas.overlaps()
        rows = await engine.settled(6)
        assert all(row.status == "done" for row in rows)


async def test_a_replica_that_is_told_to_end_hands_over_and_says_so(url: str) -> None:
    async with Replicas(url) as replicas, asking(url) as engine:
        leaving = await replicas.start(drain=0.3)
        await engine.inbox.receive(said("work 4"))
        await engine.inbox.receive(said("work 0"))
        await replicas.did("begins")
        other = await replicas.start()
        replicas.signal(leaving, signal.SIGTERM)
        [again] = await replicas.did("begins", by=other)
        [note] = await replicas.did("note", by=leaving)
        assert await replicas.ended(leaving) == 0
        [ended] = replicas.of("ends", by=leaving)
        print(f"begun again {(again.at - ended.at) * 1000:.0f} ms after it was parked")  # noqa: T201
        assert 0 < again.at - ended.at < 1.0
        assert "back in line" in note.text
        assert (again.attempt, again.crashes) == (2, 0)
        posts = await replicas.did("posted", 2)
        assert [post.said for post in posts] == ["work 4", "work 0"]


# A host that vanishes


@pytest.fixture
def host() -> Iterator[OtherHost]:
    try:
        with other_host() as host:
            yield host
    except NoOtherHost as error:
        pytest.skip(str(error))


@contextmanager
def reachable_postgres(host: OtherHost, folder: Path) -> Iterator[Postgres]:
    """Directly, for its own sockets have to notice; the folder is one that everybody may read."""
    rules = folder / "pg_hba.conf"
    rules.write_text(f"host all all 127.0.0.1/32 trust\nhost all all {host.network} trust\n")
    rules.chmod(0o644)
    try:
        with running_postgres() as postgres:
            addresses = f"listen_addresses=127.0.0.1,{host.address}"
            postgres.restart("fast", addresses, f"hba_file={rules}")
            yield postgres
    except NoPostgres as error:
        pytest.skip(str(error))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kaia-rules-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.timeout(120)
async def test_a_vanished_hosts_turns_are_taken_over_within_fourteen_seconds(
    host: OtherHost, open_folder: Path
) -> None:
    with reachable_postgres(host, open_folder) as postgres:
        url = postgres.url()
        async with Replicas(url) as replicas, asking(url) as engine:
            gone = await replicas.start(before=host.prefix, url=host.seen_from_there(url))
            await engine.inbox.receive(said("work 120"))
            await replicas.did("begins", by=gone)
            other = await replicas.start()
            cut = asyncio.get_running_loop().time()
            host.vanish()
            for number in range(20):  # what the server sends meanwhile must not keep it waiting
                await engine.inbox.receive(said("work 0", thread=f"{number + 2}.0"))
            [cancelled] = await replicas.did("ends", by=gone)
            await replicas.until(lambda: any(d.attempt == 2 for d in replicas.of("begins")))
            [again] = [deed for deed in replicas.of("begins", by=other) if deed.attempt == 2]
            print(  # noqa: T201
                f"host vanished: let go of after {cancelled.at - cut:.1f} s,"
                f" taken over after {again.at - cut:.1f} s"
            )
            assert cancelled.at < again.at
            assert again.at - cut < 14.0
            host.come_back()
