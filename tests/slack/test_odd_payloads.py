"""Servers that are not Slack's send less, and odd things: read as far as possible, always acked."""

from typing import Any

import pytest

from bot.playground.workspace import Workspace
from tests.slack.conftest import Receiver


@pytest.mark.parametrize("event", [None, "text", ["a", "list"], 5])
@pytest.mark.usefixtures("front")
async def test_an_event_that_is_no_object_is_acked_and_dropped(
    slack: Workspace, receiver: Receiver, event: Any
) -> None:
    payload = {"type": "event_callback", "event": event}
    slack.deliveries.send("events_api", payload, "Ev1")

    await slack.wait_for(lambda now: not now.deliveries.unacked)

    assert [ack.attempt for ack in slack.acks] == [0]
    assert receiver.calls == 0


@pytest.mark.parametrize(
    "odd",
    [
        {"files": [None, "x"], "attachments": ["y", None]},
        {"files": {}, "attachments": {"a": 1}},
        {"attachments": [{"fields": ["x", None]}]},
        {"attachments": [{"fields": {"a": 1}}]},
        {"blocks": None, "team": None, "thread_ts": None, "client_msg_id": None},
    ],
)
@pytest.mark.usefixtures("front")
async def test_odd_things_beside_a_question_do_not_lose_it(
    slack: Workspace, receiver: Receiver, odd: dict[str, Any]
) -> None:
    event = {
        "type": "message",
        "channel": slack.directory.channel("incidents").id,
        "user": slack.directory.person("ann").id,
        "ts": "1790000000.000100",
        "text": f"<@{slack.bot.id}> why?",
    }
    slack.deliveries.send("events_api", {"type": "event_callback", "event": event | odd}, "Ev1")

    await slack.wait_for(lambda now: not now.deliveries.unacked)

    assert receiver.only.text == "why?"
    assert [ack.attempt for ack in slack.acks] == [0]


@pytest.mark.usefixtures("front")
async def test_a_subtype_of_another_kind_is_none_that_is_taken(
    slack: Workspace, receiver: Receiver
) -> None:
    user = slack.directory.person("ann").id
    said = f"<@{slack.bot.id}> why?"
    event = {"type": "message", "subtype": ["x"], "channel": "C1", "user": user, "text": said}
    payload = {"type": "event_callback", "event": {**event, "ts": "1790000000.000100"}}
    slack.deliveries.send("events_api", payload, "Ev1")

    await slack.wait_for(lambda now: not now.deliveries.unacked)

    assert receiver.calls == 0
