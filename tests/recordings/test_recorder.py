"""Recording from a scripted API server: what is kept, what is a gap, and that half is nothing."""

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from aiohttp import web

from bot.cluster.api import ClusterApi
from bot.errors import ClusterError, RecordingError
from bot.recordings import listing
from bot.recordings.files import MOST_FILE_BYTES
from bot.recordings.format import Kind, Recording
from bot.recordings.recorder import record
from bot.recordings.writing import Room, written_whole
from tests.doubles.scripted_api import serving

PODS = Kind("", "v1", "pods", "Pod")
MAPS = Kind("", "v1", "configmaps", "ConfigMap")
NODES = Kind("", "v1", "nodes", "Node", is_namespaced=False)
ROOT = "/api/v1"
LOG = f"{ROOT}/namespaces/shop/pods/web/log"
Answers = dict[str, Any]


def _resource(plural: str, kind: str, scope: str = "Namespaced") -> dict[str, Any]:
    return {
        "resource": plural,
        "responseKind": {"kind": kind},
        "scope": scope,
        "verbs": ["get", "list"],
    }


def _discovery(group: str, *resources: dict[str, Any]) -> dict[str, Any]:
    version = {"version": "v1", "resources": [*resources]}
    item = {"metadata": {"name": group} if group else {}, "versions": [version]}
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "items": [item] if resources else [],
    }


def pod(name: str, **env: str) -> dict[str, Any]:
    status = [{"name": "app", "restartCount": 1}]
    values = [{"name": key, "value": value} for key, value in env.items()]
    spec = {"nodeName": "node-1", "containers": [{"name": "app", "env": values}]}
    meta = {"name": name, "namespace": "shop", "managedFields": [{"manager": "x"}]}
    return {"metadata": meta, "spec": spec, "status": {"containerStatuses": status}}


def answers() -> Answers:
    """Path -> JSON, a text for a log, or the HTTP status of a refusal."""
    return {
        "/version": {"gitVersion": "v1.34.4"},
        "/api": _discovery(
            "",
            _resource("pods", "Pod"),
            _resource("secrets", "Secret"),
            _resource("nodes", "Node", "Cluster"),
        ),
        "/apis": _discovery(""),
        f"{ROOT}/pods": {"kind": "PodList", "items": [pod("web", DB_PASSWORD="Maple-77-river")]},
        f"{ROOT}/nodes": {"kind": "NodeList", "items": [{"metadata": {"name": "node-1"}}]},
        LOG: "2026-11-27T10:19:00Z tried Maple-77-river\n2026-11-27T10:19:01Z half a li",
        "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews": {"status": {"resourceRules": []}},
        "/openapi/v3": {"paths": {"api/v1": {"serverRelativeURL": "/openapi/v3/api/v1?hash=1"}}},
        "/openapi/v3/api/v1": {"openapi": "3.0.0", "paths": {}, "components": {"schemas": {}}},
    }


@asynccontextmanager
async def saying(said: Mapping[str, Any], folder: Path) -> AsyncIterator[ClusterApi]:
    async def answer(request: web.Request) -> web.Response:
        found = said.get(request.path, 404)
        if callable(found):
            found = found(request)
        match found:
            case int():
                return web.json_response({"message": f"said {found}"}, status=found)
            case str():
                return web.Response(text=found)
        return web.json_response(found)

    async with serving(answer, folder) as api:
        yield api


async def recording_of(
    said: Answers, folder: Path, *namespaces: str, room: Room | None = None
) -> Recording:
    async with saying(said, folder) as api:
        await record(api, folder / "out", namespaces=namespaces, room=room or Room())
    return Recording.open(await asyncio.to_thread((folder / "out").absolute))


def gaps(recording: Recording) -> dict[str, str]:
    return {each.what: each.why for each in recording.manifest.not_read}


async def test_a_server_that_prints_no_tables_is_recorded_without(tmp_path: Path) -> None:
    kept = await recording_of(answers(), tmp_path)
    [held] = kept.objects(PODS)
    assert (held["kind"], held["apiVersion"]) == ("Pod", "v1")
    assert "managedFields" not in held["metadata"]
    assert kept.table(PODS) is None
    assert kept.manifest.namespaces == ("shop",)
    assert gaps(kept) == {"secrets": "never recorded: it holds credentials"}


async def test_a_log_has_whole_lines_and_no_password_of_an_object(tmp_path: Path) -> None:
    kept = await recording_of(answers(), tmp_path)
    for previous in (False, True):
        log = kept.log("shop", "web", "app", previous)
        assert log is not None
        assert log.startswith("2026-11-27T10:19:00Z tried [redacted:")
        assert log.count("\n") == 1


