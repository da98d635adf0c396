"""The workspace's HTTP server on loopback: Web API, Socket Mode, files and the page."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.playground.api import Api
from bot.playground.manifest import Grants
from bot.playground.page import Page
from bot.playground.replies import Replies
from bot.playground.sockets import Sockets
from bot.playground.uploads import Uploads
from bot.playground.workspace import Workspace


class PlaygroundServer:
    def __init__(
        self,
        workspace: Workspace,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        manifest: Mapping[str, Any] | None = None,
    ) -> None:
        """Grants what the parsed manifest asks for; everything where it is None.

        Raises ValueError for a host that is not a loopback address: the page needs no password.
        """
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"the playground listens on loopback only, not on {host}")
        self.workspace = workspace
        self.sockets = Sockets(workspace)
        workspace.grants = Grants(manifest)
        workspace.bot.name = workspace.grants.bot_name or workspace.bot.name
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self._api = Api(workspace, self.sockets.methods)

    @property
    def bot_token(self) -> str:
        return self.workspace.tokens.bot.text

    @property
    def app_token(self) -> str:
        return self.workspace.tokens.app.text

    @property
    def api_url(self) -> str:
        return f"{self.workspace.base_url}/api/"

    @property
    def page_url(self) -> str:
        return f"{self.workspace.base_url}/"

    async def start(self) -> None:
        runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=0.5, handler_cancellation=True
        )
        await runner.setup()
        self._runner = runner
        await web.TCPSite(runner, self._host, self._port).start()
        shown = f"[{self._host}]" if ":" in self._host else self._host
        self.workspace.base_url = f"http://{shown}:{self.port}"

    @property
    def port(self) -> int:
        """The one it listens on. LookupError before `start`."""
        if self._runner is None or not self._runner.addresses:
            raise LookupError("the playground listens on no port yet")
        return int(self._runner.addresses[0][1])

    def reached_by(self, url: str) -> None:
        """Gives out addresses that begin with this one: where a proxy stands before it."""
        self.workspace.base_url = url.rstrip("/")

    async def close(self) -> None:
        self.sockets.cut()
        await self.workspace.deliveries.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        uploads = Uploads(self.workspace)
        application.add_routes(
            [
                web.get("/api/{method}", self._api.answer),
                web.post("/api/{method}", self._api.answer),
                web.get("/link/", self.sockets.answer),
                *uploads.routes(),
                *Replies(self.workspace).routes(),
                *Page(self.workspace).routes(),
            ]
        )
        return application

    async def disconnect(self, reason: str = "refresh_requested", only: int | None = None) -> None:
        """`warning`, `refresh_requested`, `link_disabled` or `too_many_websockets`; to all
        connections, or to one by its number in the order in which they were opened.
        """
        await self.sockets.disconnect(reason, only)

    async def switch_sockets_off(self) -> None:
        """Somebody switches Socket Mode off: connections end, and new ones are refused."""
        self.sockets.is_enabled = False
        await self.sockets.disconnect("link_disabled")

    def switch_sockets_on(self) -> None:
        self.sockets.is_enabled = True

    def cut(self, only: int | None = None) -> None:
        """Every Socket Mode connection, or one, breaks without a word."""
        self.sockets.cut(only)

    def refuse_upgrades(self, times: int) -> None:
        """The next Socket Mode connections are refused; their tickets are used up."""
        self.sockets.refuse_upgrades(times)
