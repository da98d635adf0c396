"""The Slack front end as a whole: built from plain arguments, started, run, closed."""

import asyncio
import os
from collections.abc import Mapping

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.dialogue import Audience, Input, Receiver
from bot.errors import DeliveryError
from bot.settings import SLACK_API_URL
from bot.slack.audience import Manner, NobodyYet, SlackAudience
from bot.slack.connection import WATCH, Connection, Dispatcher, Watch
from bot.slack.files import Files
from bot.slack.identity import (
    Start,
    authorized,
    check_tokens,
    missing_scopes,
    probe_until_answered,
)
from bot.slack.judging import House, Identity
from bot.slack.listeners import Intake, register
from bot.slack.outbound import CallRefused, Method, Outbound
from bot.slack.people import People
from bot.slack.proxies import proxy_for
from bot.slack.refusals import Recent, Refusals
from bot.slack.signs import Capabilities

log = structlog.get_logger()


class SlackFront:
    def __init__(
        self,
        *,
        bot_token: str,
        app_token: str,
        receiver: Receiver,
        api_url: str = SLACK_API_URL,
        house: House = House(),  # noqa: B008 - frozen
        manner: Manner = Manner(),  # noqa: B008 - frozen
        watch: Watch = WATCH,
        call_timeout_seconds: float = 15,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`receiver` takes what people ask; `environ` names proxies. Nothing is connected yet."""
        self._bot_token, self._app_token = bot_token.strip(), app_token.strip()
        self._api_url = api_url if api_url.endswith("/") else f"{api_url}/"
        self._receiver = receiver
        self._house, self._manner, self._watch = house, manner, watch
        self._call_timeout_seconds = call_timeout_seconds
        self._proxy = proxy_for(self._api_url, environ)
        self._session: aiohttp.ClientSession | None = None
        self._running: _Running | None = None

    @property
    def identity(self) -> Identity | None:
        """Who Kaia is here; None before `start`."""
        return self._running.identity if self._running else None

    @property
    def is_ready(self) -> bool:
        """Slack has greeted us and the connection is open."""
        return self._running is not None and self._running.connection.is_up

    @property
    def is_alive(self) -> bool:
        """False where only a new process may help; a Slack that is down is no such case."""
        return self._running is None or not self._running.connection.is_dead

    def audience_for(self, said: Input) -> Audience:
        if self._running is None:
            return NobodyYet()
        return self._running.audience_for(said, self._manner)

    async def start(self) -> None:
        """Learns who we are. Raises SettingsError; waits where Slack cannot be reached."""
        check_tokens(self._bot_token, self._app_token)
        self._session = aiohttp.ClientSession()
        bot, app = self._outbound(self._bot_token), self._outbound(self._app_token)
        start = await probe_until_answered(bot, app)
        self._running = self._built(start, bot)
        self._say_started(start.identity)

    async def run(self) -> None:
        """Keeps connected until it is cancelled."""
        if self._running is None:
            await self.start()
        assert self._running is not None  # noqa: S101 - start has set it or raised
        await self._running.connection.run()

    async def close(self) -> None:
        """Bounded in time, and may be called again."""
        running, self._running = self._running, None
        if running is not None:
            await running.close(self._watch.closing_seconds)
        if self._session is not None:
            await self._session.close()

    def _outbound(self, token: str) -> Outbound:
        return Outbound(self._client(token), timeout_seconds=self._call_timeout_seconds)

    def _client(self, token: str | None) -> AsyncWebClient:
        client = AsyncWebClient(
            token=token, base_url=self._api_url, session=self._session, retry_handlers=[]
        )
        client.proxy = self._proxy
        return client

    def _built(self, start: Start, bot: Outbound) -> "_Running":
        identity = start.identity
        people, served = People(bot), Recent()
        refusals = Refusals(bot, served)
        app = self._app(identity)
        register(app, Intake(identity, self._house, people, refusals, self._receiver))
        dispatcher = Dispatcher(app)
        clients = [self._socket_client(dispatcher) for _ in range(self._watch.connections)]
        connection = Connection(clients, start.socket_url, _Canary(bot).sing, self._watch)
        return _Running(identity, bot, people, refusals, served, dispatcher, connection)

    def _app(self, identity: Identity) -> AsyncApp:
        async def authorize() -> AuthorizeResult:
            return authorized(identity, self._bot_token)

        # Without process_before_response Bolt acks before the listener has run.
        return AsyncApp(
            name="kaia",
            client=self._client(None),
            authorize=authorize,
            process_before_response=True,
            attaching_conversation_kwargs_enabled=False,
        )

    def _socket_client(self, dispatcher: Dispatcher) -> SocketModeClient:
        client = SocketModeClient(
            app_token=self._app_token,
            web_client=self._client(None),
            ping_interval=self._watch.ping_seconds,
        )
        client.proxy = self._proxy
        client.socket_mode_request_listeners.append(dispatcher.handle)
        return client

    def _say_started(self, identity: Identity) -> None:
        log.info("slack.identified", team=identity.team_name, user=identity.name)
        if missing := missing_scopes(identity):
            log.warning("slack.scopes_missing", scopes=sorted(missing))


class _Canary:
    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    async def sing(self) -> bool:
        try:
            await self._outbound.call(Method.AUTH_TEST)
        except CallRefused as refused:
            log.error("slack.token_refused", code=refused.code)
            return False
        except DeliveryError as error:
            log.warning("slack.silent", problem=str(error))
            return False
        return True


class _Running:
    """What exists once Slack has said who we are."""

    def __init__(
        self,
        identity: Identity,
        outbound: Outbound,
        people: People,
        refusals: Refusals,
        served: Recent,
        dispatcher: Dispatcher,
        connection: Connection,
    ) -> None:
        self.identity = identity
        self.connection = connection
        self._outbound = outbound
        self._people = people
        self._refusals = refusals
        self._served = served
        self._dispatcher = dispatcher
        self._capabilities = Capabilities(outbound)
        self._files = Files(outbound)

    def audience_for(self, said: Input, manner: Manner) -> Audience:
        self._served.add(f"{said.thread.channel}:{said.thread.ts}")
        return SlackAudience(
            said, self._outbound, self._capabilities, self._files, self.identity.user, manner
        )

    async def close(self, seconds: float) -> None:
        self.connection.stop_listening()
        # First what is being handled, so that it is acked while there is a socket for it.
        await self._dispatcher.close(seconds)
        await self.connection.close()
        await asyncio.gather(self._people.close(), self._refusals.close())