async def test_files_are_readable_for_everyone_and_folders_too(tmp_path: Path) -> None:
    kept = await recording_of(answers(), tmp_path)
    assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o755
    assert stat.S_IMODE((kept.folder / "recording.json").stat().st_mode) == 0o644


async def test_a_kind_is_read_page_by_page(tmp_path: Path) -> None:
    def paged(request: web.Request) -> dict[str, Any]:
        if request.query.get("continue") == "next":
            return {"kind": "PodList", "items": [pod("api")]}
        return {"kind": "PodList", "metadata": {"continue": "next"}, "items": [pod("web")]}

    kept = await recording_of(answers() | {f"{ROOT}/pods": paged}, tmp_path)
    assert [each["metadata"]["name"] for each in kept.objects(PODS)] == ["api", "web"]


async def test_of_a_kind_without_end_the_first_are_kept_and_that_is_said(tmp_path: Path) -> None:
    count = 0

    def endless(_: web.Request) -> dict[str, Any]:
        nonlocal count
        names = [f"node-{count + each}" for each in range(2_000)]
        count += len(names)
        items = [{"metadata": {"name": name}} for name in names]
        return {"kind": "NodeList", "metadata": {"continue": "more"}, "items": items}

    kept = await recording_of(answers() | {f"{ROOT}/nodes": endless}, tmp_path)
    assert listing.MOST_OBJECTS <= len(kept.objects(NODES)) == count < 8_000
    assert gaps(kept)["nodes"] == f"only the first {count:,} were recorded"


@pytest.mark.parametrize(
    ("path", "status", "what", "why"),
    [
        (f"{ROOT}/nodes", 403, "nodes", "forbidden: Kaia's account may not list it"),
        (f"{ROOT}/nodes", 503, "nodes", "failed: HTTP 503: said 503"),
        (LOG, 500, "log of shop/web, container app", "HTTP 500: said 500"),
        ("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", 403, "rights in shop", "said"),
        ("/openapi/v3", 403, "OpenAPI, for `kubectl explain`", "forbidden"),
    ],
)
async def test_what_fails_is_a_gap_and_the_rest_is_there(
    tmp_path: Path, path: str, status: int, what: str, why: str
) -> None:
    kept = await recording_of(answers() | {path: status}, tmp_path)
    assert gaps(kept)[what].startswith(why)
    assert kept.objects(PODS)
    if path == f"{ROOT}/nodes":
        assert NODES not in kept.kinds()


async def test_a_container_that_has_no_log_yet_is_no_gap(tmp_path: Path) -> None:
    kept = await recording_of(answers() | {LOG: 400}, tmp_path)
    assert {*gaps(kept)} == {"secrets"}
    assert kept.log("shop", "web", "app", False) is None


