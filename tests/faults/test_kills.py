"""Processes killed at random moments under load: every question gets its one answer."""

from pathlib import Path

import pytest

from tests.doubles.postgres import Postgres
from tests.faults.conftest import Report
from tests.faults.people import Habits
from tests.faults.stage import far_from_slack, opened_stage
from tests.faults.storms import Kills, weathered

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

KILLS = 26


async def test_one_process_on_sqlite_loses_and_doubles_nothing(
    tmp_path: Path, seed: int, report: Report
) -> None:
    # One process has to catch up after each kill with what came meanwhile.
    habits = Habits(threads=8, pause_seconds=4)
    plan = far_from_slack(seed, 1, f"sqlite:///{tmp_path / 'kaia.db'}", habits)
    async with opened_stage(plan, tmp_path) as stage:
        report(await weathered(stage, Kills(KILLS)))


async def test_three_processes_on_postgres_lose_and_double_nothing(
    tmp_path: Path, seed: int, report: Report, postgres: Postgres
) -> None:
    plan = far_from_slack(seed, 3, postgres.url(), Habits(threads=10, pause_seconds=4))
    async with opened_stage(plan, tmp_path) as stage:
        balance = await weathered(stage, Kills(KILLS))
    report(balance)
    assert balance.takeovers
