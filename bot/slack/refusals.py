"""Tells people who may not ask why, once for each person and thread, and only them."""

import asyncio
from collections import OrderedDict

import structlog

from bot.errors import DeliveryError
from bot.slack.judging import Said
from bot.slack.outbound import Method, Outbound
from bot.slack.text import safe_mrkdwn

log = structlog.get_logger()

_MOST_REMEMBERED = 2_000


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
    def __init__(self, outbound: Outbound, served: Recent) -> None:
        """`served` holds threads Kaia has answered in, as `CHANNEL:TS`."""
        self._outbound = outbound
        self._served = served
        self._told = Recent()
        self._telling: set[asyncio.Task[None]] = set()

    def tell(self, said: Said, why: str) -> None:
        """Does not wait. Who only talks in a thread that is none of Kaia's is left in peace."""
        thread = f"{said.channel}:{said.thread_ts}"
        key = f"{thread}:{said.user}"
        if key in self._told or not (said.is_addressed or thread in self._served):
            return
        self._told.add(key)
        task = asyncio.create_task(self._tell(said, why), name=f"slack refusal to {said.user}")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self, said: Said, why: str) -> None:
        try:
            await self._outbound.call(
                Method.POST_EPHEMERAL,
                channel=said.channel,
                user=said.user,
                thread_ts=said.thread_ts if said.thread_ts != said.ts else None,
                text=safe_mrkdwn(why),
            )
        except DeliveryError as error:
            log.warning("slack.refusal_not_told", user=said.user, error=str(error))

    async def close(self) -> None:
        telling = list(self._telling)
        for task in telling:
            task.cancel()
        await asyncio.gather(*telling, return_exceptions=True)
