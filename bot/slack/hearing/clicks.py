"""Presses on Kaia's buttons become inputs; whoever may not is told so, and nobody else.

Whether a press may decide is asked twice: here, for a quick word, and by the turn that it starts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.dialogue import Decision, Input, Receiver
from bot.errors import StoreError
from bot.slack.hearing.doors import Doors
from bot.slack.hearing.groups import Belonging
from bot.slack.hearing.inputs import Inputs
from bot.slack.hearing.presses import APPROVE, Press, press_in
from bot.slack.hearing.refusals import Refusals
from bot.slack.house import Identity

log = structlog.get_logger()

_NOT_KEPT = (
    "I could not keep this press, because my store does not answer: nothing was decided and"
    " nothing was run. Please press again in a minute."
)
_STOP_NOT_KEPT = (
    "I could not keep this press, because my store does not answer. Please press again in a"
    " minute, or write stop in the thread."
)


@dataclass(frozen=True, slots=True)
class _Words:
    """What a press below a close-out stands for."""

    key: str
    said: str
    asked_already: str
    not_kept: str


_POST = _Words(
    "broadcast",
    "post to the channel",
    "This was asked for already. If the summary is not in the channel in a minute, write"
    " post to the channel in this thread.",
    "I could not keep this press, because my store does not answer: nothing was posted. Please"
    " press again in a minute, or write post to the channel in the thread.",
)
_EXPORT = _Words(
    "export",
    "export",
    "This was asked for already. If the file is not in this thread in two minutes, write export"
    " here.",
    "I could not keep this press, because my store does not answer: nothing was exported. Please"
    " press again in a minute, or write export in the thread.",
)


class Clicks:
    def __init__(
        self,
        identity: Identity,
        doors: Doors,
        inputs: Inputs,
        refusals: Refusals,
        receiver: Receiver,
    ) -> None:
        self._identity = identity
        self._doors = doors
        self._inputs = inputs
        self._refusals = refusals
        self._receiver = receiver

    async def decided(self, body: Mapping[str, Any]) -> None:
        """Takes a press on Approve or Reject. Raises StoreError where it was not kept."""
        press = press_in(body, self._identity)
        if press is None:
            log.warning("slack.press_ignored", why="not on a message of Kaia's")
            return
        (name, belonging) = await self._doors.judged(press)
        if not name:
            return
        try:
            await self._decide(press, self._decision(press, name, belonging), belonging.doubt)
        except StoreError:
            self._refusals.tell_press(press.said, _NOT_KEPT)
            raise

    async def stopped(self, body: Mapping[str, Any]) -> None:
        """Takes a press on Kaia's own Stop button as the word it stands for."""
        press = press_in(body, self._identity)
        name, _ = await self._doors.judged(press) if press else ("", None)
        if press is None or not name:
            return
        team, said = self._identity.team, press.said
        key = f"stop:{team}:{said.channel}:{said.thread_ts}:{said.ts}:{said.speaker}"
        try:
            await self._receiver.receive(self._inputs.worded(said, name, key, "stop"))
        except StoreError:
            self._refusals.tell_press(said, _STOP_NOT_KEPT)
            raise

    async def broadcast(self, body: Mapping[str, Any]) -> None:
        await self._asked(body, _POST)

    async def exported(self, body: Mapping[str, Any]) -> None:
        await self._asked(body, _EXPORT)

    async def _asked(self, body: Mapping[str, Any], words: _Words) -> None:
        """Takes a press below a close-out as the words it stands for, once for each message."""
        press = press_in(body, self._identity)
        name, _ = await self._doors.judged(press) if press else ("", None)
        if press is None or not name:
            return
        said = press.said
        key = f"{words.key}:{self._identity.team}:{said.channel}:{press.message_ts}"
        try:
            asked = self._inputs.worded(said, name, key, words.said)
            is_new = await self._receiver.receive(asked)
        except StoreError:
            self._refusals.tell_press(said, words.not_kept)
            raise
        if not is_new:
            self._refusals.whisper(said, words.asked_already)

    def _decision(self, press: Press, name: str, belonging: Belonging) -> Input:
        said, team = press.said, self._identity.team
        key = f"click:{team}:{said.channel}:{press.message_ts}:{said.ts}:{said.speaker}"
        approves = press.action == APPROVE
        decision = Decision(
            proposal=press.value,
            approves=approves,
            message_ts=press.message_ts,
            groups=tuple(sorted(belonging.groups)),
        )
        word = "Approve" if approves else "Reject"
        return replace(self._inputs.worded(said, name, key, word), decision=decision)

    async def _decide(self, press: Press, pressed: Input, doubt: str) -> None:
        problem = await self._receiver.objection(pressed)
        if problem:
            self._refusals.whisper(press.said, f"{problem} {doubt}".strip())
            return
        await self._receiver.receive(pressed)
