"""The whole of Kaia for one story: a workspace, a shop, a model's server, a store on disk.

Everything is real but Slack, the cluster and the model, which are served on loopback.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.agents.models import build_model
from bot.app.engine import Engine, opened_engine
from bot.app.home import home_of
from bot.app.playground import read_manifest
from bot.app.slack import house_of, opened_speech, serve
from bot.playground import PlaygroundServer, Workspace
from bot.playground.objects import Message
from bot.settings import Settings, load_settings
from bot.slack import Manner, SlackFront
from bot.slack.sending.posting import Patience
from bot.slack.sending.signs import Rhythm
from bot.speech import Speech
from tests.doubles.ledger import hanging
from tests.doubles.ollama_server import OllamaServer
from tests.doubles.served import Reply, Says, runs
from tests.stories.cluster import Shop, served_shop
from tests.stories.told import tell

QUIET = Rhythm(heartbeat_seconds=5, step_seconds=0.2, first_seconds=20, progress_seconds=40)
"""Nothing but Slack's own signs: a slow machine must not change a story."""

ANSWER = (
    "`cart-0` ends with exit code 3 again and again: it cannot reach its database [1].\n\n"
    "Its log says: panic: cannot reach the database at db:5432 [2].\n\n"
    "Next: look whether `db` runs and is named so."
)
BY_RULES = {"KAIA_MODEL": "builtin"}
BY_MODEL = {"KAIA_MODEL": "ollama:qwen3:8b"}


def looked_then_answered(body: dict[str, Any]) -> Reply:
    """The log of the pod that is not well, then words about it."""
    if body["messages"][-1]["role"] == "tool" or not body.get("tools"):
        return Says(ANSWER)
    return runs("kubectl logs cart-0 -n shop --previous")


@dataclass
class Patient(OllamaServer):
    """Its model answers once it may."""

    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def _act(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        await self.may_answer.wait()
        return await super()._act(request, body)


@dataclass
class Stage:
    """One story's place, and what is done and seen there."""

    slack: Workspace
    engine: Engine
    shop: Shop
    ollama: "Patient"
    folder: Path
    server: PlaygroundServer
    """Its page shows the story to a browser."""

    def say(self, person: str, text: str, root: str | None = None, **more: Any) -> str:
        return self.slack.say(person, "incidents", text, root, **more)

    def kaias(self, root: str, channel: str = "incidents") -> list[Message]:
        thread = self.slack.thread(channel, root)
        return [message for message in thread if message.user == self.slack.bot.id]

    async def answered(self, root: str, count: int = 1, channel: str = "incidents") -> Message:
        """The last of so many messages of Kaia's, once nothing shows that she is at work."""
        home = self.slack.directory.channel(channel).id

        def is_so(now: Workspace) -> bool:
            session = now.sessions.get((home, root))
            is_working = now.status(home, root) or (session and session.status == "processing")
            return len(self.kaias(root, channel)) >= count and not (is_working or now.problems)

        await self.slack.wait_for(is_so, timeout=30)
        return self.kaias(root, channel)[-1]

    async def answered_while_working(self, root: str) -> Message:
        """Something is said while a turn runs."""
        await self.slack.wait_for(lambda _: self.kaias(root), timeout=20)
        return self.kaias(root)[-1]

    async def asked(self, text: str = "@kaia why is cart failing?", answers: int = 1) -> str:
        root = self.say("ann", text)
        await self.answered(root, answers)
        return root

    async def settled(self) -> None:
        """Slack has been heard, no turn waits or runs, and nothing shows one."""
        await self.slack.wait_for(lambda now: not now.problems)
        async with asyncio.timeout(20):
            while await self._is_busy():  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.02)
        await self.slack.wait_for(lambda now: not hanging(now), timeout=20)

    async def _is_busy(self) -> bool:
        counts = await self.engine.inbox.counts()
        return bool(counts.running or counts.waiting)

    def sent(self, at: int = -1) -> str:
        """All words of one request to the model."""
        return "\n".join(str(m.get("content", "")) for m in self.ollama.requests[at]["messages"])

    def tells(self, story: str, *channels: str) -> None:
        tell(story, map(self.slack.transcript, channels or ("incidents",)))
        assert self.slack.problems == []


@asynccontextmanager
async def opened_stage(
    folder: Path, environ: dict[str, str], *, rhythm: Rhythm = QUIET, **manifest: Any
) -> AsyncIterator[Stage]:
    workspace = Workspace(redelivery_seconds=2)
    server = PlaygroundServer(workspace, manifest=read_manifest() | manifest)
    async with served_shop() as shop, Patient(otherwise=looked_then_answered) as ollama:
        ollama.may_answer.set()
        await server.start()
        try:
            given = {"OLLAMA_HOST": ollama.url, "KAIA_CLUSTER_NAME": "staging", **environ}
            settings = load_settings(given)
            async with _at_work(settings, server, shop, folder, rhythm) as engine:
                yield Stage(workspace, engine, shop, ollama, folder, server)
        finally:
            await server.close()


@asynccontextmanager
async def _at_work(
    settings: Settings, server: PlaygroundServer, shop: Shop, folder: Path, rhythm: Rhythm
) -> AsyncIterator[Engine]:
    kubectl = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    async with (
        opened_engine(
            settings,
            store_url=f"sqlite:///{folder / 'kaia.db'}",
            model=build_model(settings),
            access=shop.access(folder),
            environ=kubectl,
        ) as engine,
        opened_speech(settings) as speech,
    ):
        front = _front(settings, server, engine, speech, rhythm)
        serving = asyncio.create_task(serve(front, engine, environ=kubectl))
        await _until(server.workspace, serving, lambda: front.is_ready and engine.is_ready)
        try:
            yield engine
        finally:
            serving.cancel()
            await asyncio.wait({serving})


def _front(
    settings: Settings,
    server: PlaygroundServer,
    engine: Engine,
    speech: Speech | None,
    rhythm: Rhythm,
) -> SlackFront:
    return SlackFront(
        bot_token=server.bot_token,
        app_token=server.app_token,
        api_url=server.api_url,
        receiver=engine.inbox,
        house=house_of(settings),
        manner=Manner(cluster=engine.cluster, rhythm=rhythm, patience=Patience(seconds=20)),
        home=home_of(settings, engine),
        speech=speech,
        environ={},
    )


async def _until(
    workspace: Workspace, serving: asyncio.Task[None], is_ready: Callable[[], bool]
) -> None:
    await workspace.wait_for(lambda _: serving.done() or is_ready())
    if serving.done():
        serving.result()
