"""Liveness, readiness and metrics over HTTP; it never says what Kaia works on."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.errors import SettingsError, StoreError

Check = Callable[[], bool]
Expose = Callable[[], Awaitable[bytes]]
"""Gives metrics in Prometheus' text format. Raises StoreError."""

_log = structlog.get_logger()
_CLOSING_SECONDS = 2


class HealthServer:
    """`/healthz`, `/readyz` and `/metrics`. That it answers at all shows that the loop turns."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        is_alive: Check,
        readiness: Mapping[str, Check],
        metrics: Expose,
    ) -> None:
        self._address = (host, port)
        self._is_alive = is_alive
        self._readiness = dict(readiness)
        self._metrics = metrics
        self._runner = web.AppRunner(
            self._application(), access_log=None, shutdown_timeout=_CLOSING_SECONDS
        )

    @property
    def port(self) -> int:
        """The one it listens on, known once started; given as 0, the system has chosen it."""
        return int(self._runner.addresses[0][1])

    async def start(self) -> None:
        """Raises SettingsError where the address cannot be had."""
        host, port = self._address
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise SettingsError(
                f"Nothing can listen on port {port} of {host} ({error.strerror}): end what"
                " holds it, or set KAIA_HTTP_PORT to another port."
            ) from error
        _log.info("web.listening", host=host, port=self.port)

    async def close(self) -> None:
        await self._runner.cleanup()

    def _application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._show_metrics)
        return application

    async def _healthz(self, _: web.Request) -> web.Response:
        is_alive = self._is_alive()
        return web.json_response({"alive": is_alive}, status=200 if is_alive else 503)

    async def _readyz(self, _: web.Request) -> web.Response:
        missing = [name for name, is_ready in self._readiness.items() if not is_ready()]
        return web.json_response(
            {"ready": not missing, "not_ready": missing}, status=503 if missing else 200
        )

    async def _show_metrics(self, _: web.Request) -> web.Response:
        try:
            body = await self._metrics()
        except StoreError as error:
            return web.Response(text=f"{error}\n", status=503)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})
