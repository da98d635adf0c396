"""The bytes of files: taken at the address an upload was given, given out for a bot's token."""

from aiohttp import web

from bot.playground import clips, wire
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
            web.get("/files-tmb/{file}/file.vtt", self.give_words),
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
        """Needs the bot's token and its scope; others meet the login page, as at Slack."""
        if not self._may_read(request):
            return _login_page()
        stored = self._file(request)
        return web.Response(body=stored.content or b"", content_type=stored.mimetype)

    async def give_words(self, request: web.Request) -> web.Response:
        """What a clip says, once its transcription is there."""
        if not self._may_read(request):
            return _login_page()
        stored = self._file(request)
        if "vtt" not in wire.file(stored, ""):
            raise web.HTTPNotFound(text="no such file")
        return web.Response(text=clips.vtt(stored.spoken), content_type="text/vtt")

    def _may_read(self, request: web.Request) -> bool:
        token = self._workspace.tokens.bot
        is_ours = token_of(request, Arguments({})) == token.text and not token.refusal
        return is_ours and self._workspace.grants.holds_any(("files:read",))


def _login_page() -> web.Response:
    """Slack answers 200 with a page for people, so that a status alone proves nothing."""
    page = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"
    return web.Response(text=page, content_type="text/html")


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        return value.file.read() if isinstance(value, web.FileField) else str(value).encode()
    return b""