class TestWhatThereIsNoRoomFor:
    """It is named, and all else is recorded."""

    @staticmethod
    def _map(name: str, chars: int) -> dict[str, Any]:
        return {"metadata": {"name": name, "namespace": "shop"}, "data": {"text": "ab " * chars}}

    def _with_maps(self, *maps: dict[str, Any]) -> Answers:
        core = [_resource("configmaps", "ConfigMap"), _resource("pods", "Pod")]
        listed = {"kind": "ConfigMapList", "items": [*maps]}
        return answers() | {"/api": _discovery("", *core), f"{ROOT}/configmaps": listed}

    async def test_one_object_is_too_large(self, tmp_path: Path) -> None:
        said = self._with_maps(self._map("a", 9), self._map("b", 9_000), self._map("c", 9))
        kept = await recording_of(said, tmp_path, room=Room(file_bytes=20_000))
        assert [each["metadata"]["name"] for each in kept.objects(MAPS)] == ["a", "c"]
        assert "not read again" in gaps(kept)["1 of configmaps in shop"]
        assert kept.objects(PODS)

    async def test_a_kind_is_too_large(self, tmp_path: Path) -> None:
        said = self._with_maps(self._map("b", 9_000))
        kept = await recording_of(said, tmp_path, room=Room(file_bytes=20_000))
        assert MAPS not in kept.kinds()
        assert "`kaia record -n NAMESPACE -o DIR`" in gaps(kept)["configmaps in shop"]
        assert kept.objects(PODS)
        assert kept.log("shop", "web", "app", previous=False)

    @pytest.mark.parametrize(
        "room", [Room(bytes=20_000), Room(files=0)], ids=["in bytes", "in files"]
    )
    async def test_the_recording_is_full(self, tmp_path: Path, room: Room) -> None:
        said = self._with_maps(*(self._map(f"m-{at}", 900) for at in range(9)))
        kept = await recording_of(said, tmp_path, room=room)
        assert "recorded before it" in gaps(kept)["configmaps in shop"]

    async def test_a_log_and_the_rights_are_gaps_too(self, tmp_path: Path) -> None:
        kept = await recording_of(answers(), tmp_path, room=Room(files=2))
        assert "recorded before it" in gaps(kept)["log of shop/web, container app"]
        assert "recorded before it" in gaps(kept)["what the account may do"]
        assert kept.objects(PODS)

    async def test_what_is_kept_is_as_large_as_it_may_be_and_no_larger(
        self, tmp_path: Path
    ) -> None:
        said = self._with_maps(*(self._map(f"m-{at:02}", 300 + at) for at in range(40)))
        kept = await recording_of(said, tmp_path, room=Room(file_bytes=20_000))
        size = (kept.folder / "objects/core/v1/configmaps/shop.json").stat().st_size
        assert 19_000 < size <= 20_000

    async def test_an_answer_that_is_too_large(self, tmp_path: Path) -> None:
        said = answers() | {f"{ROOT}/nodes": "x" * (64 * 2**20 + 1)}
        kept = await recording_of(said, tmp_path)
        assert "too large to be looked at" in gaps(kept)["nodes"]
        assert NODES not in kept.kinds()
        assert kept.objects(PODS)

    async def test_an_object_that_no_recording_can_hold(self, tmp_path: Path) -> None:
        deep: Any = "x"
        for _ in range(400):
            deep = {"a": deep}
        odd = [{"metadata": {"name": "a/b"}}, {"metadata": {"name": "deep"}, "spec": deep}, {}]
        good = {"metadata": {"name": "node-1"}}
        said = answers() | {f"{ROOT}/nodes": {"kind": "NodeList", "items": [*odd, good]}}
        kept = await recording_of(said, tmp_path)
        assert [each["metadata"]["name"] for each in kept.objects(NODES)] == ["node-1"]
        assert gaps(kept)["nodes deep"] == "left out: it is nested too deep"
        assert "none of Kubernetes'" in gaps(kept)["nodes a/b"]

    async def test_gaps_without_end_are_counted(self, tmp_path: Path) -> None:
        odd = [{"metadata": {"name": f"{at}/"}} for at in range(2_500)]
        said = answers() | {f"{ROOT}/nodes": {"kind": "NodeList", "items": odd}}
        kept = await recording_of(said, tmp_path)
        assert gaps(kept)["500 more"] == "only the first are listed"


class TestNothingIsLeft:
    @pytest.mark.parametrize("path", ["/version", "/api", "/apis"])
    async def test_where_the_cluster_does_not_say_what_it_is(
        self, tmp_path: Path, path: str
    ) -> None:
        with pytest.raises((ClusterError, RecordingError), match="does not say"):
            await recording_of(answers() | {path: 403}, tmp_path)
        assert os.listdir(tmp_path) == ["kubeconfig"]  # noqa: PTH208 - of a loop's own

    async def test_where_its_discovery_is_of_an_older_kind(self, tmp_path: Path) -> None:
        with pytest.raises(RecordingError, match=r"older than Kubernetes 1\.30"):
            await recording_of(answers() | {"/api": {"kind": "APIVersions"}}, tmp_path)

    async def test_where_the_target_is_not_empty(self, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "mine").write_text("kept")
        with pytest.raises(RecordingError, match="is not empty"):
            await recording_of(answers(), tmp_path)
        assert (tmp_path / "out" / "mine").read_text() == "kept"

    async def test_where_the_target_is_a_file_or_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "out").symlink_to(tmp_path)
        with pytest.raises(RecordingError, match="is no folder"):
            await recording_of(answers(), tmp_path)

    def test_where_it_becomes_larger_than_what_is_read_again(self, tmp_path: Path) -> None:
        big = "x" * (MOST_FILE_BYTES + 1)

        def write() -> None:
            with written_whole(tmp_path / "out") as writer:
                writer.write(PurePosixPath("small"), "x")
                writer.write(PurePosixPath("big"), big)

        with pytest.raises(RecordingError, match="larger than what is read again"):
            write()
        assert [*tmp_path.iterdir()] == []

    async def test_an_empty_folder_is_taken(self, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        assert (await recording_of(answers(), tmp_path)).objects(PODS)


async def test_namespaces_are_read_each_for_itself(tmp_path: Path) -> None:
    said = answers() | {
        f"{ROOT}/namespaces/shop": {"kind": "Namespace"},
        f"{ROOT}/namespaces/shop/pods": {"kind": "PodList", "items": [pod("web")]},
    }
    del said[f"{ROOT}/pods"]
    kept = await recording_of(said, tmp_path, "shop")
    assert len(kept.objects(PODS)) == 1
    access = json.loads((kept.folder / "access.json").read_text())
    assert access == {"shop": {"resourceRules": []}}
