"""One socket and its successors: the next is open before the last is let go of."""

import asyncio
import time
from typing import Protocol

import structlog

from bot.slack.sockets.watch import Watch
from bot.slack.sockets.websocket import LOST, Socket
from bot.telemetry.seams import UNMEASURED, Telemetry

log = structlog.get_logger()

KEPT_OUT = {"link_disabled", "too_many_websockets"}
"""What will be so for a while: whoever tried again at once would be refused at once."""


class Source(Protocol):
    """Where a link has its sockets from."""

    @property
    def door(self) -> asyncio.Lock: ...

    async def opened(self) -> Socket: ...

    def greeted(self) -> None: ...

    def pause_after(self, reason: str, failures: int) -> float: ...


class Link:
    def __init__(self, source: Source, watch: Watch, telemetry: Telemetry = UNMEASURED) -> None:
        self._source = source
        self._watch = watch
        self._telemetry = telemetry
        self._last_up = time.monotonic()
        # Sockets that never said hello, or went away right after it.
        self._failures = 0
        self.socket: Socket | None = None

    @property
    def is_up(self) -> bool:
        return self.socket is not None and self.socket.is_up

    @property
    def seconds_down(self) -> float:
        return 0 if self.is_up else time.monotonic() - self._last_up

    async def run(self) -> None:
        async with asyncio.TaskGroup() as sockets:
            while True:
                old = self.socket
                self.socket = await self._greeted_one(sockets)
                since = time.monotonic()
                if old is not None:
                    sockets.create_task(self._let_end(old), name="slack socket that ends")
                await self.socket.going.wait()
                self._telemetry.count("reconnect", self.socket.reason)
                log.info("slack.disconnected", reason=self.socket.reason)
                await self._pause(self.socket, time.monotonic() - since)

    async def _greeted_one(self, sockets: asyncio.TaskGroup) -> Socket:
        """The next socket on which Slack has said hello; tries for ever."""
        while True:
            async with self._source.door:
                socket, reason = await self._tried(sockets)
            if socket is not None:
                if not socket.going.is_set():
                    self._source.greeted()
                return socket
            self._failures += 1
            self._telemetry.count("reconnect", reason)
            pause = self._source.pause_after(reason, self._failures)
            log.warning("slack.no_socket", problem=reason, retry_seconds=round(pause, 1))
            await asyncio.sleep(pause)

    async def _tried(self, sockets: asyncio.TaskGroup) -> tuple[Socket | None, str]:
        """A socket with its hello, or what went wrong."""
        try:
            socket = await self._source.opened()
        except LOST as error:
            return None, type(error).__name__
        sockets.create_task(socket.run(), name="slack socket")
        try:
            async with asyncio.timeout(self._watch.hello_seconds):
                await socket.until_greeted_or_gone()
        except TimeoutError:
            log.warning("slack.no_hello")
        if socket.greeted.is_set():
            return socket, ""
        await socket.close()
        return None, socket.reason

    async def _pause(self, gone: Socket, lived_seconds: float) -> None:
        """Before a socket that is going is replaced."""
        self._last_up = time.monotonic()
        is_brief = lived_seconds < self._watch.brief_seconds
        self._failures = self._failures + 1 if is_brief else 0
        if gone.reason in KEPT_OUT:
            await gone.close()
        pause = self._source.pause_after(gone.reason, max(0, self._failures - 1))
        if gone.is_up:
            # It is still read; where it ends sooner, so does the pause.
            await gone.until_over(pause)
        else:
            await asyncio.sleep(pause)

    async def _let_end(self, old: Socket) -> None:
        await old.until_over(self._watch.leaving_seconds)
        await old.close()
