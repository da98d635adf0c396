"""chat.*: posting, changing and deleting messages, and their addresses."""

from bot.playground import limits
from bot.playground.calls import Call, Method, Refused
from bot.playground.methods.contents import Contents, contents_of
from bot.playground.objects import Channel, Ephemeral, Json, Message

_WRITE = ("chat:write",)
_CUSTOMIZE = ("username", "icon_url", "icon_emoji")


def destination(call: Call) -> Channel:
    """A channel by id or name, or the direct messages with a user."""
    wanted = call.arguments.need("channel")
    person = call.workspace.directory.people.get(wanted)
    return call.workspace.direct(person.id) if person else call.open_channel()


def _note_oddities(call: Call) -> None:
    for name in ("link_names", "parse"):
        if call.arguments.flag(name) or call.arguments.text(name) in {"full", "client"}:
            call.workspace.oddities.append(f"{call.method} was called with {name}")


def post(call: Call) -> Json:
    channel = destination(call)
    contents = contents_of(call)
    if contents.is_empty:
        raise Refused("no_text")
    if any(call.arguments.text(name) for name in _CUSTOMIZE):
        call.need_scope("chat:write.customize")
    _note_oddities(call)
    message = _new_message(call, channel, contents)
    if message.is_reply and call.arguments.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    call.workspace.post(message)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": call.workspace.shown(message, metadata=True),
    }


def _new_message(call: Call, channel: Channel, contents: Contents) -> Message:
    bot = call.workspace.bot
    thread_ts = call.thread_ts(channel)
    return Message(
        call.workspace.stamps.next(),
        channel.id,
        bot.id,
        contents.text[: limits.TEXT_CUT_AT],
        thread_ts=thread_ts,
        bot_id=bot.bot_id,
        app_id=bot.app_id,
        team=bot.team_id,
        blocks=contents.blocks or [],
        attachments=contents.attachments or [],
        metadata=contents.metadata,
        unfurl_links=call.arguments.flag("unfurl_links"),
        unfurl_media=call.arguments.flag("unfurl_media"),
    )


def update(call: Call) -> Json:
    channel = call.open_channel()
    message = call.message(channel)
    if message.app_id != call.workspace.directory.app_id:
        raise Refused("cant_update_message")
    if message.stream is not None and message.stream.open:
        raise Refused("streaming_state_conflict")
    contents = contents_of(call)
    if contents.is_empty:
        raise Refused("no_text")
    if len(contents.text) > limits.UPDATED_TEXT:
        raise Refused("msg_too_long")
    _note_oddities(call)
    edited = {"user": message.user, "ts": call.workspace.stamps.next()}
    call.workspace.change(message, edited=edited, **_changed(call, contents))
    shown = call.workspace.shown(message, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def _changed(call: Call, contents: Contents) -> Json:
    """Only what was said: without `blocks` the old ones stay, and an empty list removes them."""
    said = {
        "text": contents.text if contents.has_text else None,
        "blocks": contents.blocks,
        "attachments": contents.attachments,
        "metadata": contents.metadata if call.arguments.has("metadata") else None,
    }
    return {name: value for name, value in said.items() if value is not None}


def delete(call: Call) -> Json:
    channel = call.joined_channel()
    message = call.message(channel)
    if message.app_id != call.workspace.directory.app_id:
        raise Refused("cant_delete_message")
    call.workspace.remove(message)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    return whisper(call, call.open_channel())


def whisper(call: Call, channel: Channel) -> Json:
    """Wherever the app is itself: an answer to a press needs no membership of its own."""
    user = call.arguments.need("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    contents = contents_of(call)
    if contents.is_empty:
        raise Refused("no_text")
    whispered = Ephemeral(
        call.workspace.stamps.next(),
        channel.id,
        user,
        contents.text,
        call.thread_ts(channel),
        contents.blocks or [],
    )
    call.workspace.ephemerals.append(whispered)
    call.workspace.changes.notify()
    return {"message_ts": whispered.ts}


def permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.message(channel, "message_ts")
    domain = call.workspace.directory.domain
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(post, _WRITE),
    "chat.update": Method(update, _WRITE),
    "chat.delete": Method(delete, _WRITE),
    "chat.postEphemeral": Method(post_ephemeral, _WRITE),
    "chat.getPermalink": Method(permalink),
}
