"""A scripted HTTP server on loopback: what it is asked it keeps, what it answers is set before."""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True)
class Says:
    """An answer in words; empty and printed tool calls too."""

    text: str


@dataclass(frozen=True)
class Calls:
    """Tool calls, each a name and its arguments."""

    calls: tuple[tuple[str, Any], ...]
    text: str = ""


@dataclass(frozen=True)
class Fails:
    status: int
    error: str = "made up"
    code: str | None = None


@dataclass(frozen=True)
class Hangs:
    """Never answers; the caller has to hang up."""


@dataclass(frozen=True)
class Cuts:
    """Closes the connection in the middle of the answer."""


@dataclass(frozen=True)
class Babbles:
    """A page for people, as a proxy in between may send it."""

    text: str = "<html>Welcome</html>"


Reply = Says | Calls | Fails | Hangs | Cuts | Babbles


def runs(*commands: str) -> Calls:
    """Calls of kubectl, all in one answer."""
    return Calls(tuple(("kubectl", {"command": command}) for command in commands))


@dataclass
class ScriptedServer:
    """Answers in the order of `script`, then with `otherwise`."""

    script: deque[Reply] = field(default_factory=deque)
    otherwise: Callable[[dict[str, Any]], Reply] = field(
        default=lambda _body: Fails(500, "nothing was scripted")
    )
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    disconnects: int = 0
    most_at_once: int = 0
    port: int = 0
    _at_once: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 << 20)
        self.add_routes(app)
        # Without it aiohttp tells a handler nothing of a caller who hung up.
        self._runner = web.AppRunner(
            app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self.tls)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def add_routes(self, app: web.Application) -> None:
        raise NotImplementedError

    def say(self, *replies: Reply | str) -> None:
        self.script.extend(Says(each) if isinstance(each, str) else each for each in replies)

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():
                self._changed.clear()
                await self._changed.wait()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        self.paths.append(request.path_qs)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        self._changed.set()
        try:
            return await self._act(request, body)
        except asyncio.CancelledError:
            self.disconnects += 1
            raise
        finally:
            self._at_once -= 1
            self._changed.set()

    async def _act(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        if refusal := self.refusal(body):
            return refusal
        reply = self.script.popleft() if self.script else self.otherwise(body)
        match reply:
            case Hangs():
                await asyncio.Event().wait()
            case Cuts():
                return await _cut(request)
            case Babbles(text=text):
                return web.Response(text=text, content_type="text/html")
            case _:
                pass
        return self.worded(reply, body)

    def refusal(self, body: dict[str, Any]) -> web.Response | None:  # noqa: ARG002 - for others
        """What the real one says before its model is asked."""
        return None

    def worded(self, reply: Reply, body: dict[str, Any]) -> web.Response:
        raise NotImplementedError


async def _cut(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "5000"})
    await response.prepare(request)
    await response.write(b'{"model":')
    assert request.transport is not None
    request.transport.close()
    return response
