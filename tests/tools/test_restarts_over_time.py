"""Samples of restarts that a conversation keeps, and the line that is drawn of them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cluster.scene import PodRow, Scene
from bot.tools.restarting import (
    MOST_SAMPLES,
    Restart,
    Sample,
    back_off_of,
    kept_with,
    last_restarts,
    sample_of,
    sampled,
    samples_in,
)
from bot.tools.series import MOST_LINES, MOST_POINTS, restarts_over_time

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def at(minutes: float, **counts: int) -> Sample:
    named = {f"shop/{name}": count for name, count in counts.items()}
    return Sample((NOW + timedelta(minutes=minutes)).timestamp(), named)


def a_row(name: str, restarts: int, namespace: str = "shop") -> PodRow:
    return PodRow(namespace, name, 1, 1, "Running", restarts, "5h", "1d", "")


def a_scene(*rows: PodRow, **more: Any) -> Scene:
    named = {"deployments": "web", "statefulsets": "db", "daemonsets": "log", "cronjobs": "report"}
    lists = {
        plural: ({"metadata": {"name": name, "namespace": "shop"}},)
        for plural, name in named.items()
    }
    given: dict[str, Any] = {"is_whole_cluster": True, "lists": {"pods": (), **lists}, **more}
    return Scene(NOW, ("shop",), rows=rows, **given)


def a_restart(workload: str, minutes: float) -> Restart:
    when = NOW + timedelta(minutes=minutes)
    return Restart(f"shop/{workload} (app)", f"shop/{workload}", when, 1, "Error")


def test_a_look_leaves_the_restarts_of_each_workload() -> None:
    rows = (
        a_row("web-5d9f7c-abcde", 2),
        a_row("web-5d9f7c-fghij", 3),
        a_row("db-0", 1),
        a_row("log-x7k2p", 4),
        a_row("report-29384756-abcde", 1),
        a_row("shell", 6),
        a_row("quiet", 0),
    )

    sample = sampled(a_scene(*rows))

    assert sample is not None
    assert sample.counts == {
        "shop/web": 5,
        "shop/db": 1,
        "shop/log": 4,
        "shop/report": 1,
        "shop/shell": 6,
    }
    assert sample.covers(["any", "shop"])


def test_pods_that_were_read_whole_are_counted_under_what_owns_them() -> None:
    owner = {"kind": "ReplicaSet", "name": "pay-5d", "controller": True}
    meta = {"name": "pay-5d-x", "namespace": "shop", "ownerReferences": [owner]}
    pod = {"metadata": meta | {"labels": {"pod-template-hash": "5d"}}}
    scene = a_scene(a_row("pay-5d-x", 3))
    scene.lists["pods"] = (pod,)

    sample = sampled(scene)

    assert sample is not None
    assert sample.counts == {"shop/pay": 3}


@pytest.mark.parametrize("unread", [{("pods", "")}, {("pods", "shop")}])
def test_where_pods_could_not_be_listed_nothing_is_kept(unread: set[tuple[str, str]]) -> None:
    assert sampled(a_scene(a_row("shell", 6), unread_plurals=unread)) is None


def test_a_look_at_some_namespaces_says_so_and_is_not_drawn_for_others() -> None:
    sample = sampled(a_scene(a_row("shell", 6), is_whole_cluster=False))

    assert sample is not None
    assert sample.covers(["shop"])
    assert not sample.covers(["shop", "bank"])
    assert restarts_over_time([sample, at(5, web=7)], [], ["bank"]) is None


@given(
    st.lists(
        st.builds(
            Sample,
            st.integers(0, 2**33).map(float),
            st.dictionaries(st.text(), st.integers(0, 10**6), max_size=3),
            st.lists(st.text(), max_size=3).map(tuple),
            st.booleans(),
        ),
        max_size=40,
    )
)
def test_what_is_kept_is_bounded_and_comes_back_as_it_was(made: list[Sample]) -> None:
    notes: dict[str, Any] = {}
    for sample in made:
        notes = {"restarts": kept_with(samples_in(notes), sample)}

    assert len(samples_in(notes)) <= MOST_SAMPLES
    assert samples_in(notes)[-1:] == tuple(made[-1:])


def test_two_looks_within_a_minute_are_one_sample() -> None:
    kept = kept_with([at(0, web=1), at(10, web=2)], at(10.5, web=3))

    assert [each["counts"] for each in kept] == [{"shop/web": 1}, {"shop/web": 3}]


def test_of_very_many_workloads_the_rest_is_not_taken_for_never_restarted() -> None:
    sample = sample_of(Counter({f"shop/w{n:02}": n for n in range(1, 31)}), 0)

    assert len(sample.counts) == 20
    assert not sample.is_whole
    figure = restarts_over_time([sample, at(60, w01=5)], [], ["shop"])
    assert figure is not None
    assert "w01" not in dict(figure.series)


def test_two_samples_make_a_line_in_which_what_grew_most_comes_first() -> None:
    figure = restarts_over_time([at(0, web=40, pay=1), at(30, web=41, pay=9)], [], ["shop"])

    assert figure is not None
    assert figure.is_over_time
    assert figure.series == (
        ("pay", (("12:00", 1), ("12:30", 9))),
        ("web", (("12:00", 40), ("12:30", 41))),
    )


def test_one_sample_or_two_of_the_same_minute_make_no_line() -> None:
    assert restarts_over_time([at(0, web=4)], [], ["shop"]) is None
    assert restarts_over_time([at(0, web=4), at(0.5, web=5)], [], ["shop"]) is None
    assert restarts_over_time([at(0), at(30)], [], ["shop"]) is None


def test_a_workload_that_was_never_restarted_before_begins_at_nothing() -> None:
    figure = restarts_over_time([at(0), at(30, pay=2)], [], ["shop"])

    assert figure is not None
    assert figure.series == (("pay", (("12:00", 0), ("12:30", 2))),)


def test_the_last_restart_that_kubernetes_tells_of_is_a_step_between_two_looks() -> None:
    restarts = [a_restart("pay", 20), a_restart("pay", 11), a_restart("web", -90)]

    figure = restarts_over_time([at(0, pay=1, web=3), at(30, pay=4, web=3)], restarts, ["shop"])

    assert figure is not None
    assert dict(figure.series) == {
        "pay": (("12:00", 1), ("12:20", 4), ("12:30", 4)),
        "web": (("12:00", 3), ("12:20", 3), ("12:30", 3)),
    }


def test_over_several_days_each_point_has_its_day_and_of_many_namespaces_a_line_its_own() -> None:
    figure = restarts_over_time([at(0, pay=1), at(24 * 60, pay=2)], [], ["shop", "bank"])

    assert figure is not None
    assert figure.series == (("shop/pay", (("11-27 12:00", 1), ("11-28 12:00", 2))),)


def test_lines_and_points_are_as_many_as_slack_draws() -> None:
    names = {f"w{n}": n + 1 for n in range(9)}
    figure = restarts_over_time([at(n, **names) for n in range(30)], [], ["shop"])

    assert figure is not None
    assert len(figure.series) == MOST_LINES
    assert {len(data) for _, data in figure.series} == {MOST_POINTS}
    assert figure.series[0][1][-1][0] == "12:29"


def test_what_kubernetes_tells_of_ends_and_waits_is_read() -> None:
    ended = {"terminated": {"finishedAt": "2026-11-27T11:50:00Z", "exitCode": 137, "reason": "OOM"}}
    status = {"name": "app", "restartCount": 3, "lastState": ended}
    pod = {
        "metadata": {"name": "pay", "namespace": "shop"},
        "status": {"containerStatuses": [status, {"name": "new", "restartCount": 0}]},
    }
    event = {
        "reason": "BackOff",
        "count": 27,
        "firstTimestamp": "2026-11-27T11:00:00Z",
        "lastTimestamp": "2026-11-27T11:55:00Z",
        "involvedObject": {"namespace": "shop", "name": "pay"},
    }

    (restart,) = last_restarts(pod)
    waited = back_off_of(event)

    assert (restart.container, restart.exit_code) == ("shop/pay (app)", 137)
    assert waited is not None
    assert (waited.pod, waited.count) == ("shop/pay", 27)
    assert (waited.last - waited.first) == timedelta(minutes=55)
    assert back_off_of(event | {"reason": "Killing"}) is None
    assert back_off_of({"reason": "BackOff"}) is None
