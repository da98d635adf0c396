"""Recorded times move with the clock; text that only looks like one stays."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.recordings.replay.logs import select
from bot.recordings.replay.times import Stamped, later, moment

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2026-11-27T10:20:00Z", "2026-11-27T11:20:00Z"),
        ("2026-11-27T23:59:59.123456789Z", "2026-11-28T00:59:59.123456789Z"),
        ("2026-11-27T10:20:00.5+02:00", "2026-11-27T11:20:00.5+02:00"),
        ("2026-13-27T10:20:00Z", "2026-13-27T10:20:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_time_moves_and_keeps_its_fraction_and_zone(before: str, after: str) -> None:
    assert later(before, HOUR) == after


def test_only_fields_for_times_move() -> None:
    at, moved = "2026-11-27T10:20:00Z", "2026-11-27T11:20:00Z"
    found = {
        "metadata": {"creationTimestamp": at, "annotations": {"example.com/restartedAt": at}},
        "state": [{"finishedAt": at, "message": at}],
        "data": {"releaseTime": at},
        "message": f"since {at}",
        "lastTimestamp": None,
    }
    expected = {
        "metadata": {"creationTimestamp": moved, "annotations": {"example.com/restartedAt": moved}},
        "state": [{"finishedAt": moved, "message": at}],
        "data": {"releaseTime": at},
        "message": f"since {at}",
        "lastTimestamp": None,
    }
    assert orjson.loads(Stamped(found).at(HOUR)) == expected
    assert orjson.loads(Stamped(found).at(timedelta())) == found


def test_cells_of_a_table_that_are_times_move() -> None:
    cells = ["web", "5m", "2026-11-27T10:20:00Z", 3, None]
    moved = ["web", "5m", "2026-11-27T11:20:00Z", 3, None]
    assert orjson.loads(Stamped(cells, is_cells=True).at(HOUR)) == moved


@given(st.integers(0, 10**10), st.integers(0, 10**8))
def test_what_moves_is_later_by_exactly_that_much(at: int, seconds: int) -> None:
    text = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    shift = timedelta(seconds=seconds)
    before, after = moment(text), moment(later(text, shift))
    assert before is not None
    assert after is not None
    assert after - before == shift


class TestLogs:
    now = datetime(2026, 11, 27, 11, 20, tzinfo=UTC)
    text = (
        "2026-11-27T10:18:00Z one\n2026-11-27T10:19:00.25Z two\n"
        "2026-11-27T10:19:59Z three 2026-11-27T10:19:59Z\n"
    )

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, "one\ntwo\nthree 2026-11-27T10:19:59Z\n"),
            ({"tailLines": "1"}, "three 2026-11-27T10:19:59Z\n"),
            ({"tailLines": "0"}, ""),
            ({"sinceSeconds": "90"}, "two\nthree 2026-11-27T10:19:59Z\n"),
            ({"sinceTime": "2026-11-27T11:19:30Z"}, "three 2026-11-27T10:19:59Z\n"),
            ({"sinceTime": "2026-11-27T13:19:30+02:00"}, "three 2026-11-27T10:19:59Z\n"),
            ({"limitBytes": "5"}, "one\nt"),
            (
                {"timestamps": "true", "sinceSeconds": "30", "tailLines": "2"},
                "2026-11-27T11:19:59Z three 2026-11-27T10:19:59Z\n",
            ),
        ],
    )
    def test_lines_are_chosen_by_count_time_and_bytes(
        self, query: dict[str, str], expected: str
    ) -> None:
        assert select(self.text, query, HOUR, self.now).decode() == expected
