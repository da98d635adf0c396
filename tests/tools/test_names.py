"""What is offered where a command names something that is not there."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cluster.api import ClusterApi, opened_api
from bot.dialogue import Step
from bot.tools.ledger import Ledger
from bot.tools.looking import Looker
from bot.tools.names import hint_about
from bot.tools.triage import TriageTool
from tests.doubles.tiny_cluster import TinyCluster, serve_tiny_cluster


@pytest.fixture
async def cluster() -> AsyncIterator[TinyCluster]:
    async with serve_tiny_cluster() as tiny:
        tiny.add_namespaces("bank", "shop")
        tiny.add_pod("shop", "cart")
        tiny.add_pod("bank", "ledger")
        tiny.add("deployments", "shop", "checkout")
        yield tiny


@pytest.fixture
async def api(cluster: TinyCluster, tmp_path: Path) -> AsyncIterator[ClusterApi]:
    async with opened_api(cluster.access(tmp_path), {}) as opened:
        yield opened


def triage_on(api: ClusterApi) -> TriageTool:
    async def ignore(_: Step) -> None:
        """Nobody looks."""

    ledger = Ledger(first_receipt=1, most_calls=24)
    looker = Looker(api, str)
    return TriageTool(
        looker, ledger, on_step=ignore, budget_chars=6_000, turns=asyncio.Semaphore(1)
    )


@pytest.mark.parametrize(
    ("kind", "namespace", "name", "expected"),
    [
        ("pods", "shop", "crat", "Did you mean `shop/cart`?"),
        ("pods", "shop", "ledger", "It is in another namespace: `bank/ledger`."),
        ("deployments", "shop", "chekout", "Did you mean `shop/checkout`?"),
        ("pods", "shpo", "cart", "There is no namespace shpo. Did you mean `shop`?"),
        ("pods", "shop", "something-else", ""),
        ("pods", "shop", "", ""),
        ("widgets", "shop", "press", ""),
    ],
)
async def test_near_names_and_other_places_are_offered(
    api: ClusterApi, kind: str, namespace: str, name: str, expected: str
) -> None:
    assert await hint_about(triage_on(api), api)(kind, namespace, name) == expected


async def test_the_cluster_is_asked_once(api: ClusterApi, cluster: TinyCluster) -> None:
    hint = hint_about(triage_on(api), api)

    await hint("pods", "shop", "crat")
    asked = len(cluster.paths)
    await hint("pods", "shop", "legder")

    assert asked
    assert len(cluster.paths) == asked


async def test_names_that_the_look_has_seen_are_not_asked_for_again(
    api: ClusterApi, cluster: TinyCluster
) -> None:
    triage = triage_on(api)
    await triage.first_look("what is wrong in the whole cluster?")
    asked = len(cluster.paths)

    assert await hint_about(triage, api)("pods", "shop", "crat") == "Did you mean `shop/cart`?"
    assert len(cluster.paths) == asked


async def test_where_namespaces_may_not_be_listed_none_is_said_to_be_missing(
    api: ClusterApi, cluster: TinyCluster
) -> None:
    cluster.forbidden = {"namespaces"}

    assert await hint_about(triage_on(api), api)("pods", "bank", "x") == ""


async def test_a_cluster_that_is_gone_offers_nothing(tmp_path: Path) -> None:
    async with serve_tiny_cluster() as gone:
        access = gone.access(tmp_path)
    async with opened_api(access, {}) as api:
        assert await hint_about(triage_on(api), api)("pods", "shop", "crat") == ""
