"""What a message event holds for Kaia, and whose words it is; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.house import Identity
from bot.slack.wording.hanging import with_attachments

_ACCEPTED_SUBTYPES = (None, "file_share", "thread_broadcast")
_OF_APPS = (*_ACCEPTED_SUBTYPES, "bot_message")
_SLACKBOT = "USLACKBOT"
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Said:
    """Something that a person or an app may have meant for Kaia."""

    channel: str
    ts: str
    thread_ts: str
    """Of the thread's root, which may be this message itself."""
    speaker: str
    """A user's id, or the bot id of an app."""
    is_direct: bool
    is_addressed: bool
    teams: frozenset[str]
    """Every team the event names as its author's."""
    is_shared_channel: bool | None
    """Shared with other workspaces; None where what Slack sent does not say."""
    event: Mapping[str, Any]
    app_name: str = ""
    """Of the app that said it; empty for people."""
    is_permitted: bool = True
    """False for an app that is not among those that may ask."""
    is_press: bool = False
    """A press on a button, not a message."""
    is_choice: bool = False
    """A press too: on something in the menu of a message."""

    @property
    def is_machine(self) -> bool:
        return bool(self.app_name)

    @property
    def may_concern_kaia(self) -> bool:
        """Asked of her, or said in a thread that may be hers."""
        return self.is_addressed or self.thread_ts != self.ts


def said_in(
    body: Mapping[str, Any], identity: Identity, apps: frozenset[str] = frozenset()
) -> Said | None:
    """What an event body holds for Kaia; None for what edits and passers-by say.

    `apps` are those allowed to ask, by their app ids or bot ids; others are passers-by unless they
    address Kaia. An edit fires app_mention again,
    which is no question: what the edit means is judged by the message_changed beside it.
    """
    event = body.get("event") or {}
    if event.get("hidden") or event.get("edited"):
        return None
    said = said_by(event, body, identity, apps)
    return said if said is not None and said.may_concern_kaia else None


def said_by(
    event: Mapping[str, Any],
    body: Mapping[str, Any],
    identity: Identity,
    apps: frozenset[str],
) -> Said | None:
    """The same of a message as it is, whether or not it is for Kaia. Never one of her own."""
    speaker, app_name = _author(event, identity)
    if not (speaker and event.get("channel") and event.get("ts")):
        return None
    channel, ts = str(event["channel"]), str(event["ts"])
    is_direct = event.get("channel_type") == "im" or channel.startswith("D")
    is_addressed = is_direct or _names_kaia(event, identity)
    is_permitted = not app_name or bool(apps & {_bot(event), *_app_ids(event)})
    if not (is_permitted or is_addressed):
        return None
    shared = body.get("is_ext_shared_channel")
    return Said(
        channel=channel,
        ts=ts,
        thread_ts=str(event.get("thread_ts") or ts),
        speaker=speaker,
        is_direct=is_direct,
        is_addressed=is_addressed,
        teams=_teams(event),
        is_shared_channel=None if shared is None else bool(shared),
        event=event,
        app_name=app_name,
        is_permitted=is_permitted,
    )


def _author(event: Mapping[str, Any], identity: Identity) -> tuple[str, str]:
    """Who said it, and the name of the app where one did; nothing for who is not heard."""
    user, bot = str(event.get("user") or ""), _bot(event)
    if user == identity.user or (bot and bot == identity.bot):
        return "", ""
    if not (bot or event.get("bot_profile")):
        is_heard = user != _SLACKBOT and event.get("subtype") in _ACCEPTED_SUBTYPES
        return (user, "") if is_heard else ("", "")
    if event.get("subtype") in _OF_APPS:
        return bot or user, app_name(event) or bot or user
    return "", ""


def _profile(event: Mapping[str, Any]) -> Mapping[str, Any]:
    profile = event.get("bot_profile")
    return profile if isinstance(profile, Mapping) else {}


def _bot(event: Mapping[str, Any]) -> str:
    return str(event.get("bot_id") or _profile(event).get("id") or "")


def _app_ids(event: Mapping[str, Any]) -> set[str]:
    return {str(found.get("app_id") or "") for found in (event, _profile(event))} - {""}


def app_name(event: Mapping[str, Any]) -> str:
    name = _profile(event).get("name") or event.get("username") or ""
    return " ".join(str(name).split())[:_LONGEST_NAME]


def _names_kaia(event: Mapping[str, Any], identity: Identity) -> bool:
    mention = rf"<@{re.escape(identity.user)}(?:\|[^<>]*)?>"
    # What hangs on a person's message was said by somebody else; alerts say everything there.
    text = with_attachments(event) if _bot(event) else str(event.get("text") or "")
    return event.get("type") == "app_mention" or re.search(mention, text) is not None


def _teams(event: Mapping[str, Any]) -> frozenset[str]:
    found = (event.get(key) for key in ("team", "user_team", "source_team"))
    return frozenset(str(team) for team in (*found, _profile(event).get("team_id")) if team)
