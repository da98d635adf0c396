"""`chart` on a real API server: its own words for the states, and what a right that lacks costs."""

import os
import time
from pathlib import Path

import pytest

from bot.cluster.access import find_access
from bot.cluster.api import opened_api
from bot.conversations.records import Conversation, Turn
from bot.conversations.turns.pictures import Pictures
from bot.dialogue import Notice
from tests.apiserver import workloads
from tests.apiserver.client import Client
from tests.apiserver.server import ApiServer
from tests.doubles import troubles
from tests.doubles.conversation_edges import said

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]

SHOP = "drawn-shop"


@pytest.fixture(scope="module", autouse=True)
def client(apiserver: ApiServer) -> Client:
    client = apiserver.client
    workloads.add_namespace(client, SHOP)
    web = workloads.add_deployment(client, SHOP, "web", replicas=2, available=1)
    of_web = workloads.add_replicaset(client, SHOP, web)
    labels = {"app": "web", "pod-template-hash": workloads.TEMPLATE_HASH}
    name = f"web-{workloads.TEMPLATE_HASH}"
    workloads.add_pod(
        client, SHOP, f"{name}-aaaaa", workloads.healthy(), labels=labels, owner=of_web
    )
    failing = workloads.crash_looping(restarts=7)
    pod = workloads.add_pod(client, SHOP, f"{name}-bbbbb", failing, labels=labels, owner=of_web)
    workloads.add_event(client, pod, "BackOff", "back-off restarting")
    workloads.add_event(client, pod, "Pulled", "image is present", warns=False)
    return client


async def drawn(kubeconfig: Path) -> Notice:
    environ = {**os.environ, "KUBECONFIG": str(kubeconfig)}
    access = await find_access(environ)
    async with opened_api(access, environ) as api:
        spoken_of = Conversation(notes={"focus": {"namespaces": [SHOP]}})
        turn = Turn(1, said("chart"), "talk", 1, 0, time.time())
        return await Pictures(api).answer(turn, spoken_of, "")


async def test_pods_restarts_and_events_are_drawn(apiserver: ApiServer) -> None:
    notice = await drawn(apiserver.limited_kubeconfig)

    pods, restarts, events = notice.figures
    assert dict(pods.series[0][1]) == {"Running": 1, "CrashLoopBackOff": 1}
    assert restarts.series[0][1] == (("web (app)", 7),)
    assert [(kind, sum(n for _, n in data)) for kind, data in events.series] == [
        ("Warning", 1),
        ("Normal", 1),
    ]
    assert "- `web (app)`: 7" in notice.markdown


async def test_without_the_right_to_list_events_the_pods_are_drawn_and_it_is_said(
    apiserver: ApiServer, tmp_path: Path
) -> None:
    who = (SHOP, "draws-pods")
    troubles.add_account(apiserver.client, *who)
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}]
    troubles.allow(apiserver.client, who, "pods-only", rules, inside=SHOP)

    notice = await drawn(troubles.kubeconfig_of(apiserver, who, tmp_path / "pods-only"))

    assert [figure.unit for figure in notice.figures] == ["pods", "restarts"]
    assert f"I may not list events in `{SHOP}`, so they are missing here." in notice.markdown
