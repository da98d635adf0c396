"""Apps that are allowed by id may ask as people do; every other one is not heard, nor is Kaia."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.dialogue import Notice
from bot.playground.workspace import Workspace
from bot.slack import House
from bot.slack.hearing.machines import MachineCap
from bot.slack.hearing.said import Said, said_by
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


async def test_an_app_that_asks_anew_each_time_is_told_its_cap_once_and_then_not_heard(
    connect: Connect, slack: Workspace, receiver: Receiver
) -> None:
    await connect(house=_allowed(slack, app_turns_per_hour=2))
    asked = []
    for _ in range(5):
        asked.append(slack.say("alerts", "incidents", "@kaia the shop is down"))
        await _all_acked(slack)
    slack.say("ann", "incidents", "@kaia why?")

    await slack.wait_for(lambda _: len(receiver.inputs) == 3)
    (told,) = await slack.wait_for(lambda now: now.thread("incidents", asked[2])[1:])

    assert [said.ts for said in receiver.inputs.values()][:2] == asked[:2]
    assert "2 times within an hour" in told.text
    assert "KAIA_TURNS_PER_HOUR" in told.text
    assert [slack.thread("incidents", ts)[1:] for ts in asked[3:]] == [[], []]
    assert not slack.ephemerals


def _alert(at: float, ts: str = "", **more: Any) -> Said:
    given: dict[str, Any] = {
        "channel": "C1", "ts": ts or f"{at:.6f}", "thread_ts": f"{at:.6f}", "speaker": "B1",
        "is_direct": False, "is_addressed": True, "teams": frozenset(),
        "is_shared_channel": False, "event": {}, "app_name": "alerts",
    }  # fmt: skip
    return Said(**{**given, **more})


def test_the_cap_of_an_app_frees_an_hour_after_what_was_taken_and_is_told_anew() -> None:
    cap = MachineCap(2)
    assert cap.excess(_alert(100)) is None
    assert cap.excess(_alert(200)) is None
    first, second = cap.excess(_alert(300)), cap.excess(_alert(400))
    assert (first and first.is_first, second and second.is_first) == (True, False)
    assert cap.excess(_alert(3_701)) is None
    third = cap.excess(_alert(3_702))
    assert third
    assert third.is_first


def test_the_cap_counts_a_message_once_and_each_app_for_itself_and_no_talk() -> None:
    cap = MachineCap(1)
    assert cap.excess(_alert(100)) is None
    assert cap.excess(_alert(100)) is None
    assert cap.excess(_alert(101, speaker="B2")) is None
    assert cap.excess(_alert(102, is_addressed=False)) is None
    assert cap.excess(_alert(103)) is not None
    assert MachineCap(None).excess(_alert(104)) is None
