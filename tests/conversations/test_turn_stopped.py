"""What people hear of a question that somebody stopped: what had been found, and no conclusion."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from bot.conversations import Store
from bot.dialogue import Answer, Notice
from bot.errors import DeliveryError
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import CANARY, Run, ScriptedAssistant, said

THREAD = "T1:C1:1.0"


async def stopped_while_at_work(engine: Engine) -> None:
    await engine.inbox.receive(said("why is payments down?"))
    await engine.gallery.until(lambda: bool(engine.gallery.steps))
    await engine.inbox.receive(said("stop", addressed=False))


async def test_what_was_found_until_a_stop_is_told_and_kept(store: Store) -> None:
    engine = Engine(store, ScriptedAssistant(gate=asyncio.Event()))
    engine.toolbox.look = f"payments lacks\nits image {CANARY}"
    async with engine.at_work():
        began = time.monotonic()
        await stopped_while_at_work(engine)
        words, found = await engine.gallery.showed(2)
        assert time.monotonic() - began < 2
        rows = await engine.settled(2)
        await engine.inbox.receive(said("show 1", addressed=False))
        again = (await engine.gallery.showed(3))[2]

    assert words.text == "Stopped. Ask again when you like."
    assert isinstance(found.outcome, Notice)
    assert "My first look: looked at: payments lacks its image [redacted]" in found.text
    assert "- 1 `kubectl get pods` exit 0" in found.text
    assert "No conclusion was drawn" in found.text
    assert [(row.status, row.posted_ts) for row in rows] == [("stopped", "2.5"), ("done", "1.5")]
    assert "payments 0/1 in shop" in again.text
    kept = [(entry.speaker, entry.text) for entry in await store.transcript(THREAD)]
    assert kept == [("U1", "why is payments down?"), ("kaia", found.text)]


@dataclass
class Pensive(ScriptedAssistant):
    """Thinks, and calls neither a tool nor a model."""

    async def run(self, said: str, **more: Any) -> Run:
        self.asked.append(more["saved"])
        await asyncio.Event().wait()
        raise AssertionError(said)


async def test_where_nothing_was_found_only_the_stop_is_told(store: Store) -> None:
    assistant = Pensive()
    async with Engine(store, assistant).at_work() as engine:
        await engine.inbox.receive(said("why?"))
        await engine.gallery.until(lambda: bool(engine.gallery.begun))
        await engine.inbox.receive(said("stop", addressed=False))
        rows = await engine.settled(2)

    assert [row.status for row in rows] == ["stopped", "done"]
    assert [shown.text for shown in engine.gallery.shown] == ["Stopped. Ask again when you like."]
    assert not await store.transcript(THREAD)


async def test_an_answer_that_could_not_be_shown_yet_is_shown_at_a_stop(store: Store) -> None:
    engine = Engine(store, pauses=(60.0,))
    engine.gallery.errors = [DeliveryError("Not now.")]
    async with engine.at_work():
        await engine.inbox.receive(said("long"))
        await engine.gallery.until(lambda: not engine.gallery.errors)
        await engine.inbox.receive(said("stop", addressed=False))
        words, answer = await engine.gallery.showed(2)
        rows = await engine.settled(2)

    assert words.text == "Stopped. Ask again when you like."
    assert isinstance(answer.outcome, Answer)
    assert answer.repeated  # it may be in the thread already
    assert [row.status for row in rows] == ["stopped", "done"]


@dataclass
class Deaf(ScriptedAssistant):
    """Does not end when it is told to."""

    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, said: str, **more: Any) -> Run:
        try:
            return await super().run(said, **more)
        finally:
            await self.let_go.wait()


async def test_work_that_does_not_end_keeps_nobody_waiting_for_what_was_found(
    store: Store,
) -> None:
    assistant = Deaf(gate=asyncio.Event())
    async with Engine(store, assistant).at_work() as engine:
        began = time.monotonic()
        await stopped_while_at_work(engine)
        _, found = await engine.gallery.showed(2)
        assert time.monotonic() - began < 2
        assert await engine.statuses() == ["running", "done"]
        assistant.let_go.set()
        rows = await engine.settled(2)

    assert "`kubectl get pods`" in found.text
    assert rows[0].status == "stopped"


async def test_a_stop_that_cannot_be_told_leaves_the_commands(store: Store) -> None:
    engine = Engine(store, ScriptedAssistant(gate=asyncio.Event()))
    async with engine.at_work():
        await engine.inbox.receive(said("why?"))
        await engine.gallery.until(lambda: bool(engine.gallery.steps))
        engine.gallery.errors = [DeliveryError("Not now.")]
        await engine.inbox.stop(THREAD)
        [row] = await engine.settled(1)

    assert row.status == "stopped"
    assert await store.receipt(THREAD, 1)
