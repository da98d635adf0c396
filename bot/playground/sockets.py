"""Socket Mode: tickets, WebSocket connections and how they end; delivers nothing by itself."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from bot.playground import limits
from bot.playground.calls import Call, Method, Refused
from bot.playground.connections import SocketConnection
from bot.playground.objects import Json
from bot.playground.workspace import Workspace

_PING_SECONDS = 10.0


class Sockets:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._tickets: dict[str, float] = {}
        self._refusals = 0
        self._open: list[SocketConnection] = []
        self.is_enabled = True
        """Whether Socket Mode is switched on in the app's settings."""
        self.says_hello = True
        self.answers_pings = True
        """Whether a client's pings are answered; without answers the connection looks dead."""
        self.sends_pings = True
        """Whether new connections are pinged."""
        self.hears_acks = True
        """Whether acks are noticed; otherwise they are lost on the way."""
        self.answers_close = True
        """Whether a client's close frame is answered; otherwise it waits for an answer in vain."""
        self.methods = {"apps.connections.open": Method(self._issue, (), ("app",))}

    @property
    def connections(self) -> tuple[SocketConnection, ...]:
        """In the order in which they were opened."""
        return tuple(self._open)

    def _issue(self, call: Call) -> Json:
        if not (call.workspace.grants.uses_sockets and self.is_enabled):
            raise Refused("socket_mode_not_enabled")
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = self._workspace.clock.now() + limits.TICKET_SECONDS
        base = self._workspace.base_url.replace("http://", "ws://", 1)
        return {"url": f"{base}/link/?ticket={ticket}&app_id={self._workspace.directory.app_id}"}

    def refuse_upgrades(self, times: int) -> None:
        """The next connections are refused although their tickets are good, and use them up."""
        self._refusals += times

    def _take_ticket(self, request: web.Request) -> None:
        expires = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if expires < self._workspace.clock.now():
            raise web.HTTPForbidden(text="this address has been used or is too old")

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its upgrade to its end."""
        self._take_ticket(request)
        if self._refusals > 0:
            self._refusals -= 1
            raise web.HTTPServiceUnavailable(text="not now")
        stream = web.WebSocketResponse(autoping=False, autoclose=False, timeout=2.0)
        await stream.prepare(request)
        if len(self._open) >= limits.CONNECTIONS:
            await stream.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await stream.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return stream
        async with self._connected(SocketConnection(stream, request)) as connection:
            async for frame in stream:
                await self._hear(connection, frame)
            if connection.is_half_open or not self.answers_close:
                await asyncio.Event().wait()  # until the client breaks the connection itself
            await stream.close()
        return stream

    @asynccontextmanager
    async def _connected(self, connection: SocketConnection) -> AsyncIterator[SocketConnection]:
        self._open.append(connection)
        if self.says_hello:
            connection.give(orjson.dumps(self._hello()).decode())
        tasks = [asyncio.create_task(connection.write(), name="playground socket writer")]
        if self.sends_pings:
            pinging = connection.ping(_PING_SECONDS)
            tasks.append(asyncio.create_task(pinging, name="playground socket ping"))
        self._workspace.deliveries.joined(connection)
        try:
            yield connection
        finally:
            self._open.remove(connection)
            self._workspace.deliveries.left(connection)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {
                "host": socket.gethostname(),
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
            "connection_info": {"app_id": self._workspace.directory.app_id},
        }

    async def _hear(self, connection: SocketConnection, frame: Any) -> None:
        if connection.is_half_open:
            return
        if frame.type == WSMsgType.PING and self.answers_pings:
            await connection.socket.pong(frame.data)
        elif frame.type == WSMsgType.TEXT and self.hears_acks:
            self._acknowledge(frame.data)

    def _acknowledge(self, text: str) -> None:
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError:
            self._workspace.oddities.append("a Socket Mode frame was not JSON")
            return
        if isinstance(said, dict) and isinstance(said.get("envelope_id"), str):
            self._workspace.deliveries.acknowledge(said["envelope_id"], said.get("payload"))

    def _meant(self, only: int | None) -> Sequence[SocketConnection]:
        return self.connections if only is None else (self.connections[only],)

    async def disconnect(self, reason: str = "refresh_requested", only: int | None = None) -> None:
        """Tells every connection, or one, to go; all reasons but `warning` close it too."""
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
        for connection in self._meant(only):
            await connection.tell(frame)
            if reason != "warning":
                await connection.socket.close(code=WSCloseCode.OK)

    def cut(self, only: int | None = None) -> None:
        """Every connection, or one, breaks without a word."""
        for connection in self._meant(only):
            connection.cut()

    def half_open(self, only: int | None = None) -> None:
        """Those that are open now go quiet in both directions, and nobody closes them."""
        for connection in self._meant(only):
            connection.is_half_open = True

    def swallow_events(self, only: int | None = None) -> None:
        """Those that are open now go on answering pings and deliver no more events."""
        for connection in self._meant(only):
            connection.swallows_events = True
