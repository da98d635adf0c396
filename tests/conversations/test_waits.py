"""Who has to wait is told for what: after a moment, once, and nobody else."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.conversations import Inbox, Store
from bot.conversations.inbox.pace import Pace
from bot.conversations.inbox.waits import AFTER_SECONDS, Waits
from bot.conversations.records import Arrival, Counts, Ending, Turn
from bot.dialogue import Input
from bot.errors import DeliveryError
from tests.conversations.conftest import Engine
from tests.doubles.conversation_edges import MaskingRedactor, ScriptedAssistant, said


@pytest.fixture
def store(each_store: Store) -> Store:
    """All of it holds on SQLite and on Postgres."""
    return each_store


class Hands:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self._moved = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        due = self.now + seconds
        while self.now < due:
            self._moved.clear()
            await self._moved.wait()

    def move(self, seconds: float) -> None:
        self.now += seconds
        self._moved.set()


class Thread:
    """Notes said in threads; the first of them cannot be said where it is told to fail."""

    def __init__(self, failures: int = 0) -> None:
        self.notes: list[tuple[str, str]] = []
        self.failures = failures
        self.tries = 0
        self._said = asyncio.Event()

    async def note(self, said: Input, text: str) -> None:
        self.tries += 1
        self._said.set()
        if self.failures:
            self.failures -= 1
            raise DeliveryError("Not now.")
        self.notes.append((said.text, text))

    async def tried(self, number: int) -> None:
        async with asyncio.timeout(10):
            while self.tries < number:
                self._said.clear()
                await self._said.wait()

    async def heard(self, number: int) -> list[tuple[str, str]]:
        await self.tried(number)
        return self.notes


async def kept(store: Store, *questions: Input) -> list[Input]:
    await store.line.add([Arrival(question, "talk") for question in questions])
    return list(questions)


async def test_who_waits_behind_others_is_told_behind_how_many(store: Store) -> None:
    hands, thread = Hands(), Thread()
    waits = Waits(
        store, thread.note, is_full=lambda: False, ticks=lambda: hands.now, pause=hands.pause
    )
    for question in await kept(store, said("first"), said("second"), said("third")):
        waits.watch(question)
    [turn] = await store.line.claim("me", talk=1, words=0)
    waits.forget(turn.said)
    hands.move(AFTER_SECONDS - 0.1)
    await asyncio.sleep(0)
    assert not thread.notes
    hands.move(0.2)
    assert await thread.heard(2) == [
        ("second", "Your question waits for 1 other in this thread."),
        ("third", "Your question waits for 2 others in this thread."),
    ]
    await waits.aclose()


async def test_who_waits_for_a_place_is_told_how_many_turns_run(store: Store) -> None:
    hands, thread = Hands(), Thread()
    waits = Waits(
        store, thread.note, is_full=lambda: True, ticks=lambda: hands.now, pause=hands.pause
    )
    await kept(store, said("a", thread="1.0"), said("b", thread="2.0"))
    assert len(await store.line.claim("me", talk=2, words=0)) == 2
    [question] = await kept(store, said("c", thread="3.0"))
    waits.watch(question)
    hands.move(AFTER_SECONDS)
    assert await thread.heard(1) == [
        ("c", "Your question waits for a free place: 2 turns run right now.")
    ]
    await waits.aclose()


async def test_nobody_is_told_twice_nor_whose_question_is_about_to_begin(store: Store) -> None:
    hands, thread = Hands(), Thread(failures=1)
    waits = Waits(
        store, thread.note, is_full=lambda: False, ticks=lambda: hands.now, pause=hands.pause
    )
    head, behind = await kept(store, said("head"), said("behind"))
    waits.watch(behind)
    hands.move(AFTER_SECONDS)
    await thread.tried(1)
    waits.watch(head)
    hands.move(AFTER_SECONDS)
    hands.move(AFTER_SECONDS)
    waits.watch((await kept(store, said("last")))[0])
    hands.move(AFTER_SECONDS)
    await thread.tried(2)
    assert [text for text, _ in thread.notes] == ["last"]
    await waits.aclose()


async def test_the_inbox_says_it_of_questions_that_are_not_begun(store: Store) -> None:
    assistant = ScriptedAssistant(gate=asyncio.Event())
    thread = Thread()
    async with Engine(store, assistant, note=thread.note).at_work() as engine:
        await engine.inbox.receive(said("first"))
        await engine.inbox.receive(said("second"))
        await engine.inbox.receive(said("help"))
        assert await thread.heard(1) == [
            ("second", "Your question waits for 1 other in this thread.")
        ]
        assert assistant.gate is not None
        assistant.gate.set()
        await engine.gallery.showed(3)
    assert len(thread.notes) == 1


async def test_what_people_say_to_each_other_waits_without_a_word(store: Store) -> None:
    hands, thread = Hands(), Thread()
    waits = Waits(
        store, thread.note, is_full=lambda: False, ticks=lambda: hands.now, pause=hands.pause
    )
    ben: dict[str, Any] = {"speaker": "U2", "speaker_name": "Ben", "addressed": False}
    told = ("and in shop?", "it is the image I think", "Ann, look at this?", "show 3")
    talk = await kept(store, said("why?"), *(said(text, **ben) for text in told))
    ends = replace(said("deployment/web is ready"), watch="w1")
    for each in (*talk[1:], *await kept(store, ends)):
        waits.watch(each)
    await store.line.claim("me", talk=1, words=0)
    hands.move(AFTER_SECONDS)
    assert [text for text, _ in await thread.heard(2)] == ["and in shop?", "show 3"]
    await waits.aclose()
    assert len(thread.notes) == 2


async def test_who_is_alone_in_a_thread_is_told_whatever_they_say(store: Store) -> None:
    hands, thread = Hands(), Thread()
    waits = Waits(
        store, thread.note, is_full=lambda: False, ticks=lambda: hands.now, pause=hands.pause
    )
    _, more = await kept(store, said("why?"), said("in shop I mean", addressed=False))
    waits.watch(more)
    hands.move(AFTER_SECONDS)
    assert [text for text, _ in await thread.heard(1)] == ["in shop I mean"]
    await waits.aclose()


async def settled(inbox: Inbox, *, running: int) -> None:
    """What is short has been written down as done."""
    async with asyncio.timeout(20):
        while not _is_settled(await inbox.counts(), running):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0.01)


def _is_settled(counts: Counts, running: int) -> bool:
    return counts.running == running and not counts.waiting


async def test_a_parked_turn_is_told_so_and_nothing_else_is(store: Store) -> None:
    thread, at_work = Thread(), asyncio.Event()

    async def handle(turn: Turn) -> Ending:
        if turn.said.text == "long":
            at_work.set()
            await asyncio.Event().wait()
        return Ending("done")

    inbox = Inbox(store, handle, MaskingRedactor(), note=thread.note, pace=Pace(drain_seconds=0.05))
    running = asyncio.create_task(inbox.run())
    await inbox.receive(said("short", thread="2.0"))
    await inbox.receive(said("long"))
    await at_work.wait()
    await settled(inbox, running=1)
    await inbox.aclose()
    await running
    [(question, note)] = thread.notes
    assert question == "long"
    assert "back in line" in note
