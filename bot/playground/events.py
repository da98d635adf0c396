"""What an app is told about: the payloads of events and interactions; pure."""

from bot.playground import wire
from bot.playground.directory import Directory, new_id
from bot.playground.objects import Channel, Ephemeral, Json, Message, Person

VERIFICATION_TOKEN = "playground"  # noqa: S105 - Slack's deprecated field, a secret to nobody


def callback(directory: Directory, event: Json, now: float, channel: Channel | None) -> Json:
    """The outer part every event has."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": directory.team_id,
        "context_team_id": directory.team_id,
        "context_enterprise_id": None,
        "api_app_id": directory.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": new_id("Ev", 11),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": directory.team_id,
                "user_id": directory.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": f"4-{new_id('', 20).lower()}",
    }


def said(directory: Directory, channel: Channel, message: Message, files: list[Json]) -> Json:
    event = wire.message(message, channel, directory, metadata=True)
    if channel.is_ext_shared:
        event |= {"user_team": message.team, "source_team": message.team}
    if files:
        event |= {"files": files, "upload": False, "display_as_bot": False}
    if message.subtype == "thread_broadcast" and message.thread_ts in channel.messages:
        event["root"] = wire.message(channel.messages[message.thread_ts], channel, directory)
    return event | _where(channel, message.ts)


def _where(channel: Channel, event_ts: str) -> Json:
    return {"channel": channel.id, "event_ts": event_ts, "channel_type": channel.channel_type}


def mentioned(directory: Directory, channel: Channel, message: Message, files: list[Json]) -> Json:
    """The same message once more, as the mention that is in it."""
    event = said(directory, channel, message, files) | {"type": "app_mention"}
    event.pop("channel_type")
    event.pop("subtype", None)
    if message.edited:
        event["event_ts"] = message.edited["ts"]
    return event


def changed(
    directory: Directory, channel: Channel, message: Message, before: Json, event_ts: str
) -> Json:
    now = wire.message(message, channel, directory, metadata=True)
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": now | _teams(channel, message),
        "previous_message": before,
        "ts": event_ts,
    } | _where(channel, event_ts)


def _teams(channel: Channel, message: Message) -> Json:
    if not channel.is_ext_shared:
        return {}
    return {"user_team": message.team, "source_team": message.team}


def deleted(channel: Channel, before: Json, event_ts: str) -> Json:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": before["ts"],
        "previous_message": before,
        "ts": event_ts,
    } | _where(channel, event_ts)


def reaction(kind: str, user: str, name: str, message: Message, event_ts: str) -> Json:
    """`kind` is reaction_added or reaction_removed."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message.user,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": event_ts,
    }


def membership(kind: str, person: Person, channel: Channel, event_ts: str) -> Json:
    """`kind` is member_joined_channel or member_left_channel."""
    letter = "C" if channel.kind == "channel" else "G"
    return {
        "type": kind,
        "user": person.id,
        "channel": channel.id,
        "channel_type": letter,
        "team": person.team_id,
        "event_ts": event_ts,
    }


def stopped(user: str, channel: str, thread_ts: str, streams: list[str], event_ts: str) -> Json:
    return {
        "type": "agent_session_stopped",
        "channel": channel,
        "thread_ts": thread_ts,
        "user": user,
        "streaming_message_ts": streams,
        "event_ts": event_ts,
    }


def is_about(payload: Json, channel: str, ts: str) -> bool:
    """Whether this is an event that told of one message as it was said."""
    event: Json = payload.get("event", {})
    return (event.get("channel"), event.get("ts")) == (channel, ts)


def interaction(directory: Directory, kind: str, person: Person) -> Json:
    """What block_actions, shortcuts and submissions have in common."""
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team_id,
        },
        "api_app_id": directory.app_id,
        "token": VERIFICATION_TOKEN,
        "trigger_id": f"{new_id('', 12)}.{new_id('', 12)}.{new_id('', 20).lower()}",
        "team": {"id": directory.team_id, "domain": directory.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def clicked(
    directory: Directory,
    person: Person,
    channel: Channel,
    said: Message | Ephemeral,
    element: Json,
    action_ts: str,
) -> Json:
    """A press on an interactive element of a message; an ephemeral one is not shown again."""
    payload = interaction(directory, "block_actions", person) | {
        "container": _container(said),
        "channel": {"id": channel.id, "name": _name_in_payload(channel)},
        "state": {"values": {}},
        "actions": [element | {"action_ts": action_ts}],
    }
    if isinstance(said, Message):
        payload["message"] = wire.message(said, channel, directory, metadata=True)
    return payload


def clicked_in_home(
    directory: Directory, person: Person, view: Json, element: Json, action_ts: str
) -> Json:
    """A press on an element of somebody's home tab."""
    return interaction(directory, "block_actions", person) | {
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        "actions": [element | {"action_ts": action_ts}],
    }


def _container(said: Message | Ephemeral) -> Json:
    container: Json = {
        "type": "message",
        "message_ts": said.ts,
        "channel_id": said.channel,
        "is_ephemeral": isinstance(said, Ephemeral),
    }
    return container | ({"thread_ts": said.thread_ts} if said.thread_ts else {})


def shortcut(
    directory: Directory,
    person: Person,
    channel: Channel,
    message: Message,
    callback_id: str,
    action_ts: str,
) -> Json:
    return interaction(directory, "message_action", person) | {
        "callback_id": callback_id,
        "channel": {"id": channel.id, "name": _name_in_payload(channel)},
        "message": wire.message(message, channel, directory),
        "message_ts": message.ts,
        "action_ts": action_ts,
    }


def _name_in_payload(channel: Channel) -> str:
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
