"""Of many workloads that crash, which logs are read, and that it is said of the others."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cluster.api import ClusterApi, opened_api
from bot.cluster.checks.logs.unwell import MOST_WORKLOADS
from bot.cluster.findings import Ref
from bot.cluster.reading import Reader, Scope
from bot.cluster.report import Report
from bot.cluster.triage import examine
from tests.doubles.tiny_cluster import TinyCluster, serve_tiny_cluster

LAST = "zz-warncache"


@pytest.fixture
async def cluster() -> AsyncIterator[TinyCluster]:
    async with serve_tiny_cluster() as tiny:
        tiny.add_namespaces("shop")
        for number in range(MOST_WORKLOADS + 5):
            tiny.add_pod("shop", f"app-{number:02}", status="CrashLoopBackOff")
        tiny.add_pod("shop", LAST, status="CrashLoopBackOff")
        tiny.logs[LAST] = "dial tcp: lookup memcom: no such host\n"
        yield tiny


@pytest.fixture
async def api(cluster: TinyCluster, tmp_path: Path) -> AsyncIterator[ClusterApi]:
    async with opened_api(cluster.access(tmp_path), {}) as opened:
        yield opened


async def looked_at(api: ClusterApi, *first: Ref) -> Report:
    scene = await Reader(api).scene(Scope(("shop",)))
    return await examine(api, str, scene, first=first)


@pytest.mark.parametrize("kind", ["Pod", "Service"])
async def test_the_log_of_what_was_asked_about_is_read_first(api: ClusterApi, kind: str) -> None:
    report = await looked_at(api, Ref(kind, "shop", LAST))

    [finding] = report.about("shop", LAST)
    assert finding.reason == "HostNotFound"


async def test_logs_that_were_left_out_are_said_to_be(api: ClusterApi) -> None:
    report = await looked_at(api)

    told = [(each.what, each.why) for each in report.not_read]
    assert ("logs of 6 more workloads", "left out") in told
    assert [each.reason for each in report.about("shop", LAST)] == ["CrashLoopBackOff"]
