"""How long the turns of a process that dies, or of a host that vanishes, wait for another."""

from pathlib import Path

from tests.doubles.other_host import other_host
from tests.doubles.postgres import Postgres
from tests.faults.hosts import moved, postgres_reached_from, vanished_under_load
from tests.faults.people import Habits
from tests.faults.stage import Plan, opened_stage
from tests.faults.storms import Kills, asking

KILLS = 6
_HABITS = Habits(pause_seconds=1.5)


async def after_a_kill(folder: Path, postgres: Postgres) -> list[float]:
    """Seconds from each kill -9 until a turn of that process ran again."""
    async with opened_stage(Plan(1, 2, postgres.url(), habits=_HABITS), folder / "kills") as stage:
        await stage.crew.start()
        async with asking(stage):
            await Kills(KILLS, with_warning=0, while_starting=0)(stage)
        return stage.crew.takeovers()


async def after_a_host_vanished(folder: Path) -> list[float]:
    """The same from the moment its link was cut. Raises NoOtherHost, NoPostgres."""
    with other_host() as host, postgres_reached_from(host) as postgres:
        plan = Plan(1, 2, postgres.url(), habits=_HABITS)
        folder = folder / "vanished"
        async with opened_stage(plan, folder) as stage, moved(stage, host, folder) as lonely:
            await stage.crew.start()
            return await vanished_under_load(stage, host, lonely)
