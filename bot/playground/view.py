"""The workspace as the page shows it; reads the state and changes nothing."""

from bot.playground.objects import Channel, Ephemeral, Json, Message
from bot.playground.workspace import Workspace

_MOST_MESSAGES = 300

SPEAKERS = ("ann", "ben")
"""Who a person at the page may be."""


def of(workspace: Workspace) -> Json:
    place = workspace.directory
    return {
        "team": place.team_name,
        "bot": {
            "id": place.bot.id,
            "name": place.bot.name,
            "connected": bool(workspace.deliveries.connections),
        },
        "people": {
            person.id: {"name": person.name, "label": person.real_name, "is_bot": person.is_bot}
            for person in place.people.values()
        },
        "speakers": [place.person(name).id for name in SPEAKERS],
        "channels": [_channel(workspace, channel) for channel in place.channels.values()],
    }


def _channel(workspace: Workspace, channel: Channel) -> Json:
    messages = list(channel.messages.values())[-_MOST_MESSAGES:]
    whispers = [_whisper(w) for w in workspace.ephemerals if w.channel == channel.id]
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": list(channel.members),
        "archived": channel.is_archived,
        "messages": [_message(workspace, message) for message in messages] + whispers,
        "statuses": _statuses(workspace, channel),
        "processing": [
            thread_ts
            for (home, thread_ts), session in workspace.sessions.items()
            if home == channel.id and session.status == "processing"
        ],
    }


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
        "blocks": message.blocks if message.is_bot else [],
        "thread_ts": message.thread_ts if message.is_reply else None,
        "broadcast": message.subtype == "thread_broadcast",
        "edited": message.edited is not None,
        "reactions": [{"name": n, "users": list(u)} for n, u in message.reactions.items()],
        "files": [
            {"id": file, "name": stored.name, "size": len(stored.content or b"")}
            for file in message.files
            if (stored := workspace.files.get(file)) is not None
        ],
    }


def _whisper(whispered: Ephemeral) -> Json:
    return {
        "ts": whispered.ts,
        "user": "",
        "name": "Only visible to one person",
        "is_bot": True,
        "only_for": whispered.user,
        "text": whispered.text,
        "blocks": whispered.blocks,
        "thread_ts": whispered.thread_ts,
        "broadcast": False,
        "edited": False,
        "reactions": [],
        "files": [],
    }
