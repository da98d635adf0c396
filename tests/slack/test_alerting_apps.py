"""Apps that are allowed by id may ask as people do; every other one is not heard, nor is Kaia."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.dialogue import Notice
from bot.playground.workspace import Workspace
from bot.slack import House
from bot.slack.hearing.said import said_by
from bot.slack.house import Identity
from tests.slack.conftest import Connect, Receiver

Id = Callable[[Workspace], str]
IDS: list[Id] = [
    lambda slack: slack.directory.person("alerts").bot_id,
    lambda slack: slack.directory.person("alerts").app_id,
]


async def _all_acked(slack: Workspace) -> None:
    await slack.wait_for(lambda now: not now.deliveries.unacked)


def _allowed(slack: Workspace, name: Id = IDS[0], **more: Any) -> House:
    return House(apps=frozenset({name(slack)}), **more)


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("subtype", [None, "bot_message"])
async def test_an_app_allowed_by_its_app_id_or_bot_id_asks_under_its_name(
    connect: Connect, slack: Workspace, receiver: Receiver, name: Id, subtype: str | None
) -> None:
    await connect(house=_allowed(slack, name))
    slack.say("alerts", "incidents", "@kaia the shop is down", subtype=subtype)

    await slack.wait_for(lambda _: receiver.inputs)
    await _all_acked(slack)

    said = receiver.only
    assert said.is_machine
    assert said.speaker == slack.directory.person("alerts").bot_id
    assert (said.speaker_name, said.text) == ("alerts", "the shop is down")
    assert said.addressed


@pytest.mark.parametrize(
    "hanging",
    [
        {"attachments": [{"title": "Shop down", "text": "{mention} have a look"}]},
        {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "{mention} Shop"}}]},
        {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Shop <down>"}},
                    {"type": "section", "text": {"type": "mrkdwn", "text": "{mention} look"}}]},
    ],
)  # fmt: skip
async def test_a_mention_in_what_hangs_on_an_alert_counts(
    connect: Connect, slack: Workspace, receiver: Receiver, hanging: dict[str, Any]
) -> None:
    await connect(house=_allowed(slack))
    mention = f"<@{slack.bot.id}>"
    told = _filled(hanging, mention)
    slack.say("alerts", "incidents", "", subtype="bot_message", mention_event=False, **told)

    await slack.wait_for(lambda _: receiver.inputs)

    assert "Shop" in receiver.only.text
    assert mention not in receiver.only.text


def _filled(value: Any, mention: str) -> Any:
    if isinstance(value, dict):
        return {name: _filled(one, mention) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, mention) for one in value]
    return value.replace("{mention}", mention) if isinstance(value, str) else value


async def test_an_alert_without_a_mention_is_talk_and_one_in_a_thread_is_a_reply(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=_allowed(slack))
    slack.say("alerts", "incidents", "the shop is down")
    await _all_acked(slack)
    assert receiver.calls == 0
    root = slack.say("ann", "incidents", "hm")
    slack.say("alerts", "incidents", "still down", root)

    await slack.wait_for(lambda _: receiver.inputs)

    assert not receiver.only.addressed


async def test_every_other_app_is_ignored(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=_allowed(slack))
    slack.say_as_app("parrot", "incidents", "@kaia why?")
    slack.say_as_app("parrot", "incidents", "@kaia why?", subtype="bot_message")

    await _all_acked(slack)

    assert receiver.calls == 0
    assert not slack.ephemerals


async def test_kaia_does_not_hear_herself_though_somebody_allowed_her(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    ours = frozenset({slack.bot.bot_id, slack.bot.app_id})
    front = await connect(house=House(apps=ours))
    slack.say("ann", "incidents", "@kaia why?")
    await slack.wait_for(lambda _: receiver.inputs)
    said = receiver.only
    ts = await front.audience_for(said).deliver(Notice("I am here."), turn="t", repeated=False)
    slack.edit("incidents", ts, "I am here, @kaia.")

    await _all_acked(slack)

    assert len(receiver.inputs) == 1
    assert not receiver.revisions


@pytest.mark.parametrize("by", [{"user": "U0"}, {"bot_id": "B0"}, {"bot_profile": {"id": "B0"}}])
def test_kaias_own_words_are_nobodys_also_where_bolt_lets_them_through(by: dict[str, Any]) -> None:
    identity = Identity("T1", "", user="U0", bot="B0")
    event = {"type": "message", "channel": "C1", "ts": "1.0", "text": "<@U0>", "app_id": "A0", **by}

    assert said_by(event, {}, identity, frozenset({"A0", "B0"})) is None


@pytest.mark.parametrize("more", [{"channels": frozenset({"random"})}, {}])
async def test_an_app_is_bound_to_the_channels_too(
    connect: Connect, slack: Workspace, receiver: Receiver, more: dict[str, Any]
) -> None:
    await connect(house=_allowed(slack, **more))
    slack.directory.channel("incidents").is_ext_shared = not more
    slack.say("alerts", "incidents", "@kaia the shop is down")

    await _all_acked(slack)

    assert receiver.calls == 0
    assert not slack.ephemerals


async def test_an_app_needs_no_place_on_the_list_of_people(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=_allowed(slack, users=frozenset({"U0OTHER"})))
    slack.say("alerts", "incidents", "@kaia the shop is down")

    await slack.wait_for(lambda _: receiver.inputs)


async def test_an_app_of_another_workspace_is_not_heard(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=_allowed(slack))
    slack.say("alerts", "incidents", "@kaia the shop is down", team="T0OTHER")

    await _all_acked(slack)

    assert receiver.calls == 0
