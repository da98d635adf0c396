"""The manifest is one Slack accepts, and asks for what the code uses: no less, no more."""

import ast
import asyncio
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.dialogue import Closed, Input, Thread
from bot.playground.manifest import Grants
from bot.playground.server import PlaygroundServer
from bot.slack import SlackFront
from bot.slack.hearing.shortcuts import INVESTIGATE
from bot.slack.identity import REQUIRED_SCOPES
from bot.slack.sending.outbound import Method
from tests.slack.conftest import Connect

SCHEMA = json.loads((Path(__file__).parent / "manifest.schema.json").read_text())
PACKAGE = Path(__file__).parents[2] / "bot" / "slack"

KINDS = ("channels", "groups", "im", "mpim")
SCOPES: dict[Method, tuple[str, ...]] = {
    Method.AUTH_TEST: (),
    Method.CONNECTIONS_OPEN: (),  # the app-level token's own scope, which no manifest grants
    Method.POST_MESSAGE: ("chat:write",),
    Method.POST_EPHEMERAL: ("chat:write",),
    Method.UPDATE: ("chat:write",),
    Method.DELETE: ("chat:write",),
    Method.REPLIES: tuple(f"{kind}:history" for kind in KINDS),
    Method.CHANNEL_INFO: tuple(f"{kind}:read" for kind in KINDS),
    Method.USER_INFO: ("users:read",),
    Method.GROUP_MEMBERS: ("usergroups:read",),
    Method.ADD_REACTION: ("reactions:write",),
    Method.REMOVE_REACTION: ("reactions:write",),
    Method.SET_STATUS: ("chat:write", "assistant:write"),
    Method.SET_SESSION: ("chat:write",),
    Method.SET_PROMPTS: ("assistant:write",),
    Method.VIEWS_PUBLISH: (),
    Method.GET_UPLOAD_ADDRESS: ("files:write",),
    Method.COMPLETE_UPLOAD: ("files:write",),
    Method.FILE_INFO: ("files:read",),
}
EVENTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "app_mention": ("app_mention", ("app_mentions:read",)),
    "agent_session_stopped": ("agent_session_stopped", ()),
    "app_home_opened": ("app_home_opened", ()),
    **{f"message.{kind}": ("message", (f"{kind}:history",)) for kind in KINDS},
}
"""Subscription -> the event's type, and the scopes it needs."""


def _scopes(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["oauth_config"]["scopes"]["bot"])


def _subscriptions(manifest: dict[str, Any]) -> set[str]:
    return set(manifest["settings"]["event_subscriptions"]["bot_events"])


def _listened_to() -> set[str]:
    """The event types that `listeners.py` names in `@app.event("…")`."""
    tree = ast.parse((PACKAGE / "hearing" / "listeners.py").read_text())
    return {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "event"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_slack_accepts_the_manifest(manifest: dict[str, Any]) -> None:
    jsonschema.validate(manifest, SCHEMA)


def test_a_typing_error_or_a_long_name_would_be_seen(manifest: dict[str, Any]) -> None:
    misspelt, long = deepcopy(manifest), deepcopy(manifest)
    misspelt["settings"]["socket_mode"] = True
    long["display_information"]["name"] = "K" * 36

    for broken in (misspelt, long):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, SCHEMA)


def test_it_speaks_socket_mode_in_one_workspace(manifest: dict[str, Any]) -> None:
    settings = manifest["settings"]

    assert settings["socket_mode_enabled"]
    assert settings["interactivity"]["is_enabled"]
    assert not settings["token_rotation_enabled"]
    assert not settings["org_deploy_enabled"]


def test_every_listener_has_its_event_and_every_event_its_listener(
    manifest: dict[str, Any],
) -> None:
    subscribed = _subscriptions(manifest)

    assert subscribed == set(EVENTS)
    assert {EVENTS[name][0] for name in subscribed} == _listened_to()


def test_every_shortcut_is_listened_to(manifest: dict[str, Any]) -> None:
    offered = {shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]}

    assert offered == {INVESTIGATE}


def test_every_method_and_event_has_its_scope_and_every_scope_its_use(
    manifest: dict[str, Any],
) -> None:
    used = {scope for method in Method for scope in SCOPES[method]}
    used |= {scope for _, scopes in EVENTS.values() for scope in scopes}

    assert used == _scopes(manifest)


def test_what_start_up_asks_for_is_in_the_manifest(manifest: dict[str, Any]) -> None:
    decoration = {"assistant:write", "files:read", "files:write", "reactions:write"}
    only_where_groups_are_named = {"usergroups:read"}

    assert _scopes(manifest) - decoration - only_where_groups_are_named == REQUIRED_SCOPES


def test_no_call_goes_past_the_one_door() -> None:
    """Nobody but outbound.py calls the Web API, and it only takes declared methods."""
    for module in PACKAGE.rglob("*.py"):
        names = {
            node.attr
            for node in ast.walk(ast.parse(module.read_text()))
            if isinstance(node, ast.Attribute)
        }
        calls = {name for name in names if name == "api_call" or name.startswith(("chat_", "say"))}
        assert not calls or module.name == "outbound.py", module.name


async def test_with_only_the_manifests_scopes_start_finds_nothing_missing(
    front: SlackFront, manifest: dict[str, Any]
) -> None:
    assert front.identity is not None
    assert front.identity.scopes == _scopes(manifest)


@pytest.mark.parametrize(
    "scope", ["reactions:write", "assistant:write", "files:read", "files:write", "usergroups:read"]
)
async def test_a_missing_decorative_scope_does_not_matter(
    connect: Connect, server: PlaygroundServer, manifest: dict[str, Any], scope: str
) -> None:
    less = deepcopy(manifest)
    less["oauth_config"]["scopes"]["bot"].remove(scope)
    slack = server.workspace
    slack.grants = Grants(less)
    front = await connect()
    ts = slack.say("ann", "incidents", "@kaia thanks")
    channel = slack.directory.channel("incidents").id
    thread = Thread(slack.directory.team_id, channel, ts)
    audience = front.audience_for(Input("i", thread, ts, "U1", "ann", "thanks", True, 0))

    async with asyncio.timeout(5):
        await audience.begin()
        await audience.deliver(Closed("Glad to help."), turn="t1", repeated=False)
        await audience.end()

    assert [m.text for m in slack.thread("incidents", ts)][1:] == ["Glad to help."]
