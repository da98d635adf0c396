"""The workspace as the page shows it; reads the state and changes nothing."""

from collections.abc import Mapping
from typing import Any

from bot.playground import clips
from bot.playground import text as texts
from bot.playground.objects import Channel, Ephemeral, Json, Message, Person, StoredFile
from bot.playground.workspace import Workspace

_MOST_MESSAGES = 300


def speakers(workspace: Workspace) -> list[Person]:
    """Who a person at the page may be: everybody of this workspace who is no bot and is there."""
    place = workspace.directory
    return [
        person
        for person in place.people.values()
        if person.team_id == place.team_id and not (person.is_bot or person.deleted)
    ]


def of(workspace: Workspace) -> Json:
    place = workspace.directory
    return {
        "team": place.team_name,
        "bot": {
            "id": place.bot.id,
            "name": place.bot.name,
            "connected": bool(workspace.deliveries.connections),
            "has_home": workspace.grants.has_home,
        },
        "welcome": {
            "banner": workspace.welcome.banner,
            "questions": list(workspace.welcome.questions),
        },
        "shortcuts": [_shortcut(one) for one in workspace.grants.shortcuts],
        "homes": {user: workspace.views[view]["blocks"] for user, view in workspace.homes.items()},
        "people": {person.id: _person(workspace, person) for person in place.people.values()},
        "speakers": [person.id for person in speakers(workspace)],
        "channels": [_channel(workspace, channel) for channel in place.channels.values()],
    }


def is_picture(content: bytes) -> bool:
    """Whether these are the bytes of a PNG."""
    return content.startswith(b"\x89PNG\r\n\x1a\n")


def _shortcut(stated: Mapping[str, Any]) -> Json:
    return {name: str(stated.get(name) or "") for name in ("type", "name", "callback_id")}


def _person(workspace: Workspace, person: Person) -> Json:
    groups = workspace.directory.groups.values()
    return {
        "name": person.name,
        "label": person.real_name,
        "is_bot": person.is_bot,
        "groups": [f"@{g.handle}, {g.id}" for g in groups if person.id in g.members],
    }


def _channel(workspace: Workspace, channel: Channel) -> Json:
    messages = list(channel.messages.values())[-_MOST_MESSAGES:]
    whispers = [_whisper(workspace, w) for w in workspace.ephemerals if w.channel == channel.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": list(channel.members),
        "archived": channel.is_archived,
        "messages": [_message(workspace, message) for message in messages] + whispers,
        "statuses": _statuses(workspace, channel),
        "sessions": _sessions(workspace, channel),
        "prompts": _prompts(workspace, channel),
    }


def _sessions(workspace: Workspace, channel: Channel) -> dict[str, Json]:
    """By thread: how its agent session stands, and the title it was given one way or another."""
    found: dict[str, Json] = {
        thread_ts: {"status": session.status, "title": session.title}
        for (home, thread_ts), session in workspace.sessions.items()
        if home == channel.id
    }
    for (home, thread_ts), title in workspace.titles.items():
        if home == channel.id:
            found.setdefault(thread_ts, {"status": "", "title": ""})["title"] = title
    return found


def _prompts(workspace: Workspace, channel: Channel) -> Json:
    """Those the app has set last, else those of its manifest; in direct messages only."""
    if channel.kind != "im" or workspace.bot.id not in channel.members:
        return {"title": "", "prompts": []}
    stated = [dict(prompt) for prompt in workspace.grants.suggested_prompts]
    known: list[Json] = [p for (home, _), p in workspace.prompts.items() if home == channel.id]
    return known[-1] if known else {"title": "", "prompts": stated}


def _statuses(workspace: Workspace, channel: Channel) -> dict[str, str]:
    found = {
        thread_ts: workspace.status(home, thread_ts)
        for home, thread_ts in workspace.statuses
        if home == channel.id
    }
    return {thread_ts: status for thread_ts, status in found.items() if status}


def _message(workspace: Workspace, message: Message) -> Json:
    author = workspace.directory.people.get(message.user)
    return {
        "ts": message.ts,
        "user": message.user,
        "name": message.username or (author.real_name if author else "Slackbot"),
        "is_bot": message.is_bot,
        "text": message.text,
        "typed": "" if message.is_bot else _typed(workspace, message),
        "blocks": message.blocks if message.is_bot else [],
        "thread_ts": message.thread_ts if message.is_reply else None,
        "broadcast": message.subtype == "thread_broadcast",
        "edited": message.edited is not None,
        "reactions": [{"name": n, "users": list(u)} for n, u in message.reactions.items()],
        "attachments": message.attachments,
        "files": [
            _file(workspace.files[file]) for file in message.files if file in workspace.files
        ],
    }


def _file(stored: StoredFile) -> Json:
    content = stored.content or b""
    return {
        "id": stored.id,
        "name": stored.name,
        "title": stored.title,
        "size": len(content),
        "is_picture": is_picture(content),
        "is_voice": stored.subtype == clips.SUBTYPE,
        "spoken": stored.spoken,
    }


def _typed(workspace: Workspace, message: Message) -> str:
    names = {person.id: person.name for person in workspace.directory.people.values()}
    return texts.retyped(message.text, names)


def _whisper(workspace: Workspace, whispered: Ephemeral) -> Json:
    return {
        "ts": whispered.ts,
        "user": workspace.bot.id,
        "name": workspace.bot.real_name,
        "is_bot": True,
        "only_for": whispered.user,
        "text": whispered.text,
        "blocks": whispered.blocks,
        "thread_ts": whispered.thread_ts,
        "broadcast": False,
        "edited": False,
        "reactions": [],
        "attachments": [],
        "files": [],
    }
