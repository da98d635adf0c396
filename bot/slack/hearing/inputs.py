"""What was said, as the input that the engine takes: read into plain words, with its identity."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import Input, Thread
from bot.slack.hearing.people import People
from bot.slack.hearing.said import Said
from bot.slack.house import Identity
from bot.slack.reading.kinds import shared_files
from bot.slack.wording.hanging import all_words
from bot.slack.wording.text import mentioned_users, read

_MOST_NAMES_LOOKED_UP = 10


class Inputs:
    def __init__(self, identity: Identity, people: People) -> None:
        self._identity = identity
        self._people = people

    def key(self, channel: str, ts: str) -> str:
        """The identity of a message, however often and in whatever events Slack tells of it."""
        return f"message:{self._identity.team}:{channel}:{ts}"

    async def of(self, said: Said, name: str) -> Input:
        """`name` is what to call the speaker."""
        key = self.key(said.channel, said.ts)
        asked = self.worded(said, name, key, await self.text(said.event))
        others = mentioned_users(str(said.event.get("text") or ""))
        return replace(
            asked,
            mentions=tuple(user for user in others if user != self._identity.user),
            files=shared_files(said.event),
        )

    async def text(self, event: Mapping[str, Any]) -> str:
        """Its words; the files that came with it are no part of them."""
        text = all_words(event)
        others = [user for user in mentioned_users(text) if user != self._identity.user]
        names = await self._people.names(tuple(others[:_MOST_NAMES_LOOKED_UP]))
        return read(text, own=self._identity.user, names=names)

    def worded(self, said: Said, name: str, key: str, text: str) -> Input:
        return Input(
            id=key,
            thread=Thread(self._identity.team, said.channel, said.thread_ts),
            ts=said.ts,
            speaker=said.speaker,
            speaker_name=name,
            text=text,
            addressed=said.is_addressed,
            received=time.time(),
            is_machine=said.is_machine,
        )
