"""What is still answered in a thread whose conversation is closed, and what is not."""

import pytest

from bot.conversations import Store
from bot.conversations.records import Conversation
from bot.dialogue import Notice
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import said

THREAD = "T1:C1:1.0"


async def ended(engine: Engine) -> None:
    await engine.inbox.receive(said("why?"))
    await engine.settled(1)
    await engine.inbox.receive(said("Thanks!", addressed=False))
    await engine.settled(2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("post to the channel", "**Closed:** 1 question"),
        ("show 1", "kubectl"),
        ("what did you send?", ""),
        ("help", "Ask me about the cluster"),
        ("status", "no conversation is open"),
        ("stop", "Nothing is running"),
        ("rerun 1", ""),
    ],
)
async def test_a_word_is_answered_without_a_mention_and_nothing_is_opened(
    engine: Engine, text: str, told: str
) -> None:
    await ended(engine)
    assert await engine.inbox.receive(said(text, addressed=False))
    await engine.settled(3)

    assert len(engine.gallery.shown) == 3
    assert told in engine.gallery.shown[2].text
    assert not (await engine.store.conversation(THREAD)).is_open


async def test_talk_and_thanks_and_what_is_said_to_somebody_else_stay_unanswered(
    engine: Engine,
) -> None:
    await ended(engine)
    for text in ("and now?", "Thanks!", "instead look at web"):
        assert not await engine.inbox.receive(said(text, addressed=False))
    assert await engine.inbox.receive(said("show 1", addressed=False, mentions=("U2",)))
    await engine.settled(3)

    assert len(engine.gallery.shown) == 2
    assert not (await engine.store.conversation(THREAD)).is_open


async def test_a_closed_conversation_is_forgotten_without_a_mention(engine: Engine) -> None:
    await ended(engine)
    await engine.inbox.receive(said("forget", addressed=False))
    await engine.settled(3)

    assert engine.gallery.shown[2].text.startswith("Forgotten.")
    assert await engine.store.conversation(THREAD) == Conversation()


async def test_where_nothing_was_kept_nothing_is_said_to_be_deleted(each_store: Store) -> None:
    async with Engine(each_store).at_work() as engine:
        await engine.inbox.receive(said("forget"))
        await engine.settled(1)

    [shown] = engine.gallery.shown
    assert isinstance(shown.outcome, Notice)
    assert shown.text.startswith("Nothing was kept of this thread")
    assert "reply below my answer" in shown.text
