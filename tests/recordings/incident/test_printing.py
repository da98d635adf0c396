"""What is printed without a server, beside what a real server printed of the same objects."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.app.shown import SHOP
from bot.recordings.format import Recording
from bot.recordings.incident.durations import ago, between
from bot.recordings.incident.printing import columns_of, in_columns, is_relative, printed

SHOWN = Recording.open(SHOP)
PRINTED = [
    pytest.param(kind, found, id=f"{kind.kind} {found['metadata']['name'][:40]}")
    for kind in SHOWN.kinds()
    for found in SHOWN.objects(kind)
    if printed(kind.kind, found, SHOWN.manifest.recorded_at) is not None
]
RELATIVE = {"Age", "Duration", "Last Seen", "First Seen"}


@pytest.mark.parametrize(("kind", "found"), PRINTED)
def test_cells_are_those_of_the_server(kind, found) -> None:  # type: ignore[no-untyped-def]
    table = SHOWN.table(kind)
    assert table is not None
    metadata = found["metadata"]
    served = table.rows[metadata.get("namespace", ""), metadata["name"]]
    cells = printed(kind.kind, found, SHOWN.manifest.recorded_at)
    assert cells is not None
    names = [column["name"] for column in table.columns]
    ours = dict(zip(names, in_columns(cells, table.columns), strict=True))
    theirs = dict(zip(names, served, strict=True))
    assert {**ours, **dict.fromkeys(RELATIVE)} == {**theirs, **dict.fromkeys(RELATIVE)}


def test_kinds_that_are_seen_most_are_among_them() -> None:
    kinds = {param.id.split()[0] for param in PRINTED if isinstance(param.id, str)}
    assert kinds >= {"Deployment", "ReplicaSet", "Service", "Node", "Event", "Job"}


def test_columns_of_another_server_are_left_unknown_rather_than_filled_wrongly() -> None:
    assert in_columns({"Name": "x"}, [{"name": "Name"}, {"name": "New"}]) == ["x", "<unknown>"]
    assert [each["priority"] for each in columns_of({"Name": "x", "Images": "y"})] == [0, 1]


def test_what_tells_more_than_one_age_is_printed_anew() -> None:
    assert is_relative("Event")
    assert not is_relative("Deployment")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "<invalid>"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (200, "3m20s"),
        (600, "10m"),
        (3599, "59m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600, "3h"),
        (8 * 3600 - 60, "7h59m"),
        (8 * 3600, "8h"),
        (47 * 3600, "47h"),
        (48 * 3600, "2d"),
        (3 * 86400 + 3600, "3d1h"),
        (8 * 86400, "8d"),
        (729 * 86400, "729d"),
        (2 * 365 * 86400, "2y"),
        (3 * 365 * 86400 + 5 * 86400, "3y5d"),
        (9 * 365 * 86400, "9y"),
    ],
)
def test_ages_are_written_as_the_server_writes_them(seconds: int, shown: str) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    assert between(first, first + timedelta(seconds=seconds)) == shown


def test_an_age_that_nobody_knows_is_said_to_be_unknown() -> None:
    assert ago("", datetime(2026, 1, 1, tzinfo=UTC)) == "<unknown>"
    assert ago("yesterday", datetime(2026, 1, 1, tzinfo=UTC)) == "<unknown>"
