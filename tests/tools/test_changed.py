"""What is kept of a cluster when a conversation begins, and what is said of it later."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cluster.api import ClusterApi, opened_api
from bot.cluster.reading import Reader, Scope
from bot.errors import ClusterError
from bot.tools.changed import compared, take
from tests.doubles.tiny_cluster import TinyCluster, serve_tiny_cluster

CANARY = "canary-3c1-never-kept"


@pytest.fixture
async def cluster() -> AsyncIterator[TinyCluster]:
    async with serve_tiny_cluster() as tiny:
        tiny.add_namespaces("shop")
        tiny.add_pod("shop", "cart")
        tiny.add("deployments", "shop", "checkout", spec={"replicas": 2}, status={})
        tiny.add("configmaps", "shop", "settings", data={"url": CANARY})
        yield tiny


@pytest.fixture
async def api(cluster: TinyCluster, tmp_path: Path) -> AsyncIterator[ClusterApi]:
    async with opened_api(cluster.access(tmp_path), {}) as opened:
        yield opened


async def kept_of(api: ClusterApi) -> str:
    scene = await Reader(api).scene(Scope(("shop",)))
    return (await take(api, scene)).as_json()


async def test_no_value_of_a_config_map_is_kept(api: ClusterApi) -> None:
    kept = await kept_of(api)

    assert "settings" in kept
    assert CANARY not in kept


async def test_no_secret_is_asked_for(api: ClusterApi, cluster: TinyCluster) -> None:
    await kept_of(api)

    assert not [path for path in cluster.paths if "secrets" in path]


async def test_what_changed_is_said(api: ClusterApi, cluster: TinyCluster) -> None:
    before = json.loads(await kept_of(api))
    cluster.objects["deployments"][0]["spec"]["replicas"] = 5

    said = await compared(api, before, before["taken"] + 60)

    assert "checkout" in said
    assert "5" in said
    assert "cart" not in said


async def test_where_config_maps_may_not_be_read_they_are_not_said_to_be_gone(
    api: ClusterApi, cluster: TinyCluster
) -> None:
    before = json.loads(await kept_of(api))
    cluster.forbidden = {"configmaps"}

    said = await compared(api, before, before["taken"] + 60)

    assert "settings" not in said


async def test_what_another_release_kept_is_not_compared(api: ClusterApi) -> None:
    said = await compared(api, {"format": 0}, 0)

    assert said == "What I kept of the cluster is of another release, so I cannot compare with it."


async def test_a_cluster_that_is_gone_is_an_error(tmp_path: Path) -> None:
    async with serve_tiny_cluster() as tiny:
        tiny.add_namespaces("shop")
        access = tiny.access(tmp_path)
        async with opened_api(access, {}) as api:
            before = json.loads(await kept_of(api))
    async with opened_api(access, {}) as api:
        with pytest.raises(ClusterError):
            await compared(api, before, 0)
