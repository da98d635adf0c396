"""Watches on a real API server: what is said of them, once, and what survives."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.conversations.records import Learnt
from tests.apiserver import workloads
from tests.apiserver.client import Client
from tests.apiserver.server import ApiServer
from tests.doubles import troubles
from tests.doubles.watching import Watchers, markdown_of, opened_watchers

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

SHOP = "watch-shop"
_numbers = itertools.count(1)


@pytest.fixture(scope="module", autouse=True)
def client(apiserver: ApiServer) -> Client:
    workloads.add_namespace(apiserver.client, SHOP)
    return apiserver.client


@pytest.fixture
async def watchers(apiserver: ApiServer, tmp_path: Path) -> AsyncIterator[Watchers]:
    async with opened_watchers(apiserver.limited_kubeconfig, tmp_path) as opened:
        yield opened


@pytest.fixture
def web(client: Client) -> str:
    """A deployment of three, one of which is ready."""
    name = f"web-{next(_numbers)}"
    workloads.add_deployment(client, SHOP, name, replicas=3, available=1)
    return name


def set_ready(client: Client, name: str, ready: int) -> None:
    path = f"/apis/apps/v1/namespaces/{SHOP}/deployments/{name}/status"
    status: dict[str, Any] = {"readyReplicas": ready, "availableReplicas": ready}
    client.patch(path, {"status": {**status, "unavailableReplicas": 3 - ready}})


def add_pod_of(client: Client, name: str, status: dict[str, Any]) -> str:
    pod = f"{name}-x{next(_numbers)}"
    workloads.add_pod(client, SHOP, pod, status, labels={"app": name})
    return pod


def set_pod(client: Client, pod: str, status: dict[str, Any]) -> None:
    client.patch(f"/api/v1/namespaces/{SHOP}/pods/{pod}/status", {"status": status})


async def test_it_is_said_once_when_it_is_ready(
    watchers: Watchers, client: Client, web: str
) -> None:
    watch = await watchers.begun(f"deployment/{web} in {SHOP} until ready")
    watchers.clock.now += 240
    async with watchers.kept():
        set_ready(client, web, 2)
        set_ready(client, web, 3)
        said = await watchers.until_received()

    assert (
        said
        == f"deployment/{web} in {SHOP} is ready: 3 of 3 ready (was 1 of 3 ready), after 4 min."
    )
    assert (watchers.told[0].id, watchers.told[0].watch) == (f"watch:{watch.id}", watch.id)


async def test_a_new_crash_of_one_of_its_pods_is_said(
    watchers: Watchers, client: Client, web: str
) -> None:
    pod = add_pod_of(client, web, workloads.healthy())
    await watchers.begun(f"deploy {web} -n {SHOP} until ready")
    async with watchers.kept():
        set_pod(client, pod, workloads.out_of_memory())
        said = await watchers.until_received()

    assert "has got worse" in said
    assert f"pod/{pod}: app is in CrashLoopBackOff and last ended with OOMKilled" in said


async def test_what_was_broken_from_the_beginning_is_no_news(
    watchers: Watchers, client: Client, web: str
) -> None:
    add_pod_of(client, web, workloads.crash_looping())
    await watchers.begun(f"deployment/{web} in {SHOP}")
    async with watchers.kept():
        add_pod_of(client, web, workloads.crash_looping())
        set_ready(client, web, 3)
        said = await watchers.until_received()

    assert "is ready: 3 of 3 ready" in said


async def test_a_pod_that_is_deleted_is_gone(watchers: Watchers, client: Client) -> None:
    pod = add_pod_of(client, "loose", workloads.healthy())
    await watchers.begun(f"pod {pod} until gone", SHOP)
    async with watchers.kept():
        client.delete(f"/api/v1/namespaces/{SHOP}/pods/{pod}")
        said = await watchers.until_received()

    assert said.startswith(f"pod/{pod} in {SHOP} is gone (was Running, 1 of 1 ready)")


async def test_in_a_namespace_something_new_that_is_broken_is_said(
    watchers: Watchers, client: Client
) -> None:
    workloads.add_namespace(client, "watch-ns")
    workloads.add_pod(client, "watch-ns", "old", workloads.image_pull_backoff())
    await watchers.begun("ns watch-ns")
    async with watchers.kept():
        workloads.add_pod(client, "watch-ns", "new", workloads.crash_looping())
        said = await watchers.until_received()

    assert "pod/new: app is in CrashLoopBackOff" in said
    assert "pod/old" not in said


async def test_when_its_time_is_up_it_is_said_how_it_is(watchers: Watchers, web: str) -> None:
    await watchers.begun(f"deployment/{web} in {SHOP} until ready for 30m")
    watchers.clock.now += 1801
    async with watchers.kept():
        said = await watchers.until_received()

    assert "for 30 min, and my time for it is up. It is now: 1 of 3 ready." in said


async def test_what_happened_while_nobody_followed_is_seen_after_a_restart(
    watchers: Watchers, client: Client, web: str
) -> None:
    await watchers.begun(f"deployment/{web} in {SHOP}")
    async with watchers.kept():
        pass
    set_ready(client, web, 0)
    async with watchers.kept():
        said = await watchers.until_received()

    assert f"deployment/{web} has fewer ready: 0 of 3 (was 1)" in said


async def test_two_keepers_say_it_once(watchers: Watchers, client: Client, web: str) -> None:
    await watchers.begun(f"deployment/{web} in {SHOP}")
    async with watchers.kept(2):
        set_ready(client, web, 3)
        await watchers.until_received(2)

    assert len(watchers.told) == 1


async def test_something_that_is_not_there_is_not_watched(watchers: Watchers, web: str) -> None:
    elsewhere = markdown_of(await watchers.ask(f"deployment/{web} in default"))
    misspelt = markdown_of(await watchers.ask(f"deployment/{web}x in {SHOP}"))

    assert f"Did you mean `watch deployment/{web} in {SHOP}`?" in elsewhere
    assert f"`watch deployment/{web} in {SHOP}`" in misspelt
    assert await watchers.store.watches.open() == ()


async def test_what_is_ready_already_is_not_waited_for(
    watchers: Watchers, client: Client, web: str
) -> None:
    set_ready(client, web, 3)

    said = markdown_of(await watchers.ask(f"deployment/{web} in {SHOP} until ready"))

    assert f"so I watch nothing: deployment/{web} in {SHOP} is ready: 3 of 3 ready." in said


async def test_a_thread_has_five_watches_and_they_end_by_number(
    watchers: Watchers, web: str
) -> None:
    answers = [await watchers.ask(f"deployment/{web}", SHOP) for _ in range(6)]
    one = markdown_of(await watchers.unwatch("2"))
    rest = await watchers.unwatch()

    assert [isinstance(each, Learnt) for each in answers] == [True] * 5 + [False]
    assert "`unwatch 5` ends it" in markdown_of(answers[4])
    assert one.count(f"deployment/{web}") == 1
    assert isinstance(rest, Learnt)
    assert len(rest.ended_watches) == 4
    assert await watchers.store.watches.open() == ()


async def test_without_the_right_to_watch_it_is_said_at_once(
    apiserver: ApiServer, tmp_path: Path, web: str
) -> None:
    who = (SHOP, "reader")
    troubles.add_account(apiserver.client, *who)
    rules = [
        {"apiGroups": ["", "apps"], "resources": ["deployments", "pods"], "verbs": ["get", "list"]}
    ]
    troubles.allow(apiserver.client, who, "reads-only", rules, inside=SHOP)
    kubeconfig = troubles.kubeconfig_of(apiserver, who, tmp_path / "reader")
    async with opened_watchers(kubeconfig, tmp_path) as watchers:
        said = markdown_of(await watchers.ask(f"deployment/{web}", SHOP))

    assert said.startswith(f"I watch nothing: I may not watch deployments in {SHOP}")
    assert "`watch`" in said
