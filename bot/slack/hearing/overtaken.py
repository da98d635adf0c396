"""What was said in a thread since a mention, read from Slack itself once the mention is kept.

A reply that overtakes its mention may have been acked by another replica, or by a process that is
no more: none of them knew that it is for Kaia, and Slack does not bring it again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

import structlog

from bot.errors import DeliveryError, StoreError
from bot.slack.hearing.refusals import Recent
from bot.slack.hearing.said import Said
from bot.slack.hearing.stamps import moment
from bot.slack.sending.line import Waiting
from bot.slack.sending.outbound import CallRefused, Outbound
from bot.slack.sending.traces import replies_since

log = structlog.get_logger()

Offer = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Takes an event's body, as Slack would have delivered it."""

_ACK_SECONDS = 1.0
"""Slack waits three for its ack, and the mention has had to be kept before."""
_PAUSES_SECONDS = (0.5, 5.0, 15.0, 30.0, 60.0)
_LINE_SECONDS = 60.0
"""For what Slack asks to wait, before it counts as a try."""
_MOST = 500


class Overtaken:
    """Owns the tasks that read on where Slack did not answer in time."""

    def __init__(self, outbound: Outbound, ack_seconds: float = _ACK_SECONDS) -> None:
        self._outbound = outbound
        self._ack_seconds = ack_seconds
        self._read = Recent()
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._retrying = asyncio.Lock()

    async def offer_since(self, mention: Said, offer: Offer) -> None:
        """Offers every later message of its thread, oldest first; goes on alone after a second.

        Raises StoreError where one was not kept in that time: then the mention has to come again.
        """
        key = f"{mention.channel}:{mention.ts}"
        if mention.is_direct or key in self._read or key in self._tasks.values():
            return
        first = self._start(key, self._once(mention, key, offer))
        await asyncio.wait({first}, timeout=self._ack_seconds)
        if not first.done() or first.cancelled():
            self._start(key, self._go_on(mention, key, offer, first))
        elif isinstance(problem := first.exception(), DeliveryError):
            log.debug("slack.thread_read_later", thread=key, problem=str(problem))
            self._start(key, self._go_on(mention, key, offer))
        else:
            first.result()

    async def close(self, seconds: float) -> None:
        """Gives what is being read a last moment."""
        if tasks := list(self._tasks):
            await asyncio.wait(tasks, timeout=seconds)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, key: str, reading: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        if len(self._tasks) >= _MOST:
            oldest = next(iter(self._tasks))
            log.warning("slack.thread_not_read", thread=self._tasks[oldest], problem="too many")
            oldest.cancel()
        task = asyncio.create_task(reading, name=f"slack reading since {key}")
        self._tasks[task] = key
        task.add_done_callback(self._end)
        return task

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled():
            # Seen by now, also where whoever waited for it is no more.
            task.exception()

    async def _go_on(
        self, mention: Said, key: str, offer: Offer, first: asyncio.Task[None] | None = None
    ) -> None:
        """One mention at a time: what stands in line here is not asked of Slack all at once."""
        if first is not None and await _has_ended_well(first):
            return
        waiting = Waiting(mention.channel, mention.thread_ts, seconds=_LINE_SECONDS)
        for pause in _PAUSES_SECONDS:
            await asyncio.sleep(pause)
            async with self._retrying:
                try:
                    await self._once(mention, key, offer, waiting)
                except (DeliveryError, StoreError) as error:
                    problem = error
                else:
                    return
        log.warning("slack.thread_not_read", thread=key, problem=str(problem))

    async def _once(
        self, mention: Said, key: str, offer: Offer, waiting: Waiting | None = None
    ) -> None:
        for message in await self._since(mention, waiting):
            await offer(_as_delivered(message, mention))
        self._read.add(key)

    async def _since(self, mention: Said, waiting: Waiting | None) -> list[Mapping[str, Any]]:
        channel, root, since = mention.channel, mention.thread_ts, _mentioned(mention)
        found = replies_since(self._outbound, channel, root, since, waiting=waiting)
        try:
            # The root is there whatever is asked for.
            return [one async for one in found if moment(str(one.get("ts"))) > moment(since)]
        except CallRefused as refused:
            log.debug("slack.thread_not_readable", code=refused.code, needed=refused.needed)
            return []


async def _has_ended_well(first: asyncio.Task[None]) -> bool:
    await asyncio.wait({first})
    return not first.cancelled() and first.exception() is None


def _mentioned(mention: Said) -> str:
    """When Kaia was mentioned, which an edit may have done: talk before it was not for her."""
    edited = mention.event.get("edited")
    return str((edited or {}).get("ts") or mention.ts)


def _as_delivered(message: Mapping[str, Any], mention: Said) -> Mapping[str, Any]:
    where = {name: mention.event.get(name) for name in ("channel", "channel_type")}
    # Edited or not: read as it stands now, it has been offered under this ts or never.
    event = {**message, **where, "edited": None}
    return {"event": event, "is_ext_shared_channel": mention.is_shared_channel}
