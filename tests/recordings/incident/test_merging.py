"""Two looks of one conversation are kept as one, in the room of one."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import orjson

from bot.cluster.needs import LogOf
from bot.cluster.scene import PodRow
from bot.recordings.files import Json
from bot.recordings.format import Recording
from bot.recordings.incident import Incident, Kept, make, merged
from bot.recordings.incident.keeping import MOST_BYTES
from tests.recordings.incident.conftest import REDACTOR, Later, Looked, cluster, look
from tests.recordings.incident.test_making import PODS, faults, names


def elsewhere(kept: Kept, place: str) -> Kept:
    """The same trouble in another namespace, ten minutes later."""

    def moved(found: Json) -> Json:
        return {**found, "metadata": {**found["metadata"], "namespace": place}}

    return Kept(
        kept.at + timedelta(minutes=10),
        (place,),
        tuple(moved(each) for each in kept.objects if each["metadata"].get("namespace")),
        {
            plural: frozenset(f"{place}/{each.partition('/')[2]}" for each in listed)
            for plural, listed in kept.listed.items()
        },
        tuple(replace(row, namespace=place) for row in kept.rows),
        {},
        {replace(log, namespace=place): lines for log, lines in kept.logs.items()},
    )


def size(kept: Kept) -> int:
    return len(orjson.dumps(kept.to_json()))


async def test_a_scenario_of_both_has_the_trouble_of_both(
    then: Looked, later: Later, tmp_path: Path
) -> None:
    both = merged(then.kept, elsewhere(then.kept, "mall"))
    incident = Incident(both, (), "shop", "a test", {"scenario.yaml": "format: 1\n"})
    async with cluster(later.folder, tmp_path / "now") as api:
        await make(api, incident, tmp_path / "made", REDACTOR)
    assert Recording.open(tmp_path / "made").manifest.namespaces == ("mall", "shop")
    async with cluster(tmp_path / "made", tmp_path / "again") as api:
        found = [each[:2] for each in faults(await look(api, "mall"))]
        assert {each[:2] for each in faults(then)} - {*found} == set()
        assert len(found) >= len(then.report.faults)
    assert names(Recording.open(tmp_path / "made"), PODS) >= {row.name for row in then.scene.rows}


async def test_of_a_namespace_that_both_saw_it_is_as_the_first_saw_it(then: Looked) -> None:
    changed = replace(
        then.kept,
        objects=tuple({**each, "spec": {}} for each in then.kept.objects),
        namespaces=("shop", "mall"),
        rows=(*then.kept.rows, replace(then.kept.rows[0], namespace="mall")),
        logs={},
    )
    both = merged(then.kept, changed)
    assert both.objects == then.kept.objects
    assert [row.namespace for row in both.rows].count("shop") == len(then.kept.rows)
    assert [row.namespace for row in both.rows].count("mall") == 1
    assert both.logs == then.kept.logs


async def test_that_something_was_not_there_is_known_only_of_what_both_listed(
    then: Looked,
) -> None:
    less = elsewhere(replace(then.kept, listed={"pods": frozenset({"shop/a"})}), "mall")
    both = merged(then.kept, less)
    assert {*both.listed} == {"pods"}
    assert both.listed["pods"] == then.kept.listed["pods"] | {"mall/a"}


async def test_both_have_room_for_what_matters_most_in_each(then: Looked) -> None:
    def large(place: str, count: int) -> tuple[Json, ...]:
        return tuple(
            {"apiVersion": "v1", "kind": "Pod", "spec": {"x": "y" * 3_000},
             "metadata": {"name": f"{place}-{n}", "namespace": place}}
            for n in range(count)
        )  # fmt: skip

    first = replace(then.kept, objects=large("shop", 90))
    second = Kept(then.kept.at, ("mall",), large("mall", 90))
    both = merged(first, second)
    assert size(both) <= MOST_BYTES
    assert both.left_out > then.kept.left_out
    kept = {each["metadata"]["name"] for each in both.objects}
    assert {"shop-0", "mall-0", "shop-9", "mall-9"} <= kept


async def test_where_there_is_no_room_the_first_stays_whole(then: Looked) -> None:
    row = PodRow("mall", "p", 1, 1, "x" * MOST_BYTES, 0, "", "1m", "")
    assert merged(then.kept, Kept(then.kept.at, ("mall",), (), {}, (row,))) == then.kept


async def test_logs_of_both_have_the_room_of_one(then: Looked) -> None:
    first = replace(then.kept, logs={LogOf("shop", "a", "app"): ("x" * 35_000,)})
    second = Kept(then.kept.at, ("mall",), logs={LogOf("mall", "b", "app"): ("y" * 35_000,)})
    assert [log.pod for log in merged(first, second).logs] == ["a"]
