"""One line per channel: about a message a second, answers first, each thread in its turn."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from bot.slack.sending.line import Pace, Rank, Superseded, TooLong, Waiting
from bot.slack.sending.pacing import Lines

POST = "chat.postMessage"
STATUS = "assistant.threads.setStatus"


class HandTimer:
    def __init__(self, at: float, callback: Callable[[], object]) -> None:
        self.at = at
        self.callback = callback
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class HandTimers:
    """Time that moves only when it is told."""

    def __init__(self) -> None:
        self._now = 1_000.0
        self.timers: list[HandTimer] = []

    @property
    def pending(self) -> list[HandTimer]:
        return [timer for timer in self.timers if not timer.is_cancelled]

    def time(self) -> float:
        return self._now

    def call_later(self, delay: float, callback: Callable[[], object]) -> HandTimer:
        timer = HandTimer(self._now + delay, callback)
        self.timers.append(timer)
        return timer

    async def advance(self, seconds: float) -> None:
        until = self._now + seconds
        while due := sorted((one for one in self.pending if one.at <= until), key=lambda t: t.at):
            self._now = max(self._now, due[0].at)
            due[0].is_cancelled = True
            due[0].callback()
            await settled()
        self._now = until
        self.timers = self.pending


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Callers:
    """Writes down who was let go, in order."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.gone: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(
        self,
        name: str,
        thread: str = "1",
        rank: Rank = Rank.ANSWER,
        *,
        method: str = POST,
        channel: str = "C1",
        seconds: float = 1_000,
        key: str = "",
    ) -> asyncio.Task[None]:
        async def wait() -> None:
            await self.lines.turn(method, Waiting(channel, thread, rank, seconds, key))
            self.gone.append(name)

        self.tasks[name] = task = asyncio.create_task(wait())
        await settled()
        return task


@pytest.fixture
def timers() -> HandTimers:
    return HandTimers()


@pytest.fixture
def lines(timers: HandTimers) -> Lines:
    return Lines(Pace(seconds=1, burst=3, most_waiting=50), timers)


@pytest.fixture
async def callers(lines: Lines) -> AsyncIterator[Callers]:
    callers = Callers(lines)
    yield callers
    for task in callers.tasks.values():
        task.cancel()
    await asyncio.gather(*callers.tasks.values(), return_exceptions=True)


async def test_a_short_burst_goes_at_once_and_then_one_message_a_second(
    callers: Callers, timers: HandTimers
) -> None:
    for number in range(6):
        await callers.come(str(number))
    assert callers.gone == ["0", "1", "2"]

    await timers.advance(0.9)
    assert len(callers.gone) == 3
    await timers.advance(0.2)
    assert callers.gone == ["0", "1", "2", "3"]
    await timers.advance(2)
    assert callers.gone == ["0", "1", "2", "3", "4", "5"]


async def test_channels_do_not_wait_for_each_other(callers: Callers) -> None:
    for channel in ("C1", "C2"):
        for number in range(4):
            await callers.come(f"{channel}-{number}", channel=channel)

    assert [name for name in callers.gone if name.startswith("C2")] == ["C2-0", "C2-1", "C2-2"]


async def test_answers_go_before_decorations_that_came_earlier(
    callers: Callers, timers: HandTimers
) -> None:
    for number in range(3):
        await callers.come(f"burst {number}")
    await callers.come("note", rank=Rank.DECORATION)
    await callers.come("answer", "2")
    await callers.come("status", "3", Rank.DECORATION, method=STATUS)
    assert callers.gone == ["burst 0", "burst 1", "burst 2"]

    await timers.advance(1.1)
    assert callers.gone[3:] == ["answer", "status"]
    await timers.advance(1)
    assert callers.gone[3:] == ["answer", "status", "note"]


async def test_what_is_not_paced_waits_for_nobody_where_no_answer_waits(callers: Callers) -> None:
    for number in range(20):
        await callers.come(str(number), rank=Rank.DECORATION, method=STATUS)

    assert len(callers.gone) == 20


