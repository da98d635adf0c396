"""One connected app: what is written to it, and the ways in which it can go quiet."""

import asyncio
import contextlib
from typing import Any

from aiohttp import web


class SocketConnection:
    """What it is given is written by a task of its own, in order."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._request = request
        self._frames: asyncio.Queue[str] = asyncio.Queue()
        self.is_half_open = False
        """Nothing goes out and nothing is heard, and yet nobody has closed it."""
        self.swallows_events = False
        """It looks healthy, pings are answered, and no event arrives."""

    def give(self, frame: str) -> None:
        if not (self.is_half_open or self.swallows_events):
            self._frames.put_nowait(frame)

    async def write(self) -> None:
        while not self.socket.closed:
            frame = await self._frames.get()
            try:
                await self.socket.send_str(frame)
            except (ConnectionError, RuntimeError):
                return

    async def ping(self, every_seconds: float) -> None:
        while not self.socket.closed:
            await asyncio.sleep(every_seconds)
            if not self.is_half_open:
                with contextlib.suppress(ConnectionError, RuntimeError):
                    await self.socket.ping(b"Ping from the playground")

    async def tell(self, frame: dict[str, Any]) -> None:
        """At once, past what is queued."""
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self.socket.send_json(frame)

    def cut(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()
