"""A clip in a thread of Kaia's is judged by what it says, as if that had been written."""

from typing import Any

import pytest

from bot.conversations.turns import heard
from bot.dialogue import Answer, Closed, Contents, Notice, SharedFile
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import said

CLIP = SharedFile("F1", "c.m4a", "voice")


async def spoken(engine: Engine, words: str) -> None:
    """By Ben, who has written before, after a question of Ann's was answered."""
    ben: dict[str, Any] = {"speaker": "U2", "speaker_name": "Ben", "addressed": False}
    engine.assistant.answer = lambda _said: "It is the image."
    engine.gallery.files = {"F1": Contents(words)}
    await engine.inbox.receive(said("why is cart down?"))
    await engine.inbox.receive(said("I deployed at noon", **ben))
    await engine.inbox.receive(said("", files=(CLIP,), **ben))
    await engine.settled(3)


async def test_thanks_close_the_conversation(engine: Engine) -> None:
    await spoken(engine, "Thanks!")
    assert isinstance(engine.gallery.shown[-1].outcome, Closed)


@pytest.mark.parametrize("word", ["Stop.", "help", "status"])
async def test_a_word_is_answered_with_that_writing_it_is_enough(engine: Engine, word: str) -> None:
    await spoken(engine, word)
    outcome = engine.gallery.shown[-1].outcome
    assert isinstance(outcome, Notice)
    assert f"Please write `{word.lower().strip('.')}`: that is enough" in outcome.markdown
    assert len(engine.assistant.asked) == 1


async def test_talk_among_people_is_listened_to(engine: Engine) -> None:
    await spoken(engine, "I rolled it back an hour ago")
    assert len(engine.assistant.asked) == 1
    notes = (await engine.store.conversation("T1:C1:1.0")).notes
    assert [each["text"] for each in heard.of(notes).passages] == [
        "I deployed at noon",
        "I rolled it back an hour ago",
    ]


@pytest.mark.parametrize("words", ["is web up?", "instead, look at web"])
async def test_a_question_is_answered_and_quoted_below(engine: Engine, words: str) -> None:
    await spoken(engine, words)
    assert f"Ben (U2): {words}" in engine.assistant.asked[-1].said
    outcome = engine.gallery.shown[-1].outcome
    assert isinstance(outcome, Answer)
    assert f"From a voice clip: \u201c{words}\u201d" in outcome.remarks
    assert engine.gallery.notes == [f"I heard: \u201c{words}\u201d"]
