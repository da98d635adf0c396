"""Which part of a cluster a question is about."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cluster.api import ClusterApi, opened_api
from bot.cluster.findings import Ref
from bot.tools.looking import Focus, Look, Looker
from tests.doubles.tiny_cluster import TinyCluster, serve_tiny_cluster


@pytest.fixture
async def cluster() -> AsyncIterator[TinyCluster]:
    async with serve_tiny_cluster() as tiny:
        tiny.add_namespaces("bank", "shop", "web")
        tiny.add_pod("shop", "cart")
        tiny.add_pod("shop", "checkout-7d9f8-x2k4z", status="CrashLoopBackOff")
        tiny.add_pod("bank", "ledger", status="CrashLoopBackOff")
        tiny.add("services", "shop", "cart")
        yield tiny


@pytest.fixture
async def looker(cluster: TinyCluster, tmp_path: Path) -> AsyncIterator[Looker]:
    async with opened_api(cluster.access(tmp_path), {}) as api:
        yield Looker(api, str)


EARLIER = Focus(("bank",), (Ref("Pod", "bank", "ledger"),))


async def look(
    looker: Looker, text: str, *, namespace: str = "", earlier: Focus | None = None
) -> Look:
    return await looker.look(text, namespace=namespace, earlier=earlier or Focus())


@pytest.mark.parametrize(
    ("text", "namespace", "earlier", "expected"),
    [
        ("what is wrong in namespace shop?", "", None, ("shop",)),
        ("what is wrong in shop?", "web", None, ("shop",)),
        ("shop and bank: what is wrong?", "web", None, ("shop", "bank")),
        ("what is wrong?", "web", None, ("web",)),
        ("what is wrong?", "", None, ("bank", "shop", "web")),
        ("is the whole cluster well?", "web", None, ("bank", "shop", "web")),
        ("all", "web", None, ("bank", "shop", "web")),
        ("and its logs?", "web", EARLIER, ("bank",)),
        ("why?", "web", EARLIER, ("bank",)),
        ("what is wrong?", "web", EARLIER, ("web",)),
        ("what is wrong?", "", EARLIER, ("bank",)),
        ("what is wrong with ledger?", "web", None, ("bank",)),
        ("bank/ledger is down", "web", None, ("bank",)),
        ("what is wrong with pod cart in namespace bank?", "web", None, ("bank",)),
    ],
)
async def test_where_a_question_is_looked_into(
    looker: Looker, text: str, namespace: str, earlier: Focus | None, expected: tuple[str, ...]
) -> None:
    found = await look(looker, text, namespace=namespace, earlier=earlier)

    assert found.report is not None
    assert {*found.report.namespaces} == {*expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is cart well?", [Ref("Service", "shop", "cart")]),
        ("is pod cart well?", [Ref("Pod", "shop", "cart")]),
        ("why is checkout down?", [Ref("Pod", "shop", "checkout-7d9f8-x2k4z")]),
        ("what is wrong?", []),
    ],
)
async def test_what_a_question_names(looker: Looker, text: str, expected: list[Ref]) -> None:
    assert list((await look(looker, text)).objects) == expected


async def test_how_a_named_object_is_stands_beside_it(looker: Looker) -> None:
    found = await look(looker, "is pod cart well?")

    assert found.states == {
        Ref("Pod", "shop", "cart"): "Running, 1/1 ready, 0 restarts, 5d old, on node node-1"
    }


async def test_a_name_that_is_elsewhere_does_not_stand_for_one_that_was_said_to_be_here(
    looker: Looker,
) -> None:
    found = await look(looker, "what is wrong with pod cart in namespace bank?")

    assert found.objects == ()
    [missing] = found.missing
    assert (missing.name, missing.where) == ("cart", "in namespace bank")
    assert missing.likely == ("shop/cart",)


async def test_a_namespace_that_does_not_exist_is_all_that_is_said(
    looker: Looker, cluster: TinyCluster
) -> None:
    found = await look(looker, "what is wrong in namespace shpo?")

    assert found.report is None
    assert [(each.name, each.likely) for each in found.missing] == [("shpo", ("shop",))]
    assert cluster.paths == ["/api/v1/namespaces"]


@pytest.mark.parametrize(
    "text", ["what is wrong with ledgr?", "is pod ledgr down", "what is `ledgr` up to"]
)
async def test_a_slip_of_the_pen_is_offered_the_near_name(looker: Looker, text: str) -> None:
    found = await look(looker, text)

    assert [(each.name, each.where) for each in found.missing] == [("ledgr", "in any namespace")]
    assert found.missing[0].likely == ("bank/ledger",)


async def test_where_namespaces_may_not_be_listed_nothing_is_said_of_others(
    looker: Looker, cluster: TinyCluster
) -> None:
    cluster.forbidden = {"namespaces"}

    found = await look(looker, "what is wrong with pod ledger?")
    slip = await look(looker, "what is wrong with carrt?")

    assert found.report is not None
    assert found.report.namespaces == ("shop",)
    assert [each.where for each in found.missing] == ["in namespace shop"]
    assert [each.where for each in slip.missing] == ["in shop"]


async def test_a_kind_that_may_not_be_read_is_not_said_to_be_missing(
    looker: Looker, cluster: TinyCluster
) -> None:
    cluster.forbidden = {"services", "nodes"}

    found = await look(looker, "is service carts in shop ok? and node worker-9?")

    assert found.missing == ()


def test_a_focus_is_kept_as_json() -> None:
    assert Focus.from_json(EARLIER.to_json()) == EARLIER
    assert Focus.from_json(None) == Focus()


async def test_a_look_at_everything_leaves_no_namespace_behind(looker: Looker) -> None:
    everywhere = await look(looker, "what is wrong?")
    inside = await look(looker, "what is wrong with ledger?")

    assert everywhere.focus.namespaces == ()
    assert inside.focus == EARLIER


async def test_where_nothing_was_named_the_worst_is_what_people_go_on_about(looker: Looker) -> None:
    everywhere = await look(looker, "what is wrong?")
    assert everywhere.report is not None

    [worst] = everywhere.focus.objects
    assert worst == everywhere.report.faults[0].about


async def test_where_all_is_well_there_is_nothing_to_go_on_about(looker: Looker) -> None:
    assert (await look(looker, "is everything fine in web?")).focus.objects == ()


async def test_the_api_is_the_only_thing_it_asks(cluster: TinyCluster, tmp_path: Path) -> None:
    async with opened_api(cluster.access(tmp_path), {}) as api:
        assert isinstance(api, ClusterApi)
        await look(Looker(api, str), "what is wrong in shop?")

    assert not [path for path in cluster.paths if "secrets" in path]


async def test_namespaces_are_listed_once_in_a_look(cluster: TinyCluster, tmp_path: Path) -> None:
    async with opened_api(cluster.access(tmp_path), {}) as api:
        # Not found in `shop`, so that the whole cluster is read after it.
        await look(Looker(api, str), "what is wrong with pod nowhere in namespace shop?")

    assert cluster.paths.count("/api/v1/namespaces") == 1
