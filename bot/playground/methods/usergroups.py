"""usergroups.*: which groups there are and who is in them."""

from bot.playground import wire
from bot.playground.calls import Call, Method, Refused
from bot.playground.objects import Json, UserGroup

_READ = ("usergroups:read",)


def _is_visible(call: Call, group: UserGroup) -> bool:
    return not group.disabled or call.arguments.flag("include_disabled") is True


def group_list(call: Call) -> Json:
    place = call.workspace.directory
    visible = [group for group in place.groups.values() if _is_visible(call, group)]
    return {"usergroups": [_shown(call, group) for group in visible]}


def _shown(call: Call, group: UserGroup) -> Json:
    shown = wire.group(group, call.workspace.directory.team_id)
    if call.arguments.flag("include_count"):
        shown["user_count"] = str(len(group.members))
    if call.arguments.flag("include_users"):
        shown["users"] = list(group.members)
    return shown


def group_members(call: Call) -> Json:
    group = call.workspace.directory.groups.get(call.arguments.need("usergroup"))
    if group is None or not _is_visible(call, group):
        raise Refused("no_such_subteam")
    return {"users": list(group.members)}


METHODS = {
    "usergroups.list": Method(group_list, _READ),
    "usergroups.users.list": Method(group_members, _READ),
}
