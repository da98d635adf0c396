"""`what did you send` as somebody says it, with a real team on a real model's server."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.agents.models import build_model
from bot.agents.team import Assistant
from bot.conversations import Store
from bot.conversations.turns.sent import sent_notice
from bot.dialogue import Closed, Notice
from bot.settings import Settings
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import said
from tests.doubles.ollama_server import OllamaServer

THREAD = "T1:C1:1.0"
EQUAL = "Every hash kept with a request equals"


@pytest.fixture
async def ollama() -> AsyncIterator[OllamaServer]:
    async with OllamaServer() as server:
        yield server


@pytest.fixture
async def kaia(ollama: OllamaServer) -> AsyncIterator[Any]:
    model = build_model(Settings(model="ollama:qwen3:8b", ollama_host=ollama.url))
    yield Assistant(replace(model, pause_seconds=0.01), deadline_seconds=20, prompt="You are Kaia.")
    await model.close()


@pytest.fixture
async def engine(store: Store, kaia: Any) -> AsyncIterator[Engine]:
    async with Engine(store, kaia).at_work() as engine:
        yield engine


async def told(engine: Engine, *words: str) -> Any:
    """The last outcome."""
    before = len(engine.gallery.shown)
    for number, each in enumerate(words, before + 1):
        await engine.inbox.receive(said(each))
        await engine.gallery.showed(number)
        await engine.settled(number)
    return engine.gallery.shown[-1].outcome


def text_of(notice: Notice) -> str:
    assert EQUAL in notice.markdown
    assert notice.attachment is not None
    assert "THEY DIFFER" not in notice.attachment.text
    return notice.attachment.text


async def test_what_was_sent_for_an_earlier_question_is_shown_by_its_number(
    engine: Engine, ollama: OllamaServer
) -> None:
    ollama.say("Fine.", "Still fine.")
    await told(engine, "first-question?", "second-question?")

    latest = text_of(await told(engine, "what did you send?"))
    first = text_of(await told(engine, "what did you send to the model for question 1?"))

    assert "second-question?" in latest
    assert "first-question?" in first
    assert "second-question?" not in first


async def test_the_request_for_the_close_outs_own_paragraph_is_shown_too(
    engine: Engine, ollama: OllamaServer
) -> None:
    ollama.say("Fine.", "It was nothing.")
    closed = await told(engine, "why?", "Thanks!")
    assert isinstance(closed, Closed)
    assert "It was nothing." in closed.markdown

    sent = text_of(await told(engine, "what did you send for question 2?"))

    assert ollama.requests[-1]["messages"][-1]["content"] in sent
    assert "The conversation ends here. Sum it up" in sent


async def test_it_stays_equal_after_the_conversation_went_on(
    engine: Engine, ollama: OllamaServer
) -> None:
    ollama.say("Fine.", "It was nothing.", "Still fine.")
    await told(engine, "why?", "Thanks!", "and now?")

    assert "Sum it up" in text_of(await told(engine, "what did you send for 2"))
    assert "Sum it up" not in text_of(await told(engine, "what did you send"))


async def test_signs_that_nobody_sees_are_left_out_and_that_is_said(
    engine: Engine, store: Store, kaia: Any, ollama: OllamaServer
) -> None:
    ollama.say("Fine.")
    await told(engine, "why?")

    notice = await sent_notice(
        store,
        THREAD,
        await store.conversation(THREAD),
        lambda *given: [replace(each, text=each.text + "\u202e") for each in kaia.rebuilt(*given)],
        tools=[],
        redact=str,
    )

    assert notice.attachment is not None
    assert "\u202e" not in notice.attachment.text
    assert "Signs that cannot be seen" in notice.attachment.text
    assert "Signs that cannot be seen" in notice.markdown
