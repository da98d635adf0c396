"""Sums of what pods ask for."""

import pytest

from bot.cluster.checks.scheduling.room import requests_of, reserved, spoken, spoken_with_name


def _box(cpu: str, **more: str) -> dict[str, object]:
    return {"name": "c", "resources": {"requests": {"cpu": cpu}}, **more}


def _pod(spec: dict[str, object], phase: str = "Running") -> dict[str, object]:
    return {"spec": spec, "status": {"phase": phase}}


@pytest.mark.parametrize(
    ("spec", "cpu"),
    [
        ({"containers": [_box("1"), _box("500m")]}, 1.5),
        ({"containers": [_box("1")], "initContainers": [_box("3")]}, 3),
        ({"containers": [_box("1")], "initContainers": [_box("200m")]}, 1),
        ({"containers": [_box("1")], "initContainers": [_box("1", restartPolicy="Always")]}, 2),
        (
            {
                "containers": [_box("1")],
                "initContainers": [_box("1", restartPolicy="Always"), _box("2")],
            },
            3,
        ),
        ({"containers": [_box("1")], "overhead": {"cpu": "250m"}}, 1.25),
        ({"containers": [_box("1")], "resources": {"requests": {"cpu": "4"}}}, 4),
        ({}, 0),
    ],
)
def test_a_pod_asks_for_what_the_scheduler_reserves(spec: dict[str, object], cpu: float) -> None:
    assert requests_of(_pod(spec)).get("cpu", 0) == pytest.approx(cpu)


def test_pods_that_are_done_hold_nothing() -> None:
    there = [_pod({"containers": [_box("1")]}), _pod({"containers": [_box("2")]}, "Failed")]
    assert reserved(there) == {"cpu": 1}


@pytest.mark.parametrize(
    ("resource", "amount", "written"),
    [
        ("cpu", 64.0, "64"),
        ("requests.cpu", 1.9, "1900m"),
        ("memory", 64 * 2.0**30, "64Gi"),
        ("requests.storage", 1.5 * 2.0**30, "1.5Gi"),
        ("memory", 100.0, "100"),
        ("hugepages-2Mi", 2.0**22, "4Mi"),
        ("nvidia.com/gpu", 1.0, "1"),
    ],
)
def test_amounts_are_written_as_in_a_manifest(resource: str, amount: float, written: str) -> None:
    assert spoken(resource, amount) == written


def test_amounts_are_told_with_their_resource() -> None:
    assert spoken_with_name("cpu", 2) == "2 cpu"
    assert spoken_with_name("memory", 2.0**30) == "1Gi of memory"
    assert spoken_with_name("nvidia.com/gpu", 2) == "2 `nvidia.com/gpu`"
