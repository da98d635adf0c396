"""Pods as the server's own table shows them."""

from typing import Any

import pytest

from bot.cluster.objects import SPEC_CHANGED
from bot.cluster.rows import pod_rows, slim
from bot.cluster.scene import PodRow

COLUMNS = ("Name", "Ready", "Status", "Restarts", "Age", "IP", "Node")


def table(*cells: Any, metadata: dict[str, str] | None = None) -> dict[str, Any]:
    row = {"cells": list(cells), "object": {"metadata": metadata or {}}}
    return {"columnDefinitions": [{"name": name} for name in COLUMNS], "rows": [row]}


def the_row(*cells: Any) -> PodRow:
    [row] = pod_rows(table(*cells), "shop")
    return row


def test_a_row_is_read_by_the_names_of_its_columns() -> None:
    row = the_row("cart", "1/2", "Running", "4 (3m20s ago)", "5d", "10.0.0.1", "node-1")

    assert row == PodRow("shop", "cart", 1, 2, "Running", 4, "3m20s", "5d", "node-1")


def test_columns_in_another_order_are_read_too() -> None:
    found = {
        "columnDefinitions": [{"name": "Status"}, {"name": "Name"}],
        "rows": [{"cells": ["Running", "cart"]}],
    }

    [row] = pod_rows(found)

    assert (row.name, row.status, row.ready, row.containers) == ("cart", "Running", 0, 0)


def test_the_object_says_its_namespace_where_it_is_there() -> None:
    [row] = pod_rows(table("cart", metadata={"namespace": "bank"}), "")

    assert row.namespace == "bank"


@pytest.mark.parametrize(
    ("cells", "is_unwell"),
    [
        (("a", "1/1", "Running", "0"), False),
        (("a", "1/2", "Running", "0"), True),
        (("a", "1/1", "Running", "4 (3m20s ago)"), True),
        (("a", "1/1", "Running", "4 (59s ago)"), True),
        (("a", "1/1", "Running", "4 (26h ago)"), False),
        (("a", "1/1", "Running", "4 (2d1h ago)"), False),
        (("a", "0/1", "Completed", "0"), False),
        (("a", "1/1", "Terminating", "0"), True),
        (("a", "0/1", "Init:CrashLoopBackOff", "2 (10s ago)"), True),
        (("a", "0/1", "Pending", "0"), True),
    ],
)
def test_a_row_tells_whether_its_pod_is_well(cells: tuple[str, ...], is_unwell: bool) -> None:
    assert the_row(*cells).is_unwell is is_unwell


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"rows": None, "columnDefinitions": None},
        {"rows": [{}], "columnDefinitions": [{}]},
        {"rows": [{"cells": None, "object": None}]},
        {"rows": [{"cells": [None, 7], "object": {"metadata": None}}]},
    ],
)
def test_no_odd_table_breaks_the_reading(found: dict[str, Any]) -> None:
    assert all(row.ready == 0 for row in pod_rows(found))


def test_no_node_yet_is_none() -> None:
    assert the_row("a", "0/1", "Pending", "0", "5d", "<none>", "<none>").node == ""


def test_what_nobody_reads_is_left_out() -> None:
    item = {
        "metadata": {
            "name": "cart",
            "managedFields": [{"manager": "kubectl"}],
            "annotations": {
                "kubectl.kubernetes.io/last-applied-configuration": "{}",
                "a": "b",
            },
        },
        "spec": {},
    }

    assert slim(item) == {"metadata": {"name": "cart", "annotations": {"a": "b"}}, "spec": {}}
    assert "managedFields" in item["metadata"]


def test_when_somebody_last_changed_the_spec_is_kept() -> None:
    managers = [
        {"time": "2026-03-04T11:00:00Z", "fieldsV1": {"f:spec": {"f:template": {}}}},
        {"time": "2026-03-04T11:30:00Z", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
        {"time": "2026-03-04T11:59:00Z", "fieldsV1": {"f:status": {}}, "subresource": "status"},
        {"time": "2026-03-04T11:58:00Z", "fieldsV1": {"f:metadata": {}}},
        {"manager": "odd"},
    ]

    assert slim({"metadata": {"managedFields": managers}}) == {
        "metadata": {SPEC_CHANGED: "2026-03-04T11:30:00Z"}
    }


@pytest.mark.parametrize("item", [{}, {"metadata": None}, {"metadata": {"annotations": None}}])
def test_an_object_without_metadata_is_no_trouble(item: dict[str, Any]) -> None:
    assert "managedFields" not in slim(item)["metadata"]
