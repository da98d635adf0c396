"""A store with an inbox in front of a real cluster: what watches are begun in and told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.cluster.access import find_access
from bot.cluster.api import ClusterApi, opened_api
from bot.cluster.watches.watcher import Watcher
from bot.conversations import Inbox, Store
from bot.conversations.records import Conversation, Ending, Learnt, Turn, Watch
from bot.conversations.turns.watching import Watching
from bot.conversations.watches.keeper import Keeper
from bot.dialogue import Input, Notice
from tests.doubles import conversation_edges
from tests.doubles.conversation_edges import MaskingRedactor


async def _nothing(_turn: Turn) -> Ending:
    return Ending("done")


@dataclass
class Hand:
    """A clock that stands still."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Watchers:
    store: Store
    api: ClusterApi
    clock: Hand
    told: list[Input] = field(default_factory=list)
    """What was new to the inbox."""
    received: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.inbox = Inbox(self.store, _nothing, MaskingRedactor())
        self.watcher = Watcher(self.api, pause_seconds=0.05)
        self.watching = Watching(self.store, self.watcher, self.clock)

    async def receive(self, said: Input) -> bool:
        is_new = await self.inbox.receive(said)
        self.received += 1
        self.told += [said] if is_new else []
        self.heard.set()
        return is_new

    async def turn(self, text: str, *, thread: str = "1.0") -> Turn:
        await self.inbox.receive(conversation_edges.said(text, thread=thread))
        [turn] = await self.store.line.claim("test", talk=1, words=0)
        return turn

    async def ask(
        self, rest: str, namespace: str | None = None, *, thread: str = "1.0"
    ) -> Learnt | Notice:
        """`watch …`, kept where it left something."""
        turn = await self.turn(f"watch {rest}", thread=thread)
        learnt = await self.watching.asked(turn, Conversation(), rest, namespace)
        await self._end(turn, learnt)
        return learnt

    async def unwatch(self, rest: str = "") -> Learnt | Notice:
        turn = await self.turn(f"unwatch {rest}")
        learnt = await self.watching.unwatch(turn, Conversation(is_open=True), rest)
        await self._end(turn, learnt)
        return learnt

    async def _end(self, turn: Turn, learnt: Learnt | Notice) -> None:
        if isinstance(learnt, Learnt):
            await self.store.conclude(turn, learnt)
        await self.store.line.finish(turn, "done")

    async def begun(self, rest: str, namespace: str | None = None) -> Watch:
        learnt = await self.ask(rest, namespace)
        assert isinstance(learnt, Learnt), learnt
        return learnt.watches[0]

    def keeper(self) -> Keeper:
        return Keeper(
            self.store,
            self.watcher,
            self.receive,
            clock=self.clock,
            again_seconds=0.2,
            pause_seconds=0.05,
        )

    @asynccontextmanager
    async def kept(self, keepers: int = 1) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(self.keeper().run(), name="keeper") for _ in range(keepers)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def until_received(self, number: int = 1) -> str:
        async with asyncio.timeout(20):
            while self.received < number:
                self.heard.clear()
                await self.heard.wait()
        return self.told[-1].text


@asynccontextmanager
async def opened_watchers(kubeconfig: Path, folder: Path) -> AsyncIterator[Watchers]:
    environ = {"KUBECONFIG": str(kubeconfig), "HOME": str(folder)}
    access = await find_access(environ, asks=False)
    clock = Hand()
    store = await Store.open(f"sqlite:///{folder}/turns.db", exclusive=True, clock=clock)
    try:
        async with opened_api(access, environ) as api:
            watchers = Watchers(store, api, clock)
            try:
                yield watchers
            finally:
                await watchers.watcher.close()
    finally:
        await store.close()


def markdown_of(learnt: Learnt | Notice) -> str:
    outcome = learnt.outcome if isinstance(learnt, Learnt) else learnt
    assert isinstance(outcome, Notice)
    return outcome.markdown
