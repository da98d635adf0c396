"""User groups: who is in them, and who may ask."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import Workspace
from bot.playground.manifest import Grants
from tests.playground.conftest import Ask


async def test_who_is_in_a_group_is_told(slack: AsyncWebClient, workspace: Workspace) -> None:
    group = workspace.add_group("sre", ["ann", "ben"])
    ids = [workspace.directory.person(name).id for name in ("ann", "ben")]
    everything = await slack.usergroups_list(include_users=True, include_count=True)
    shown = {one["handle"]: one for one in everything["usergroups"]}

    assert (await slack.usergroups_users_list(usergroup=group.id))["users"] == ids
    assert shown["sre"]["users"] == ids
    assert shown["sre"]["user_count"] == "2"
    assert shown["oncall"]["id"] == "S0ONCALL"


async def test_a_disabled_group_is_there_only_for_who_asks_for_it(
    ask: Ask, workspace: Workspace
) -> None:
    group = workspace.add_group("sre", ["ann"])
    group.disabled = True
    refused = await ask("usergroups.users.list", usergroup=group.id)
    found = await ask("usergroups.users.list", usergroup=group.id, include_disabled=True)
    listed = await ask("usergroups.list")

    assert refused["error"] == "no_such_subteam"
    assert found["users"] == group.members
    assert group.id not in {one["id"] for one in listed["usergroups"]}


async def test_groups_need_their_scope(ask: Ask, workspace: Workspace) -> None:
    workspace.grants = Grants({"oauth_config": {"scopes": {"bot": ["chat:write"]}}})
    refused = await ask("usergroups.users.list", usergroup="S0ONCALL")

    assert (refused["error"], refused["needed"]) == ("missing_scope", "usergroups:read")


async def test_direct_messages_of_several_people_are_opened_once(
    ask: Ask, workspace: Workspace
) -> None:
    users = [workspace.directory.person(name).id for name in ("ann", "ben")]
    opened = [await ask("conversations.open", users=",".join(users)) for _ in range(2)]
    channel = workspace.directory.channel(opened[0]["channel"]["id"])

    assert opened[0]["channel"]["id"] == opened[1]["channel"]["id"]
    assert (channel.kind, sorted(channel.members)) == ("mpim", sorted([*users, workspace.bot.id]))
