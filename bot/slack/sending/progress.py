"""The one message of a turn that says what is being done, with a Stop button; never left.

It stands only where Slack shows neither, is edited in place, and is deleted at the end.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from bot.dialogue import Input
from bot.errors import DeliveryError
from bot.slack.sending.capabilities import Capabilities, Tried
from bot.slack.sending.line import Rank
from bot.slack.sending.outbound import Method
from bot.slack.sending.traces import Place, own_messages, payload_of
from bot.slack.wording.text import safe_mrkdwn

STOP = "kaia_stop"
EVENT_TYPE = "kaia_progress"

_HOW_TO_STOP = "The word `stop`, said in this thread, ends it."
_DONE = "Done, see below."


class Progress:
    """The one of one turn. None of it raises."""

    def __init__(self, said: Input, capabilities: Capabilities, words: Callable[[], str]) -> None:
        """`words` say what is being done at the moment they are asked for; perhaps nothing."""
        self._said = said
        self._can = capabilities
        self._words = words
        self._stamps: set[str] = set()
        self._rewritten: set[str] = set()
        """Say that the work is done, because they could not be deleted."""
        self._may_be_hidden = False

    @property
    def is_shown(self) -> bool:
        """Or may be: then there must not be a second one."""
        return bool(self._stamps) or self._may_be_hidden

    def may_be_left(self) -> None:
        """An earlier process may have posted one for this turn."""
        self._may_be_hidden = True

    async def show(self) -> None:
        if self.is_shown:
            return
        self._may_be_hidden = True  # until Slack has said whether it is there
        thread = self._said.thread
        posted = await self._can.tried(
            Method.POST_MESSAGE,
            thread,
            channel=thread.channel,
            thread_ts=thread.ts,
            text=self._text,
            blocks=self._blocks,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"turn": self._said.id}},
        )
        if posted.is_done:
            self._stamps.add(str(posted.answer.get("ts") or ""))
        self._may_be_hidden = posted.how == "failed"

    async def renew(self) -> None:
        """Says what is done now, where the message is known to be there."""
        for stamp in self._stamps:
            await self._rewrite(stamp, self._text, self._blocks, key=f"progress {stamp}")

    async def taken_away(self) -> Tried:
        if self._may_be_hidden and not await self._found():
            return Tried("failed")
        tried = await asyncio.gather(*(self._without(stamp) for stamp in self._stamps))
        return next((one for one in tried if one.how == "failed"), Tried("done"))

    async def _found(self) -> bool:
        """Looks for it in the thread; False where that cannot be done now."""
        place = Place(self._said.thread, self._said.ts, self._said.id)
        messages = own_messages(
            self._can.outbound,
            place,
            self._can.bot_user,
            rank=Rank.DECORATION,
            seconds=self._can.timeout_seconds,
        )
        try:
            async for message in messages:
                if payload_of(message, EVENT_TYPE, place.turn) is not None:
                    self._stamps.add(str(message.get("ts")))
        except DeliveryError:
            return False
        self._may_be_hidden = False
        return True

    async def _without(self, stamp: str) -> Tried:
        thread = self._said.thread
        deleted = await self._can.tried(Method.DELETE, thread, channel=thread.channel, ts=stamp)
        if deleted.is_done:
            return deleted
        # Until it can be deleted, and where nobody may, it must not say that work goes on.
        if stamp not in self._rewritten:
            rewritten = await self._rewrite(stamp, _DONE, [])
            self._rewritten |= {stamp} if rewritten.how != "failed" else set()
            deleted = rewritten if deleted.how == "refused" else deleted
        return deleted

    async def _rewrite(self, stamp: str, text: Any, blocks: Any, *, key: str = "") -> Tried:
        thread = self._said.thread
        return await self._can.tried(
            Method.UPDATE,
            thread,
            key=key,
            channel=thread.channel,
            ts=stamp,
            text=text,
            blocks=blocks,
        )

    def _text(self) -> str:
        doing = self._words()
        now = f"Still at work: {doing}." if doing else "Still at work on this."
        return f"{safe_mrkdwn(now)} {_HOW_TO_STOP}"

    def _blocks(self) -> list[dict[str, object]]:
        button = {
            "type": "button",
            "action_id": STOP,
            "text": {"type": "plain_text", "text": "Stop"},
            "style": "danger",
            "value": self._said.id,
        }
        text = {"type": "mrkdwn", "text": self._text()}
        return [{"type": "section", "text": text}, {"type": "actions", "elements": [button]}]
