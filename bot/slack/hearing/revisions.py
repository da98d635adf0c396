"""Edits and deletions of messages: a question that waits is changed, dropped, or asked after all.

An edit that adds the mention asks the question then; one of a message that mentioned Kaia before
never asks again. Only message_changed says what stood there before, so app_mention is not asked.
"""

from collections.abc import Mapping
from typing import Any

from bot.dialogue import Receiver, Revision
from bot.errors import StoreError
from bot.slack.hearing.early_edits import EarlyEdits
from bot.slack.hearing.early_replies import EarlyReplies
from bot.slack.hearing.gate import Gate
from bot.slack.hearing.inputs import Inputs
from bot.slack.hearing.intake import Intake
from bot.slack.hearing.refusals import EDIT_NOT_KEPT, Refusals
from bot.slack.hearing.said import Said, said_by
from bot.slack.wording.hanging import with_attachments

Event = Mapping[str, Any]


class Revisions:
    def __init__(
        self,
        gate: Gate,
        inputs: Inputs,
        intake: Intake,
        receiver: Receiver,
        early: EarlyReplies,
        edits: EarlyEdits,
        refusals: Refusals,
    ) -> None:
        self._gate = gate
        self._inputs = inputs
        self._intake = intake
        self._receiver = receiver
        self._early = early
        self._edits = edits
        self._refusals = refusals

    async def changed(self, body: Mapping[str, Any]) -> None:
        """Takes a `message_changed`. Previews of links, and Kaia's own messages, change nothing."""
        event = body["event"]
        now, before = _part(event, "message"), _part(event, "previous_message")
        if now.get("subtype") == "tombstone":
            # What Slack leaves of a deleted message that has replies.
            await self._delete(body, before, str(now.get("ts") or ""))
            return
        said, was = self._said(body, now), self._said(body, before)
        if said is None or not (said.is_machine or _is_by_author(now)):
            return
        if with_attachments(now) == with_attachments(before):
            return
        if said.may_concern_kaia or (was is not None and was.may_concern_kaia):
            is_new = was is not None and said.is_addressed and not was.is_addressed
            await self._edit(said, _stamp(event), asks=is_new)

    async def deleted(self, body: Mapping[str, Any]) -> None:
        """Takes a `message_deleted`."""
        event = body["event"]
        before = _part(event, "previous_message")
        await self._delete(body, before, str(event.get("deleted_ts") or before.get("ts") or ""))

    async def _edit(self, said: Said, stamp: str, *, asks: bool) -> None:
        admission = await self._gate.admit(said)
        if admission.problem:
            self._refusals.refuse(said, admission)
            return
        try:
            is_taken = await self._revised(
                Revision(
                    self._inputs.key(said.channel, said.ts), await self._inputs.text(said.event)
                ),
                stamp,
            )
        except StoreError:
            self._refusals.tell_not_kept(said, EDIT_NOT_KEPT)
            raise
        if asks and not is_taken:
            # With the words of a later edit, where one has overtaken this one.
            await self._intake.take(said)

    async def _delete(self, body: Mapping[str, Any], before: Event, ts: str) -> None:
        said = self._said(body, before)
        if not ts or (before and (said is None or not said.may_concern_kaia)):
            return
        event = body["event"]
        key = self._inputs.key(str(event.get("channel") or ""), ts)
        await self._revised(Revision(key, None), _stamp(event))

    async def _revised(self, revision: Revision, stamp: str) -> bool:
        """Whether a question that waits was changed by it."""
        if not self._edits.keep(revision, stamp):
            return False
        self._early.revise(revision)
        return await self._receiver.revise(revision)

    def _said(self, body: Mapping[str, Any], message: Event) -> Said | None:
        """The message in an event about it; it lacks where it stands."""
        event = body["event"]
        where = {name: event.get(name) for name in ("channel", "channel_type")}
        return said_by({**message, **where}, body, self._gate.identity, self._gate.house.apps)


def _part(event: Event, name: str) -> Event:
    found = event.get(name)
    return found if isinstance(found, Mapping) else {}


def _stamp(event: Event) -> str:
    return str(event.get("event_ts") or event.get("ts") or "")


def _is_by_author(now: Event) -> bool:
    return _part(now, "edited").get("user") in (None, now.get("user"))
