"""Postgres goes away under load and comes back, in order and as in a crash."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.postgres import NoPostgres, Postgres, running_postgres
from tests.faults.conftest import Report
from tests.faults.stage import ERRORS_WITHOUT_STORE, Plan, opened_stage
from tests.faults.storms import Restarts, weathered

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

RESTARTS = 6


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    try:
        with running_postgres() as server:
            yield server
    except NoPostgres as error:
        pytest.skip(str(error))


async def test_restarts_of_postgres_lose_and_double_nothing(
    tmp_path: Path, seed: int, report: Report, own_postgres: Postgres
) -> None:
    plan = Plan(seed, 2, own_postgres.url(), expected=ERRORS_WITHOUT_STORE)
    async with opened_stage(plan, tmp_path) as stage:
        report(await weathered(stage, Restarts(own_postgres, RESTARTS)))
