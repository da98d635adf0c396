"""Presses on the two buttons that say whether an answer helped; kept before Slack is told."""

import re
import time
from collections.abc import Mapping
from typing import Any

import structlog

from bot.dialogue import Rating, Receiver, Thread
from bot.errors import StoreError
from bot.slack.hearing.doors import Doors
from bot.slack.hearing.presses import Press, press_in
from bot.slack.hearing.refusals import Refusals
from bot.slack.house import Identity

log = structlog.get_logger()

_VALUE = re.compile(r"(good|bad):(\S{1,300})")
_THANKS = "Noted, thank you."
_SORRY = "Noted. What was wrong? Reply here, and I look again."
_FORGOTTEN = "That conversation is no longer kept, so your rating was not either."
_NOT_KEPT = (
    "I could not keep what you pressed, because my store does not answer. Please press again in a"
    " minute."
)


class Ratings:
    def __init__(
        self, identity: Identity, doors: Doors, refusals: Refusals, receiver: Receiver
    ) -> None:
        self._identity = identity
        self._doors = doors
        self._refusals = refusals
        self._receiver = receiver

    async def rated(self, body: Mapping[str, Any]) -> None:
        """Raises StoreError where it was not kept."""
        press = press_in(body, self._identity)
        found = _VALUE.fullmatch(press.value) if press else None
        if press is None or found is None:
            log.warning("slack.press_ignored", why="no rating of an answer of Kaia's")
            return
        name, _ = await self._doors.judged(press)
        if not name:
            return
        rating = self._rating(press, found[2], is_good=found[1] == "good")
        try:
            is_kept = await self._receiver.rate(rating)
        except StoreError:
            self._refusals.tell_press(press.said, _NOT_KEPT)
            raise
        noted = _THANKS if rating.is_good else _SORRY
        self._refusals.whisper(press.said, noted if is_kept else _FORGOTTEN)

    def _rating(self, press: Press, turn: str, *, is_good: bool) -> Rating:
        said = press.said
        thread = Thread(self._identity.team, said.channel, said.thread_ts)
        return Rating(thread, turn, said.speaker, is_good, received=time.time())
