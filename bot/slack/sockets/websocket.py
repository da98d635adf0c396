"""One Socket Mode WebSocket from its upgrade to its end; what its envelopes say is not for it.

Slack's own client connects before nothing and again for ever to an address that is used up, closes
the old socket before it has a new one, and lets go a lock that another holds: this one has none.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import orjson
import structlog

from bot.slack.sockets.watch import Watch

log = structlog.get_logger()

Envelope = Mapping[str, Any]

LOST = (TimeoutError, ConnectionError, aiohttp.ClientError, OSError)
"""What a network does to a connection."""

_ENDS = {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED}


class Opener:
    """Opens sockets, all on one session of its own."""

    def __init__(self, proxy: str | None, watch: Watch) -> None:
        self._proxy = proxy
        self._watch = watch
        self._session: aiohttp.ClientSession | None = None

    async def open(self, address: str) -> aiohttp.ClientWebSocketResponse:
        """Raises one of LOST."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        closing = aiohttp.ClientWSTimeout(ws_close=self._watch.closing_seconds)
        async with asyncio.timeout(self._watch.hello_seconds):
            # Without autoping answers to pings are seen, and with them that the socket lives.
            return await self._session.ws_connect(
                address, autoping=False, timeout=closing, proxy=self._proxy
            )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


class Socket:
    def __init__(
        self,
        stream: aiohttp.ClientWebSocketResponse,
        take: Callable[["Socket", Envelope], None],
        watch: Watch,
    ) -> None:
        self._stream = stream
        self._take = take
        self._watch = watch
        self.greeted = asyncio.Event()
        self.going = asyncio.Event()
        """Slack has said that it will end it, or it has ended."""
        self.reason = ""
        """Why it is going, in Slack's word or ours."""
        self._over = asyncio.Event()
        self._last_envelope = time.monotonic()

    @property
    def is_up(self) -> bool:
        return self.greeted.is_set() and not self._over.is_set() and not self._stream.closed

    async def run(self) -> None:
        """Until it ends, or is cancelled; closed when this returns."""
        pinging = asyncio.create_task(self._ping(), name="slack ping")
        try:
            await self._read()
        except TimeoutError:
            self._go("silent")
        except LOST as error:
            self._go(type(error).__name__)
        finally:
            self._over.set()
            self._go("closed")
            pinging.cancel()
            await asyncio.gather(pinging, self.close(), return_exceptions=True)

    async def send(self, text: str) -> None:
        """Raises one of LOST."""
        if self._over.is_set() or self._stream.closed:
            raise ConnectionResetError("the socket is closed")
        async with asyncio.timeout(self._watch.closing_seconds):
            await self._stream.send_str(text)

    async def until_greeted_or_gone(self) -> None:
        waiting = [asyncio.create_task(one.wait()) for one in (self.greeted, self.going)]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def until_over(self, seconds: float) -> None:
        """Or for so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()

    async def close(self) -> None:
        """Bounded: a peer that ignores the close frame would hold us for long."""
        try:
            async with asyncio.timeout(self._watch.closing_seconds):
                await self._stream.close()
        except TimeoutError:
            log.warning("slack.close_timed_out")

    async def _read(self) -> None:
        while True:
            frame = await self._stream.receive(timeout=self._watch.silent_seconds)
            if time.monotonic() - self._last_envelope > self._watch.idle_seconds:
                self._go("idle")
            if frame.type is aiohttp.WSMsgType.TEXT:
                self._hear(frame.data)
            elif frame.type is aiohttp.WSMsgType.PING:
                await self._stream.pong(frame.data)
            elif frame.type is aiohttp.WSMsgType.ERROR:
                raise ConnectionError(str(self._stream.exception()))
            elif frame.type in _ENDS:
                return

    def _hear(self, text: str) -> None:
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError:
            log.warning("slack.unreadable", type="no JSON", characters=len(text))
            return
        match said:
            case {"type": "hello"}:
                self.greeted.set()
                log.info("slack.connected")
            case {"type": "disconnect"}:
                self._go(str(said.get("reason") or "disconnect"))
            case {"envelope_id": str()}:
                self._last_envelope = time.monotonic()
                self._take(self, said)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(self._watch.ping_seconds)
            try:
                await self._stream.ping(b"kaia")
            except LOST:
                return  # whoever reads it notices

    def _go(self, reason: str) -> None:
        self.reason = self.reason or reason
        self.going.set()
