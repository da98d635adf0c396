"""Events are recorded once and served at both of their addresses, each time in its own words."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.recordings.format import Recording
from bot.recordings.replay.server import ReplayServer
from tests.recordings.hand_made import SERVER, make, put

NEWER = "/apis/events.k8s.io/v1/namespaces/shop/events"
TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}
EVENT = {
    "apiVersion": "v1",
    "kind": "Event",
    "metadata": {"name": "web.1", "namespace": "shop"},
    "involvedObject": {"kind": "Pod", "name": "web"},
    "message": "Back-off restarting web",
    "reason": "BackOff",
    "type": "Warning",
    "count": 12,
    "eventTime": None,
    "firstTimestamp": "2026-11-27T10:00:00Z",
    "lastTimestamp": "2026-11-27T10:19:00Z",
    "source": {"component": "kubelet"},
    "reportingComponent": "kubelet",
    "reportingInstance": "",
}


def _resource() -> dict[str, Any]:
    kind = {"group": "", "version": "", "kind": "Event"}
    verbs = ["get", "list", "watch"]
    return {"resource": "events", "responseKind": kind, "scope": "Namespaced", "verbs": verbs}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = make(tmp_path / "shop")
    version = {"version": "v1", "resources": [_resource()]}
    newer = {"metadata": {"name": "events.k8s.io"}, "versions": [version]}
    put(
        made.parent / "servers" / SERVER / "discovery.json",
        {"/api": {"items": [{"versions": [version]}]}, "/apis": {"items": [newer]}},
    )
    put(made / "objects/core/v1/events/shop.json", {"kind": "EventList", "items": [EVENT]})
    columns = [{"name": "Reason", "type": "string"}, {"name": "Name", "type": "string"}]
    rows = [{"name": "web.1", "cells": ["BackOff", "web.1"]}]
    put(made / "tables/core/v1/events/shop.json", {"columnDefinitions": columns, "rows": rows})
    return made


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[aiohttp.ClientSession]:
    async with (
        ReplayServer(Recording.open(folder)) as server,
        aiohttp.ClientSession(server.url) as session,
    ):
        yield session


async def test_its_fields_have_the_newer_names(client: aiohttp.ClientSession) -> None:
    async with client.get(f"{NEWER}/web.1") as answer:
        found = await answer.json()
    assert (found["kind"], found["apiVersion"]) == ("Event", "events.k8s.io/v1")
    assert found["note"] == EVENT["message"]
    assert found["regarding"] == EVENT["involvedObject"]
    assert found["reportingController"] == "kubelet"
    assert found["deprecatedCount"] == 12
    assert found["deprecatedSource"] == {"component": "kubelet"}
    assert {"deprecatedFirstTimestamp", "deprecatedLastTimestamp", "eventTime"} <= found.keys()
    gone = {"message", "involvedObject", "count", "source", "reportingComponent", "lastTimestamp"}
    assert not (gone | {"reportingInstance"}) & found.keys()


async def test_its_table_is_the_same(client: aiohttp.ClientSession) -> None:
    async with client.get(NEWER, headers=TABLE) as answer:
        newer = await answer.json()
    async with client.get("/api/v1/namespaces/shop/events", headers=TABLE) as answer:
        older = await answer.json()
    assert newer["rows"] == older["rows"]
    assert newer["rows"][0]["cells"] == ["BackOff", "web.1"]


@pytest.mark.parametrize(("name", "count"), [("web", 1), ("api", 0)])
async def test_it_is_found_by_what_it_regards(
    client: aiohttp.ClientSession, name: str, count: int
) -> None:
    async with client.get(f"{NEWER}?fieldSelector=regarding.name%3D{name}") as answer:
        assert len((await answer.json())["items"]) == count


async def test_it_is_watched(client: aiohttp.ClientSession) -> None:
    async with client.get(f"{NEWER}?watch=1&timeoutSeconds=1") as answer:
        [told] = (await answer.text()).splitlines()
    assert json.loads(told)["object"]["note"] == EVENT["message"]


async def test_where_events_were_not_recorded_that_is_said(folder: Path) -> None:
    (folder / "objects/core/v1/events/shop.json").unlink()
    async with (
        ReplayServer(Recording.open(folder)) as server,
        aiohttp.ClientSession(server.url) as session,
        session.get(NEWER) as answer,
    ):
        assert answer.status == 403
        assert "not in this recording" in (await answer.json())["message"]
