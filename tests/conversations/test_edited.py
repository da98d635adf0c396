"""A question is edited while it is answered, or just after: its thread is told, and the model."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.conversations import Store
from bot.dialogue import Input, Revision
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import CANARY, ScriptedAssistant, said

MEANWHILE = "You edited your question while I was at work on it"
AFTERWARDS = "You edited your question after I had answered it"


@dataclass
class Notes:
    said: list[str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, _said: Input, text: str) -> None:
        self.said.append(text)
        self.came.set()

    async def first(self) -> str:
        async with asyncio.timeout(10):
            await self.came.wait()
        return self.said[0]


@pytest.fixture
def store(each_store: Store) -> Store:
    """All of it holds on SQLite and on Postgres."""
    return each_store


async def _edited(engine: Engine, question: Input, text: str) -> None:
    """And whatever comes of it has come."""
    assert not await engine.inbox.revise(Revision(question.id, text))
    while tasks := [one for one in asyncio.all_tasks() if one.get_name().startswith("edit ")]:
        await asyncio.wait(tasks)


async def _answered(engine: Engine, question: Input, number: int = 1) -> None:
    await engine.inbox.receive(question)
    await engine.settled(number)


async def test_an_edit_during_the_work_is_told_once_and_the_model_hears_it(store: Store) -> None:
    notes, assistant = Notes(), ScriptedAssistant(gate=asyncio.Event())
    question = said("why is cart failing?")
    async with Engine(store, assistant, note=notes).at_work() as engine:
        await engine.inbox.receive(question)
        await engine.gallery.until(lambda: assistant.at_work == 1)
        await _edited(engine, question, "is web ok?")
        assert (await notes.first()).startswith(MEANWHILE)
        await _edited(engine, question, f"is web ok in shop {CANARY}?")
        assert assistant.gate is not None
        assistant.gate.set()
        await engine.settled(1)
        await _answered(engine, said("and now?"), 2)
    assert len(notes.said) == 1
    assert "is web ok in shop [redacted]?" in assistant.asked[-1].said


async def test_an_edit_after_the_answer_is_told_once_and_the_model_hears_it(store: Store) -> None:
    notes = Notes()
    question = said("why is cart failing?")
    async with Engine(store, note=notes).at_work() as engine:
        await _answered(engine, question)
        for text in ("is web ok?", "is web well?"):
            await _edited(engine, question, text)
        await _answered(engine, said("and now?"), 2)
        await _answered(engine, said("and then?"), 3)
    assert [text.startswith(AFTERWARDS) for text in notes.said] == [True]
    assert "is web well?" in engine.assistant.asked[1].said
    assert "is web ok?" not in engine.assistant.asked[1].said
    assert "is web well?" not in engine.assistant.asked[2].said, "it was told once"


@pytest.mark.parametrize(
    "text", ["Why is  cart failing", "why is cart failing?!", "*why is cart failing?*"]
)
async def test_what_says_the_same_is_not_told(store: Store, text: str) -> None:
    notes = Notes()
    question = said("why is cart failing?")
    async with Engine(store, note=notes).at_work() as engine:
        await _answered(engine, question)
        await _edited(engine, question, text)
    assert notes.said == []


async def test_long_after_the_answer_nothing_is_told(url: str) -> None:
    now = [1_790_000_000.0]
    store = await Store.open(url, exclusive=True, clock=lambda: now[0])
    notes, question = Notes(), said("why is cart failing?")
    async with Engine(store, note=notes).at_work() as engine:
        await _answered(engine, question)
        now[0] += 301
        await _edited(engine, question, "is web ok?")
    await store.close()
    assert notes.said == []


async def test_what_people_said_to_each_other_is_edited_in_silence(store: Store) -> None:
    notes = Notes()
    ben: dict[str, Any] = {"speaker": "U2", "speaker_name": "Ben", "addressed": False}
    message = said("deployed at noon", **ben)
    assistant = ScriptedAssistant(answer=lambda _said: "It is the image.")
    async with Engine(store, assistant, note=notes).at_work() as engine:
        await _answered(engine, said("why is cart failing?"))
        await _answered(engine, message, 2)
        await _edited(engine, message, "deployed at one")
    assert notes.said == []
