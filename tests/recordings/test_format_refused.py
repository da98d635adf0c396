"""A hostile or broken recording is refused with a sentence, and nothing outside of it is read."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.errors import RecordingError
from bot.recordings import files
from bot.recordings.format import Recording
from tests.recordings.hand_made import POD_FILE, make, put

CANARY = "canary-outside-of-the-folder"


def change(file: Path, **fields: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | fields))


def refused(folder: Path) -> str:
    with pytest.raises(RecordingError) as error:
        Recording.open(folder)
    sentence = str(error.value)
    assert sentence.endswith((".", ")."))
    assert CANARY not in sentence
    return sentence


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "shop")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    secret = tmp_path / "outside.json"
    secret.write_text(json.dumps({"kind": "PodList", "items": [], "canary": CANARY}))
    return secret


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "There is no folder" in refused(tmp_path / "nothing")


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    assert "has no recording.json" in refused(tmp_path)


MANIFESTS: dict[str, tuple[dict[str, Any], str]] = {
    "a later format": ({"format": 2}, "reads format 1"),
    "a format that is true": ({"format": True}, "reads format 1"),
    "no format": ({"format": None}, "reads format 1"),
    "a server above": ({"server": "../../etc"}, "no folder's name"),
    "a server of dots": ({"server": ".."}, "no folder's name"),
    "an absolute server": ({"server": "/etc"}, "no folder's name"),
    "a server that is a number": ({"server": 7}, "needs a text for 'server'"),
    "a server that is not there": ({"server": "v9.9.9-abcdef"}, "is missing"),
    "no time": ({"recorded_at": "yesterday"}, "no time like"),
    "a thirteenth month": ({"recorded_at": "2026-13-01T00:00:00Z"}, "no time like"),
    "namespaces of numbers": ({"namespaces": [1]}, "list of texts for 'namespaces'"),
    "gaps that are a number": ({"not_read": 3}, "list for 'not_read'"),
    "gaps without words": ({"not_read": ["x"]}, "needs a text for 'what'"),
    "kinds that are a text": ({"kinds": "pods"}, "list for 'kinds'"),
    "a kind above": (
        {"kinds": [{"group": "..", "version": "v1", "plural": "pods", "kind": "Pod"}]},
        "names are not Kubernetes'",
    ),
}


@pytest.mark.parametrize(("fields", "said"), MANIFESTS.values(), ids=MANIFESTS.keys())
def test_a_manifest_that_says(folder: Path, fields: dict[str, Any], said: str) -> None:
    change(folder / "recording.json", **fields)
    assert said in refused(folder)


def _named(name: Any, namespace: str = "shop") -> dict[str, Any]:
    return {"items": [{"metadata": {"name": name, "namespace": namespace}}]}


OBJECTS: dict[str, tuple[dict[str, Any], str]] = {
    "no items": ({"items": None}, "list for 'items'"),
    "an item that is a text": ({"items": ["web"]}, "without a name"),
    "an item without metadata": ({"items": [{"kind": "Pod"}]}, "without a name"),
    "a name with a path in it": (_named("../../etc/passwd"), "without a name"),
    "a name of dots": (_named(".."), "without a name"),
    "a name that is a number": (_named(7), "without a name"),
    "another namespace": (_named("web", "kube-system"), "not the file's"),
    "a namespace with a path in it": (_named("web", "../x"), "not the file's"),
}


@pytest.mark.parametrize(("fields", "said"), OBJECTS.values(), ids=OBJECTS.keys())
def test_objects_with(folder: Path, fields: dict[str, Any], said: str) -> None:
    change(folder / "objects" / POD_FILE, **fields)
    assert said in refused(folder)


TABLES: dict[str, tuple[dict[str, Any], str]] = {
    "no columns": ({"columnDefinitions": None}, "needs columns"),
    "columns without a type": ({"columnDefinitions": [{"name": "Name"}]}, "needs columns"),
    "no rows": ({"rows": {}}, "needs rows"),
    "too few cells": ({"rows": [{"name": "web", "cells": []}]}, "one for each column"),
    "a row without a name": ({"rows": [{"cells": ["web", "1m"]}]}, "needs rows"),
}


@pytest.mark.parametrize(("fields", "said"), TABLES.values(), ids=TABLES.keys())
def test_a_table_with(folder: Path, fields: dict[str, Any], said: str) -> None:
    change(folder / "tables" / POD_FILE, **fields)
    assert said in refused(folder)


WRITINGS: dict[str, tuple[bytes, str]] = {
    "half of it": (b'{"items": [', "is no JSON"),
    "nothing": (b"", "is no JSON"),
    "half a character": (b'{"a": "\\ud800"}', "is no JSON"),
    "a number that is none": (b'{"a": NaN}', "is no JSON"),
    "another encoding": ('{"a": 1}'.encode("utf-16"), "is no JSON"),
    "no UTF-8": (b'{"kind": "\xff"}', "is no JSON"),
    "a list": (b"[]", "must hold a JSON object"),
    "a hundred thousand brackets": (
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "is no JSON",
    ),
    "five hundred brackets": (b'{"a":' + b"[" * 500 + b"]" * 500 + b"}", "nested deeper than"),
}


@pytest.mark.parametrize(("raw", "said"), WRITINGS.values(), ids=WRITINGS.keys())
@pytest.mark.parametrize("place", ["recording.json", "access.json", f"objects/{POD_FILE}"])
def test_json_that_is(folder: Path, place: str, raw: bytes, said: str) -> None:
    (folder / place).write_bytes(raw)
    assert said in refused(folder)


class TestFilesThatAreNone:
    @pytest.mark.parametrize(
        "place",
        ["recording.json", f"objects/{POD_FILE}", "logs/shop/web/app.log", "access.json", "extra"],
    )
    def test_a_link_out_of_the_folder(self, folder: Path, outside: Path, place: str) -> None:
        (folder / place).unlink(missing_ok=True)
        (folder / place).symlink_to(outside)
        assert "symbolic link" in refused(folder)

    def test_a_linked_folder(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (folder / "objects" / "apps").symlink_to(tmp_path / "elsewhere")
        assert "symbolic link" in refused(folder)

    @pytest.mark.parametrize("at", ["servers", "servers/v1.34.4-abcdef"])
    def test_a_linked_folder_of_servers(self, folder: Path, at: str) -> None:
        place = folder.parent / at
        place.rename(folder.parent / "moved")
        place.symlink_to(folder.parent / "moved")
        assert "is missing" in refused(folder)

    def test_a_pipe_is_not_waited_for(self, folder: Path) -> None:
        (folder / "access.json").unlink()
        os.mkfifo(folder / "access.json")
        assert "no regular file" in refused(folder)

    def test_a_pipe_that_appears_later_is_not_waited_for_either(self, folder: Path) -> None:
        os.mkfifo(folder / "pipe")
        with pytest.raises(RecordingError, match="no regular file"):
            files.read_bytes(folder / "pipe")

    def test_two_gigabytes_are_not_read(self, folder: Path) -> None:
        with (folder / "objects" / POD_FILE).open("r+b") as file:
            file.truncate(2 * 2**30)
        assert "larger than 64 MiB" in refused(folder)

    def test_many_large_files_are_not_read(self, folder: Path) -> None:
        for number in range(9):
            with (folder / f"part-{number}").open("wb") as file:
                file.truncate(63 * 2**20)
        assert "more than 512 MiB" in refused(folder)

    def test_folders_without_end_are_not_followed(self, folder: Path) -> None:
        (folder / Path(*"abcdefghijkl")).mkdir(parents=True)
        assert "deeper than a recording" in refused(folder)

    def test_a_name_that_no_resource_has(self, folder: Path) -> None:
        (folder / "objects" / "core" / "v1" / "pods" / "a b.json").write_text("{}")
        assert "has a name that no resource has" in refused(folder)

    def test_a_server_without_discovery(self, folder: Path) -> None:
        (folder.parent / "servers" / "v1.34.4-abcdef" / "discovery.json").unlink()
        assert re.search(r"discovery\.json cannot be read \(No such file", refused(folder))

    def test_a_discovery_of_nothing(self, folder: Path) -> None:
        (folder.parent / "servers" / "v1.34.4-abcdef" / "discovery.json").write_text("{}")
        assert "has no '/api'" in refused(folder)


def _of_resource(**fields: Any) -> dict[str, Any]:
    return {"items": [{"versions": [{"version": "v1", "resources": [{"resource": "a"} | fields]}]}]}


DISCOVERIES: dict[str, Any] = {
    "groups that are a number": {"items": 5},
    "a group that is a number": {"items": [5]},
    "a group whose name is a number": {"items": [{"metadata": {"name": 7}}]},
    "a group whose metadata is a list": {"items": [{"metadata": [1]}]},
    "versions that are a text": {"items": [{"versions": "v1"}]},
    "a version that is a list": {"items": [{"versions": [{"version": ["v1"]}]}]},
    "a resource that is a number": {"items": [{"versions": [{"version": "v1", "resources": [1]}]}]},
    "a resource without a name": _of_resource(resource=None),
    "verbs that are a number": _of_resource(verbs=3),
    "short names that are numbers": _of_resource(shortNames=[1]),
    "a scope that is a number": _of_resource(scope=9),
    "a kind that is a text": _of_resource(responseKind="Pod"),
    "a subresource that is an object": _of_resource(subresources=[{"subresource": {}}]),
}


@pytest.mark.parametrize("found", DISCOVERIES.values(), ids=DISCOVERIES.keys())
@pytest.mark.parametrize("path", ["/api", "/apis"])
def test_a_discovery_with(folder: Path, path: str, found: Any) -> None:
    change(folder.parent / "servers" / "v1.34.4-abcdef" / "discovery.json", **{path: found})
    assert "that are none" in refused(folder)


def test_tables_of_one_kind_that_do_not_match(folder: Path) -> None:
    other = folder / "tables" / POD_FILE
    columns = [{"name": "Name", "type": "string"}]
    put(other.with_name("team.json"), {"columnDefinitions": columns, "rows": []})
    assert "has 1 columns, and the table of another namespace has 2" in refused(folder)


@pytest.mark.parametrize("dense", [b"[],", b"{},", b"1,", b'"",'])
def test_more_values_than_memory_holds(folder: Path, dense: bytes) -> None:
    file = folder / "objects" / POD_FILE
    file.write_bytes(b'{"items":[],"x":[' + dense * 4_100_000 + b"1]}")
    assert "more than 4,000,000 values" in refused(folder)


def test_more_objects_than_are_served(folder: Path) -> None:
    items = [{"metadata": {"name": f"web-{at}", "namespace": "shop"}} for at in range(100_001)]
    change(folder / "objects" / POD_FILE, items=items)
    assert "more than 100,000 objects" in refused(folder)


def test_devices_and_folders_in_the_place_of_files(folder: Path) -> None:
    (folder / "access.json").unlink()
    (folder / "access.json").mkdir()
    (folder / "objects" / "core" / "v1" / "pods" / "team.json").mkdir()
    assert "no regular file" in refused(folder)


def test_a_pipe_among_what_is_shared_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder.parent / "servers" / "v1.34.4-abcdef" / "openapi" / "v3" / "pipe")
    assert "no regular file" in refused(folder)


def test_of_keys_that_stand_twice_the_last_counts_and_is_checked(folder: Path) -> None:
    file = folder / "objects" / POD_FILE
    file.write_text('{"items":[],"items":[{"metadata":{"name":"web","name":"../x"}}]}')
    assert "without a name" in refused(folder)


ESCAPES: list[Callable[[Recording], object]] = [
    lambda it: it.log("..", "shop", "outside", False),
    lambda it: it.log("shop", "../../..", "outside", False),
    lambda it: it.log("shop", "web", "../../../../outside", False),
    lambda it: it.log("shop", "web", "/etc/passwd", False),
    lambda it: it.log("", "", "", False),
    lambda it: it.shared.openapi("../../../outside"),
    lambda it: it.shared.openapi("v3/../../../outside"),
    lambda it: it.shared.openapi("/etc/passwd"),
    lambda it: it.shared.openapi("v3/a\x00b"),
]


@pytest.mark.parametrize("read", ESCAPES)
def test_what_is_asked_for_later_stays_inside(
    folder: Path, outside: Path, read: Callable[[Recording], object]
) -> None:
    outside.with_suffix(".log").write_text(CANARY)
    assert read(Recording.open(folder)) is None


def test_a_log_that_became_a_link_is_not_followed(folder: Path, outside: Path) -> None:
    opened = Recording.open(folder)
    log = folder / "logs" / "shop" / "web" / "app.log"
    log.unlink()
    log.symlink_to(outside)
    with pytest.raises(RecordingError, match="symbolic link"):
        opened.log("shop", "web", "app", previous=False)
