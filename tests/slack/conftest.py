"""A front end connected to the playground's workspace, and a receiver that writes down inputs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.dialogue import Answer, Input, Proposal, Rating, Revision
from bot.errors import StoreError
from bot.playground.server import PlaygroundServer
from bot.playground.workspace import Workspace
from bot.slack import Manner, SlackFront, Watch
from bot.slack.sending.outbound import Outbound
from bot.slack.sending.posting import Patience
from bot.slack.sending.signs import Rhythm

MANIFEST = Path(__file__).parents[2] / "manifest.yml"


@dataclass
class Receiver:
    """The engine's door: keeps each input once, and can be told to fail."""

    inputs: dict[str, Input] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    keeps_ratings: bool = True
    objections: dict[str, str] = field(default_factory=dict)
    """Proposal -> why nobody may decide it."""
    calls: int = 0
    failures: int = 0
    slowness: float = 0
    changed: Callable[[], None] = lambda: None

    async def receive(self, said: Input) -> bool:
        self.calls += 1
        if self.slowness:
            await asyncio.sleep(self.slowness)
        self._fail()
        is_new = said.id not in self.inputs
        self.inputs.setdefault(said.id, said)
        self.changed()
        return is_new

    def _fail(self) -> None:
        if self.failures > 0:
            self.failures -= 1
            raise StoreError("The store does not answer.")

    async def revise(self, revision: Revision) -> bool:
        self._fail()
        self.revisions.append(revision)
        self.changed()
        return revision.id in self.inputs

    async def rate(self, rating: Rating) -> bool:
        if self.slowness:
            await asyncio.sleep(self.slowness)
        self._fail()
        self.ratings.append(rating)
        self.changed()
        return self.keeps_ratings

    async def objection(self, said: Input) -> str:
        assert said.decision is not None
        self._fail()
        return self.objections.get(said.decision.proposal, "")

    @property
    def only(self) -> Input:
        (said,) = self.inputs.values()
        return said


PROPOSAL = Proposal(
    id="p-1",
    command="kubectl rollout restart deployment/web --namespace=shop",
    argv=("kubectl", "rollout", "restart", "deployment/web", "--namespace=shop"),
    change="rollout restart",
    namespace="shop",
    target="deployment/web",
    uid="u",
    fingerprint="7",
    present="2 of 3 ready, generation 7",
    effect="restarts 3 pods one after another",
    undo="`kubectl rollout undo deployment/web --namespace=shop`",
    reason="web does not answer",
    asked_by="U0ANN",
    expires=1_790_000_000.0,
)


async def proposed(front: SlackFront, said: Input, proposal: Proposal = PROPOSAL) -> None:
    """The thread gets an answer with a proposal below it."""
    answer = Answer("Restart `web`.", "prod", proposals=(proposal,))
    await front.audience_for(said).deliver(answer, turn=said.id, repeated=False)


@pytest.fixture
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())
    return found


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def server(manifest: dict[str, Any], receiver: Receiver) -> AsyncIterator[PlaygroundServer]:
    workspace = Workspace(redelivery_seconds=0.5)
    receiver.changed = workspace.changes.notify
    server = PlaygroundServer(workspace, manifest=manifest)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
def slack(server: PlaygroundServer) -> Workspace:
    return server.workspace


@dataclass
class Hand:
    """A clock that a test sets."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
async def outbound(server: PlaygroundServer) -> AsyncIterator[Outbound]:
    """The door to the workspace, without a front end around it."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=server.bot_token, base_url=server.api_url, session=session, retry_handlers=[]
        )
        yield Outbound(client, timeout_seconds=1)


QUICK = Watch(
    ping_seconds=0.5,
    silent_seconds=1.5,
    leaving_seconds=0.3,
    brief_seconds=0.05,
    jitter_seconds=0.1,
    retry_seconds=0.1,
    refused_seconds=0.4,
    dead_seconds=3,
    canary_seconds=0.2,
    closing_seconds=1,
)
BRISK = Manner(
    cluster=lambda: "prod",
    rhythm=Rhythm(heartbeat_seconds=0.3, step_seconds=0.1),
    patience=Patience(seconds=20, attempts=4, pause_seconds=0.05),
)

BuildFront = Callable[..., SlackFront]
Connect = Callable[..., Awaitable[SlackFront]]


@pytest.fixture
def build_front(server: PlaygroundServer, receiver: Receiver) -> BuildFront:
    def build(**more: Any) -> SlackFront:
        given: dict[str, Any] = {
            "bot_token": server.bot_token,
            "app_token": server.app_token,
            "api_url": server.api_url,
            "receiver": receiver,
            "watch": QUICK,
            "manner": BRISK,
            "call_timeout_seconds": 0.5,
            "environ": {},
        }
        return SlackFront(**{**given, **more})

    return build


@pytest.fixture
async def connect(build_front: BuildFront, slack: Workspace) -> AsyncIterator[Connect]:
    """Starts front ends that run until the test ends."""
    async with contextlib.AsyncExitStack() as stack:

        async def connected(**more: Any) -> SlackFront:
            front = build_front(**more)
            await front.start()
            stack.push_async_callback(front.close)
            running = asyncio.create_task(front.run(), name="slack front")
            stack.push_async_callback(_ended, running)
            await slack.wait_for(lambda _: front.is_ready)
            return front

        yield connected


async def _ended(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def front(connect: Connect) -> SlackFront:
    return await connect()
