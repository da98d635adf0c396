"""A TCP proxy on loopback that breaks what passes through it; it changes not one byte.

async with breaking_proxy(server.port, seed=7) as proxy:
    server.reached_by(proxy.url)  # addresses of sockets and files then lead through it
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

Direction = Literal["up", "down"]
"""`up` is from the client to the server."""

_CHUNK = 65_536
_VERBS = (b"GET ", b"POST ", b"PUT ")


@dataclass(eq=False)
class _Link:
    """One client's connection and the one to the server that stands for it."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    open_gates: dict[Direction, asyncio.Event] = field(default_factory=dict)
    request: str = ""
    """The request line seen last: `POST /api/chat.postMessage HTTP/1.1`."""

    def cut(self) -> None:
        """Both ends get a reset; what was on its way is lost."""
        self.client.transport.abort()
        self.server.transport.abort()
        for gate in self.open_gates.values():
            gate.set()

    def close(self) -> None:
        """What was passed on still arrives, where nothing was cut before."""
        self.client.close()
        self.server.close()

    def note_request(self, chunk: bytes) -> None:
        if chunk.startswith(_VERBS):
            self.request = chunk.split(b"\r\n", 1)[0].decode(errors="replace")


class BreakingProxy:
    def __init__(self, to_port: int, seed: int) -> None:
        self.port = 0
        self.delay_seconds = 0.0
        """Each piece that passes waits for a random part of this."""
        self.cuts = 0
        self.lost_answers: list[str] = []
        """The request lines whose answers were lost, though the server had done its work."""
        self.turned_away = 0
        self._to_port = to_port
        self._dice = random.Random(seed)  # noqa: S311 - a schedule, no secret
        self._links: set[_Link] = set()
        self._carrying: set[asyncio.Task[None]] = set()
        self._to_lose: list[str] = []
        self._refused_until = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def connections(self) -> int:
        return len(self._links)

    def cut(self, share: float = 1.0) -> int:
        """Resets all connections, or a random share of them; returns how many."""
        chosen = [link for link in self._links if self._dice.random() < share]
        for link in chosen:
            link.cut()
        self.cuts += len(chosen)
        return len(chosen)

    def lose_answers(self, times: int = 1, about: str = "/api/") -> None:
        """The next requests with this in their request line reach the server and are answered,
        and their connections are reset before the answer arrives.
        """
        self._to_lose += [about] * times

    def hold(self, direction: Direction | None = None) -> None:
        """Open connections carry nothing, in one direction or in both, and stay open; new ones
        are not held.
        """
        for link in self._links:
            for name, gate in link.open_gates.items():
                if direction in (None, name):
                    gate.clear()

    def release(self) -> None:
        """What was held arrives late."""
        for link in self._links:
            for gate in link.open_gates.values():
                gate.set()

    def refuse(self, seconds: float) -> None:
        """New connections are reset at once for so long."""
        self._refused_until = asyncio.get_running_loop().time() + seconds

    async def close(self) -> None:
        for link in self._links:
            link.cut()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connects one client, or turns it away."""
        if asyncio.get_running_loop().time() < self._refused_until:
            self.turned_away += 1
            writer.transport.abort()
            return
        try:
            answers, server = await asyncio.open_connection("127.0.0.1", self._to_port)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(writer, server, {"up": _open_gate(), "down": _open_gate()})
        carrying = asyncio.create_task(self._carry(link, reader, answers), name="proxy link")
        self._carrying.add(carrying)
        carrying.add_done_callback(self._carrying.discard)

    async def _carry(
        self, link: _Link, questions: asyncio.StreamReader, answers: asyncio.StreamReader
    ) -> None:
        """Until either side has ended."""
        self._links.add(link)
        pumps = [
            asyncio.create_task(self._pump(link, "up", questions), name="proxy up"),
            asyncio.create_task(self._pump(link, "down", answers), name="proxy down"),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._links.discard(link)
            link.close()
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)

    async def _pump(self, link: _Link, direction: Direction, source: asyncio.StreamReader) -> None:
        target = link.server if direction == "up" else link.client
        with contextlib.suppress(ConnectionError):
            while chunk := await source.read(_CHUNK):
                if self.delay_seconds:
                    await asyncio.sleep(self._dice.random() * self.delay_seconds)
                await link.open_gates[direction].wait()
                if direction == "up":
                    link.note_request(chunk)
                elif self._loses_answer(link):
                    link.cut()
                    return
                target.write(chunk)
                await target.drain()

    def _loses_answer(self, link: _Link) -> bool:
        for about in self._to_lose:
            if about in link.request:
                self._to_lose.remove(about)
                self.lost_answers.append(link.request)
                return True
        return False


def _open_gate() -> asyncio.Event:
    gate = asyncio.Event()
    gate.set()
    return gate


@asynccontextmanager
async def breaking_proxy(to_port: int, *, seed: int = 0) -> AsyncIterator[BreakingProxy]:
    """A proxy to a port of this machine, that behaves well until it is told to break."""
    proxy = BreakingProxy(to_port, seed)
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
        await server.wait_closed()
