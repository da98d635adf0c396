"""files.*: an upload in three steps, and what is known of a file."""

from mimetypes import guess_type

from bot.playground import clips, wire
from bot.playground.calls import Call, Method, Refused, bad_arguments
from bot.playground.directory import new_id
from bot.playground.methods.chat import destination
from bot.playground.objects import Channel, Json, Message, StoredFile


def get_upload_url(call: Call) -> Json:
    length = call.arguments.number("length", 0)
    if length <= 0:
        raise bad_arguments("missing required field: length")
    created = int(call.workspace.clock.now())
    name = call.arguments.need("filename")
    stored = StoredFile(new_id("F0"), name, call.workspace.bot.id, created, length)
    stored.mimetype = guess_type(name)[0] or stored.mimetype
    call.workspace.files[stored.id] = stored
    url = f"{call.workspace.base_url}/upload/v1/{stored.id}"
    return {"upload_url": url, "file_id": stored.id}


def complete_upload(call: Call) -> Json:
    asked = call.arguments.items("files", "invalid_arguments")
    if not asked:
        raise bad_arguments("missing required field: files")
    stored = [_uploaded(call, str(wanted.get("id"))) for wanted in asked]
    channel = _shared_to(call)
    for file, wanted in zip(stored, asked, strict=True):
        file.is_complete = True
        file.title = str(wanted.get("title") or file.name)
    if channel is not None:
        _post(call, channel, stored)
    return {"files": [wire.file(file, call.workspace.base_url) for file in stored]}


def _uploaded(call: Call, file_id: str) -> StoredFile:
    stored = call.workspace.files.get(file_id)
    if stored is None or stored.content is None:
        raise Refused("file_not_found")
    if stored.is_complete:
        raise Refused("file_update_failed")
    return stored


def _shared_to(call: Call) -> Channel | None:
    wanted = call.arguments.text("channel_id") or call.arguments.text("channels").split(",")[0]
    if not wanted:
        return None
    call.arguments.values["channel"] = wanted
    return destination(call)


def _post(call: Call, channel: Channel, stored: list[StoredFile]) -> None:
    bot = call.workspace.bot
    call.workspace.post(
        Message(
            call.workspace.stamps.next(),
            channel.id,
            bot.id,
            call.arguments.text("initial_comment"),
            thread_ts=call.thread_ts(channel),
            subtype="file_share",
            bot_id=bot.bot_id,
            app_id=bot.app_id,
            team=bot.team_id,
            files=[file.id for file in stored],
        )
    )


def info(call: Call) -> Json:
    """A file the app may see; a look may be the one that finds its transcription ready."""
    stored = call.workspace.files.get(call.arguments.need("file"))
    if stored is None or not _is_seen(call, stored):
        raise Refused("file_not_found")
    clips.look(stored)
    shown = wire.file(stored, call.workspace.base_url)
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


def _is_seen(call: Call, stored: StoredFile) -> bool:
    """Its own, and what is shared where the app is; what is shared nowhere yet passes too."""
    place, bot = call.workspace.directory, call.workspace.bot.id
    if stored.owner == bot or not stored.channels:
        return True
    return any(bot in place.channels[home].members for home in stored.channels)


METHODS = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",)),
    "files.info": Method(info, ("files:read",)),
}
