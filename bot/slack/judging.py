"""Which messages are for Kaia and who may ask; pure, and closed where it cannot know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.people import Person

_ACCEPTED_SUBTYPES = (None, "file_share", "thread_broadcast")
_SLACKBOT = "USLACKBOT"
_OWNER = "Whoever runs Kaia here can change that"
DIRECT_MESSAGES = "im"
"""The word that permits direct messages where only some channels are permitted."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who Kaia is in this workspace, as Slack said at start."""

    team: str
    enterprise: str
    user: str
    bot: str
    name: str = "kaia"
    team_name: str = ""
    url: str = ""
    scopes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class House:
    """Who may ask and where; empty sets permit everybody of the workspace, and every channel."""

    users: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    """Ids, names, or `im` for direct messages."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message event that a person may have meant for Kaia."""

    channel: str
    ts: str
    thread_ts: str
    """Of the thread's root, which may be this message itself."""
    user: str
    is_direct: bool
    is_addressed: bool
    teams: frozenset[str]
    """Every team the event names as its author's."""
    is_shared_channel: bool
    event: Mapping[str, Any]


def said_in(body: Mapping[str, Any], identity: Identity) -> Said | None:
    """What an event body holds for Kaia; None for what bots, edits and passers-by say."""
    event = body.get("event") or {}
    if not _is_of_a_person(event, identity):
        return None
    channel, ts = str(event["channel"]), str(event["ts"])
    is_direct = event.get("channel_type") == "im" or channel.startswith("D")
    said = Said(
        channel=channel,
        ts=ts,
        thread_ts=str(event.get("thread_ts") or ts),
        user=str(event["user"]),
        is_direct=is_direct,
        is_addressed=is_direct or _names_kaia(event, identity),
        teams=_teams(event),
        is_shared_channel=bool(body.get("is_ext_shared_channel")),
        event=event,
    )
    return said if said.is_addressed or said.thread_ts != said.ts else None


def _names_kaia(event: Mapping[str, Any], identity: Identity) -> bool:
    mention = rf"<@{re.escape(identity.user)}(?:\|[^<>]*)?>"
    is_mention = event.get("type") == "app_mention"
    return is_mention or re.search(mention, str(event.get("text") or "")) is not None


def _is_of_a_person(event: Mapping[str, Any], identity: Identity) -> bool:
    user = event.get("user")
    by_machine = event.get("bot_id") or event.get("bot_profile") or event.get("hidden")
    return bool(
        user
        and user not in (identity.user, _SLACKBOT)
        and not by_machine
        and event.get("subtype") in _ACCEPTED_SUBTYPES
        # An edit may fire app_mention again; the question was taken when it was first said.
        and not event.get("edited")
        and event.get("channel")
        and event.get("ts")
    )


def _teams(event: Mapping[str, Any]) -> frozenset[str]:
    found = (event.get(key) for key in ("team", "user_team", "source_team"))
    return frozenset(str(team) for team in found if team)


def objection(said: Said, person: Person, identity: Identity, house: House) -> str:
    """Why this person may not ask, in a sentence for them; nothing where they may."""
    if said.is_shared_channel:
        return (
            "I don't answer in channels shared with other workspaces, because I read a cluster. "
            "Please ask me in a channel of this workspace alone."
        )
    if problem := _outsider(said, person, identity):
        return f"{problem} Please ask a member of this workspace to put the question."
    if house.users and said.user not in house.users:
        return (
            f"I answer only people on a list, and you are not on it. {_OWNER} (KAIA_ALLOWED_USERS)."
        )
    return ""


def channel_objection(said: Said, name: str, house: House) -> str:
    """Why Kaia may not answer here; nothing where it may. `name` may be unknown and so empty."""
    here = {said.channel, name, f"#{name}"} if name else {said.channel}
    if said.is_direct:
        here = {said.channel, DIRECT_MESSAGES}
    if not house.channels or here & house.channels:
        return ""
    why = "I answer only in some channels, and this is none of them."
    return f"{why} {_OWNER} (KAIA_ALLOWED_CHANNELS)."


def needs_channel_name(house: House) -> bool:
    """Whether some permitted channel is named otherwise than by its id."""
    return any(not _is_id(channel) for channel in house.channels - {DIRECT_MESSAGES})


def _is_id(name: str) -> bool:
    return re.fullmatch(r"[CGD][A-Z0-9]{5,}", name) is not None


def _outsider(said: Said, person: Person, identity: Identity) -> str:
    ours = {identity.team, identity.enterprise} - {""}
    if not person.is_known:
        return "I could not find out who you are, and I answer only people I know."
    if person.is_stranger or said.teams - ours or not _is_ours(person, identity):
        return "I answer only members of this workspace, because I read a cluster."
    if person.is_guest:
        return "I don't answer guests, because I read a cluster."
    return ""


def _is_ours(person: Person, identity: Identity) -> bool:
    same_enterprise = bool(identity.enterprise) and person.enterprise == identity.enterprise
    return person.team in {"", identity.team, identity.enterprise} or same_enterprise
