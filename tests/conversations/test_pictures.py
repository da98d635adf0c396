"""`chart` draws what a conversation is about, and says every number in words."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cluster.access import ClusterAccess
from bot.cluster.api import ClusterApi, opened_api
from bot.conversations import Store
from bot.conversations.records import Conversation, Turn
from bot.conversations.turns.pictures import Pictures
from bot.conversations.words import is_chart_asked
from bot.dialogue import Notice
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import said
from tests.doubles.tiny_cluster import TinyCluster, serve_tiny_cluster

NOW = datetime(2026, 11, 27, 6, 30, tzinfo=UTC)
IN_SHOP = Conversation(notes={"focus": {"namespaces": ["shop"]}})


@pytest.fixture
async def cluster() -> AsyncIterator[TinyCluster]:
    async with serve_tiny_cluster() as tiny:
        tiny.add_pod("shop", "cart")
        tiny.add_pod("shop", "pay", status="CrashLoopBackOff", restarts="7 (1m ago)")
        for name, kind, at in (("a", "Warning", "06:28"), ("b", "Normal", "06:11")):
            seen = f"2026-11-27T{at}:00Z"
            tiny.add("events", "shop", name, type=kind, lastTimestamp=seen)
        yield tiny


@pytest.fixture
async def api(cluster: TinyCluster, tmp_path: Path) -> AsyncIterator[ClusterApi]:
    async with opened_api(cluster.access(tmp_path, namespace="own"), {}) as opened:
        yield opened


@pytest.fixture
def pictures(api: ClusterApi) -> Pictures:
    return Pictures(api, {"C2": "shop"}.get, NOW.timestamp)


async def drawn(
    pictures: Pictures,
    which: str = "",
    conversation: Conversation = IN_SHOP,
    **more: Any,
) -> Notice:
    turn = Turn(1, said("chart", **more), "talk", 1, 0, 0.0)
    return await pictures.answer(turn, conversation, which)


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("chart", ""),
        ("Charts!", ""),
        ("chart restarts", "restarts"),
        ("@Kaia chart pods, please", "pods"),
        ("show me a chart", ""),
        ("show me a chart of the events", "events"),
        ("restart chart", "restarts"),
        ("chart payments", None),
        ("which helm chart is payments of?", None),
        ("show pods", None),
    ],
)
def test_a_chart_is_asked_for_with_a_whole_message(text: str, which: str | None) -> None:
    assert is_chart_asked(text) == which


async def test_every_number_of_every_figure_stands_in_words(pictures: Pictures) -> None:
    notice = await drawn(pictures)

    assert [figure.unit for figure in notice.figures] == ["pods", "restarts", "events"]
    assert notice.markdown.split("\n") == [
        "In namespace `shop`, 2026-11-27 06:30 UTC.",
        "",
        "**Pods by state**",
        "- `Running`: 1",
        "- `CrashLoopBackOff`: 1",
        "",
        "**Restarts by workload and container**",
        "- `pay (app)`: 7",
        "",
        "**Events of the last hour, by 5 minutes**",
        "- 06:10: 1 Normal",
        "- 06:25: 1 Warning",
        "- no events at the other times",
    ]


async def test_one_kind_is_drawn_alone_and_nothing_else_is_read(
    pictures: Pictures, cluster: TinyCluster
) -> None:
    notice = await drawn(pictures, "events")

    assert [figure.unit for figure in notice.figures] == ["events"]
    assert cluster.paths == ["/api/v1/namespaces/shop/events"]


async def test_no_secret_is_read(pictures: Pictures, cluster: TinyCluster) -> None:
    await drawn(pictures)

    assert not [path for path in cluster.paths if "secret" in path]


async def test_where_nothing_was_spoken_of_it_is_the_channel_and_then_kaias_own_namespace(
    pictures: Pictures,
) -> None:
    of_channel = await drawn(pictures, "pods", Conversation(), channel="C2")
    of_nobody = await drawn(pictures, "pods", Conversation(), channel="C9")

    assert of_channel.markdown.startswith("In namespace `shop`,")
    assert of_nobody.markdown.startswith("In namespace `own`,")
    assert of_nobody.markdown.endswith("There are no pods.")
    assert of_nobody.figures == ()


async def test_what_may_not_be_read_is_said_and_costs_only_itself(
    pictures: Pictures, cluster: TinyCluster
) -> None:
    cluster.forbidden = {"events"}

    notice = await drawn(pictures)

    assert [figure.unit for figure in notice.figures] == ["pods", "restarts"]
    assert "I may not list events in `shop`, so they are missing here." in notice.markdown
    assert "No event" not in notice.markdown


async def test_of_many_namespaces_ten_are_drawn_and_it_is_said(pictures: Pictures) -> None:
    names = ["shop", *(f"n{n}" for n in range(11))]

    notice = await drawn(pictures, "restarts", Conversation(notes={"focus": {"namespaces": names}}))

    assert "`n8` (of 2 more namespaces nothing is drawn)" in notice.markdown
    assert notice.figures[0].series[0][1] == (("shop/pay (app)", 7),)


async def test_without_a_cluster_it_is_said_why() -> None:
    reason = "There is no kubeconfig."
    async with opened_api(ClusterAccess("none", reason=reason), {}) as api:
        notice = await drawn(Pictures(api))

    assert notice == Notice(f"I can draw nothing: {reason}")


async def test_the_word_is_answered_without_a_model(store: Store, pictures: Pictures) -> None:
    async with Engine(store, turning={"pictures": pictures}).at_work() as engine:
        await engine.inbox.receive(said("chart pods", channel="C2"))
        (shown,) = await engine.gallery.showed(1)

    assert isinstance(shown.outcome, Notice)
    assert [figure.title for figure in shown.outcome.figures] == ["Pods by state"]
    assert not engine.assistant.asked


SAMPLES = [
    {"at": NOW.timestamp() - 3600, "pods": {"shop/pay": 2}},
    {"at": NOW.timestamp() - 600, "pods": {"shop/pay": 5, "bank/vault": 3}, "in": ["shop"]},
]


async def test_restarts_are_drawn_over_time_where_earlier_looks_have_counted_them(
    pictures: Pictures, cluster: TinyCluster
) -> None:
    (pod,) = [each for each in cluster.objects["pods"] if each["metadata"]["name"] == "pay"]
    ended = pod["status"]["containerStatuses"][0]["lastState"]["terminated"]
    ended["finishedAt"] = "2026-11-27T06:27:00Z"
    about = {"namespace": "shop", "name": "pay"}
    times = {"firstTimestamp": "2026-11-26T23:00:00Z", "lastTimestamp": "2026-11-27T06:28:00Z"}
    cluster.add("events", "shop", "c", reason="BackOff", count=27, involvedObject=about, **times)
    known = Conversation(notes={**IN_SHOP.notes, "restarts": SAMPLES})

    notice = await drawn(pictures, "restarts", known)

    (figure,) = notice.figures
    assert figure.is_over_time
    assert figure.series == (("pay", (("05:30", 2), ("06:20", 5), ("06:27", 7), ("06:30", 7))),)
    assert notice.markdown.split("\n")[2:] == [
        "**Restarts over time**",
        "- 05:30: `pay` 2",
        "- 06:20: `pay` 5",
        "- 06:27: `pay` 7",
        "- 06:30: `pay` 7",
        "",
        "**Last restarts**",
        "- `pay (app)`: at 06:27, `Error`, exit code 3",
        "",
        "**Waits before a restart (BackOff)**",
        "- `pay`: 27 times, from 2026-11-26 23:00 to 06:28",
    ]


async def test_without_an_earlier_look_there_are_totals_and_it_is_said_why(
    pictures: Pictures, cluster: TinyCluster
) -> None:
    (pod,) = [each for each in cluster.objects["pods"] if each["metadata"]["name"] == "pay"]
    ended = pod["status"]["containerStatuses"][0]["lastState"]["terminated"]
    ended["finishedAt"] = "2026-11-27T06:27:00Z"

    notice = await drawn(pictures, "restarts")

    assert notice.figures[0].title == "Restarts by workload and container"
    assert "Kubernetes keeps a number and the last time, no history." in notice.markdown
