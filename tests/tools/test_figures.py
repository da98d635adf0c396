"""What is counted for a figure, and under which labels."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cluster.scene import PodRow
from bot.tools.figures import (
    MOST_LABELS,
    events_over_time,
    pods_by_state,
    restarts,
    restarts_of,
)

NOW = datetime(2026, 11, 27, 0, 12, 30, tzinfo=UTC)


def a_row(status: str, ready: int = 1) -> PodRow:
    return PodRow("shop", "cart", ready, 1, status, 0, "", "1d", "")


def a_pod(
    name: str, owner: dict[str, str] | None = None, **restarts_by_name: int
) -> dict[str, Any]:
    meta: dict[str, Any] = {
        "name": name,
        "namespace": "shop",
        "labels": {"pod-template-hash": "5d"},
    }
    if owner:
        meta["ownerReferences"] = [{**owner, "controller": True}]
    statuses = [{"name": each, "restartCount": n} for each, n in restarts_by_name.items()]
    return {"metadata": meta, "status": {"containerStatuses": statuses}}


def an_event(minutes_ago: float, kind: str = "Warning") -> dict[str, Any]:
    seen = NOW - timedelta(minutes=minutes_ago)
    return {"type": kind, "lastTimestamp": seen.isoformat()}


def test_pods_are_counted_by_state_and_one_that_is_not_ready_is_not_simply_running() -> None:
    figure = pods_by_state([a_row("Running"), a_row("Running"), a_row("Running", ready=0)])

    assert figure is not None
    assert figure.series == (("pods", (("Running", 2), ("Running, not ready", 1))),)


def test_restarts_are_of_the_workload_that_people_know() -> None:
    of_web = a_pod("web-5d-x", {"kind": "ReplicaSet", "name": "web-5d"}, app=3, proxy=0)
    of_report = a_pod("r", {"kind": "Job", "name": "report-29384756"}, app=2)
    alone = a_pod("shell", app=1)

    assert restarts_of(of_web, with_namespace=False) == {"web (app)": 3}
    assert restarts_of(of_report, with_namespace=True) == {"shop/report (app)": 2}
    assert restarts_of(alone, with_namespace=False) == {"shell (app)": 1}


def test_of_many_workloads_the_most_restarted_are_named_and_the_others_summed_up() -> None:
    figure = restarts(Counter({f"w{n} (app)": n for n in range(1, 21)}))

    assert figure is not None
    ((_, data),) = figure.series
    assert len(data) == MOST_LABELS
    assert data[0] == ("w20 (app)", 20)
    assert data[-1] == ("9 others", sum(range(1, 10)))


def test_where_nothing_was_restarted_there_is_no_figure() -> None:
    assert restarts(Counter()) is None


def test_events_are_counted_in_steps_of_five_minutes_over_an_hour_across_midnight() -> None:
    events = [an_event(0), an_event(2.4), an_event(2.6), an_event(50, "Normal"), an_event(70)]

    figure = events_over_time(events, NOW)

    assert figure is not None
    warnings, normal = (dict(data) for _, data in figure.series)
    assert [*warnings][:1] + [*warnings][-1:] == ["23:15", "00:10"]
    assert {at: n for at, n in warnings.items() if n} == {"00:10": 2, "00:05": 1}
    assert {at: n for at, n in normal.items() if n} == {"23:20": 1}


def test_an_event_without_a_time_or_from_the_future_is_not_counted() -> None:
    assert events_over_time([{"type": "Warning"}, an_event(-9)], NOW) is None


def test_a_state_that_would_be_obeyed_is_only_read() -> None:
    figure = pods_by_state([a_row("a`b\n\x1b[31mred\u202e")])

    assert figure is not None
    assert figure.series[0][1] == (("a'b red", 1),)
