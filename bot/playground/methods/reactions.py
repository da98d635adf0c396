"""reactions.*: the small signs under a message."""

import re

from bot.playground.calls import Call, Method, Refused
from bot.playground.objects import Json, Message

_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def _marked(call: Call) -> Message:
    if not call.arguments.has("timestamp"):
        raise Refused("no_item_specified")
    channel = call.joined_channel()
    if channel.is_archived and call.method != "reactions.get":
        raise Refused("is_archived")
    return call.message(channel, "timestamp")


def _name(call: Call) -> str:
    name = call.arguments.need("name").strip(":")
    if not _NAME.fullmatch(name):
        raise Refused("invalid_name")
    return name


def add(call: Call) -> Json:
    if not call.workspace.react(_marked(call), call.workspace.bot.id, _name(call)):
        raise Refused("already_reacted")
    return {}


def remove(call: Call) -> Json:
    if not call.workspace.unreact(_marked(call), call.workspace.bot.id, _name(call)):
        raise Refused("no_reaction")
    return {}


def get(call: Call) -> Json:
    message = _marked(call)
    return {
        "type": "message",
        "channel": message.channel,
        "message": call.workspace.shown(message),
    }


METHODS = {
    "reactions.add": Method(add, ("reactions:write",)),
    "reactions.remove": Method(remove, ("reactions:write",)),
    "reactions.get": Method(get, ("reactions:read",)),
}
