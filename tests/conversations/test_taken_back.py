"""What people said to each other is edited or deleted afterwards, and a question while it runs."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.conversations import Store
from bot.conversations.records import Arrival, Turn
from bot.conversations.turns import heard
from bot.dialogue import Input, Revision
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import CANARY, ScriptedAssistant, said

BEN: dict[str, Any] = {"speaker": "U2", "speaker_name": "Ben", "addressed": False}


@pytest.fixture
def store(each_store: Store) -> Store:
    """All of it holds on SQLite and on Postgres."""
    return each_store


async def listened_to(engine: Engine, *messages: Input) -> None:
    engine.assistant.answer = lambda _said: "It is the image."
    for message in (said("why is cart down?"), *messages):
        await engine.inbox.receive(message)
    await engine.settled(1 + len(messages))


async def kept(store: Store) -> list[str]:
    """The words of the transcript, and then those that a model is told next."""
    conversation = await store.conversation("T1:C1:1.0")
    told = [passage["text"] for passage in heard.of(conversation.notes).passages]
    return [entry.text for entry in await store.transcript("T1:C1:1.0")] + told


async def test_what_was_listened_to_is_gone_after_it_was_deleted(engine: Engine) -> None:
    deleted, stays = said("my key is abc", **BEN), said("never mind", **BEN)
    await listened_to(engine, deleted, stays)
    assert (await kept(engine.store)).count("my key is abc") == 2
    assert not await engine.inbox.revise(Revision(deleted.id, None))
    after = await kept(engine.store)
    assert "my key is abc" not in after
    assert after.count("never mind") == 2
    await engine.inbox.receive(said("and now?"))
    await engine.settled(4)
    assert "never mind" in engine.assistant.asked[-1].said
    assert "my key" not in engine.assistant.asked[-1].said


async def test_what_was_listened_to_is_edited_and_redacted(engine: Engine) -> None:
    message = said("deployed at noon", **BEN)
    await listened_to(engine, message)
    await engine.inbox.revise(Revision(message.id, f"deployed at one {CANARY}"))
    after = await kept(engine.store)
    assert "deployed at noon" not in after
    assert after.count("deployed at one [redacted]") == 2
    await engine.inbox.receive(said("and now?"))
    await engine.settled(3)
    await engine.inbox.revise(Revision(message.id, None))
    assert not [text for text in await kept(engine.store) if "deployed" in text]


async def test_an_answer_stays_in_the_transcript(engine: Engine) -> None:
    question = said("why is cart down?")
    await engine.inbox.receive(question)
    await engine.settled(1)
    before = await kept(engine.store)
    await engine.inbox.revise(Revision(question.id, None))
    assert await kept(engine.store) == before


async def claimed(store: Store, message: Input) -> Turn:
    await store.line.add([Arrival(message, "talk")])
    [turn] = await store.line.claim("me", talk=1, words=0)
    return turn


async def test_a_turn_that_had_read_it_before_does_not_bring_it_back(store: Store) -> None:
    first, second = said("one", **BEN | {"addressed": True}), said("two", **BEN)
    for message in (first, second):
        turn = await claimed(store, message)
        notes = (await store.conversation("T1:C1:1.0")).notes
        await store.conclude(turn, heard.listened(turn, notes))
        await store.line.finish(turn, "done")
    turn = await claimed(store, said("three", **BEN))
    notes = (await store.conversation("T1:C1:1.0")).notes
    await store.line.revise(first.id, None)
    await store.line.revise(second.id, lambda each: Arrival(replace(each, text="2"), "talk"))
    await store.conclude(turn, heard.listened(turn, notes))
    notes = (await store.conversation("T1:C1:1.0")).notes
    assert [each["text"] for each in heard.of(notes).passages] == ["2", "three"]


async def test_a_question_that_is_deleted_while_it_runs_is_stopped(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    question = said("long")
    async with Engine(store, assistant).at_work() as engine:
        await engine.inbox.receive(question)
        await engine.gallery.until(lambda: assistant.at_work == 1)
        assert not await engine.inbox.revise(Revision(question.id, None))
        [row] = await engine.settled(1)
    assert row.status == "stopped"
    [shown] = engine.gallery.shown
    assert "Found until the stop" in shown.text, "as after any Stop"