async def test_a_long_answer_does_not_starve_another_thread(
    callers: Callers, timers: HandTimers
) -> None:
    for number in range(3):
        await callers.come(f"burst {number}")
    for part in range(3):
        await callers.come(f"long {part}", "long")
    await callers.come("short", "short")

    await timers.advance(4.1)

    assert callers.gone[3:] == ["long 0", "short", "long 1", "long 2"]


async def test_a_stop_holds_the_method_and_then_there_is_no_burst(
    callers: Callers, timers: HandTimers, lines: Lines
) -> None:
    lines.stop(POST, "C1", 30)
    for number in range(3):
        await callers.come(str(number))
    await callers.come("elsewhere", channel="C2")
    assert callers.gone == ["elsewhere"]
    assert len(timers.pending) == 4  # three that would give up, and one for the line

    await timers.advance(30.1)
    assert callers.gone == ["elsewhere", "0"]
    await timers.advance(2)
    assert callers.gone == ["elsewhere", "0", "1", "2"]


async def test_a_stop_of_what_is_limited_per_workspace_holds_it_everywhere(
    callers: Callers, timers: HandTimers, lines: Lines
) -> None:
    lines.stop(STATUS, "C1", 10)
    await callers.come("status", rank=Rank.DECORATION, method=STATUS, channel="C2")
    assert callers.gone == []
    assert lines.left(STATUS, "C3") == 10

    await timers.advance(10)

    assert callers.gone == ["status"]


async def test_who_may_not_wait_so_long_is_told_at_once(callers: Callers, lines: Lines) -> None:
    lines.stop(POST, "C1", 300)

    with pytest.raises(TooLong) as raised:
        await (await callers.come("answer", seconds=120))

    assert raised.value.seconds == 300


async def test_who_has_waited_long_enough_gives_up_and_leaves_no_trace(
    callers: Callers, timers: HandTimers
) -> None:
    for number in range(5):
        await callers.come(str(number))
    late = await callers.come("late", "2", Rank.DECORATION, seconds=1.5)

    await timers.advance(1.6)
    with pytest.raises(TooLong):
        await late
    await timers.advance(60)

    assert callers.gone == ["0", "1", "2", "3", "4"]
    assert timers.pending == []  # nothing is left that would wake


async def test_a_newer_call_with_the_same_key_takes_the_place_of_one_that_waits(
    callers: Callers, timers: HandTimers, lines: Lines
) -> None:
    lines.stop(STATUS, "", 5)
    old = await callers.come("old", rank=Rank.DECORATION, method=STATUS, key="status of 1")
    await callers.come("other", "2", Rank.DECORATION, method=STATUS, key="status of 2")
    await callers.come("new", rank=Rank.DECORATION, method=STATUS, key="status of 1")

    with pytest.raises(Superseded):
        await old
    await timers.advance(5)

    assert callers.gone == ["other", "new"]


async def test_who_is_cancelled_frees_the_place(callers: Callers, timers: HandTimers) -> None:
    for number in range(5):
        await callers.come(str(number))
    callers.tasks["3"].cancel()
    await callers.come("5", "9")

    await timers.advance(1.1)

    assert callers.gone == ["0", "1", "2", "4"]


async def test_a_line_is_bounded(callers: Callers, lines: Lines) -> None:
    lines.stop(POST, "C1", 100)
    for number in range(50):
        await callers.come(str(number))

    with pytest.raises(TooLong):
        await (await callers.come("one too many"))


async def test_channels_that_are_idle_are_forgotten(
    callers: Callers, timers: HandTimers, lines: Lines
) -> None:
    for number in range(1_000):
        await callers.come(str(number), channel=f"C{number}")
        lines.stop(STATUS + str(number), "", 1)
        await timers.advance(5)

    assert len(callers.gone) == 1_000
    assert len(lines._lines) <= 201
    assert len(lines._stops) <= 201
    assert timers.pending == []
