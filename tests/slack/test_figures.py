"""Figures come as Slack's charts, else as a picture, and always as numbers in words."""

import importlib.util
import json
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.dialogue import Audience, Figure, Input, Notice
from bot.playground import blocks as slacks
from bot.playground.objects import Message
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from bot.slack.sending.pictures import in_words
from bot.slack.wording.drawing import MOST_BYTES, png_of
from bot.slack.wording.figures import charts_of
from tests.slack.conftest import Connect, Receiver

PODS = Figure("Pods by state", "pods", (("pods", (("Running", 12), ("CrashLoopBackOff", 3))),))
EVENTS = Figure(
    "Events of the last hour, by 5 minutes",
    "events",
    tuple(
        (kind, tuple((f"06:{5 * n:02}", n % by) for n in range(12)))
        for kind, by in (("Warning", 5), ("Normal", 7))
    ),
)
RESTARTS = Figure(
    "Restarts by workload and container",
    "restarts",
    (("restarts", tuple((f"shop/payments-backend-{n} (app)", 40 - n) for n in range(12))),),
)
CHART = "data_visualization"
NOTICE = Notice("**Pods by state**\n- `Running`: 12", figures=(PODS, RESTARTS, EVENTS))
HAS_MATPLOTLIB = importlib.util.find_spec("matplotlib") is not None
with_matplotlib = pytest.mark.skipif(
    not HAS_MATPLOTLIB, reason="matplotlib (the extra `plots`) is not installed"
)

labels = st.text(max_size=70)


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    names = draw(st.lists(labels, min_size=1, max_size=8))
    shown = draw(st.lists(labels, min_size=1, max_size=24))
    values = st.integers(min_value=0, max_value=10**9)
    data = tuple((name, tuple((each, draw(values)) for each in shown)) for name in names)
    return Figure(draw(labels), draw(labels), data)


@given(st.lists(figures(), max_size=4))
def test_slack_takes_the_charts_of_any_figures(drawn: list[Figure]) -> None:
    charts = charts_of(drawn)

    slacks.check(list(charts))
    assert len(charts) == min(2, len(drawn))


@given(figures())
def test_no_label_is_a_mention_a_link_or_an_escape(figure: Figure) -> None:
    evil = replace(figure, title="<!channel> [x](https://a.example) \x1b[2J\u202e")

    told = json.dumps(charts_of([evil]), ensure_ascii=False)

    assert not [sign for sign in ("<", "](", "https://", "\x1b", "\u202e") if sign in told]


def test_of_three_figures_the_two_with_most_to_look_at_are_drawn_in_their_order() -> None:
    titles = [chart["title"] for chart in charts_of((PODS, RESTARTS, EVENTS))]

    assert titles == [RESTARTS.title, EVENTS.title]


def test_long_labels_that_begin_and_end_alike_stay_apart() -> None:
    (chart,) = charts_of([RESTARTS])

    categories = chart["chart"]["axis_config"]["categories"]
    assert len(set(categories)) == 12
    assert max(map(len, categories)) <= 20


def test_a_picture_is_told_to_who_cannot_see_it() -> None:
    assert in_words([PODS]) == "Pods by state: Running 12, CrashLoopBackOff 3."
    assert "06:05 1 Warning" in in_words([EVENTS])
    assert "0 Warning" not in in_words([EVENTS]).replace("10 Warning", "")
    assert len(in_words([RESTARTS] * 9)) == 1_000


@pytest.fixture
async def said(front: SlackFront, slack: Workspace, receiver: Receiver) -> Input:
    assert front.is_ready
    slack.say("ann", "incidents", "@kaia chart")
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    slack.calls.clear()
    return receiver.only


@pytest.fixture
def audience(front: SlackFront, said: Input) -> Audience:
    return front.audience_for(said)


def _thread(slack: Workspace, said: Input) -> tuple[list[Message], list[Message]]:
    """Of the bot's messages those with a file, and those without."""
    ours = [m for m in slack.thread("incidents", said.thread.ts) if m.user == slack.bot.id]
    return [m for m in ours if m.files], [m for m in ours if not m.files]


