"""Schedules of CronJobs, and when they were last due."""

from datetime import UTC, datetime

import pytest

from bot.cluster.checks.jobs.schedules import parsed, zone_of

_NOW = datetime(2026, 3, 4, 12, 7, 30, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("* * * * *", "2026-03-04T12:07"),
        ("*/5 * * * *", "2026-03-04T12:05"),
        ("5/20 * * * *", "2026-03-04T12:05"),
        ("30 2 * * *", "2026-03-04T02:30"),
        ("30 22 * * *", "2026-03-03T22:30"),
        ("0 9-17/4 * * 1-5", "2026-03-04T09:00"),
        ("0 0 * * sun", "2026-03-01T00:00"),
        ("0 0 * * 7", "2026-03-01T00:00"),
        ("0 0 1 * *", "2026-03-01T00:00"),
        ("0 0 13 * fri", "2026-02-27T00:00"),
        ("0 0 29 2 *", "2024-02-29T00:00"),
        ("0 6 1 jan,jul ?", "2026-01-01T06:00"),
        ("@hourly", "2026-03-04T12:00"),
        ("@weekly", "2026-03-01T00:00"),
        ("@yearly", "2026-01-01T00:00"),
    ],
)
def test_it_was_last_due_at(written: str, due: str) -> None:
    schedule = parsed(written)
    assert schedule is not None
    assert next(schedule.before(_NOW)).isoformat(timespec="minutes") == f"{due}+00:00"


def test_a_time_zone_shifts_it() -> None:
    schedule, zone = parsed("30 2 * * *"), zone_of("America/New_York")
    assert schedule is not None
    assert zone is not None
    assert next(schedule.before(_NOW, zone)) == datetime(2026, 3, 4, 7, 30, tzinfo=UTC)


def test_earlier_times_follow() -> None:
    schedule = parsed("0 */6 * * *")
    assert schedule is not None
    due = schedule.before(_NOW)
    assert [next(due).hour for _ in range(4)] == [12, 6, 0, 18]


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@every 5m",
        "* * * *",
        "60 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "5-1 * * * *",
        "* * * * * *",
    ],
)
def test_what_is_no_schedule_is_none(written: str) -> None:
    assert parsed(written) is None


def test_a_day_that_never_comes_is_never_due() -> None:
    schedule = parsed("0 0 31 2 *")
    assert schedule is not None
    assert list(schedule.before(_NOW)) == []


@pytest.mark.parametrize("name", ["Mars/Olympus", "America", "../etc"])
def test_an_unknown_zone_is_none(name: str) -> None:
    assert zone_of(name) is None
