"""chat.startStream, appendStream, stopStream: a message written piece by piece, while it lasts."""

from bot.playground import blocks as block_rules
from bot.playground import limits
from bot.playground import text as texts
from bot.playground.calls import Call, Method, Refused, bad_arguments
from bot.playground.objects import Channel, Json, Message, Stream


def start(call: Call) -> Json:
    channel = call.open_channel()
    call.arguments.need("thread_ts")
    _need_recipient(call, channel)
    bot, now = call.workspace.bot, call.workspace.clock.now()
    message = Message(
        call.workspace.stamps.next(),
        channel.id,
        bot.id,
        "",
        thread_ts=call.thread_ts(channel),
        bot_id=bot.bot_id,
        app_id=bot.app_id,
        team=bot.team_id,
        stream=Stream(last_append=now, started=now),
    )
    _append(call, message)
    call.workspace.post(message)
    return {"channel": channel.id, "ts": message.ts}


def _need_recipient(call: Call, channel: Channel) -> None:
    if channel.kind == "im":
        return
    if not call.arguments.text("recipient_user_id"):
        raise Refused("missing_recipient_user_id")
    if not call.arguments.text("recipient_team_id"):
        raise Refused("missing_recipient_team_id")


def _streaming(call: Call) -> Message:
    message = call.message(call.open_channel())
    stream = message.stream
    if stream is None or message.app_id != call.workspace.directory.app_id:
        raise Refused("message_not_owned_by_app" if message.stream else "message_not_streaming")
    if call.workspace.clock.now() - stream.started > limits.STREAM_SECONDS:
        stream.open = False
    if not stream.open:
        raise Refused("message_not_in_streaming_state")
    return message


def _said(call: Call) -> tuple[str, list[Json]]:
    markdown = call.arguments.text("markdown_text")
    chunks = call.arguments.items("chunks", "invalid_chunks") or []
    if markdown and chunks:
        raise Refused("cannot_provide_both_markdown_text_and_chunks")
    return markdown, chunks


def _append(call: Call, message: Message) -> None:
    markdown, chunks = _said(call)
    stream = message.stream
    if stream is None or not (markdown or chunks):
        return
    mode = "text" if markdown else "chunks"
    if stream.mode and stream.mode != mode:
        raise Refused("streaming_mode_mismatch")
    pieces = [
        str(chunk.get("text", "")) for chunk in chunks if chunk.get("type") == "markdown_text"
    ]
    added = markdown or "".join(pieces)
    whole = len(added) + sum(len(str(chunk)) for chunk in chunks if "text" not in chunk)
    if stream.written + whole > limits.STREAM_CHARACTERS:
        raise Refused("msg_too_long")
    stream.mode = "text" if markdown else "chunks"
    stream.written += whole
    stream.last_append = call.workspace.clock.now()
    message.text += texts.written_by_app(added)
    message.version += 1


def append(call: Call) -> Json:
    message = _streaming(call)
    if not any(_said(call)):
        raise bad_arguments("missing required field: markdown_text")
    _append(call, message)
    call.workspace.changes.notify()
    return {"channel": message.channel, "ts": message.ts}


def stop(call: Call) -> Json:
    message = _streaming(call)
    blocks = call.arguments.items("blocks", "invalid_blocks_format") or []
    block_rules.check(blocks, call.workspace.refused_blocks)
    _append(call, message)
    if message.stream is not None:
        message.stream.open = False
    metadata = call.arguments.mapping("metadata", "invalid_metadata_format")
    call.workspace.change(message, blocks=blocks, metadata=metadata or message.metadata)
    shown = call.workspace.shown(message)
    return {"channel": message.channel, "ts": message.ts, "message": shown}


METHODS = {
    "chat.startStream": Method(start, ("chat:write",)),
    "chat.appendStream": Method(append, ("chat:write",)),
    "chat.stopStream": Method(stop, ("chat:write",)),
}
