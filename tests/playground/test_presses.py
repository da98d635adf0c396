"""What people press in the workspace, and what the app hears of it."""

import pytest

from bot.playground import Workspace
from bot.playground.clock import HandClock
from bot.playground.objects import Ephemeral
from tests.playground.hearing import Ear, app_says


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(clock=HandClock())


@pytest.fixture
def heard(workspace: Workspace) -> Ear:
    return Ear(workspace)


def test_the_stop_button_names_thread_and_person(workspace: Workspace, heard: Ear) -> None:
    ts = workspace.say("ann", "incidents", "@kaia hello")
    workspace.stop("ben", "incidents", ts)

    assert heard.last()["type"] == "agent_session_stopped"
    assert heard.last()["thread_ts"] == ts
    assert heard.last()["user"] == workspace.directory.person("ben").id


def test_a_click_carries_button_message_and_person(workspace: Workspace, heard: Ear) -> None:
    button = {"type": "button", "action_id": "approve", "value": "p1"}
    actions = {"type": "actions", "block_id": "b1", "elements": [button]}
    root = workspace.say("ann", "incidents", "@kaia restart it")
    metadata = {"event_type": "asked", "event_payload": {"turn": "t1"}}
    message = app_says(workspace, "Shall I?", blocks=[actions], thread_ts=root, metadata=metadata)
    workspace.click("ben", "incidents", message.ts, "approve")
    payload = heard.payloads[-1]

    assert payload["type"] == "block_actions"
    assert payload["actions"][0]["type"] == "button"
    assert payload["actions"][0]["action_ts"] > message.ts
    assert payload["actions"][0]["value"] == "p1"
    assert payload["actions"][0]["block_id"] == "b1"
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": False,
        "thread_ts": root,
    }
    assert payload["message"]["thread_ts"] == root
    assert payload["message"]["bot_id"] == workspace.bot.bot_id
    assert payload["message"]["metadata"] == metadata
    assert payload["channel"]["id"] == message.channel
    assert payload["user"]["id"] == workspace.directory.person("ben").id
    assert payload["user"]["team_id"] == payload["team"]["id"] == workspace.directory.team_id
    assert payload["is_enterprise_install"] is False
    assert payload["trigger_id"]
    assert payload["response_url"].startswith(workspace.base_url)


def test_a_button_of_an_ephemeral_message_is_there_for_one_person_only(
    workspace: Workspace, heard: Ear
) -> None:
    home, ann = workspace.directory.channel("incidents").id, workspace.directory.person("ann").id
    actions = {"type": "actions", "elements": [{"type": "button", "action_id": "again"}]}
    stamp = workspace.stamps.next()
    workspace.ephemerals.append(Ephemeral(stamp, home, ann, "not kept", None, [actions]))
    workspace.click("ann", "incidents", stamp, "again")

    assert heard.payloads[-1]["container"]["is_ephemeral"] is True
    assert "message" not in heard.payloads[-1]
    assert [whispered.text for whispered in workspace.whispers("ann")] == ["not kept"]
    assert workspace.whispers("ben") == []
    with pytest.raises(LookupError, match="ben sees no message"):
        workspace.click("ben", "incidents", stamp, "again")


def test_a_click_on_nothing_is_the_tests_own_mistake(workspace: Workspace) -> None:
    ts = workspace.say("ann", "incidents", "no buttons here")
    with pytest.raises(LookupError, match="no element"):
        workspace.click("ben", "incidents", ts, "approve")


def test_a_shortcut_and_an_opened_home_are_told(workspace: Workspace, heard: Ear) -> None:
    ts = workspace.say("ann", "incidents", "odd")
    workspace.use_shortcut("ben", "incidents", ts, "kaia_investigate")
    shortcut = heard.payloads[-1]
    workspace.open_home("ann")

    assert (shortcut["type"], shortcut["callback_id"]) == ("message_action", "kaia_investigate")
    assert (heard.last()["type"], heard.last()["tab"]) == ("app_home_opened", "messages")
