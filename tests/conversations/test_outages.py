"""A store that goes away while questions come: it is not ready, and whoever waits is told once."""

import asyncio
import sqlite3
import time

import pytest

from bot.conversations import Inbox, Store, replies
from bot.conversations.inbox.outages import TELL_AFTER_SECONDS, Outages
from bot.conversations.inbox.pace import Pace
from bot.conversations.records import Ending, Turn
from bot.conversations.storage.line import Line
from bot.dialogue import Input
from bot.errors import StoreError
from tests.conversations.conftest import Engine
from tests.conversations.replicas import until
from tests.doubles.conversation_edges import MaskingRedactor, said


class Failing(Line):
    """Puts nothing back while somebody has taken the store away."""

    is_away = True

    async def put_back(self, turn: Turn, *, after: float = 0, crashed: bool = False) -> None:
        if self.is_away:
            raise StoreError("The disk is full.")
        await super().put_back(turn, after=after, crashed=crashed)


class Thread:
    def __init__(self) -> None:
        self.notes: list[tuple[str, str]] = []

    async def note(self, question: Input, text: str) -> None:
        self.notes.append((question.text, text))


class Timer:
    """Rings when the test says so."""

    def __init__(self) -> None:
        self.set_for: list[float] = []
        self._rings = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        self.set_for.append(seconds)
        await self._rings.wait()

    def ring(self) -> None:
        self._rings.set()


async def test_it_is_not_ready_while_another_program_keeps_the_file_locked(
    store: Store, engine: Engine
) -> None:
    await until(lambda: engine.inbox.is_ready)
    other = sqlite3.connect(store.database.name, check_same_thread=False)
    try:
        await asyncio.to_thread(other.execute, "begin immediate")
        with pytest.raises(StoreError):
            await engine.inbox.receive(said("kept?"))
        assert not engine.inbox.is_ready
        assert engine.inbox.is_well
    finally:
        other.close()
    await until(lambda: engine.inbox.is_ready)  # by itself: nobody asks anything meanwhile


async def test_a_turn_that_the_store_has_failed_is_told_so_and_goes_on(store: Store) -> None:
    tries, thread = [0], Thread()
    store.line = line = Failing(store.database, time.time)

    async def handle(turn: Turn) -> Ending:
        tries.append(turn.attempt)
        if line.is_away:
            raise StoreError("The disk is full.")
        return Ending("done")

    pace = Pace(after_error_seconds=0.01)
    inbox = Inbox(store, handle, MaskingRedactor(), note=thread.note, pace=pace)
    running = asyncio.create_task(inbox.run())
    await inbox.receive(said("hi"))
    await until(lambda: thread.notes)
    line.is_away = False
    await until(lambda: len(tries) == 3)
    await inbox.aclose()
    await running
    assert thread.notes == [("hi", replies.STORE_AWAY)]


@pytest.mark.parametrize(("is_back", "told"), [(False, ["long"]), (True, [])])
async def test_only_an_outage_that_lasts_is_told(
    store: Store, *, is_back: bool, told: list[str]
) -> None:
    thread, timer = Thread(), Timer()
    outages = Outages(store, thread.note, is_seat_held=lambda: is_back, pause=timer.pause)
    outages.cut_off(said("long"), with_seat=True)
    over = said("over")
    outages.cut_off(over, with_seat=True)
    await until(lambda: timer.set_for == [TELL_AFTER_SECONDS] * 2)
    outages.goes_on(over)
    timer.ring()
    for _ in range(5):
        await asyncio.sleep(0)  # both have heard it ring, and have said what they would
    await outages.aclose()
    assert [text for text, _ in thread.notes] == told


async def test_a_turn_is_told_once_in_an_outage_and_again_in_a_later_one(store: Store) -> None:
    thread, now, at_once = Thread(), [0.0], Timer()
    at_once.ring()
    outages = Outages(
        store,
        thread.note,
        is_seat_held=lambda: False,
        ticks=lambda: now[-1],
        pause=at_once.pause,
    )
    question, told = said("long"), []
    for moment in (0.0, 50.0, 100.0, 1000.0):
        now.append(moment)
        outages.cut_off(question, with_seat=True)
        tries = len(now) - 1
        await until(lambda: len(at_once.set_for) == tries)  # noqa: B023
        await asyncio.sleep(0)
        told.append(len(thread.notes))
    await outages.aclose()
    assert told == [1, 1, 1, 2]
