"""Socket Mode connections that heal: two of them, a watchdog over each, and whether we are ready.

The SDK reconnects by itself but for one trap: it tries a used-up address again for ever.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import orjson
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

log = structlog.get_logger()

_HELLO_IS_SHORTER_THAN = 2_000


@dataclass(frozen=True, slots=True)
class Watch:
    """How closely connections are watched."""

    connections: int = 2
    """Slack sends each event to one of them; while one is renewed the other still listens."""
    ping_seconds: float = 10
    look_seconds: float = 1
    new_address_seconds: float = 45
    """After this long without a connection the address is thrown away."""
    dead_seconds: float = 180
    """After this long without any connection, while Slack itself answers, we are dead."""
    canary_seconds: float = 60
    closing_seconds: float = 5


WATCH = Watch()


class Link:
    """One Socket Mode connection and its replacements."""

    def __init__(self, client: SocketModeClient, watch: Watch) -> None:
        self.client = client
        self._watch = watch
        self._greeted: aiohttp.ClientWebSocketResponse | None = None
        self._last_up = time.monotonic()
        self._address_since = time.monotonic()
        client.on_message_listeners.append(self._heard)

    @property
    def is_up(self) -> bool:
        """Slack has said hello on the socket that is open now."""
        session = self.client.current_session
        return (
            session is not None
            and session is self._greeted
            and not session.closed
            and not self.client.stale
            and not self.client.closed
        )

    @property
    def seconds_down(self) -> float:
        return 0.0 if self.is_up else time.monotonic() - self._last_up

    async def run(self) -> None:
        """Connects, and then sees to it that it stays so."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._connect(), name="slack connect")
            group.create_task(self._keep(), name="slack watchdog")

    async def _connect(self) -> None:
        await self.client.connect()  # type: ignore[no-untyped-call]

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._watch.look_seconds)
            self.look()

    def look(self) -> None:
        """Throws away an address that has led nowhere for too long."""
        now = time.monotonic()
        if self.is_up:
            self._last_up = self._address_since = now
        elif now - self._address_since > self._watch.new_address_seconds:
            log.warning("slack.address_thrown_away", seconds_down=round(now - self._last_up))
            self.client.wss_uri = None
            self._address_since = now

    async def _heard(self, message: aiohttp.WSMessage) -> None:
        data = message.data
        is_short = len(data) < _HELLO_IS_SHORTER_THAN and '"hello"' in data
        if is_short and orjson.loads(data).get("type") == "hello":
            self._greeted = self.client.current_session
            log.info("slack.connected")

    async def close(self) -> None:
        """Bounded: a peer that ignores the close frame would hold us for ten seconds."""
        try:
            async with asyncio.timeout(self._watch.closing_seconds):
                await self.client.close()  # type: ignore[no-untyped-call]
        except TimeoutError:
            log.warning("slack.close_timed_out")
        finally:
            await self._end_tasks()

    async def _end_tasks(self) -> None:
        client = self.client
        started = (
            client.message_processor,
            client.current_session_monitor,
            client.message_receiver,
        )
        tasks = [task for task in started if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.aiohttp_client_session.close()


class Dispatcher:
    """Gives envelopes to the app and acks them, unless a listener raised."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        # Neither SDK nor Bolt holds these tasks: one that waits could be collected as garbage.
        self._handling: set[asyncio.Task[object]] = set()

    async def handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - it is what runs this coroutine
        self._handling.add(task)
        try:
            await self._dispatch(client, request)
        finally:
            self._handling.discard(task)

    async def _dispatch(
        self, client: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        if await self._is_dealt_with(request):
            await _ack(client, request)

    async def _is_dealt_with(self, request: SocketModeRequest) -> bool:
        if not _is_readable(request):
            # It will read no better the next time.
            log.warning("slack.unreadable", type=request.type)
            return True
        bolt_request = AsyncBoltRequest(mode="socket_mode", body=request.payload)
        response = await self._app.async_dispatch(bolt_request)
        if response.status == 500:
            log.warning("slack.not_acked", attempt=request.retry_attempt)
            return False
        if response.status != 200:
            log.warning("slack.unmatched", type=request.type, status=response.status)
        return True

    async def close(self, seconds: float) -> None:
        """Lets what is being handled end, for a moment."""
        if self._handling:
            _, late = await asyncio.wait(self._handling, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _ack(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
    try:
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
    except (ConnectionError, aiohttp.ClientError) as error:
        # Slack delivers it again on another connection; by then it is known.
        log.info("slack.ack_lost", error=type(error).__name__)


def _is_readable(request: SocketModeRequest) -> bool:
    """Bolt looks into `event` before any listener does, and stumbles over one that is no object."""
    return request.type != "events_api" or isinstance(request.payload.get("event", {}), dict)


class Connection:
    """All links of one app, and what they say together."""

    def __init__(
        self,
        clients: list[SocketModeClient],
        first_address: str,
        canary: Callable[[], Awaitable[bool]],
        watch: Watch = WATCH,
    ) -> None:
        """`canary` asks Slack something and says whether it answered well; raises nothing."""
        self._links = [Link(client, watch) for client in clients]
        # The address that was opened to try the token is good for one connection.
        clients[0].wss_uri = first_address or None
        self._canary = canary
        self._watch = watch
        self._slack_answers = False

    @property
    def is_up(self) -> bool:
        return any(link.is_up for link in self._links)

    @property
    def is_dead(self) -> bool:
        """No event can reach us though Slack answers: only a new process may help."""
        down = min(link.seconds_down for link in self._links)
        return down > self._watch.dead_seconds and self._slack_answers

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sing(), name="slack canary")
            for number, link in enumerate(self._links, start=1):
                group.create_task(link.run(), name=f"slack connection {number}")

    async def _sing(self) -> None:
        """A call now and then: it shows that Slack is there, and has revived deaf sockets."""
        while True:
            await asyncio.sleep(self._watch.canary_seconds)
            self._slack_answers = await self._canary()

    def stop_listening(self) -> None:
        """What arrives from now on is not acked, so that Slack gives it to the next process."""
        for link in self._links:
            link.client.socket_mode_request_listeners.clear()

    async def close(self) -> None:
        await asyncio.gather(*(link.close() for link in self._links))
