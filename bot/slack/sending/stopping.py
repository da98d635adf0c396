"""A message with a Stop button, for long turns where Slack has no Stop of its own; never left."""

import asyncio

from bot.dialogue import Input
from bot.errors import DeliveryError
from bot.slack.sending.capabilities import Capabilities, Tried
from bot.slack.sending.line import Rank
from bot.slack.sending.outbound import Method
from bot.slack.sending.traces import Place, own_messages, payload_of

ACTION = "kaia_stop"
EVENT_TYPE = "kaia_progress"

_TEXT = "Still at work on this. The word `stop`, said in this thread, ends it."


class StopButton:
    """The one of one turn."""

    def __init__(self, said: Input, capabilities: Capabilities) -> None:
        self._said = said
        self._can = capabilities
        self._stamps: set[str] = set()
        self._may_be_hidden = False

    def may_be_left(self) -> None:
        """An earlier process may have posted one for this turn."""
        self._may_be_hidden = True

    async def show(self) -> None:
        self._may_be_hidden = True  # until Slack has said whether it is there
        thread = self._said.thread
        posted = await self._can.tried(
            Method.POST_MESSAGE,
            thread,
            channel=thread.channel,
            thread_ts=thread.ts,
            text=_TEXT,
            blocks=_blocks(self._said.id),
            metadata={"event_type": EVENT_TYPE, "event_payload": {"turn": self._said.id}},
        )
        if posted.is_done:
            self._stamps.add(str(posted.answer.get("ts") or ""))
        self._may_be_hidden = posted.how == "failed"

    async def taken_away(self) -> Tried:
        if self._may_be_hidden and not await self._found():
            return Tried("failed")
        tried = await asyncio.gather(*(self._delete(stamp) for stamp in self._stamps))
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

    async def _delete(self, stamp: str) -> Tried:
        thread = self._said.thread
        return await self._can.tried(Method.DELETE, thread, channel=thread.channel, ts=stamp)


def _blocks(turn: str) -> list[dict[str, object]]:
    button = {
        "type": "button",
        "action_id": ACTION,
        "text": {"type": "plain_text", "text": "Stop"},
        "style": "danger",
        "value": turn,
    }
    text = {"type": "mrkdwn", "text": _TEXT}
    return [{"type": "section", "text": text}, {"type": "actions", "elements": [button]}]
