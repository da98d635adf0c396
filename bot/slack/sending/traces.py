"""What stands in a thread, and what of it Kaia has left, found by its metadata; only reads."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue import Thread
from bot.slack.sending.line import Rank, Waiting
from bot.slack.sending.outbound import Method, Outbound


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn is shown, and what it answers."""

    thread: Thread
    since: str
    """Timestamp of the input; nothing that answers it can be older."""
    turn: str


async def own_messages(
    outbound: Outbound, place: Place, bot_user: str, *, rank: Rank, seconds: float
) -> AsyncIterator[Mapping[str, Any]]:
    """Kaia's messages since the input, oldest first. Raises CallRefused, CallLimited, CallUnclear.

    Only what came since is asked for: an incident's thread may have thousands of replies.
    """
    channel, root = place.thread.channel, place.thread.ts
    waiting = Waiting(channel, root, rank, seconds)
    async for message in replies_since(outbound, channel, root, place.since, waiting=waiting):
        # Another app may write metadata like ours.
        if message.get("user") == bot_user:
            yield message


async def replies_since(
    outbound: Outbound,
    channel: str,
    root: str,
    since: str,
    *,
    waiting: Waiting | None,
    until: str | None = None,
) -> AsyncIterator[Mapping[str, Any]]:
    """Everybody's messages of a thread, oldest first, and its root. Raises as `own_messages`."""
    cursor: str | None = None
    while True:
        answer = await outbound.call(
            Method.REPLIES,
            waiting=waiting,
            channel=channel,
            ts=root,
            oldest=since,
            latest=until,
            include_all_metadata="true",
            limit=200,
            cursor=cursor,
        )
        for message in answer.get("messages") or ():
            yield message
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def payload_of(message: Mapping[str, Any], event_type: str, turn: str) -> Mapping[str, Any] | None:
    """The metadata's payload, where it is of this type and this turn."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    if metadata.get("event_type") != event_type or payload.get("turn") != turn:
        return None
    return dict(payload)
