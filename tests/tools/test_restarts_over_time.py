"""Samples of restarts that a conversation keeps, and the line that is drawn of them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
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
    owned,
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
    given: dict[str, Any] = {"is_whole_cluster": True, "lists": {"pods": ()}, **more}
    return Scene(NOW, ("shop",), rows=rows, **given)


def a_pod(
    name: str, kind: str, owner: str, minutes: float = -60, template: str = ""
) -> dict[str, Any]:
    created = f"{NOW + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"
    labels = {"pod-template-hash": template} if template else {}
    owners = [{"kind": kind, "name": owner, "controller": True}]
    meta = {"name": name, "namespace": "shop", "labels": labels, "creationTimestamp": created}
    return {"metadata": meta | {"ownerReferences": owners}}


def a_restart(workload: str, minutes: float) -> Restart:
    when = NOW + timedelta(minutes=minutes)
    return Restart(f"shop/{workload} (app)", f"shop/{workload}", when, 1, "Error")


def test_a_look_leaves_the_restarts_of_each_pod_and_guesses_no_owner() -> None:
    sample = sampled(a_scene(a_row("db-1", 5), a_row("web-5d9f7c-abcde", 3), a_row("quiet", 0)))

    assert sample is not None
    assert sample.counts == {"shop/db-1": 5, "shop/web-5d9f7c-abcde": 3}
    assert sample.covers(["any", "shop"])


@pytest.mark.parametrize(
    ("pod", "line"),
    [
        (a_pod("db-1", "Cluster", "db"), "db"),
        (a_pod("load-x7k2p", "Job", "load"), "load"),
        (a_pod("report-29384756-abcde", "Job", "report-29384756"), "report"),
        (a_pod("pay-5d9f7c-abcde", "ReplicaSet", "pay-5d9f7c"), "pay-5d9f7c"),
        (a_pod("web-5d-x", "ReplicaSet", "web-5d", template="5d"), "web"),
        (a_pod("etcd-node-1", "Node", "node-1"), "etcd-node-1"),
    ],
)
def test_of_a_pod_that_was_not_restarted_meanwhile_the_line_of_its_owner_is_flat(
    pod: dict[str, Any], line: str
) -> None:
    counts = {f"shop/{pod['metadata']['name']}": 5}
    looks = [Sample((NOW + timedelta(minutes=n)).timestamp(), counts) for n in (0, 1)]

    figure = restarts_over_time(looks, [], ["shop"], dict([owned(pod)]))

    assert figure is not None
    assert figure.series == ((line, (("12:00", 5), ("12:01", 5))),)


def test_pods_of_one_owner_are_one_line_and_one_that_is_deleted_takes_nothing_back() -> None:
    pods = [a_pod(f"web-{n}", "StatefulSet", "web") for n in (0, 1)]
    looks = [at(0, **{"web-0": 2, "web-1": 1, "old": 9}), at(30, **{"web-0": 3, "web-1": 1})]

    figure = restarts_over_time(looks, [], ["shop"], dict(map(owned, pods)))

    assert figure is not None
    assert dict(figure.series) == {
        "web": (("12:00", 3), ("12:30", 4)),
        "old": (("12:00", 9), ("12:30", 9)),
    }


def test_a_pod_that_took_the_place_of_another_of_its_name_begins_at_nothing() -> None:
    pod = a_pod("db-0", "StatefulSet", "db", minutes=10)
    looks = [at(0, **{"db-0": 40}), at(20), at(30, **{"db-0": 2})]

    figure = restarts_over_time(looks, [], ["shop"], dict([owned(pod)]))

    assert figure is not None
    assert figure.series == (("db", (("12:00", 40), ("12:20", 40), ("12:30", 42))),)


def test_a_number_that_falls_and_comes_back_is_no_new_restart() -> None:
    """The table counts init containers until they are done, and then the others."""
    looks = [at(0, pay=5), at(10, pay=1), at(20), at(30, pay=6)]

    figure = restarts_over_time(looks, [], ["shop"])

    assert figure is not None
    assert [value for _, value in figure.series[0][1]] == [5, 5, 5, 6]


def test_what_another_release_kept_of_workloads_is_not_compared_with_pods() -> None:
    assert samples_in({"restarts": [{"at": 1, "counts": {"shop/db": 5}}]}) == ()


_ACTS = st.lists(
    st.tuples(st.sampled_from(("restart", "delete", "look")), st.integers(0, 3)), max_size=40
)


@given(_ACTS, st.lists(st.sampled_from(("db", "web")), min_size=4, max_size=4))
def test_no_more_restarts_are_drawn_than_there_were_and_none_is_taken_back(
    acts: list[tuple[str, int]], owner_of: list[str]
) -> None:
    """Pods are restarted, deleted and made anew between looks, a minute after each other."""
    counts, created, true = [0] * 4, [-60.0] * 4, Counter[str]()
    looks: list[Sample] = []
    happened: list[Counter[str]] = []
    for minute, (act, which) in enumerate([*acts, ("look", 0)]):
        if act == "restart":
            counts[which] += 1
            true[owner_of[which]] += 1
        elif act == "delete":
            counts[which], created[which] = 0, minute
        else:
            looks.append(at(minute, **{f"p-{n}": count for n, count in enumerate(counts) if count}))
            happened.append(Counter(true))
    pods = [a_pod(f"p-{n}", "StatefulSet", owner_of[n], created[n]) for n in range(4)]

    figure = restarts_over_time(looks, [], ["shop"], dict(map(owned, pods)))

    for name, data in figure.series if figure else ():
        drawn = [value for _, value in data]
        for (before, after), (then, now) in zip(pairwise(drawn), pairwise(happened), strict=True):
            assert 0 <= after - before <= now[name] - then[name]


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

    assert [each["pods"] for each in kept] == [{"shop/web": 1}, {"shop/web": 3}]


def test_of_very_many_pods_the_rest_is_not_taken_for_never_restarted() -> None:
    sample = sample_of(Counter({f"shop/w{n:02}": n for n in range(1, 61)}), 0)

    assert len(sample.counts) == 40
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
