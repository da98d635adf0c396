"""What the maker of the shipped scenarios takes out of a recording, and what it leaves."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.recordings.format import Recording
from tests.evaluation.recording.compact import compact
from tests.evaluation.recording.making import others_of
from tests.evaluation.recording.trimming import trim
from tests.recordings.hand_made import make, put
from tests.scenarios.scenario import load_all

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=40,
)
COLUMN = {"name": "Name", "type": "string", "description": "what a name is"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "scene")


def hold(folder: Path, place: str, *items: dict[str, Any]) -> None:
    names = [each["metadata"]["name"] for each in items]
    rows = [{"name": each, "cells": [each]} for each in names]
    put(folder / "objects" / place, {"items": list(items)})
    put(folder / "tables" / place, {"columnDefinitions": [COLUMN], "rows": rows})


def named(kind: str, name: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name, **fields.pop("metadata", {})}, **fields}


def left(folder: Path, plural: str) -> set[str]:
    recording = Recording.open(folder)
    kinds = [each for each in recording.kinds() if each.plural == plural]
    return {found["metadata"]["name"] for kind in kinds for found in recording.objects(kind)}


@given(anything)
def test_what_is_written_small_is_read_again_as_it_was(found: Any) -> None:
    assert json.loads(compact(found)) == found


def test_what_fits_on_a_line_stands_on_one_and_keys_are_in_order() -> None:
    assert compact({"b": 1, "a": [1, 2]}) == '{"a":[1,2],"b":1}'
    assert compact({"b": ["x" * 70, "y" * 70]}).count("\n") == 3


def test_roles_of_every_server_go_and_those_of_a_scenario_stay(folder: Path) -> None:
    place = "rbac.authorization.k8s.io/v1/clusterroles/_cluster.json"
    everyones = {"labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}}
    hold(
        folder,
        place,
        named("ClusterRole", "system:node"),
        named("ClusterRole", "edit", metadata=everyones),
        named("ClusterRole", "sweeper"),
    )
    trim(folder, ())

    assert left(folder, "clusterroles") == {"sweeper"}
    table = json.loads((folder / "tables" / place).read_text())
    assert [row["name"] for row in table["rows"]] == ["sweeper"]
    assert table["columnDefinitions"] == [{"name": "Name", "type": "string"}]


def test_a_kind_of_which_nothing_is_left_has_no_file(folder: Path) -> None:
    hold(folder, "apiregistration.k8s.io/v1/apiservices/_cluster.json", named("APIService", "v1."))
    trim(folder, ())

    assert not list(folder.glob("*/apiregistration.k8s.io"))


def test_the_default_account_stays_where_a_pod_names_it(folder: Path) -> None:
    place = "core/v1/serviceaccounts/shop.json"
    account = named("ServiceAccount", "default", metadata={"namespace": "shop"})
    pod = {"metadata": {"name": "web", "namespace": "shop"}}
    pods = "core/v1/pods/shop.json"
    hold(folder, place, account)
    hold(folder, pods, pod | {"spec": {"serviceAccountName": "default"}})
    trim(folder, ())
    assert left(folder, "serviceaccounts") == {"default"}

    hold(folder, pods, pod | {"spec": {}})
    trim(folder, ())
    assert left(folder, "serviceaccounts") == set()


def test_a_node_does_not_name_the_machine_it_ran_on(folder: Path) -> None:
    place = "core/v1/nodes/_cluster.json"
    info = {"machineID": "3d12", "systemUUID": "3d12", "bootID": "637d", "kubeletVersion": "v1"}
    columns = [{"name": "Name", "type": "string"}, {"name": "Kernel-Version", "type": "string"}]
    rows = [{"name": "kaia-node", "cells": ["kaia-node", "6.1.0"]}]
    hold(folder, place, named("Node", "kaia-node", status={"nodeInfo": info}))
    put(folder / "tables" / place, {"columnDefinitions": columns, "rows": rows})
    trim(folder, ())

    table = json.loads((folder / "tables" / place).read_text())
    assert table["rows"][0]["cells"] == ["kaia-node", "<unknown>"]
    [node] = json.loads((folder / "objects" / place).read_text())["items"]
    assert node["status"]["nodeInfo"] == {"kubeletVersion": "v1"}


def test_what_another_scenario_made_for_the_whole_cluster_is_left_out(folder: Path) -> None:
    every = load_all()
    [odd] = [each for each in every if each.name == "healthy-and-odd"]
    [other] = [each for each in every if each.name == "healthy-node"]
    place = "storage.k8s.io/v1/storageclasses/_cluster.json"
    made = named("StorageClass", "shop-lavender-later")
    hold(folder, place, made)
    trim(folder, others_of(odd, every))
    assert left(folder, "storageclasses") == {"shop-lavender-later"}

    trim(folder, others_of(other, every))
    assert left(folder, "storageclasses") == set()
