"""Whoever gets a scenario is told what in it is from then, what from now, and what is not in it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.recordings.format import NotRead
from bot.recordings.incident import Incident, Kept, Made, PastReceipt
from bot.recordings.incident.assembling import Origin
from bot.recordings.incident.telling import as_of, counted, lacking
from bot.recordings.recorder import Recorded

AT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
KEPT = Kept(AT, ("shop",))
GET = PastReceipt(1, "kubectl get pods", 0, "", "", AT.timestamp())


def made(*gaps: NotRead, is_read_now: bool = True, **counts: int) -> Made:
    recorded = Recorded(
        *(Path("/made"), Path("/servers/v1"), "v1.34.0", ("shop",)), 1, 1, 0, 0, 0, gaps, ()
    )
    found = {Origin[name]: count for name, count in counts.items()}
    return Made(recorded, (), AT, found, is_read_now)


def incident(kept: Kept | None = KEPT, *receipts: PastReceipt) -> Incident:
    return Incident(kept, receipts, "shop", "a note")


def test_objects_are_counted_by_where_they_are_from() -> None:
    told = [*counted(made(SEEN=1, AGAIN=2, RECEIPT=0), incident(KEPT, GET))]
    assert told[:2] == [
        "1 object as seen then",
        "2 objects read again at export, which may differ from then",
    ]
    assert told[2].startswith("1 output of commands")
    assert len(told) == 3


def test_outputs_that_answer_nothing_are_not_counted() -> None:
    after = replace(GET, answers=False)
    assert next(counted(made(), incident(KEPT, after))).startswith("0 outputs of commands")


@pytest.mark.parametrize(
    ("kept", "is_read_now", "how"),
    [
        (KEPT, True, "as it was at 2026-01-02 03:04 UTC"),
        (KEPT, False, "as it was at 2026-01-02 03:04 UTC"),
        (None, True, "as it is now, at 2026-01-02 03:04 UTC"),
        (None, False, "as it was at 2026-01-02 03:04 UTC"),
    ],
)
def test_only_without_a_look_the_cluster_is_as_it_is_now(
    kept: Kept | None, is_read_now: bool, how: str
) -> None:
    assert as_of(made(is_read_now=is_read_now), incident(kept)) == how


def test_of_a_whole_one_nothing_is_lacking() -> None:
    assert [*lacking(made(), incident())] == []


def test_what_is_lacking_is_said() -> None:
    gap = NotRead("pods in shop", "forbidden")
    assert [*lacking(made(gap), incident())] == ["1 thing not read stands in `recording.json`."]
    told = " ".join(lacking(made(gap, gap, is_read_now=False), incident(None)))
    assert "The cluster did not answer" in told
    assert "No look was kept either" in told
    assert "2 things not read stand in `recording.json`." in told
    assert "may be mended already" in " ".join(lacking(made(), incident(None)))
