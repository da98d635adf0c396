"""The page to talk to the workspace with: for this machine's own browser and for no other site."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from importlib import resources
from urllib.parse import urlsplit

import orjson
from aiohttp import WSMsgType, web

from bot.playground import view
from bot.playground.acts import Act, Acts
from bot.playground.workspace import Workspace

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_SCRIPTS = (
    "blocks",
    "composer",
    "data",
    "dialog",
    "file",
    "home",
    "markdown",
    "message",
    "page",
    "state",
    "welcome",
)
_FILES = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/message.css": ("message.css", "text/css"),
    **{f"/{name}.js": (f"{name}.js", "text/javascript") for name in _SCRIPTS},
}
# Changes that come together are shown together.
_GATHERING_SECONDS = 0.03
# Statuses expire by the clock alone, so the page is looked at again without a change.
_LOOK_AGAIN_SECONDS = 5.0


class Page:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[web.RouteDef]:
        files = [web.get(path, self._guarded(self._file)) for path in _FILES]
        return [
            *files,
            web.get("/page/files/{file}", self._guarded(self._shared)),
            web.get("/page/pictures/{file}", self._guarded(self._picture)),
            web.get("/page/updates", self._guarded(self._updates, needs_origin=True)),
            *(
                web.post(f"/page/{name}", self._guarded(self._posted(act), needs_origin=True))
                for name, act in Acts(self._workspace).by_name.items()
            ),
        ]

    def _guarded(self, handler: Handler, *, needs_origin: bool = False) -> Handler:
        """Refuses what another site's page, or a name that points here, sends by a browser."""

        async def answer(request: web.Request) -> web.StreamResponse:
            hosts = self._own_hosts()
            origin = request.headers.get("Origin")
            if request.host not in hosts:
                raise web.HTTPForbidden(text="the playground is asked for by its own address only")
            if origin is None and needs_origin:
                raise web.HTTPForbidden(text="only the playground's own page may do this")
            if origin is not None and origin != f"http://{request.host}":
                raise web.HTTPForbidden(text="only the playground's own page may do this")
            return await handler(request)

        return answer

    def _own_hosts(self) -> set[str]:
        port = urlsplit(self._workspace.base_url).port
        return {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}

    def _posted(self, act: Act) -> Handler:
        """A form of another site cannot send this content type without asking first."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if request.content_type != "application/json":
                raise web.HTTPUnsupportedMediaType(text="JSON only")
            try:
                said = orjson.loads(await request.read())
                await act(said if isinstance(said, dict) else {})
            except orjson.JSONDecodeError:
                raise web.HTTPBadRequest(text="that was not JSON") from None
            except LookupError as problem:
                raise web.HTTPBadRequest(text=str(problem)) from None
            return web.json_response({"ok": True})

        return answer

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name, content_type = _FILES[request.path]
        folder = resources.files("bot.playground").joinpath("page")
        text = await asyncio.to_thread(folder.joinpath(name).read_text, "utf-8")
        headers = _headers(request.host)
        return web.Response(text=text, content_type=content_type, charset="utf-8", headers=headers)

    async def _shared(self, request: web.Request) -> web.StreamResponse:
        """A file that somebody shared, as text only: a browser runs nothing of it."""
        content = self._content(request)
        headers = _headers(request.host)
        return web.Response(
            body=content, content_type="text/plain", charset="utf-8", headers=headers
        )

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        """A file that is a PNG by its own bytes, whatever its name says."""
        content = self._content(request)
        if not view.is_picture(content):
            raise web.HTTPNotFound(text="no such picture")
        return web.Response(body=content, content_type="image/png", headers=_headers(request.host))

    def _content(self, request: web.Request) -> bytes:
        stored = self._workspace.files.get(request.match_info["file"])
        if stored is None or stored.content is None:
            raise web.HTTPNotFound(text="no such file")
        return stored.content

    async def _updates(self, request: web.Request) -> web.StreamResponse:
        """The whole view, at once and again after every change."""
        socket = web.WebSocketResponse(heartbeat=30.0, timeout=1.0)
        await socket.prepare(request)
        showing = asyncio.create_task(self._show(socket), name="playground page updates")
        try:
            async for frame in socket:
                if frame.type is WSMsgType.ERROR:
                    break
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)
        return socket

    async def _show(self, socket: web.WebSocketResponse) -> None:
        shown = b""
        while not socket.closed:
            revision = self._workspace.changes.revision
            now = orjson.dumps(view.of(self._workspace))
            if now != shown:
                shown = now
                with contextlib.suppress(ConnectionError, RuntimeError):
                    await socket.send_str(now.decode())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    await self._workspace.changes.beyond(revision)
            await asyncio.sleep(_GATHERING_SECONDS)


def _headers(host: str) -> dict[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' ws://{host}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
