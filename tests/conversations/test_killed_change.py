"""A process dies while an approved command runs: the next one tells, and never runs it again."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson

from bot.conversations import Store
from bot.conversations.turns.approvals import Approvals
from tests.conversations.conftest import Engine
from tests.doubles.changing import WRITES, Clock, CountingChanges, press, proposal
from tests.doubles.conversation_edges import ReceiptToolbox, said

_ROOT = Path(__file__).parents[2]


async def propose_and_press(url: str) -> None:
    store = await Store.open(url, exclusive=True, clock=Clock())
    async with Engine(store, toolbox=ReceiptToolbox(proposals=[proposal()])).at_work() as engine:
        await engine.inbox.receive(said("Scale web up."))
        await engine.settled(1)
    assert await Engine(store).inbox.receive(press())
    await store.close()


@asynccontextmanager
async def a_process(url: str, mode: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Killed at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.conversations.change_process", url, mode),
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        await process.communicate()


async def first_deed(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        line = await process.stdout.readline()
    assert line, "the process ended"
    deed: dict[str, Any] = orjson.loads(line)
    return deed


async def test_a_change_whose_process_died_is_told_as_unknown_and_not_run_again(
    each_url: str,
) -> None:
    await propose_and_press(each_url)
    async with a_process(each_url, "hang") as process:
        assert (await first_deed(process))["what"] == "ran"
    async with a_process(each_url, "end") as process:
        deed = await first_deed(process)

    assert deed["what"] == "posted"
    assert "its outcome is unknown" in deed["text"]
    assert "Kaia was restarted before it knew how the command ended" in deed["text"]
    assert "**Now:** `deployment/web`" in deed["text"]
    store = await Store.open(each_url, exclusive=True)
    kept = await store.proposals.find("p-1")
    await store.close()
    assert kept is not None
    assert (kept.fate, kept.by) == ("unknown", "Zoe (U900)")


async def test_a_change_that_waited_for_a_process_is_made_by_the_next(each_url: str) -> None:
    await propose_and_press(each_url)
    async with a_process(each_url, "end") as process:
        assert (await first_deed(process))["what"] == "ran"
        deed = await first_deed(process)

    assert deed["text"].startswith("Approved by Zoe (U900) at ")


async def test_where_changes_were_switched_off_in_between_it_is_still_told(url: str) -> None:
    await propose_and_press(url)
    async with a_process(url, "hang") as process:
        await first_deed(process)
    store = await Store.open(url, exclusive=True)
    off = Approvals(store, None, WRITES)
    async with Engine(store, turning={"approvals": off}).at_work() as engine:
        [shown] = await engine.gallery.showed(1)
    await store.close()

    assert "it may have been made or not" in shown.text


async def test_a_drain_while_the_command_runs_leaves_its_outcome_for_the_next_process(
    url: str,
) -> None:
    await propose_and_press(url)
    store = await Store.open(url, exclusive=True)
    changes = CountingChanges(gate=asyncio.Event())
    turning = {"approvals": Approvals(store, changes, WRITES, Clock())}
    limits = {"drain_seconds": 0.1}
    async with Engine(store, limits=limits, turning=turning).at_work() as engine:
        await changes.started.wait()
    assert not engine.gallery.shown
    async with Engine(store).at_work() as later:
        [shown] = await later.gallery.showed(1)
    await store.close()

    assert "the command was cut short" in shown.text
    assert shown.repeated
    assert len(changes.ran) == 1
