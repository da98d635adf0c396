"""A served recording answers reads as a cluster does, and nothing else and nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import RecordingError
from bot.recordings.format import Recording
from bot.recordings.replay.kubeconfig import kubeconfig, write
from bot.recordings.replay.server import ReplayServer
from tests.recordings.hand_made import POD_FILE, SERVER, make, put

LATER = datetime(2026, 11, 27, 11, 20, 0, 900_000, tzinfo=UTC)
PODS = "/api/v1/namespaces/shop/pods"
TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}
AGGREGATED = {"Accept": "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"}


def resource(plural: str, kind: str, *below: str) -> dict[str, Any]:
    return {
        "resource": plural,
        "responseKind": {"group": "", "version": "", "kind": kind},
        "scope": "Namespaced",
        "singularResource": kind.lower(),
        "verbs": ["get", "list", "watch"],
        "subresources": [{"subresource": each, "verbs": ["get"]} for each in below],
    }


def pod(name: str) -> dict[str, Any]:
    return {
        "metadata": {
            "name": name,
            "namespace": "shop",
            "resourceVersion": "7",
            "creationTimestamp": "2026-11-27T10:15:00Z",
            "labels": {"app": name},
        },
        "spec": {"nodeName": "node-1", "containers": [{"name": "app"}]},
        "status": {"phase": "Running"},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make(tmp_path / "shop")
    core = [resource("pods", "Pod", "log", "exec", "status"), resource("secrets", "Secret")]
    apps = [resource("deployments", "Deployment", "scale")]
    server = made.parent / "servers" / SERVER
    put(
        server / "discovery.json",
        {
            "/api": {"items": [{"versions": [{"version": "v1", "resources": core}]}]},
            "/apis": {
                "items": [
                    {
                        "metadata": {"name": "apps"},
                        "versions": [{"version": "v1", "resources": apps}],
                    }
                ]
            },
        },
    )
    names = ("api", "db", "web")
    rows = [{"name": name, "cells": [name, "5m"]} for name in names]
    put(made / "objects" / POD_FILE, {"kind": "PodList", "items": [pod(name) for name in names]})
    columns = [{"name": "Name", "type": "string"}, {"name": "Age", "type": "string"}]
    put(made / "tables" / POD_FILE, {"columnDefinitions": columns, "rows": rows})
    rule = {"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods"]}
    put(made / "access.json", {"shop": {"resourceRules": [rule], "nonResourceRules": []}})
    return made


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        ReplayServer(Recording.open(folder), clock=lambda: LATER) as server,
        aiohttp.ClientSession(server.url) as session,
    ):
        yield session


async def read(client: aiohttp.ClientSession, path: str, **options: Any) -> tuple[int, Any]:
    async with client.get(path, **options) as answer:
        return answer.status, await answer.json()


async def test_a_list_is_as_old_as_it_was(client: aiohttp.ClientSession) -> None:
    status, found = await read(client, PODS)

    assert status == 200
    assert (found["kind"], found["apiVersion"]) == ("PodList", "v1")
    assert [each["metadata"]["name"] for each in found["items"]] == ["api", "db", "web"]
    # An hour has passed since it was recorded.
    assert found["items"][0]["metadata"]["creationTimestamp"] == "2026-11-27T11:15:00Z"


async def test_a_table_has_the_servers_cells_and_each_objects_metadata(
    client: aiohttp.ClientSession,
) -> None:
    _, found = await read(client, PODS, headers=TABLE)
    _, bare = await read(client, f"{PODS}?includeObject=None", headers=TABLE)
    _, whole = await read(client, f"{PODS}?includeObject=Object", headers=TABLE)

    assert found["kind"] == "Table"
    assert found["rows"][0]["cells"] == ["api", "5m"]
    assert found["rows"][0]["object"]["kind"] == "PartialObjectMetadata"
    assert bare["rows"][0] == {"cells": ["api", "5m"], "object": None}
    assert whole["rows"][0]["object"]["kind"] == "Pod"


async def test_pages_follow_one_another_to_the_end(client: aiohttp.ClientSession) -> None:
    _, first = await read(client, f"{PODS}?limit=2")
    token = first["metadata"]["continue"]
    _, second = await read(client, PODS, params={"limit": "2", "continue": token})

    assert first["metadata"]["remainingItemCount"] == 1
    assert [each["metadata"]["name"] for each in second["items"]] == ["web"]
    assert "continue" not in second["metadata"]
    assert (await read(client, f"{PODS}?continue=zzz"))[0] == 400


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        (f"{PODS}/none", 404, 'pods "none" not found'),
        ("/api/v1/namespaces/shop/nothings", 404, "the server could not find"),
        ("/api/v1/pods/web", 404, "the server could not find"),
        ("/api/v1/namespaces/shop/secrets", 403, "not in this recording: never recorded"),
        ("/api/v1/namespaces/other/pods", 403, "only shop was recorded"),
        (f"{PODS}/web/exec", 405, "this is a recording"),
        (f"{PODS}/web/log?container=none", 400, "container none is not valid for pod web"),
        (f"{PODS}/web/log?previous=true", 400, 'previous terminated container "app" in pod "web"'),
    ],
)
async def test_what_is_not_there_is_said_as_a_status(
    client: aiohttp.ClientSession, path: str, code: int, words: str
) -> None:
    status, found = await read(client, path)

    assert (status, found["kind"], found["code"]) == (code, "Status", code)
    assert words in found["message"]


async def test_a_path_outside_of_all_groups_is_no_page(client: aiohttp.ClientSession) -> None:
    async with client.get("/apis/nope/v1/things") as answer:
        assert (answer.status, await answer.text()) == (404, "404 page not found\n")


async def test_a_log_moves_with_the_clock(client: aiohttp.ClientSession) -> None:
    async with client.get(f"{PODS}/web/log?timestamps=true") as answer:
        assert await answer.text() == "2026-11-27T11:19:00.5Z started\n"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_can_be_changed(client: aiohttp.ClientSession, method: str) -> None:
    async with client.request(method, f"{PODS}/web", json={}) as answer:
        assert answer.status == 405
        assert "this is a recording" in (await answer.json())["message"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "evil.example:443"])
async def test_a_page_under_a_foreign_name_is_told_nothing(
    client: aiohttp.ClientSession, host: str
) -> None:
    status, found = await read(client, PODS, headers={"Host": host})

    assert status == 403
    assert "items" not in found


def test_it_is_served_on_loopback_only(folder: Path) -> None:
    with pytest.raises(ValueError, match="loopback"):
        ReplayServer(Recording.open(folder), host="0.0.0.0")  # noqa: S104 - what is refused


async def test_a_watch_says_all_there_is_and_then_nothing_until_its_end(
    client: aiohttp.ClientSession,
) -> None:
    async with client.get(f"{PODS}?watch=true&timeoutSeconds=1") as answer:
        told = [json.loads(line) for line in (await answer.text()).splitlines()]
    async with client.get(f"{PODS}?watch=true&timeoutSeconds=1&resourceVersion=7") as answer:
        assert await answer.text() == ""

    assert [(each["type"], each["object"]["metadata"]["name"]) for each in told] == [
        ("ADDED", "api"),
        ("ADDED", "db"),
        ("ADDED", "web"),
    ]


async def test_a_watch_ends_with_the_server(folder: Path) -> None:
    async with aiohttp.ClientSession() as session:
        async with ReplayServer(Recording.open(folder)) as server:
            answer = await session.get(f"{server.url}{PODS}?watch=1&resourceVersion=7")
        async with asyncio.timeout(5):
            assert await answer.text() == ""


@pytest.mark.parametrize(("verb", "is_allowed"), [("list", True), ("delete", False)])
async def test_rights_are_the_recorders(
    client: aiohttp.ClientSession, verb: str, is_allowed: bool
) -> None:
    asked = {"namespace": "shop", "verb": verb, "resource": "pods"}
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    async with client.post(path, json={"spec": {"resourceAttributes": asked}}) as answer:
        assert answer.status == 201
        assert (await answer.json())["status"]["allowed"] is is_allowed
    headers = {"Content-Type": "application/vnd.kubernetes.protobuf"}
    async with client.post(path, data=protobuf(asked), headers=headers) as answer:
        assert answer.status == 201
        assert (await answer.json())["status"]["allowed"] is is_allowed
    async with client.post(path, data=b"k8s\x00\x12\xff\xff", headers=headers) as answer:
        assert answer.status == 400


def protobuf(asked: dict[str, str]) -> bytes:
    """As kubectl posts it: texts in a message in a spec in a review in an envelope."""
    numbers = {"namespace": 1, "verb": 2, "resource": 5}
    texts = b"".join(framed(numbers[key], value.encode()) for key, value in asked.items())
    return b"k8s\x00" + framed(2, framed(2, framed(1, texts)))


def framed(number: int, raw: bytes) -> bytes:
    return bytes([number << 3 | 2, len(raw)]) + raw


async def test_discovery_is_there_in_both_forms(client: aiohttp.ClientSession) -> None:
    _, newer = await read(client, "/apis", headers=AGGREGATED)
    _, older = await read(client, "/apis")
    _, core = await read(client, "/api/v1")

    assert newer["items"][0]["metadata"]["name"] == "apps"
    assert older["groups"][0]["preferredVersion"]["groupVersion"] == "apps/v1"
    assert [each["name"] for each in core["resources"]][:2] == ["pods", "pods/log"]


async def test_a_value_that_no_cluster_says_is_an_error_of_that_answer_alone(
    folder: Path,
) -> None:
    put(folder / "objects" / POD_FILE, {"items": [{**pod("web"), "spec": "none", "status": 7}]})
    async with (
        ReplayServer(Recording.open(folder)) as server,
        aiohttp.ClientSession(server.url) as session,
    ):
        status, found = await read(session, f"{PODS}/web/log")
        assert (status, found["reason"]) == (500, "InternalError")
        assert (await read(session, PODS))[0] == 200


def test_rights_that_are_none_are_refused_with_a_sentence(folder: Path) -> None:
    put(folder / "access.json", {"shop": {"resourceRules": 5}})
    with pytest.raises(RecordingError, match="cannot be served"):
        ReplayServer(Recording.open(folder))


async def test_a_file_that_broke_later_is_an_error_of_that_answer_alone(
    folder: Path, client: aiohttp.ClientSession
) -> None:
    server = folder.parent / "servers" / SERVER
    (server / "openapi" / "v3" / "api" / "v1.json").write_text("{")
    status, found = await read(client, "/openapi/v3/api/v1")
    assert (status, found["kind"]) == (500, "Status")
    assert str(folder.parent) not in found["message"]
    assert (await read(client, PODS))[0] == 200


async def test_a_log_of_somebody_elses_is_shown_without_what_a_terminal_obeys(
    folder: Path, client: aiohttp.ClientSession
) -> None:
    log = folder / "logs" / "shop" / "web" / "app.log"
    log.write_bytes(b"2026-11-27T10:19:00Z \x1b[2J\x00red\xff\n9999-12-31T23:59:59Z late\n")
    async with client.get(f"{PODS}/web/log?sinceSeconds=600") as answer:
        assert await answer.text() == "red\ufffd\nlate\n"


async def test_a_version_of_nine_thousand_digits_is_none(folder: Path) -> None:
    found = {**pod("web"), "metadata": {**pod("web")["metadata"], "resourceVersion": "9" * 9_000}}
    put(folder / "objects" / POD_FILE, {"items": [found, pod("api")]})
    async with (
        ReplayServer(Recording.open(folder)) as server,
        aiohttp.ClientSession(server.url) as session,
    ):
        status, listed = await read(session, f"{PODS}?limit=1")
        assert (status, listed["metadata"]["resourceVersion"]) == (200, "7")


@pytest.mark.parametrize("year", ["0001-01-01", "9999-12-31", "2031-01-01"])
async def test_a_recording_of_any_year_is_served(folder: Path, year: str) -> None:
    manifest = json.loads((folder / "recording.json").read_text())
    put(folder / "recording.json", {**manifest, "recorded_at": f"{year}T00:00:00Z"})
    async with (
        ReplayServer(Recording.open(folder), clock=lambda: LATER) as server,
        aiohttp.ClientSession(server.url) as session,
    ):
        assert (await read(session, PODS))[0] == 200
        async with session.get(f"{PODS}/web/log?timestamps=true&sinceSeconds=9") as answer:
            assert answer.status == 200


async def test_of_many_recorded_namespaces_a_refusal_names_the_first(folder: Path) -> None:
    manifest = json.loads((folder / "recording.json").read_text())
    names = [f"team-{at:05}" for at in range(9_000)]
    put(folder / "recording.json", {**manifest, "namespaces": names})
    async with (
        ReplayServer(Recording.open(folder)) as server,
        aiohttp.ClientSession(server.url) as session,
    ):
        status, found = await read(session, "/api/v1/namespaces/other/pods")
        assert status == 403
        assert found["message"].endswith("team-00019 and 8,980 more was recorded")


async def test_the_older_openapi_is_refused_in_words_that_kubectl_shows(
    client: aiohttp.ClientSession,
) -> None:
    async with client.get("/openapi/v2") as answer:
        assert (answer.status, answer.content_type) == (406, "text/plain")
        assert "leave --output away" in await answer.text()


async def test_a_deprecated_kind_is_warned_of_where_it_is_not_found_too(
    folder: Path,
) -> None:
    server = folder.parent / "servers" / SERVER
    put(server / "version.json", {"gitVersion": "v1.34.4", "minor": "34"})
    place = folder / "objects" / "core" / "v1" / "endpoints"
    put(place / "shop.json", {"kind": "EndpointsList", "items": []})
    discovery = json.loads((server / "discovery.json").read_text())
    discovery["/api"]["items"][0]["versions"][0]["resources"].append(
        resource("endpoints", "Endpoints")
    )
    put(server / "discovery.json", discovery)
    async with (
        ReplayServer(Recording.open(folder)) as replay,
        aiohttp.ClientSession(replay.url) as session,
        session.get("/api/v1/namespaces/shop/endpoints/none") as answer,
    ):
        assert answer.status == 404
        assert "EndpointSlice" in answer.headers["Warning"]


async def test_a_taken_port_is_said(folder: Path) -> None:
    recording = Recording.open(folder)
    async with ReplayServer(recording) as first:
        with pytest.raises(RecordingError, match=f"port {first.port} "):
            await ReplayServer(recording, port=first.port).start()


def test_a_kubeconfig_names_the_recording_and_spares_a_file_that_is_there(
    folder: Path, tmp_path: Path
) -> None:
    found = kubeconfig("http://127.0.0.1:1", Recording.open(folder).manifest)
    file = tmp_path / "config"
    write(file, found)

    assert json.loads(file.read_bytes())["contexts"][0]["context"]["namespace"] == "shop"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RecordingError, match="is there already"):
        write(file, found)
