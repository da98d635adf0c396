"""The page to talk to the workspace with: for this machine's own browser and for no other site."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from importlib import resources
from urllib.parse import urlsplit

import orjson
from aiohttp import WSMsgType, web

from bot.playground import view
from bot.playground.objects import Channel, Json, Message, Person
from bot.playground.workspace import Workspace

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Act = Callable[[Json], Awaitable[None]]

_FILES = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/message.js": ("message.js", "text/javascript"),
    "/markdown.js": ("markdown.js", "text/javascript"),
    "/dialog.js": ("dialog.js", "text/javascript"),
}
_LONGEST_TEXT = 12_000
# Changes that come together are shown together.
_GATHERING_SECONDS = 0.03
# Statuses expire by the clock alone, so the page is looked at again without a change.
_LOOK_AGAIN_SECONDS = 5.0


class Page:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[web.RouteDef]:
        files = [web.get(path, self._guarded(self._file)) for path in _FILES]
        acts = {
            "say": self._say,
            "edit": self._edit,
            "delete": self._delete,
            "click": self._click,
            "stop": self._stop,
        }
        return [
            *files,
            web.get("/page/files/{file}", self._guarded(self._shared)),
            web.get("/page/updates", self._guarded(self._updates, needs_origin=True)),
            *(
                web.post(f"/page/{name}", self._guarded(self._posted(act), needs_origin=True))
                for name, act in acts.items()
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
        stored = self._workspace.files.get(request.match_info["file"])
        if stored is None or stored.content is None:
            raise web.HTTPNotFound(text="no such file")
        headers = _headers(request.host)
        return web.Response(
            body=stored.content, content_type="text/plain", charset="utf-8", headers=headers
        )

    def _speaker_in(self, said: Json) -> tuple[Person, Channel]:
        person = self._workspace.directory.person(str(said.get("user", "")))
        channel = self._workspace.directory.channel(str(said.get("channel", "")))
        if person not in view.speakers(self._workspace) or person.id not in channel.members:
            raise LookupError("that person cannot speak in this channel")
        if channel.is_archived:
            raise LookupError("this channel is archived")
        return person, channel

    async def _say(self, said: Json) -> None:
        person, channel = self._speaker_in(said)
        thread_ts = str(said.get("thread_ts") or "") or None
        if thread_ts is not None and thread_ts not in channel.messages:
            raise LookupError("that thread is gone")
        if text := _text(said):
            self._workspace.say(person.id, channel.id, text, thread_ts)

    def _own_message(self, said: Json) -> Message:
        person, channel = self._speaker_in(said)
        message = channel.messages.get(str(said.get("ts", "")))
        if message is None or message.user != person.id:
            raise LookupError("only who wrote a message may change it")
        return message

    async def _edit(self, said: Json) -> None:
        message = self._own_message(said)
        if not (text := _text(said)):
            raise LookupError("an edited message needs some words; delete it to take it away")
        self._workspace.edit(message.channel, message.ts, text)

    async def _delete(self, said: Json) -> None:
        message = self._own_message(said)
        self._workspace.delete(message.channel, message.ts)

    async def _click(self, said: Json) -> None:
        """Returns when the app has taken the press, as Slack's spinner on a button does."""
        person, channel = self._speaker_in(said)
        ts, action = str(said.get("ts", "")), str(said.get("action_id", ""))
        pressed = self._workspace.click(person.id, channel.id, ts, action)
        if pressed is None:
            raise LookupError("the app's manifest switches interactivity off")
        await self._workspace.changes.until(lambda: pressed.acked or pressed.given_up)
        if not pressed.acked:
            raise LookupError(f"{self._workspace.bot.name} did not take the press; try again")

    async def _stop(self, said: Json) -> None:
        person, channel = self._speaker_in(said)
        self._workspace.stop(person.id, channel.id, str(said.get("thread_ts", "")))

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


def _text(said: Json) -> str:
    return str(said.get("text", "")).strip()[:_LONGEST_TEXT]


def _headers(host: str) -> dict[str, str]:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
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
