"""One message event becomes one input, or nothing; it is handed over and nothing else happens."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.dialogue import Input, Receiver
from bot.errors import DeliveryError, StoreError
from bot.slack.hearing.early_edits import EarlyEdits
from bot.slack.hearing.early_replies import EarlyReplies
from bot.slack.hearing.gate import Gate
from bot.slack.hearing.inputs import Inputs
from bot.slack.hearing.overtaken import Overtaken
from bot.slack.hearing.refusals import STOP_NOT_KEPT, Refusals
from bot.slack.hearing.said import Said, said_in
from bot.slack.sending.outbound import CallLimited


class Intake:
    def __init__(
        self,
        gate: Gate,
        inputs: Inputs,
        refusals: Refusals,
        receiver: Receiver,
        early: EarlyReplies,
        edits: EarlyEdits,
        overtaken: Overtaken,
    ) -> None:
        self._gate = gate
        self._inputs = inputs
        self._refusals = refusals
        self._receiver = receiver
        self._early = early
        self._edits = edits
        self._overtaken = overtaken

    async def message(self, body: Mapping[str, Any]) -> None:
        """Takes a `message` or an `app_mention`; one message may arrive as both."""
        said = said_in(body, self._gate.identity, self._gate.house.apps)
        if said is None:
            return
        try:
            await self.take(said)
        except DeliveryError as error:
            if not isinstance(error, CallLimited):  # that ends by itself, and Slack has said when
                self._refusals.unclear(said, str(body.get("event_id") or ""))
            raise

    async def stop(self, body: Mapping[str, Any]) -> None:
        """Takes a press on Slack's own Stop button as the word it stands for."""
        event = body.get("event") or {}
        stamp = str(event.get("event_ts") or body.get("event_id") or "")
        as_said = {**event, "type": "message", "ts": stamp, "text": "stop"}
        identity = self._gate.identity
        said = said_in({**body, "event": as_said}, identity)
        if said is None:
            return
        said = replace(said, is_press=True)
        if name := await self._name_of_admitted(said):
            key = f"stop:{identity.team}:{said.channel}:{said.thread_ts}:{stamp}:{said.speaker}"
            try:
                await self._receiver.receive(self._inputs.worded(said, name, key, "stop"))
            except StoreError:
                self._refusals.tell_not_kept(said, STOP_NOT_KEPT)
                raise

    async def take(self, said: Said) -> None:
        """Raises where it was not kept: then Slack is not acked and delivers it again."""
        if name := await self._name_of_admitted(said):
            asked = await self._inputs.of(said, name)
            try:
                await self._hand_over(asked)
                if asked.addressed:
                    await self._overtaken.offer_since(said, self._offer)
            except StoreError:
                self._refusals.tell_not_kept(said)
                raise

    async def _offer(self, body: Mapping[str, Any]) -> None:
        """Takes what was read in a thread. Who may not ask is told when it is delivered."""
        said = said_in(body, self._gate.identity, self._gate.house.apps)
        if said is not None and (name := (await self._gate.admit(said)).name):
            reply = self._edits.applied(await self._inputs.of(said, name))
            if reply is not None:
                await self._receive(reply)

    async def _name_of_admitted(self, said: Said) -> str:
        admission = await self._gate.admit(said)
        if admission.problem:
            self._refusals.refuse(said, admission)
        return admission.name

    async def _hand_over(self, asked: Input) -> None:
        current = self._edits.applied(asked)
        if current is None:
            return
        if not current.addressed:
            self._early.keep(current)
        await self._receive(current)
        if current.addressed:
            await self._take_early(current)

    async def _receive(self, current: Input) -> None:
        if await self._receiver.receive(current):
            self._early.drop(current)
            await self._catch_up(current)

    async def _catch_up(self, kept: Input) -> None:
        """An edit that came while the message was on its way found nothing to change."""
        revision = self._edits.of(kept.id)
        if revision is not None and revision.text != kept.text:
            await self._receiver.revise(revision)

    async def _take_early(self, mention: Input) -> None:
        """Also where the mention is known: it may be here again because these were not kept."""
        replies = self._early.take(mention)
        try:
            while replies:
                await self._receiver.receive(replies[0])
                replies.pop(0)
        except StoreError:
            for reply in replies:
                self._early.keep(reply)
            raise
