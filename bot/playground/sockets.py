"""Socket Mode: tickets, WebSocket connections and how they end; delivers nothing by itself."""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from bot.playground import limits
from bot.playground.calls import Call, Method, Refused
from bot.playground.objects import Json
from bot.playground.workspace import Workspace

_PING_SECONDS = 10.0


class SocketConnection:
    """One connected app; what it is given is written by a task of its own, in order."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.socket = socket
        self._request = request
        self._frames: asyncio.Queue[str] = asyncio.Queue()

    def give(self, frame: str) -> None:
        self._frames.put_nowait(frame)

    async def write(self) -> None:
        while not self.socket.closed:
            frame = await self._frames.get()
            try:
                await self.socket.send_str(frame)
            except (ConnectionError, RuntimeError):
                return

    async def ping(self) -> None:
        while not self.socket.closed:
            await asyncio.sleep(_PING_SECONDS)
            with contextlib.suppress(ConnectionError, RuntimeError):
                await self.socket.ping(b"Ping from the playground")

    def cut(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()


class Sockets:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._tickets: dict[str, float] = {}
        self._refusals = 0
        self._open: list[SocketConnection] = []
        self.answers_pings = True
        """Whether a client's pings are answered; without answers the connection looks dead."""
        self.hears_acks = True
        """Whether acks are noticed; otherwise they are lost on the way."""
        self.methods = {"apps.connections.open": Method(self._issue, (), ("app",))}

    @property
    def connections(self) -> tuple[SocketConnection, ...]:
        return tuple(self._open)

    def _issue(self, call: Call) -> Json:
        if not call.workspace.grants.uses_sockets:
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
        stream = web.WebSocketResponse(autoping=False, timeout=2.0)
        await stream.prepare(request)
        if len(self._open) >= limits.CONNECTIONS:
            await stream.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await stream.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return stream
        async with self._connected(SocketConnection(stream, request)):
            async for frame in stream:
                await self._hear(stream, frame)
        return stream

    @asynccontextmanager
    async def _connected(self, connection: SocketConnection) -> AsyncIterator[None]:
        self._open.append(connection)
        connection.give(orjson.dumps(self._hello()).decode())
        tasks = [
            asyncio.create_task(connection.write(), name="playground socket writer"),
            asyncio.create_task(connection.ping(), name="playground socket ping"),
        ]
        self._workspace.deliveries.joined(connection)
        try:
            yield
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

    async def _hear(self, stream: web.WebSocketResponse, frame: Any) -> None:
        if frame.type == WSMsgType.PING and self.answers_pings:
            await stream.pong(frame.data)
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

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tells every connection to go; all reasons but `warning` close it too."""
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}}
        for connection in self.connections:
            with contextlib.suppress(ConnectionError, RuntimeError):
                await connection.socket.send_json(frame)
            if reason != "warning":
                await connection.socket.close(code=WSCloseCode.OK)

    def cut(self) -> None:
        """Every connection breaks without a word."""
        for connection in self.connections:
            connection.cut()
