"""Connections to Slack break in every way there is, and a whole host vanishes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.other_host import NoOtherHost, OtherHost, other_host
from tests.doubles.postgres import NoPostgres, Postgres
from tests.faults.balance import drawn, settled
from tests.faults.conftest import Report
from tests.faults.hosts import moved, postgres_reached_from, vanished_under_load
from tests.faults.people import Habits
from tests.faults.stage import ERRORS_WITHOUT_STORE, Plan, opened_stage
from tests.faults.storms import BrokenNetwork, weathered

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

ACTS = 14
TAKEOVER_AIM_SECONDS = 14


async def test_broken_connections_to_slack_lose_and_double_nothing(
    tmp_path: Path, seed: int, report: Report
) -> None:
    plan = Plan(seed, 1, f"sqlite:///{tmp_path / 'kaia.db'}", through_proxy=True)
    async with opened_stage(plan, tmp_path) as stage:
        report(await weathered(stage, BrokenNetwork(ACTS)))


@pytest.fixture
def far_away() -> Iterator[OtherHost]:
    try:
        with other_host() as host:
            yield host
    except NoOtherHost as error:
        pytest.skip(str(error))


@pytest.fixture
def reachable_postgres(far_away: OtherHost) -> Iterator[Postgres]:
    try:
        with postgres_reached_from(far_away) as server:
            yield server
    except NoPostgres as error:
        pytest.skip(str(error))


async def test_the_turns_of_a_host_that_vanishes_are_taken_over_and_answered_once(
    tmp_path: Path, seed: int, report: Report, far_away: OtherHost, reachable_postgres: Postgres
) -> None:
    habits = Habits(pause_seconds=2)
    plan = Plan(seed, 2, reachable_postgres.url(), habits=habits, expected=ERRORS_WITHOUT_STORE)
    async with opened_stage(plan, tmp_path) as stage, moved(stage, far_away, tmp_path) as lonely:
        await stage.crew.start()
        takeovers = await vanished_under_load(stage, far_away, lonely)
        await settled(stage)
        assert set((await stage.crew.end()).values()) == {0}
        report(drawn(stage))
    assert max(takeovers) < TAKEOVER_AIM_SECONDS
