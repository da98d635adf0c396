"""Feedback buttons, home tabs and message shortcuts, as an app hears of them."""

import pytest

from bot.playground import Workspace
from bot.playground.manifest import Grants
from tests.playground.conftest import Ask
from tests.playground.hearing import Ear, app_says
from tests.playground.test_block_rules import container, feedback, plain

VIEW = {
    "type": "home",
    "blocks": [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Kaia is *well*"}},
        {
            "type": "actions",
            "elements": [{"type": "button", "action_id": "again", "text": plain("Look again")}],
        },
    ],
}


@pytest.fixture
def heard(workspace: Workspace) -> Ear:
    return Ear(workspace)


@pytest.mark.parametrize(("value", "text"), [("good", "Good"), ("bad", "Bad"), (None, "Good")])
def test_a_feedback_button_tells_which_of_the_two_was_pressed(
    workspace: Workspace, heard: Ear, value: str | None, text: str
) -> None:
    said = app_says(workspace, "?", blocks=[container([feedback(block_id="b")])])
    workspace.click("ben", "incidents", said.ts, "rate", value)
    [action] = heard.payloads[-1]["actions"]

    assert (action["type"], action["action_id"]) == ("feedback_buttons", "rate")
    assert (action["value"], action["text"]["text"]) == (value or "good", text)
    assert "positive_button" not in action


def test_a_value_that_no_button_has_cannot_be_pressed(workspace: Workspace) -> None:
    said = app_says(workspace, "?", blocks=[feedback()])
    with pytest.raises(LookupError, match="no element"):
        workspace.click("ben", "incidents", said.ts, "rate", "fine")


async def test_a_home_is_opened_published_and_pressed(
    workspace: Workspace, ask: Ask, heard: Ear
) -> None:
    ann = workspace.directory.person("ann").id
    workspace.open_home("ann", "home")
    first = heard.last()
    await ask("views.publish", user_id=ann, view=VIEW)
    workspace.open_home("ann", "home")
    again = heard.last()
    workspace.click_home("ann", "again")
    pressed = heard.payloads[-1]

    assert (first["type"], first["tab"], "view" in first) == ("app_home_opened", "home", False)
    assert again["view"]["blocks"] == VIEW["blocks"]
    assert pressed["type"] == "block_actions"
    assert pressed["container"] == {"type": "view", "view_id": again["view"]["id"]}
    assert pressed["actions"][0]["action_id"] == "again"
    assert workspace.home_transcript("ann") == "Kaia is *well*\n[Look again]\n"
    assert workspace.home_transcript("ben") == ""
    with pytest.raises(LookupError, match="ben's home"):
        workspace.click_home("ben", "again")


async def test_a_home_needs_its_tab_and_takes_no_blocks_of_messages(
    workspace: Workspace, ask: Ask
) -> None:
    ann = workspace.directory.person("ann").id
    markdown = {"type": "home", "blocks": [{"type": "markdown", "text": "hi"}]}
    odd = await ask("views.publish", user_id=ann, view=markdown)
    workspace.grants = Grants({"features": {"app_home": {"home_tab_enabled": False}}})
    switched_off = await ask("views.publish", user_id=ann, view=VIEW)

    assert odd["error"] == "invalid_arguments"
    assert switched_off["error"] == "not_enabled"


def test_a_shortcut_brings_the_message_and_an_address_to_answer_at(
    workspace: Workspace, heard: Ear
) -> None:
    ts = workspace.say("ben", "random", "odd")
    workspace.use_shortcut("ann", "random", ts, "kaia_investigate")
    payload = heard.payloads[-1]

    assert (payload["message"]["text"], payload["message_ts"]) == ("odd", ts)
    assert payload["user"]["id"] == workspace.directory.person("ann").id
    assert payload["response_url"].rpartition("/")[2] in workspace.reply_addresses
    assert payload["action_ts"] != ts


def test_a_shortcut_that_the_manifest_lacks_cannot_be_chosen(workspace: Workspace) -> None:
    ts = workspace.say("ben", "incidents", "odd")
    shortcut = {"type": "message", "name": "Look", "callback_id": "look"}
    workspace.grants = Grants({"features": {"shortcuts": [shortcut]}})
    with pytest.raises(LookupError, match="no message shortcut other"):
        workspace.use_shortcut("ann", "incidents", ts, "other")


async def test_a_kind_of_block_can_be_switched_off(
    workspace: Workspace, ask: Ask, incidents: str
) -> None:
    said = {"channel": incidents, "text": "t", "blocks": [container([{"type": "divider"}])]}
    workspace.refuse_blocks({"container"})
    refused = await ask("chat.postMessage", **said)
    workspace.refuse_blocks(())
    taken = await ask("chat.postMessage", **said)

    assert refused["error"] == "invalid_blocks"
    assert refused["response_metadata"]["messages"][0].startswith(
        "[ERROR] unsupported type: container"
    )
    assert taken["message"]["blocks"][0]["child_blocks"][0]["block_id"]
