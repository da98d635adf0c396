"""The methods that need one line each: what they answer, and what they refuse."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.playground import PlaygroundServer, Workspace

Ask = Callable[..., Awaitable[dict[str, Any]]]


async def test_a_session_is_renamed_once_it_is_there(
    ask: Ask, workspace: Workspace, incidents: str, asked: str
) -> None:
    thread = {"channel_id": incidents, "thread_ts": asked}
    early = await ask("agents.sessions.rename", **thread, title="Checkout")
    await ask("agents.sessions.setStatus", **thread, status="active", title="First")
    odd = await ask("agents.sessions.setStatus", **thread, status="asleep")
    renamed = await ask("agents.sessions.rename", **thread, title="Checkout")

    assert (early["error"], odd["error"]) == ("session_not_found", "invalid_arguments")
    assert renamed["title"] == workspace.sessions[incidents, asked].title == "Checkout"


async def test_titles_and_prompts_are_kept(
    ask: Ask, workspace: Workspace, incidents: str, asked: str
) -> None:
    direct = workspace.direct("ann").id
    thread, tab = {"channel_id": incidents, "thread_ts": asked}, {"channel_id": direct}
    prompts = [{"title": "Pods", "message": "Which pods fail?"}]
    await ask("assistant.threads.setTitle", **thread, title="Checkout")
    await ask("assistant.threads.setSuggestedPrompts", **tab, prompts=prompts)
    many = await ask("assistant.threads.setSuggestedPrompts", **tab, prompts=prompts * 5)
    elsewhere = await ask("assistant.threads.setSuggestedPrompts", **thread, prompts=prompts)

    assert workspace.titles[incidents, asked] == "Checkout"
    assert workspace.prompts[direct, ""]["prompts"] == prompts
    assert many["error"] == "invalid_arguments"
    assert elsewhere["error"] == "channel_type_not_supported"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"thread_ts": "1.000001", "status": "x"}, "invalid_thread_ts"),
        ({"thread_ts": "", "status": "x"}, "invalid_arguments"),
        ({}, "invalid_arguments"),
        ({"loading_messages": ["x"] * 11, "status": "x"}, "invalid_arguments"),
        ({"channel_id": "random", "thread_ts": "1.000001"}, "not_in_channel"),
    ],
)
async def test_a_status_needs_a_thread_that_is_there(
    ask: Ask, asked: str, arguments: dict[str, Any], error: str
) -> None:
    said = {"channel_id": "incidents", "thread_ts": asked} | arguments

    assert (await ask("assistant.threads.setStatus", **said))["error"] == error


async def test_the_app_token_knows_its_app_and_its_one_scope(
    server: PlaygroundServer, ask: Ask
) -> None:
    answer = await ask("auth.test", token=server.app_token)

    assert answer["ok"]
    assert answer["app_id"] == server.workspace.directory.app_id
    assert "user_id" not in answer


async def test_channels_tell_who_is_in_them_and_may_be_joined(
    ask: Ask, workspace: Workspace
) -> None:
    before = await ask("conversations.members", channel="random")
    await ask("conversations.join", channel="random")
    info = await ask("conversations.info", channel="random", include_num_members=True)

    assert workspace.bot.id not in before["members"]
    assert info["channel"]["is_member"] is True
    assert info["channel"]["num_members"] == len(before["members"]) + 1


async def test_direct_messages_are_opened_once(ask: Ask, workspace: Workspace) -> None:
    guest = workspace.directory.person("guest").id
    opened = [await ask("conversations.open", users=guest) for _ in range(2)]
    nobody = await ask("conversations.open", users="U0NOBODY")
    info = await ask("conversations.info", channel=opened[0]["channel"]["id"])

    assert opened[0]["channel"] == opened[1]["channel"]
    assert (info["channel"]["is_im"], info["channel"]["user"]) == (True, guest)
    assert nobody["error"] == "user_not_found"


async def test_a_permalink_names_the_thread_of_a_reply(
    ask: Ask, workspace: Workspace, incidents: str, asked: str
) -> None:
    reply = workspace.say("ben", "incidents", "me too", asked)
    found = await ask("chat.getPermalink", channel="incidents", message_ts=reply)

    dotless = reply.replace(".", "")
    assert f"/archives/{incidents}/p{dotless}?thread_ts={asked}" in found["permalink"]


WINDOW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Ask"},
    "blocks": [
        {
            "type": "input",
            "label": {"type": "plain_text", "text": "What?"},
            "element": {"type": "plain_text_input", "action_id": "what"},
        }
    ],
}
EMPTY = {**WINDOW, "blocks": []}


@pytest.fixture
def trigger(workspace: Workspace) -> str:
    ts = workspace.say("ann", "incidents", "odd")
    workspace.use_shortcut("ann", "incidents", ts, "kaia_investigate")
    return workspace.deliveries.all[-1].key


async def test_windows_open_for_a_click_and_homes_for_a_person(
    ask: Ask, workspace: Workspace, trigger: str
) -> None:
    ann = workspace.directory.person("ann").id

    modal = await ask("views.open", trigger_id=trigger, view=WINDOW)
    again = await ask("views.open", trigger_id=trigger, view=WINDOW)
    home = await ask("views.publish", user_id=ann, view={"type": "home", "blocks": []})
    changed = await ask("views.publish", user_id=ann, view={"type": "home", "blocks": []})
    wrong = await ask("views.publish", user_id=ann, view={"type": "modal"})

    assert set(workspace.views) == {modal["view"]["id"], home["view"]["id"]}
    assert modal["view"]["root_view_id"] == modal["view"]["id"]
    assert modal["view"]["state"] == {"values": {}}
    assert again["error"] == "exchanged_trigger_id"
    assert changed["view"]["id"] == home["view"]["id"]
    assert wrong["error"] == "invalid_arguments"


async def test_a_window_is_changed_by_whoever_knows_how_it_is_now(ask: Ask, trigger: str) -> None:
    first = (await ask("views.open", trigger_id=trigger, view=WINDOW))["view"]

    changed = await ask("views.update", view_id=first["id"], hash=first["hash"], view=EMPTY)
    late = await ask("views.update", view_id=first["id"], hash=first["hash"], view=WINDOW)
    nobody = await ask("views.update", view_id="V0NONE", view=WINDOW)

    assert (changed["view"]["id"], changed["view"]["blocks"]) == (first["id"], [])
    assert late["error"] == "hash_conflict"
    assert nobody["error"] == "not_found"


async def test_a_window_is_put_upon_another(ask: Ask, workspace: Workspace, trigger: str) -> None:
    below = (await ask("views.open", trigger_id=trigger, view=WINDOW))["view"]
    ts = workspace.say("ann", "incidents", "odder")
    workspace.use_shortcut("ann", "incidents", ts, "kaia_investigate")

    above = await ask("views.push", trigger_id=workspace.deliveries.all[-1].key, view=EMPTY)

    assert above["view"]["previous_view_id"] == below["id"]
    assert above["view"]["root_view_id"] == below["id"]


@pytest.mark.parametrize(
    ("view", "where"),
    [
        ({"type": "modal", "blocks": []}, "/view/title"),
        ({**WINDOW, "blocks": [{"type": "bogus"}]}, "/view/blocks/0/type"),
        ({**WINDOW, "blocks": [{"type": "input"}]}, "/view/blocks/0/label"),
        ({"type": "modal", "title": WINDOW["title"]}, "/view"),
    ],
)
async def test_a_bad_window_is_refused_with_the_place_that_is_wrong(
    ask: Ask, trigger: str, view: dict[str, Any], where: str
) -> None:
    refused = await ask("views.open", trigger_id=trigger, view=view)

    assert refused["error"] == "invalid_arguments"
    assert any(
        f"[json-pointer:{where}]" in said for said in refused["response_metadata"]["messages"]
    )


async def test_bots_and_the_workspace_say_who_they_are(ask: Ask, workspace: Workspace) -> None:
    bot = await ask("bots.info", bot=workspace.bot.bot_id)
    team = await ask("team.info")

    assert bot["bot"]["user_id"] == workspace.bot.id
    assert team["team"]["name"] == "Playground"


async def test_what_a_whisper_or_a_status_says_is_looked_at_too(
    ask: Ask, workspace: Workspace, incidents: str, asked: str
) -> None:
    ann = workspace.directory.person("ann").id
    await ask("chat.postEphemeral", channel="incidents", user=ann, text="<!here>")
    await ask(
        "assistant.threads.setStatus", channel_id=incidents, thread_ts=asked, status="<!channel>"
    )
    await ask("chat.postMessage", channel="incidents", text="hi", link_names=True)

    found = "\n".join(workspace.problems)
    assert "alive in an ephemeral message: <!here>" in found
    assert f"alive in the status of {asked}: <!channel>" in found
    assert "chat.postMessage was called with link_names" in found
