"""Gives envelopes to the app and acks them, unless a listener raised."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.slack.sockets.websocket import LOST, Envelope
from bot.telemetry.seams import UNMEASURED, Doing, Telemetry

log = structlog.get_logger()

Reply = Callable[[str], Awaitable[None]]
"""Sends a text back to Slack. Raises one of LOST."""


class Dispatcher:
    def __init__(self, app: AsyncApp, telemetry: Telemetry = UNMEASURED) -> None:
        self._app = app
        self._telemetry = telemetry
        # Bolt holds none of these tasks: one that waits could be collected as garbage.
        self._handling: set[asyncio.Task[None]] = set()

    def take(self, envelope: Envelope, reply: Reply) -> None:
        """Handles it in a task of its own: one that is slow holds up no other."""
        task = asyncio.create_task(
            self._handle(envelope, reply), name=f"slack envelope {envelope['envelope_id']}"
        )
        self._handling.add(task)
        task.add_done_callback(self._handling.discard)

    async def settle(self, seconds: float) -> None:
        """Lets what is being handled now end and be acked, for a moment."""
        if self._handling:
            await asyncio.wait(set(self._handling), timeout=seconds)

    async def close(self, seconds: float) -> None:
        """The same, and then no more."""
        await self.settle(seconds)
        late = list(self._handling)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _handle(self, envelope: Envelope, reply: Reply) -> None:
        with self._telemetry.doing("ack", str(envelope.get("type"))) as acking:
            if await self._is_dealt_with(envelope):
                await self._ack(envelope, reply, acking)
            else:
                acking.ends("not_acked")

    async def _ack(self, envelope: Envelope, reply: Reply, acking: Doing) -> None:
        try:
            await reply(orjson.dumps({"envelope_id": envelope["envelope_id"]}).decode())
        except LOST as error:
            acking.ends("lost")
            # Slack delivers it again on another connection; by then it is known.
            log.info("slack.ack_lost", error=type(error).__name__)

    async def _is_dealt_with(self, envelope: Envelope) -> bool:
        kind, payload = str(envelope.get("type")), envelope.get("payload")
        if not isinstance(payload, dict) or not _is_readable(kind, payload):
            # It will read no better the next time.
            log.warning("slack.unreadable", type=kind)
            return True
        response = await self._app.async_dispatch(
            AsyncBoltRequest(mode="socket_mode", body=payload)
        )
        if response.status == 500:
            log.warning("slack.not_acked", attempt=envelope.get("retry_attempt"))
            return False
        if response.status != 200:
            log.warning("slack.unmatched", type=kind, status=response.status)
        return True


def _is_readable(kind: str, payload: dict[str, Any]) -> bool:
    """Bolt looks into `event` before any listener does, and stumbles over one that is no object."""
    return kind != "events_api" or isinstance(payload.get("event", {}), dict)
