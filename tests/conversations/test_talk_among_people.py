"""Several people in a thread of Kaia's, through the whole engine: answered, listened to, told."""

from typing import Any

from bot.dialogue import Contents, Notice, Passage, SharedFile
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import CANARY, said

ANN: dict[str, Any] = {"speaker": "U1", "speaker_name": "Ann", "addressed": False}
BEN: dict[str, Any] = {"speaker": "U2", "speaker_name": "Ben", "addressed": False}


async def test_people_are_listened_to_and_what_they_said_goes_with_the_next_question(
    engine: Engine,
) -> None:
    talk = [
        said("why is cart down?"),
        said(f"I deployed at noon with {CANARY}", **BEN),
        said("Ben, roll it back?", **ANN),
        said("done", **BEN),
        said("is cart up again?", **ANN),
        said("since when?", **ANN),
    ]
    engine.assistant.answer = lambda _said: "It is the image."
    for message in talk:
        await engine.inbox.receive(message)
    await engine.settled(len(talk))
    assert [one.said.text for one in engine.gallery.shown] == [
        "why is cart down?",
        "Ben, roll it back?",
        "is cart up again?",
        "since when?",
    ]
    offer = engine.gallery.shown[1].outcome
    assert isinstance(offer, Notice)
    assert "I only listen" in offer.markdown
    first, second, third = (asked.said for asked in engine.assistant.asked)
    assert "deployed" not in first + third
    for line in ("Ben (U2), ", "I deployed at noon with [redacted]", "Ben, roll it back?", "done"):
        assert line in second
    entries = await engine.store.transcript(talk[0].thread.id)
    assert ("U2", "done") in [(entry.speaker, entry.text) for entry in entries]


async def test_a_mention_among_others_is_answered_with_what_they_said(engine: Engine) -> None:
    engine.gallery.passages = (Passage("U2", "Ben", f"cart logs {CANARY}", "0.5"),)
    await engine.inbox.receive(said("what do you make of it?"))
    await engine.settled(1)
    [asked] = engine.assistant.asked
    assert "cart logs [redacted]" in asked.said
    assert asked.said.index("cart logs") < asked.said.index("what do you make of it?")


async def test_a_clip_is_quoted_back_and_a_file_is_read(engine: Engine) -> None:
    engine.gallery.files = {"F1": Contents("why is web slow"), "F2": Contents("panic: nil")}
    clip, log = SharedFile("F1", "c.m4a", "voice"), SharedFile("F2", "web.log", "text")
    await engine.inbox.receive(said("", files=(clip, log)))
    await engine.settled(1)
    assert engine.gallery.notes == ["I heard: \u201cwhy is web slow\u201d"]
    [asked] = engine.assistant.asked
    assert "Ann (U1): why is web slow" in asked.said
    assert "panic: nil" in asked.said
