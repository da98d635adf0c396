"""A recorded cluster over HTTP on loopback; it changes nothing, and answers no other machine."""

import asyncio
import ipaddress
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Self

import orjson
import structlog
from aiohttp import web

from bot.errors import RecordingError
from bot.recordings.format import Recording
from bot.recordings.replay import rights, watching
from bot.recordings.replay.catalog import Target
from bot.recordings.replay.cluster import RecordedCluster
from bot.recordings.replay.deprecations import warnings
from bot.recordings.replay.discovery import Discovery
from bot.recordings.replay.posted import spec_of
from bot.recordings.replay.statuses import (
    NoOlderSchemas,
    NoSuchPath,
    Refused,
    forbidden,
    not_allowed,
)

Clock = Callable[[], datetime]

_log = structlog.get_logger()
_BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecordingError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What reading a value of a kind that no API server gives ends in: files are not to be trusted."""

_JSON = "application/json"
_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
_HEALTH = frozenset({"/healthz", "/livez", "/readyz"})
_REVIEWS = {
    f"/apis/{rights.API}/selfsubjectaccessreviews": "SelfSubjectAccessReview",
    f"/apis/{rights.API}/selfsubjectrulesreviews": "SelfSubjectRulesReview",
}
_WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


def _now() -> datetime:
    return datetime.now(UTC)


class ReplayServer:
    """Serves one recording. Use as `async with ReplayServer(recording) as server`."""

    def __init__(
        self,
        recording: Recording,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        clock: Clock = _now,
    ) -> None:
        """Raises RecordingError for what no cluster says, and ValueError for a host that is not a
        loopback address: there is no password.
        """
        if not ipaddress.ip_address(host).is_loopback:
            raise ValueError(f"a recording is served on loopback only, not on {host}")
        self.recording = recording
        try:
            self._cluster = RecordedCluster(recording)
            self._rights = rights.Rights(recording)
        except _BROKEN as error:
            raise RecordingError(
                f"{recording.folder} cannot be served: its discovery, its rights or the names of"
                f" its objects are not what a cluster says ({type(error).__name__})."
                " Restore its files, or record again."
            ) from error
        self._clock = clock
        self._host, self._port = host, port
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._discovery: Discovery | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def url(self) -> str:
        shown = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{shown}:{self.port}"

    @property
    def port(self) -> int:
        """The one it listens on. LookupError before `start`."""
        if self._runner is None or not self._runner.addresses:
            raise LookupError("the recording is served on no port yet")
        return int(self._runner.addresses[0][1])

    async def start(self) -> None:
        """Raises RecordingError where the port cannot be had."""
        application = web.Application(client_max_size=2**20)
        application.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=0.5, handler_cancellation=True
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            raise RecordingError(
                f"Nothing can listen on port {self._port} of {self._host} ({error.strerror})."
                " End what holds it, or choose another port."
            ) from error
        self._runner = runner
        address = self.url.removeprefix("http://")
        self._discovery = Discovery(self.recording.shared.discovery, address)

    async def close(self) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            _check_host(request)
            if request.method == "POST":
                return await self._review(request)
            if request.method not in ("GET", "HEAD"):
                raise not_allowed()
            return self._fixed(request) or await self._read(request)
        except (Refused, NoSuchPath, NoOlderSchemas) as refused:
            return refused.response()
        except _BROKEN as error:
            _log.warning("replay.broken", path=request.path, error=type(error).__name__)
            return _broken().response()

    def _fixed(self, request: web.Request) -> web.Response | None:
        """What is the same for every recording of this server's version."""
        path, accept = request.path, request.headers.get("Accept", "")
        if path in _HEALTH:
            return web.Response(text="ok")
        if path in ("/version", "/version/"):
            return _json(orjson.dumps(self.recording.shared.version))
        if path.startswith("/openapi/v2"):
            raise NoOlderSchemas
        if path.startswith("/openapi/"):
            return _json(self._cluster.openapi(path))
        found = self._discovery.answer(path, accept) if self._discovery else None
        return _json(orjson.dumps(found[0]), found[1]) if found else None

    async def _read(self, request: web.Request) -> web.StreamResponse:
        target = self._cluster.catalog.target(request.path)
        try:
            found = await self._of_target(request, target)
        except Refused as refused:
            found = refused.response()
        if not found.prepared:
            found.headers.update(warnings(target.kind, self.recording.shared.version))
        return found

    async def _of_target(self, request: web.Request, target: Target) -> web.StreamResponse:
        query, accept = dict(request.query), request.headers.get("Accept", "")
        moment = self._cluster.moment(self._clock())
        if target.subresource == "log" and target.kind.plural == "pods":
            return web.Response(
                body=self._cluster.log(target, query, moment), content_type="text/plain"
            )
        if watching.is_watch(query) and not target.subresource:
            said = self._cluster.watched(target, query, accept, moment)
            return await self._watch(request, query, said)
        return _json(self._cluster.answer(target, query, accept, moment))

    async def _watch(
        self, request: web.Request, query: dict[str, str], said: Sequence[bytes]
    ) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": _JSON})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for event in said:
            await response.write(event)
        await watching.silence(query, self._closing)
        return response

    async def _review(self, request: web.Request) -> web.Response:
        """The only thing that is posted: questions about rights."""
        path = request.path
        if path == _WHO:
            raise _unknown_person()
        kind = _REVIEWS.get(path)
        if kind is None:
            raise not_allowed()
        spec = spec_of(kind, await request.read(), request.content_type)
        answer = self._rights.may if kind == "SelfSubjectAccessReview" else self._rights.rules
        return _json(orjson.dumps(rights.review(kind, spec, answer(spec))), status=201)


def _check_host(request: web.Request) -> None:
    """A page of the web that has its name resolved to this machine is told nothing."""
    name = request.host.rpartition(":")[0] if request.host[-1:].isdecimal() else request.host
    if request.host not in _HOSTS and name not in _HOSTS:
        raise Refused(403, "Forbidden", "a recording is served to this machine only", {})


def _broken() -> Refused:
    said = "the recording holds something here that no cluster says: record again"
    return Refused(500, "InternalError", said, {})


def _unknown_person() -> Refused:
    why = "a recording does not say who made it"
    return forbidden("selfsubjectreviews", "authentication.k8s.io", "", "", why)


def _json(body: bytes, content_type: str = _JSON, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, headers={"Content-Type": content_type})
