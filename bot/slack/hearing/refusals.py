"""Tells people that something of theirs was not taken, and why; who may not ask hears it alone.

Every refusal is recorded here, but those that the engine makes. What this process knows of threads
and of what it has recorded is its own: a mention that two replicas hear may be recorded twice.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.audit import Record, unrecorded
from bot.errors import DeliveryError
from bot.slack.hearing.gate import Admission
from bot.slack.hearing.said import Said
from bot.slack.reading.transfers import Transfers
from bot.slack.sending.outbound import Method, Outbound
from bot.slack.wording.text import safe_mrkdwn

log = structlog.get_logger()

_MOST_REMEMBERED = 2_000
_UNCLEAR_BEFORE = 2
# Slack repeats an event after a minute and after five; then it gives up.
MESSAGE_NOT_KEPT = (
    "I could not keep this message: my store does not answer. Slack brings it to me again within"
    " a few minutes, and I answer then. If there is no answer in ten minutes, please ask again."
)
EDIT_NOT_KEPT = (
    "I could not keep this edit: my store does not answer, so I may answer the message as it was"
    " before. Slack brings the edit to me again within a few minutes. If my answer does not follow"
    " it, please ask again."
)
STOP_NOT_KEPT = (
    "I could not keep this press on Stop: my store does not answer. Slack brings it to me again"
    " within a few minutes. If I still work then, please write stop in this thread."
)
NOBODY_KNOWN = (
    "I could not find out who you are or where this is, because Slack does not tell me now, and I"
    " take nothing from people I do not know. Slack brings this to me again within a few minutes."
    " If there is no answer in ten minutes, please ask again; if it stays so, whoever runs Kaia can"
    " see why in its log."
)


class Recent:
    """The latest of many keys."""

    def __init__(self, most: int = _MOST_REMEMBERED) -> None:
        self._keys: OrderedDict[str, None] = OrderedDict()
        self._most = most

    def __contains__(self, key: str) -> bool:
        return key in self._keys

    def add(self, key: str) -> None:
        self._keys[key] = None
        self._keys.move_to_end(key)
        while len(self._keys) > self._most:
            self._keys.popitem(last=False)


class Refusals:
    """Each is told in a task of its own: an ack does not wait for it."""

    def __init__(self, outbound: Outbound, served: Recent, record: Record = unrecorded) -> None:
        """`served` holds threads Kaia has answered in, as `CHANNEL:TS`."""
        self._outbound = outbound
        self._served = served
        self._record = record
        self._told = Recent()
        self._recorded = Recent()
        self._unclear = Recent()
        self._telling: set[asyncio.Task[None]] = set()

    def refuse(self, said: Said, refused: Admission) -> None:
        """Recorded at each attempt; told once for each person and thread, and at every press.

        Who only talks where Kaia does not is left in peace, and in no record.
        """
        if not self._is_between_us(said):
            return
        self._note(said, refused.problem)
        key = f"{_thread(said)}:{said.speaker}"
        if refused.is_told and (said.is_press or key not in self._told):
            self._told.add(key)
            # Nobody sees what is whispered to an app.
            tell = self._say if said.is_machine else self._whisper
            self._start(tell(said, refused.problem), said)

    def unclear(self, said: Said, event: str) -> None:
        """Slack did not say who this is. Told from the third time on that it is delivered, after a
        minute: what passes is nothing to be told of.
        """
        keys = [f"{event}:{delivery}" for delivery in range(_UNCLEAR_BEFORE)]
        new = next((key for key in keys if key not in self._unclear), None)
        if new is None:
            self.refuse(said, Admission(problem=NOBODY_KNOWN))
        else:
            self._unclear.add(new)

    def tell_press(self, said: Said, why: str) -> None:
        """Every press that does nothing says so."""
        self._note(said, why)
        self._start(self._whisper(said, why), said)

    def tell_at(self, address: str, said: Said, why: str) -> None:
        """At the address that came with a press: also where Kaia may not post."""
        self._note(said, why)
        if address:
            self._start(self._reply(address, said, why), said)

    def whisper(self, said: Said, words: str) -> None:
        """To whoever said or pressed it, alone; what the engine has refused is recorded there."""
        self._start(self._whisper(said, words), said)

    def announce(self, said: Said, words: str) -> None:
        """To everybody in the thread, once: what was taken that only its asker could see."""
        key = f"{said.channel}:{said.ts}:{said.speaker}:{words}"
        if key not in self._told:
            self._told.add(key)
            self._start(self._say(said, words), said)

    def _note(self, said: Said, why: str) -> None:
        """One message may arrive as two events, and more than once."""
        key = f"{said.channel}:{said.ts}:{said.speaker}"
        if said.is_press or key not in self._recorded:
            self._recorded.add(key)
            self._record(
                "refusal", who=said.speaker, where=said.channel, thread=_thread(said), why=why
            )

    def tell_not_kept(self, said: Said, what: str = MESSAGE_NOT_KEPT) -> None:
        """To everybody in the thread, once for each message. Of a deletion nothing is said."""
        key = f"{said.channel}:{said.ts}:{what}"
        if key not in self._told and self._is_between_us(said):
            self._told.add(key)
            self._start(self._say(said, what), said)

    def _is_between_us(self, said: Said) -> bool:
        return said.is_addressed or said.is_press or _thread(said) in self._served

    def _start(self, telling: Coroutine[Any, Any, None], said: Said) -> None:
        task = asyncio.create_task(telling, name=f"slack refusal to {said.speaker}")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _whisper(self, said: Said, why: str) -> None:
        await self._tried(
            Method.POST_EPHEMERAL,
            said,
            user=said.speaker,
            # A thread that has no replies yet would hide it.
            thread_ts=said.thread_ts if said.thread_ts != said.ts else None,
            text=safe_mrkdwn(why),
        )

    async def _reply(self, address: str, said: Said, why: str) -> None:
        try:
            await Transfers(self._outbound).reply(address, why)
        except DeliveryError as error:
            log.warning("slack.refusal_not_told", user=said.speaker, error=str(error))

    async def _say(self, said: Said, what: str) -> None:
        thread_ts, text = said.thread_ts, safe_mrkdwn(what)
        await self._tried(Method.POST_MESSAGE, said, thread_ts=thread_ts, text=text)

    async def _tried(self, method: Method, said: Said, **arguments: Any) -> None:
        try:
            await self._outbound.call(method, channel=said.channel, **arguments)
        except DeliveryError as error:
            log.warning("slack.refusal_not_told", user=said.speaker, error=str(error))

    async def close(self) -> None:
        telling = list(self._telling)
        for task in telling:
            task.cancel()
        await asyncio.gather(*telling, return_exceptions=True)


def _thread(said: Said) -> str:
    return f"{said.channel}:{said.thread_ts}"
