"""What was said in a thread before Kaia was called; a thread that cannot be read is none."""

import pytest
from structlog.testing import capture_logs

from bot.dialogue import Input, Notice
from bot.playground.faults import FaultKind
from bot.playground.workspace import Workspace
from bot.slack import SlackFront
from tests.slack.conftest import Receiver


async def _asked(slack: Workspace, receiver: Receiver, root: str) -> Input:
    mention = slack.say("ann", "incidents", "@kaia why?", root)
    found = await slack.wait_for(
        lambda _: [one for one in receiver.inputs.values() if one.ts == mention]
    )
    return found[0]


async def test_people_and_alerts_are_read_oldest_first_and_kaia_is_left_out(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    alert = {"title": "Shop down", "fields": [{"title": "pod", "value": "pay &lt;1&gt;"}]}
    root = slack.say("alerts", "incidents", "", subtype="bot_message", attachments=[alert])
    file = slack.share_file("a.log", b"x")
    told = slack.say("ben", "incidents", "it was @ann", root, files=[file])
    said = await _asked(slack, receiver, root)
    audience = front.audience_for(said)
    await audience.deliver(Notice("Hello."), turn="t1", repeated=False)
    slack.say("ben", "incidents", "later", root)

    found = await audience.earlier("")

    assert [(one.name, one.text) for one in found] == [
        ("alerts", "Shop down\npod: pay <1>"),
        ("ben", "it was @ann\n(file: a.log)"),
    ]
    assert found[1].speaker == slack.directory.person("ben").id
    assert found[1].ts == told


async def test_kaias_own_answers_of_an_earlier_talk_are_left_out(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ben", "incidents", "@kaia help")
    first = await slack.wait_for(lambda _: list(receiver.inputs.values()))
    await front.audience_for(first[0]).deliver(Notice("Help."), turn="t1", repeated=False)
    slack.say("ben", "incidents", "hm", root)
    said = await _asked(slack, receiver, root)

    assert [one.text for one in await front.audience_for(said).earlier("")] == ["help", "hm"]
    assert [one.text for one in await front.audience_for(said).earlier(root)] == ["hm"]


async def test_it_is_bounded_in_number_and_length(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ben", "incidents", "x" * 5_000)
    for number in range(60):
        slack.say("ben", "incidents", f"{number} " + "y" * 3_000, root)
    said = await _asked(slack, receiver, root)

    found = await front.audience_for(said).earlier("")

    assert len(found) == 50
    assert found[0].text.startswith("10 ")
    assert {len(one.text) for one in found} == {2_000}


@pytest.mark.parametrize("kind", ["server_error", "hang", "drop", "error"])
async def test_where_it_cannot_be_read_there_is_none_and_one_line_in_the_log(
    front: SlackFront, slack: Workspace, receiver: Receiver, kind: FaultKind
) -> None:
    root = slack.say("ben", "incidents", "down")
    said = await _asked(slack, receiver, root)
    await slack.wait_for(lambda now: not now.deliveries.unacked)
    slack.faults.add("conversations.replies", kind, times=9, code="missing_scope")

    with capture_logs() as logs:
        assert await front.audience_for(said).earlier("") == ()

    assert [log["event"] for log in logs].count("slack.thread_not_read") == 1


async def test_a_note_for_one_person_is_seen_by_nobody_else(
    front: SlackFront, slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ben", "incidents", "down")
    said = await _asked(slack, receiver, root)
    ben = slack.directory.person("ben").id

    await front.audience_for(said).note("In short: <!channel>", only_for=ben)
    await slack.wait_for(lambda now: now.whispers("ben"))

    (whisper,) = slack.whispers("ben")
    assert "<!channel>" not in whisper.text
    assert whisper.text.startswith("In short")
    assert slack.whispers("ann") == []
    assert len(slack.thread("incidents", root)) == 2
