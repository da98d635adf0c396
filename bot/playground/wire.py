"""Records as the JSON that Slack's API and events show; pure."""

from urllib.parse import quote

from bot.playground import text as texts
from bot.playground.directory import Directory
from bot.playground.objects import Channel, Json, Message, Person, StoredFile, UserGroup


def person(found: Person) -> Json:
    return {
        "id": found.id,
        "team_id": found.team_id,
        "name": found.name,
        "real_name": found.real_name,
        "deleted": found.deleted,
        "tz": "Etc/UTC",
        "tz_label": "UTC",
        "tz_offset": 0,
        "profile": _profile(found),
        "is_admin": False,
        "is_owner": False,
        "is_restricted": found.is_restricted or found.is_ultra_restricted,
        "is_ultra_restricted": found.is_ultra_restricted,
        "is_bot": found.is_bot,
        "is_app_user": False,
        "is_email_confirmed": not found.is_bot,
        "updated": 1_790_000_000,
        **({"is_stranger": True} if found.is_stranger else {}),
    }


def _profile(found: Person) -> Json:
    profile: Json = {
        "real_name": found.real_name,
        "display_name": found.name,
        "real_name_normalized": found.real_name,
        "display_name_normalized": found.name,
        "team": found.team_id,
    }
    if found.is_bot:
        profile |= {"bot_id": found.bot_id, "api_app_id": found.app_id}
    return profile


def bot(found: Person) -> Json:
    return {
        "id": found.bot_id,
        "deleted": found.deleted,
        "name": found.name,
        "updated": 1_790_000_000,
        "app_id": found.app_id,
        "user_id": found.id,
        "icons": {},
    }


def channel(found: Channel, directory: Directory) -> Json:
    if found.kind == "im":
        other = next((m for m in found.members if m != directory.bot.id), directory.bot.id)
        return {
            "id": found.id,
            "created": found.created,
            "is_im": True,
            "is_org_shared": False,
            "user": other,
            "is_archived": found.is_archived,
            "context_team_id": directory.team_id,
        }
    return {
        "id": found.id,
        "name": found.name,
        "name_normalized": found.name,
        "is_channel": found.kind == "channel",
        "is_group": found.kind == "group",
        "is_im": False,
        "is_mpim": found.kind == "mpim",
        "is_private": found.kind != "channel",
        "created": found.created,
        "is_archived": found.is_archived,
        "is_general": False,
        "is_member": directory.bot.id in found.members,
        "is_shared": found.is_ext_shared,
        "is_ext_shared": found.is_ext_shared,
        "is_org_shared": False,
        "context_team_id": directory.team_id,
        "creator": found.members[0] if found.members else directory.bot.id,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(found.members),
    }


def group(found: UserGroup, team_id: str) -> Json:
    return {
        "id": found.id,
        "team_id": team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": found.name,
        "description": "",
        "handle": found.handle,
        "is_external": False,
        "date_create": found.created,
        "date_update": found.created,
        "date_delete": found.created if found.disabled else 0,
        "auto_type": None,
        "created_by": "USLACKBOT",
        "updated_by": "USLACKBOT",
        "deleted_by": "USLACKBOT" if found.disabled else None,
        "prefs": {"channels": [], "groups": []},
    }


def file(found: StoredFile, base_url: str) -> Json:
    address, name = f"{base_url}/files-pri/{found.id}", quote(found.name, safe="")
    shown: Json = {
        "id": found.id,
        "created": found.created,
        "timestamp": found.created,
        "name": found.name,
        "title": found.title or found.name,
        "mimetype": found.mimetype,
        "filetype": _filetype(found),
        "user": found.owner,
        "size": len(found.content or b""),
        "mode": "hosted",
        "is_external": False,
        "file_access": "visible",
        "url_private": f"{address}/{name}",
        "url_private_download": f"{address}/download/{name}",
        "channels": list(found.channels),
    }
    return shown | (_clip(found, base_url) if found.subtype or found.transcription else {})


def _filetype(found: StoredFile) -> str:
    end = found.name.rpartition(".")[2] if "." in found.name else ""
    return {"txt": "text", "log": "text", "": "text", "md": "markdown"}.get(end, end)


def _clip(found: StoredFile, base_url: str) -> Json:
    """What a clip has more than other files; its words in full stand behind `vtt`."""
    shown: Json = {"subtype": found.subtype} if found.subtype else {}
    if found.transcription is not None:
        shown["transcription"] = found.transcription
    if found.spoken and (found.transcription or {}).get("status") == "complete":
        shown["vtt"] = f"{base_url}/files-tmb/{found.id}/file.vtt"
    return shown


def message(found: Message, home: Channel, directory: Directory, *, metadata: bool = False) -> Json:
    """One message as history shows it: with its thread's figures, without its channel."""
    shown: Json = {"type": "message", "user": found.user, "text": found.text, "ts": found.ts}
    if found.subtype == "bot_message":
        del shown["user"]
    optional = {
        "subtype": found.subtype,
        "client_msg_id": found.client_msg_id,
        "team": found.team,
        "bot_id": found.bot_id,
        "app_id": found.app_id,
        "username": found.username,
        "thread_ts": found.thread_ts,
        "blocks": found.blocks,
        "attachments": found.attachments,
        "edited": found.edited,
        "metadata": found.metadata if metadata else None,
    }
    shown |= {name: value for name, value in optional.items() if value}
    author = directory.people.get(found.user)
    if author is not None and found.bot_id:
        shown["bot_profile"] = {**bot(author), "team_id": author.team_id}
    if found.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in found.reactions.items()
        ]
    return shown | _thread_figures(found, home)


def _thread_figures(found: Message, home: Channel) -> Json:
    if found.is_reply:
        parent = home.messages.get(found.thread_ts or "")
        return {"parent_user_id": parent.user} if parent else {}
    replies = [m for m in home.messages.values() if m.thread_ts == found.ts and m.is_reply]
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": found.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users,
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }


def rich_text(said: str) -> list[Json]:
    """The blocks Slack makes of what a person typed, mentions and links apart from words."""
    elements: list[Json] = []
    for part, control in texts.apart(said):
        if part:
            elements.append({"type": "text", "text": texts.unescape(part)})
        if control:
            elements.append(_control(control))
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def _control(inside: str) -> Json:
    match inside[0]:
        case "@":
            return {"type": "user", "user_id": inside[1:]}
        case "!":
            return {"type": "broadcast", "range": inside[1:]}
        case _:
            return {"type": "link", "url": texts.unescape(inside)}