def _called(slack: Workspace, method: str) -> list[dict[str, Any]]:
    return [call.arguments for call in slack.calls if call.method == method]


async def test_charts_stand_below_the_numbers_in_one_message(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    await audience.deliver(NOTICE, turn="t1", repeated=False)

    files, (posted,) = _thread(slack, said)
    assert [block["type"] for block in posted.blocks] == ["markdown", CHART, CHART]
    assert "Running" in posted.text
    assert files == []


async def test_where_slack_takes_no_charts_the_numbers_come_and_it_is_tried_once(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.refuse_blocks({CHART})
    with capture_logs() as logs:
        await audience.deliver(NOTICE, turn="t1", repeated=False)
        await audience.deliver(NOTICE, turn="t2", repeated=False)

    _, texts = _thread(slack, said)
    assert [[block["type"] for block in each.blocks] for each in texts] == [["markdown"]] * 2
    assert all("`Running`: 12" in each.blocks[0]["text"] for each in texts)
    assert len(_called(slack, "chat.postMessage")) == 3
    assert [each["kind"] for each in logs if each["event"] == "slack.block_type_off"] == [CHART]


async def test_other_answers_keep_their_blocks_where_charts_are_refused(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.refuse_blocks({CHART})
    await audience.deliver(NOTICE, turn="t1", repeated=False)
    await audience.deliver(Notice("**plain**"), turn="t2", repeated=False)

    _, texts = _thread(slack, said)
    assert texts[-1].blocks == [{"type": "markdown", "text": "**plain**"}]


@with_matplotlib
async def test_a_picture_is_shared_below_them_once_for_who_can_see_and_who_cannot(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.refuse_blocks({CHART})
    await audience.deliver(NOTICE, turn="t1", repeated=False)
    await audience.deliver(NOTICE, turn="t1", repeated=True)

    (shared,), (text,) = _thread(slack, said)
    stored = slack.files[shared.files[0]]
    assert shared.ts > text.ts
    assert stored.name == f"charts-{said.ts.replace('.', '-')}.png"
    assert stored.content is not None
    assert stored.content.startswith(b"\x89PNG")
    (asked,) = _called(slack, "files.getUploadURLExternal")
    assert asked["alt_txt"].startswith("Pods by state: Running 12, CrashLoopBackOff 3.")


@with_matplotlib
async def test_a_picture_that_cannot_be_shared_costs_nothing(
    audience: Audience, slack: Workspace, said: Input
) -> None:
    slack.refuse_blocks({CHART})
    slack.faults.add("files.completeUploadExternal", "error", times=9, code="internal_error")

    ts = await audience.deliver(NOTICE, turn="t1", repeated=False)

    assert [message.ts for message in _thread(slack, said)[1]] == [ts]


@with_matplotlib
def test_a_picture_of_all_of_it_is_small() -> None:
    assert 0 < len(png_of((PODS, RESTARTS, EVENTS))) <= MOST_BYTES


@with_matplotlib
def test_no_name_is_read_as_a_formula() -> None:
    evil = Figure("$\\frac{1}$", "$x", (("_hidden", (("$\\bad{", 1), ("数…", 2))),))

    assert png_of([evil]).startswith(b"\x89PNG")


def test_without_matplotlib_or_figures_there_is_no_picture() -> None:
    assert png_of(()) == b""
    if not HAS_MATPLOTLIB:
        assert png_of([PODS]) == b""
        assert "matplotlib" not in sys.modules


async def test_a_front_without_matplotlib_shares_nothing_and_fails_nothing(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    front = await connect()
    slack.say("ann", "incidents", "@kaia chart")
    await slack.wait_for(lambda now: receiver.inputs and not now.deliveries.unacked)
    slack.refuse_blocks({CHART})

    await front.audience_for(receiver.only).deliver(
        replace(NOTICE, figures=(Figure("x", "y", ()),)), turn="t1", repeated=False
    )

    files, (text,) = _thread(slack, receiver.only)
    assert files == []
    assert text.blocks[0]["type"] == "markdown"
