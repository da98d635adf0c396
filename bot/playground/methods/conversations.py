"""conversations.*: channels, who is in them and what was said there."""

from bot.playground import wire
from bot.playground.calls import Arguments, Call, Method, Refused, page_of
from bot.playground.objects import Channel, Json, Message

_SCOPE_WORDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
_TYPES = {
    "public_channel": "channel",
    "private_channel": "group",
    "im": "im",
    "mpim": "mpim",
}
_ANY_READ = tuple(f"{word}:read" for word in _SCOPE_WORDS.values())
_ANY_HISTORY = tuple(f"{word}:history" for word in _SCOPE_WORDS.values())


def _scope(channel: Channel, right: str) -> str:
    return f"{_SCOPE_WORDS[channel.kind]}:{right}"


def _known(call: Call) -> Channel:
    channel = call.channel()
    call.need_scope(_scope(channel, "read"))
    return channel


def _read(call: Call) -> Channel:
    channel = call.joined_channel()
    call.need_scope(_scope(channel, "history"))
    return channel


def _between(messages: list[Message], arguments: Arguments) -> list[Message]:
    """Those within `oldest` and `latest`, the borders only where `inclusive`."""
    oldest, latest = arguments.text("oldest"), arguments.text("latest")
    inclusive = bool(arguments.flag("inclusive"))
    try:
        low, high = float(oldest or 0), float(latest or "inf")
    except ValueError:
        raise Refused("invalid_ts_oldest") from None
    return [
        message
        for message in messages
        if low < float(message.ts) < high or (inclusive and float(message.ts) in (low, high))
    ]


def _shown(call: Call, messages: list[Message]) -> list[Json]:
    metadata = bool(call.arguments.flag("include_all_metadata"))
    return [call.workspace.shown(message, metadata=metadata) for message in messages]


def replies(call: Call) -> Json:
    """A thread, oldest first. As at Slack, every page begins with the root."""
    channel = _read(call)
    root = channel.messages.get(call.arguments.need("ts"))
    if root is None:
        raise Refused("thread_not_found")
    if root.is_reply:
        return {"messages": _shown(call, [root]), "has_more": False}
    answers = call.workspace.replies(channel, root.ts)[1:]
    within = _between(call.workspace.visibility.of(answers), call.arguments)
    found, cursor = page_of(within, call.arguments, otherwise=1000, most=1000)
    return _page(_shown(call, [root, *found]), cursor)


def history(call: Call) -> Json:
    """A channel without its threads, newest first."""
    channel = _read(call)
    said = [
        message
        for message in reversed(channel.messages.values())
        if not message.is_reply or message.subtype == "thread_broadcast"
    ]
    within = _between(call.workspace.visibility.of(said), call.arguments)
    found, cursor = page_of(within, call.arguments, otherwise=100, most=999)
    return _page(_shown(call, found), cursor) | {"pin_count": 0}


def _page(messages: list[Json], cursor: str) -> Json:
    answer: Json = {"messages": messages, "has_more": bool(cursor)}
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def info(call: Call) -> Json:
    channel = _known(call)
    shown = wire.channel(channel, call.workspace.directory)
    if call.arguments.flag("include_num_members") is not True:
        shown.pop("num_members", None)
    return {"channel": shown}


def members(call: Call) -> Json:
    found, cursor = page_of(_known(call).members, call.arguments, otherwise=100, most=1000)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


def channel_list(call: Call) -> Json:
    names = call.arguments.words("types") or ["public_channel"]
    if not set(names) <= set(_TYPES):
        raise Refused("invalid_types")
    kinds = {_TYPES[name] for name in names}
    for kind in sorted(kinds):
        call.need_scope(f"{_SCOPE_WORDS[kind]}:read")
    place = call.workspace.directory
    visible = [
        channel
        for channel in place.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channel" or place.bot.id in channel.members)
        and not (channel.is_archived and call.arguments.flag("exclude_archived"))
    ]
    found, cursor = page_of(visible, call.arguments, otherwise=100, most=1000)
    return {
        "channels": [wire.channel(channel, place) for channel in found],
        "response_metadata": {"next_cursor": cursor},
    }


def open_direct(call: Call) -> Json:
    """Direct messages with one person or with several."""
    users = call.arguments.words("users")
    if not users:
        raise Refused("users_list_not_supplied")
    if not set(users) <= set(call.workspace.directory.people):
        raise Refused("user_not_found")
    place = call.workspace
    channel = place.direct(users[0]) if len(users) == 1 else place.group_direct(users)
    if call.arguments.flag("return_im"):
        return {"channel": wire.channel(channel, call.workspace.directory)}
    return {"channel": {"id": channel.id}}


def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refused("is_archived")
    call.workspace.join(call.workspace.bot.id, channel.id)
    return {"channel": wire.channel(channel, call.workspace.directory)}


METHODS = {
    "conversations.replies": Method(replies, _ANY_HISTORY),
    "conversations.history": Method(history, _ANY_HISTORY),
    "conversations.info": Method(info, _ANY_READ),
    "conversations.members": Method(members, _ANY_READ),
    "conversations.list": Method(channel_list, _ANY_READ),
    "conversations.open": Method(open_direct, ("im:write", "mpim:write")),
    "conversations.join": Method(join, ("channels:join",)),
}
