"""What a press on a button below one of Kaia's messages says; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.hearing.said import Said
from bot.slack.house import Identity

APPROVE = "kaia_approve"
REJECT = "kaia_reject"
RATING = "kaia_rating"
BROADCAST = "kaia_broadcast"
EXPORT = "kaia_export"


@dataclass(frozen=True, slots=True)
class Press:
    said: Said
    """Who pressed and where, to be judged as a message would be; its `ts` is the press's own."""
    action: str
    value: str
    """Of the button: a proposal's id, or what a rating says of which turn."""
    message_ts: str
    """Of the message it stands below."""


def press_in(body: Mapping[str, Any], identity: Identity) -> Press | None:
    """None where it was not on a message that Kaia posted for all to see."""
    message, container = _part(body, "message"), _part(body, "container")
    user, actions = _part(body, "user"), body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else {}
    channel = _word(container, "channel_id") or _word(_part(body, "channel"), "id")
    message_ts = _word(message, "ts") or _word(container, "message_ts")
    if not (_is_ours(message, identity) and channel and message_ts and _word(user, "id")):
        return None
    said = Said(
        channel=channel,
        ts=_word(action, "action_ts") or message_ts,
        thread_ts=_word(message, "thread_ts") or _word(container, "thread_ts") or message_ts,
        speaker=_word(user, "id"),
        is_direct=channel.startswith("D"),
        # Whoever presses means Kaia, also where the conversation has ended.
        is_addressed=True,
        teams=frozenset({_word(user, "team_id")} - {""}),
        is_shared_channel=None,
        event={},
        is_press=True,
    )
    return Press(said, _word(action, "action_id"), _word(action, "value"), message_ts)


def _is_ours(message: Mapping[str, Any], identity: Identity) -> bool:
    by_bot = bool(identity.bot) and message.get("bot_id") == identity.bot
    return message.get("user") == identity.user or by_bot


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return part if isinstance(part, Mapping) else {}


def _word(found: Any, name: str) -> str:
    return str(found.get(name) or "") if isinstance(found, Mapping) else ""
