"""Presses on Approve, Reject and Stop become inputs; whoever may not is told so, and nobody else.

Whether a press may decide is asked twice: here, for a quick word, and by the turn that it starts.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.dialogue import Decision, Input, Receiver
from bot.errors import DeliveryError, StoreError
from bot.slack.hearing.gate import Admission, Gate
from bot.slack.hearing.groups import Belonging
from bot.slack.hearing.inputs import Inputs
from bot.slack.hearing.people import People
from bot.slack.hearing.presses import APPROVE, Press, press_in
from bot.slack.hearing.refusals import Refusals
from bot.slack.hearing.remembered import LOOK_UP_SECONDS

log = structlog.get_logger()

_UNKNOWN = (
    "I could not find out who you are, because Slack did not answer, so this press did nothing."
    " Please press again in a moment."
)
_NOT_KEPT = (
    "I could not keep this press, because my store does not answer: nothing was decided and"
    " nothing was run. Please press again in a minute."
)
_STOP_NOT_KEPT = (
    "I could not keep this press, because my store does not answer. Please press again in a"
    " minute, or write stop in the thread."
)


class Clicks:
    def __init__(
        self, gate: Gate, people: People, inputs: Inputs, refusals: Refusals, receiver: Receiver
    ) -> None:
        self._gate = gate
        self._people = people
        self._inputs = inputs
        self._refusals = refusals
        self._receiver = receiver

    async def decided(self, body: Mapping[str, Any]) -> None:
        """Takes a press on Approve or Reject. Raises StoreError where it was not kept."""
        press = press_in(body, self._gate.identity)
        if press is None:
            log.warning("slack.press_ignored", why="not on a message of Kaia's")
            return
        (name, belonging) = await self._judged(press)
        if not name:
            return
        try:
            await self._decide(press, self._decision(press, name, belonging), belonging.doubt)
        except StoreError:
            self._refusals.tell_press(press.said, _NOT_KEPT)
            raise

    async def stopped(self, body: Mapping[str, Any]) -> None:
        """Takes a press on Kaia's own Stop button as the word it stands for."""
        press = press_in(body, self._gate.identity)
        name, _ = await self._judged(press) if press else ("", None)
        if press is None or not name:
            return
        team, said = self._gate.identity.team, press.said
        key = f"stop:{team}:{said.channel}:{said.thread_ts}:{said.ts}:{said.speaker}"
        try:
            await self._receiver.receive(self._inputs.worded(said, name, key, "stop"))
        except StoreError:
            self._refusals.tell_press(said, _STOP_NOT_KEPT)
            raise

    async def _judged(self, press: Press) -> tuple[str, Belonging]:
        """What to call who pressed, and their approving groups; no name where they may not."""
        said = press.said
        try:
            async with asyncio.timeout(LOOK_UP_SECONDS):
                admission, belonging = await asyncio.gather(
                    self._gate.admit(said),
                    self._people.groups(said.speaker, self._gate.house.approver_groups),
                )
        except (DeliveryError, TimeoutError) as error:
            log.warning("slack.press_unclear", user=said.speaker, problem=str(error))
            admission, belonging = Admission(problem=_UNKNOWN), Belonging()
        if admission.problem:
            self._refusals.refuse(said, admission)
        return admission.name, belonging

    def _decision(self, press: Press, name: str, belonging: Belonging) -> Input:
        said, team = press.said, self._gate.identity.team
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
            self._refusals.pass_on(press.said, f"{problem} {doubt}".strip())
            return
        await self._receiver.receive(pressed)
