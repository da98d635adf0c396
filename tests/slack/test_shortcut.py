"""Whoever chooses "Investigate with Kaia" below a message asks about it, in its thread."""

from typing import Any

import pytest

from bot.dialogue import Input
from bot.playground.objects import ChannelKind
from bot.playground.workspace import Workspace
from bot.slack import House
from bot.slack.hearing.shortcuts import INVESTIGATE, choice_in
from tests.slack.conftest import Connect, Receiver


def _choose(slack: Workspace, user: str, channel: str, ts: str) -> None:
    slack.use_shortcut(user, channel, ts, INVESTIGATE)


async def _chosen(slack: Workspace, receiver: Receiver) -> Input:
    def chosen(_: Workspace) -> list[Input]:
        return [one for one in receiver.inputs.values() if one.id.startswith("shortcut:")]

    return (await slack.wait_for(chosen))[0]


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


async def _settled_whisper(slack: Workspace, user: str) -> str:
    found = await slack.wait_for(lambda _: slack.whispers(user))
    return found[0].text


@pytest.mark.usefixtures("front")
async def test_it_is_a_question_in_the_thread_of_that_message(
    slack: Workspace, receiver: Receiver
) -> None:
    root = slack.say("ann", "incidents", "hm")
    file = slack.share_file("a.log", b"x")
    attached = {"title": "Shop down", "text": "pay &amp; go"}
    ts = slack.say("ben", "incidents", "what is it?", root, attachments=[attached], files=[file])
    _choose(slack, "ann", "incidents", ts)

    said = await _chosen(slack, receiver)
    await _all_acked(slack)

    team, channel = slack.directory.team_id, slack.directory.channel("incidents").id
    ann = slack.directory.person("ann").id
    assert said.id == f"shortcut:{team}:{channel}:{ts}:{said.ts}:{ann}"
    assert said.thread.ts == root
    assert (said.speaker, said.speaker_name, said.addressed) == (ann, "ann", True)
    assert said.text == ("Investigate this message of ben:\nwhat is it?\nShop down\npay & go")
    assert [shared.name for shared in said.files] == ["a.log"]
    assert slack.problems == []


@pytest.mark.usefixtures("front")
@pytest.mark.parametrize("depth", ["root", "reply"])
async def test_the_thread_is_told_once_who_asked(slack: Workspace, depth: str) -> None:
    root = ts = slack.say("ben", "incidents", "down")
    if depth == "reply":
        ts = slack.say("ben", "incidents", "still down", root)
    _choose(slack, "ann", "incidents", ts)

    told = await slack.wait_for(
        lambda now: [one.text for one in now.thread("incidents", root) if "asked me" in one.text]
    )
    which = {"root": "this message", "reply": "the message of ben in this thread"}[depth]
    assert told == [f"ann asked me to look at {which}."]
    await _all_acked(slack)
    assert slack.problems == []


@pytest.mark.usefixtures("front")
async def test_a_guest_hears_in_the_words_of_the_menu_whom_to_ask(slack: Workspace) -> None:
    slack.directory.person("ann").is_restricted = True
    ts = slack.say("ben", "incidents", "down")
    _choose(slack, "ann", "incidents", ts)

    told = await _settled_whisper(slack, "ann")
    assert "ask a member of this workspace to choose Investigate with Kaia" in told


@pytest.mark.usefixtures("front")
async def test_a_message_of_an_app_is_named_after_the_app(
    slack: Workspace, receiver: Receiver
) -> None:
    ts = slack.say("alerts", "incidents", "down", subtype="bot_message")
    _choose(slack, "ann", "incidents", ts)

    said = await _chosen(slack, receiver)

    assert said.text == "Investigate this message of alerts:\ndown"
    assert said.thread.ts == ts


async def test_who_may_not_ask_hears_why_and_alone(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=House(users=frozenset({"U0NOBODY"})))
    ts = slack.say("ben", "incidents", "down")
    _choose(slack, "ann", "incidents", ts)

    assert "I answer only people on a list" in await _settled_whisper(slack, "ann")
    await _all_acked(slack)
    assert receiver.calls == 0


@pytest.mark.usefixtures("front")
@pytest.mark.parametrize("kind", ["channel", "group", "mpim"])
async def test_where_kaia_is_not_she_asks_to_be_invited(
    slack: Workspace, receiver: Receiver, kind: ChannelKind
) -> None:
    elsewhere = slack.add_channel("elsewhere", kind=kind, members=["ann", "ben"]).id
    ts = slack.say("ben", elsewhere, "down")
    _choose(slack, "ann", elsewhere, ts)

    assert "invite me first (/invite @kaia)" in await _settled_whisper(slack, "ann")
    await _all_acked(slack)
    assert receiver.calls == 0
    assert not [call for call in slack.calls if call.method.startswith("chat.post")]


@pytest.mark.usefixtures("front")
async def test_where_slack_does_not_say_who_it_is_nothing_is_done(
    slack: Workspace, receiver: Receiver
) -> None:
    ts = slack.say("ben", "incidents", "down")
    slack.faults.add("users.info", "server_error", times=9)
    _choose(slack, "ann", "incidents", ts)

    assert "could not find out who you are" in await _settled_whisper(slack, "ann")
    assert receiver.calls == 0


@pytest.mark.usefixtures("front")
async def test_what_could_not_be_kept_is_said_and_not_acked(
    slack: Workspace, receiver: Receiver
) -> None:
    ts = slack.say("ben", "incidents", "down")
    await _all_acked(slack)
    receiver.failures = 1
    delivery = slack.use_shortcut("ann", "incidents", ts, INVESTIGATE)

    assert "choose it again in a minute" in await _settled_whisper(slack, "ann")
    assert delivery is not None
    assert not delivery.acked


@pytest.mark.usefixtures("front")
async def test_odd_payloads_are_acked_and_ignored(slack: Workspace) -> None:
    slack.announcer.interaction(
        {"type": "message_action", "callback_id": INVESTIGATE, "trigger_id": "1"}
    )
    await _all_acked(slack)
    bodies: list[dict[str, Any]] = [{}, {"message": {}}, {"message": {"ts": "1"}, "channel": "C1"}]

    assert [choice_in(body) for body in bodies] == [None, None, None]
