"""The Slack front end as a whole: built from plain arguments, started, run, closed."""

import asyncio
import os
from collections.abc import Mapping

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.audit import Record, unrecorded
from bot.dialogue import Audience, HomeFor, Input, Receiver
from bot.settings import SLACK_API_URL
from bot.slack.audience import Manner, NobodyYet, SlackAudience
from bot.slack.hearing.gate import Gate
from bot.slack.hearing.groups import SCOPE as GROUPS_SCOPE
from bot.slack.hearing.listeners import listen
from bot.slack.hearing.overtaken import Overtaken
from bot.slack.hearing.people import People
from bot.slack.hearing.refusals import Recent, Refusals
from bot.slack.home.homes import Homes
from bot.slack.house import House, Identity
from bot.slack.identity import (
    Start,
    authorized,
    check_tokens,
    missing_scopes,
    probe_until_answered,
    unreadable_groups,
)
from bot.slack.proxies import proxy_for
from bot.slack.reading.files import FileReader
from bot.slack.sending.capabilities import Capabilities
from bot.slack.sending.files import Files
from bot.slack.sending.outbound import Outbound
from bot.slack.sending.pacing import Lines
from bot.slack.sockets.addresses import Addresses
from bot.slack.sockets.canary import Canary
from bot.slack.sockets.connection import Connection
from bot.slack.sockets.dispatcher import Dispatcher
from bot.slack.sockets.watch import WATCH, Watch
from bot.slack.sockets.websocket import Opener
from bot.speech import Speech
from bot.telemetry.seams import UNMEASURED, Telemetry

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
        record: Record = unrecorded,
        home: HomeFor | None = None,
        speech: Speech | None = None,
        telemetry: Telemetry = UNMEASURED,
    ) -> None:
        """`receiver` takes what people ask; `environ` names proxies; `speech` is its owner's to
        close. Nothing is connected yet."""
        self._speech, self._telemetry = speech, telemetry
        self._bot_token, self._app_token = bot_token.strip(), app_token.strip()
        self._api_url = api_url if api_url.endswith("/") else f"{api_url}/"
        self._receiver = receiver
        self._record = record
        self._home = home
        self._house, self._manner, self._watch = house, manner, watch
        self._call_timeout_seconds = call_timeout_seconds
        self._proxy = proxy_for(self._api_url, environ)
        self._lines = Lines()
        self._session: aiohttp.ClientSession | None = None
        self._running: _Running | None = None

    @property
    def identity(self) -> Identity | None:
        """Who Kaia is here; None before `start`."""
        return self._running.identity if self._running else None

    @property
    def is_ready(self) -> bool:
        """Slack has said hello on an open socket, and takes our tokens."""
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
        self._running = self._built(start, bot, app)
        self._say_started(start.identity)

    async def run(self) -> None:
        """Keeps connected until `stop_taking`, or until it is cancelled."""
        if self._running is None:
            await self.start()
        assert self._running is not None  # noqa: S101 - start has set it or raised
        await self._running.connection.run()

    async def stop_taking(self) -> None:
        """The first step of a graceful stop: no more events; answers can still be posted.

        What is being handled is kept and acked before the sockets are closed, which makes Slack
        give the rest to other replicas. Bounded in time, and may be called again.
        """
        if self._running is not None:
            await self._running.connection.stop()

    async def close(self) -> None:
        """Bounded in time, and may be called again."""
        running, self._running = self._running, None
        if running is not None:
            await running.close(self._watch.closing_seconds)
        if self._session is not None:
            await self._session.close()

    def _outbound(self, token: str) -> Outbound:
        return Outbound(
            self._client(token),
            timeout_seconds=self._call_timeout_seconds,
            lines=self._lines,
            telemetry=self._telemetry,
        )

    def _client(self, token: str | None) -> AsyncWebClient:
        client = AsyncWebClient(
            token=token, base_url=self._api_url, session=self._session, retry_handlers=[]
        )
        client.proxy = self._proxy
        return client

    def _built(self, start: Start, bot: Outbound, app: Outbound) -> "_Running":
        identity = start.identity
        people, served = People(bot), Recent()
        refusals, overtaken = Refusals(bot, served, self._record), Overtaken(bot)
        gate, capabilities = Gate(identity, self._house, people), Capabilities(bot, identity.user)
        homes = Homes(gate, capabilities, self._home)
        bolt = self._bolt(identity)
        listen(bolt, identity, self._house, people, refusals, overtaken, self._receiver, homes)
        dispatcher = Dispatcher(bolt, self._telemetry)
        connection = Connection(
            Addresses(app, start.socket_url, self._watch),
            Opener(self._proxy, self._watch),
            dispatcher,
            Canary(bot),
            self._watch,
            self._telemetry,
        )
        reader = FileReader(bot, self._speech)
        heard = gate, bot, people, refusals, overtaken, served
        return _Running(*heard, dispatcher, connection, reader, capabilities, homes)

    def _bolt(self, identity: Identity) -> AsyncApp:
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

    def _say_started(self, identity: Identity) -> None:
        log.info("slack.identified", team=identity.team_name, user=identity.name)
        if missing := missing_scopes(identity):
            log.warning("slack.scopes_missing", scopes=sorted(missing))
        if groups := unreadable_groups(identity, self._house):
            log.warning("slack.groups_unreadable", groups=sorted(groups), needed=GROUPS_SCOPE)


class _Running:
    """What exists once Slack has said who we are."""

    def __init__(
        self,
        gate: Gate,
        outbound: Outbound,
        people: People,
        refusals: Refusals,
        overtaken: Overtaken,
        served: Recent,
        dispatcher: Dispatcher,
        connection: Connection,
        reader: FileReader,
        capabilities: Capabilities,
        homes: Homes,
    ) -> None:
        self._gate, self.identity = gate, gate.identity
        self.connection = connection
        self._outbound = outbound
        self._people = people
        self._refusals = refusals
        self._overtaken = overtaken
        self._served = served
        self._dispatcher = dispatcher
        self._capabilities = capabilities
        self._homes = homes
        self._files = Files(outbound)
        self._reader = reader

    def audience_for(self, said: Input, manner: Manner) -> Audience:
        self._served.add(f"{said.thread.channel}:{said.thread.ts}")
        return SlackAudience(
            said,
            self._outbound,
            self._capabilities,
            self._files,
            self._people,
            self._gate,
            manner,
            self._reader,
        )

    async def close(self, seconds: float) -> None:
        # First what is being handled, so that it is acked while there is a socket for it.
        await self.connection.stop()
        await asyncio.gather(
            self._dispatcher.close(seconds),
            self._capabilities.tidying.close(seconds),
            self._overtaken.close(seconds),
        )
        await asyncio.gather(self._homes.close(), self._people.close(), self._refusals.close())
