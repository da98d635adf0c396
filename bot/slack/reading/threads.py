"""What was said in a thread before a question; read from Slack then, and kept nowhere here."""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any

import structlog

from bot.dialogue import Input, Passage
from bot.errors import DeliveryError
from bot.slack.hearing.people import People
from bot.slack.hearing.said import app_name
from bot.slack.hearing.stamps import moment
from bot.slack.sending.capabilities import Capabilities
from bot.slack.sending.line import Rank, Waiting
from bot.slack.sending.outbound import CallRefused, Method, Outbound
from bot.slack.sending.traces import replies_since
from bot.slack.wording.hanging import with_attachments
from bot.slack.wording.text import mentioned_users, read

log = structlog.get_logger()

_MOST = 50
_LONGEST = 2_000
_SECONDS = 20.0
_MOST_NAMES_LOOKED_UP = 20
_SAID = (None, "", "file_share", "thread_broadcast", "bot_message", "me_message")
_SLACKBOT = "USLACKBOT"

Message = Mapping[str, Any]


async def earlier(
    capabilities: Capabilities, people: People, said: Input, since: str, bot_user: str
) -> tuple[Passage, ...]:
    """As `Audience.earlier`: the newest of what was said, oldest first."""
    if not capabilities.has(Method.REPLIES, said.thread.channel):
        return ()
    try:
        async with asyncio.timeout(_SECONDS):
            messages = await _messages(capabilities.outbound, said, since, bot_user)
            names = await people.names(_users(messages))
    except (DeliveryError, TimeoutError) as error:
        if isinstance(error, CallRefused) and error.method == Method.REPLIES:
            capabilities.refused(error, Method.REPLIES, said.thread.channel)
        log.warning("slack.thread_not_read", thread=said.thread.id, problem=str(error))
        return ()
    passages = (_passage(message, names, bot_user) for message in messages)
    return tuple(one for one in passages if one.text)


async def _messages(
    outbound: Outbound, said: Input, since: str, bot_user: str
) -> tuple[Message, ...]:
    channel, root = said.thread.channel, said.thread.ts
    waiting = Waiting(channel, root, Rank.ANSWER, _SECONDS)
    newest: deque[Message] = deque(maxlen=_MOST)
    after = moment(since or "0")
    found = replies_since(outbound, channel, root, since or "0", waiting=waiting, until=said.ts)
    async for message in found:
        ts = str(message.get("ts") or "")
        if after < moment(ts) < moment(said.ts) and _is_said(message, bot_user):
            newest.append(message)
    return tuple(newest)


def _is_said(message: Message, bot_user: str) -> bool:
    user = message.get("user")
    return user not in (bot_user, _SLACKBOT) and message.get("subtype") in _SAID


def _users(messages: tuple[Message, ...]) -> tuple[str, ...]:
    """Speakers first, then those whom they name."""
    speakers = [str(one["user"]) for one in messages if one.get("user") and not app_name(one)]
    named = [user for one in messages for user in mentioned_users(with_attachments(one))]
    return tuple(dict.fromkeys([*speakers, *named]))[:_MOST_NAMES_LOOKED_UP]


def _passage(message: Message, names: Mapping[str, str], bot_user: str) -> Passage:
    speaker = str(message.get("user") or message.get("bot_id") or "")
    text = read(with_attachments(message), own=bot_user, names=names)
    is_long = len(text) > _LONGEST
    return Passage(
        speaker=speaker,
        name=app_name(message) or names.get(speaker) or speaker or "an app",
        text=f"{text[: _LONGEST - 1]}…" if is_long else text,
        ts=str(message["ts"]),
    )
