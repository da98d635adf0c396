"""How long the turns of a process that dies, or of a host that vanishes, wait for another."""

from pathlib import Path

from tests.doubles.other_host import other_host
from tests.doubles.postgres import Postgres
from tests.faults.crew import Place
from tests.faults.hosts import moved, postgres_reached_from, until, vanished_under_load
from tests.faults.people import Habits
from tests.faults.stage import Plan, Stage, opened_stage
from tests.faults.storms import asking

KILLS = 6
_HABITS = Habits(pause_seconds=1.5)


async def after_a_kill(folder: Path, postgres: Postgres) -> list[float]:
    """Seconds from each kill -9 until the model was asked about the same questions again."""
    plan = Plan(1, 2, postgres.url(), habits=_HABITS)
    async with opened_stage(plan, folder / "kills") as stage:
        await stage.crew.start()
        async with asking(stage):
            for number in range(KILLS):
                await _kill(stage, stage.crew.places[number % 2])
        return stage.crew.takeovers()


async def _kill(stage: Stage, place: Place) -> None:
    """In the middle of something; another is started when that has been taken over."""
    await until(lambda: bool(stage.mind.open_at(place.name)))
    before = len(stage.crew.takeovers())
    await stage.crew.kill_for_good(place)
    left = len(stage.crew.killed[-1].left)
    await until(lambda: len(stage.crew.takeovers()) == before + left)
    await place.start(stage.crew.folder)
    await place.until_connected()


async def after_a_host_vanished(folder: Path) -> list[float]:
    """The same from the moment its link was cut. Raises NoOtherHost, NoPostgres."""
    with other_host() as host, postgres_reached_from(host) as postgres:
        plan = Plan(1, 2, postgres.url(), habits=_HABITS)
        folder = folder / "vanished"
        async with opened_stage(plan, folder) as stage, moved(stage, host, folder) as lonely:
            await stage.crew.start()
            return await vanished_under_load(stage, host, lonely)
