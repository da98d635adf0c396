"""What goes wrong while people ask: kills, restarts, broken connections. A storm ends by itself."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from bot.playground.faults import FaultKind
from tests.doubles.breaking_proxy import BreakingProxy
from tests.doubles.postgres import Mode, Postgres
from tests.faults.balance import Balance, drawn, settled
from tests.faults.crew import Place
from tests.faults.stage import Stage

Storm = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Kills:
    """SIGKILL of a random process at random moments, and now and then SIGTERM."""

    times: int
    longest_seconds: float = 3.0
    """Of quiet between a process's connection and its end, or between two kills."""
    with_warning: float = 0.15
    while_starting: float = 0.15
    """Share of kills that do not wait until the process is connected."""

    async def __call__(self, stage: Stage) -> None:
        for _ in range(self.times):
            place = stage.dice.choice(stage.crew.places)
            await self._until_it_is_worth_it(stage.dice, place)
            if stage.dice.random() < self.with_warning:
                await stage.crew.terminate(place)
            else:
                await stage.crew.kill(place)
        await stage.crew.until_connected()

    async def _until_it_is_worth_it(self, dice: random.Random, place: Place) -> None:
        if dice.random() >= self.while_starting:
            await place.until_connected()
        await asyncio.sleep(dice.uniform(0, self.longest_seconds))


@dataclass(frozen=True, slots=True)
class Restarts:
    """Of Postgres, as at an upgrade (`fast`) and as at a crash (`immediate`), in turns."""

    postgres: Postgres
    times: int
    longest_seconds: float = 5.0

    async def __call__(self, stage: Stage) -> None:
        for number in range(self.times):
            await asyncio.sleep(stage.dice.uniform(1, self.longest_seconds))
            mode: Mode = "immediate" if number % 2 else "fast"
            await asyncio.to_thread(self.postgres.stop, mode)
            await asyncio.sleep(stage.dice.uniform(0, 2))
            await asyncio.to_thread(self.postgres.start)
        await asyncio.sleep(self.longest_seconds)


@dataclass(frozen=True, slots=True)
class BrokenNetwork:
    """Between Kaia and Slack: connections cut or held, answers lost, calls refused."""

    acts: int
    longest_seconds: float = 2.0
    held_seconds: float = 4.0

    async def __call__(self, stage: Stage) -> None:
        assert stage.proxy is not None, "this storm needs a stage with a proxy"
        for _ in range(self.acts):
            await asyncio.sleep(stage.dice.uniform(0.2, self.longest_seconds))
            await self._act(stage, stage.proxy)
        stage.server.workspace.faults.clear()
        await asyncio.sleep(self.held_seconds)

    async def _act(self, stage: Stage, proxy: BreakingProxy) -> None:
        match stage.dice.choice(("cut", "cut some", "lose", "lose", "hold", "refuse", "fault")):
            case "cut":
                proxy.cut()
            case "cut some":
                proxy.cut(0.5)
            case "lose":
                proxy.lose_answers(2, about="/api/chat.postMessage")
            case "hold":
                proxy.hold(stage.dice.choice(("up", "down", None)))
                await asyncio.sleep(stage.dice.uniform(0, self.held_seconds))
                proxy.release()
            case "refuse":
                proxy.refuse(stage.dice.uniform(0.2, 1.5))
            case _:
                _let_a_call_fail(stage)


def _let_a_call_fail(stage: Stage) -> None:
    kinds: tuple[FaultKind, ...] = ("ratelimited", "server_error", "drop_after_commit", "drop")
    kind = stage.dice.choice(kinds)
    details = {"retry_after": 1} if kind == "ratelimited" else {}
    stage.server.workspace.faults.add("chat.postMessage", kind, **details)


@asynccontextmanager
async def asking(stage: Stage) -> AsyncIterator[None]:
    """People ask for as long as the block runs."""
    over = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(stage.people.ask(over), name="people")
        try:
            yield
        finally:
            over.set()


async def weathered(stage: Stage, storm: Storm) -> Balance:
    """The balance of a storm, drawn when everything has come to rest; logs to their end."""
    await stage.crew.start()
    async with asking(stage):
        await storm(stage)
    await settled(stage)
    balance = drawn(stage)
    codes = await stage.crew.end()
    assert set(codes.values()) == {0}, f"ended with {codes}"
    return replace(balance, complaints=tuple(stage.crew.complaints(stage.plan.expected)))
