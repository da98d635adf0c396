"""The bytes of files: taken at the address an upload was given, given out for a bot's token."""

from aiohttp import web

from bot.playground.calls import Arguments
from bot.playground.encodings import token_of
from bot.playground.objects import StoredFile
from bot.playground.workspace import Workspace


class Uploads:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/upload/v1/{file}", self.take),
            web.put("/upload/v1/{file}", self.take),
            web.get("/files-pri/{file}/{name}", self.give),
            web.get("/files-pri/{file}/download/{name}", self.give),
        ]

    def _file(self, request: web.Request) -> StoredFile:
        stored = self._workspace.files.get(request.match_info["file"])
        if stored is None:
            raise web.HTTPNotFound(text="no such file")
        return stored

    async def take(self, request: web.Request) -> web.Response:
        """The bytes themselves, or a form with one file in it."""
        stored = self._file(request)
        if stored.is_complete:
            raise web.HTTPBadRequest(text="this upload is complete already")
        content = await _content(request)
        if len(content) != stored.length:
            raise web.HTTPBadRequest(text="the length is not the one that was announced")
        stored.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def give(self, request: web.Request) -> web.Response:
        """Needs the bot's token and its scope, as Slack's file addresses do."""
        token = self._workspace.tokens.bot
        if token.refusal or token_of(request, Arguments({})) != token.text:
            raise web.HTTPForbidden(text="files need the bot's token")
        if not self._workspace.grants.holds_any(("files:read",)):
            raise web.HTTPForbidden(text="files need the scope files:read")
        stored = self._file(request)
        return web.Response(body=stored.content or b"", content_type=stored.mimetype)


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        return value.file.read() if isinstance(value, web.FileField) else str(value).encode()
    return b""
