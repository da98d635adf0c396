"""How much Kaia does for one thread and on one day."""

import asyncio
import time
from typing import Any

import pytest

from bot.conversations import Store
from bot.conversations.turns.caps import Caps
from bot.dialogue import Answer, Closed, Decided, Failure, Notice
from bot.errors import KaiaError, ModelTimedOut, TurnLostItsWay, TurnTimedOut
from tests.conversations.conftest import Engine
from tests.doubles.changing import Clock, press
from tests.doubles.conversation_edges import ScriptedAssistant, said

T0 = 1_700_000_000.0


async def test_above_the_cap_of_an_hour_a_thread_is_told_once_and_then_nothing(
    each_store: Store,
) -> None:
    turning = {"caps": Caps(turns_per_hour=3)}
    async with Engine(each_store, turning=turning).at_work() as engine:
        for minute in range(8):
            await engine.inbox.receive(said(f"{minute}", received=T0 + minute * 60))
        await engine.settled(8)
        await engine.inbox.receive(said("elsewhere", thread="2.0", received=T0 + 600))
        await engine.settled(9)

    kinds = [type(shown.outcome) for shown in engine.gallery.shown]
    assert kinds == [Answer, Answer, Answer, Notice, Answer]
    told = engine.gallery.shown[3].text
    assert "3 questions within an hour" in told
    assert "until about 23:14 UTC" in told
    assert "KAIA_TURNS_PER_HOUR" in told


async def test_an_hour_later_questions_are_answered_again(store: Store) -> None:
    turning = {"caps": Caps(turns_per_hour=1)}
    async with Engine(store, turning=turning).at_work() as engine:
        for moment in (T0, T0 + 3600):
            await engine.inbox.receive(said("why?", received=moment))
        await engine.settled(2)

    assert [type(shown.outcome) for shown in engine.gallery.shown] == [Answer, Answer]


async def test_many_at_once_are_capped_in_their_order_and_not_all_at_once(store: Store) -> None:
    turning = {"caps": Caps(turns_per_hour=2)}
    engine = Engine(store, turning=turning)
    await asyncio.gather(*(engine.inbox.receive(said(str(i), received=T0)) for i in range(4)))
    async with engine.at_work():
        await engine.settled(4)

    kinds = [type(shown.outcome) for shown in engine.gallery.shown]
    assert kinds == [Answer, Answer, Notice]


@pytest.mark.parametrize(
    ("words", "shown"), [("You're welcome!", 3), ("show 1", 3), ("Thanks!", 0)]
)
async def test_two_bots_do_not_talk_to_each_other_for_ever(
    store: Store, words: str, shown: int
) -> None:
    turning = {"caps": Caps(turns_per_hour=2)}
    async with Engine(store, turning=turning).at_work() as engine:
        for second in range(6):
            told = said(words, received=T0 + second, speaker="B1", is_machine=True)
            await engine.inbox.receive(told)
        await engine.settled(6)

    assert len(engine.gallery.shown) == shown


async def test_an_app_neither_closes_nor_deletes_a_conversation(engine: Engine) -> None:
    for words in ("why?", "Thanks!", "forget"):
        await engine.inbox.receive(said(words, speaker="B1", is_machine=True))
    await engine.settled(3)

    kept = await engine.store.conversation("T1:C1:1.0")
    assert kept.is_open
    assert kept.questions == 1
    [_answer, refused] = engine.gallery.shown
    assert "Only a person" in refused.text


async def test_talk_among_people_uses_up_no_cap(store: Store) -> None:
    turning = {"caps": Caps(turns_per_hour=3)}
    ben: dict[str, Any] = {"speaker": "U2", "addressed": False, "mentions": ("U1",)}
    async with Engine(store, turning=turning).at_work() as engine:
        await engine.inbox.receive(said("why?", received=T0))
        for second in range(8):
            await engine.inbox.receive(said("I deployed", received=T0 + 1 + second, **ben))
        await engine.settled(9)
        before = len(engine.gallery.shown)
        await engine.inbox.receive(said("show 1", received=T0 + 20))
        for second in range(3):
            await engine.inbox.receive(said("and now?", received=T0 + 30 + second))
        await engine.inbox.receive(said("show 1", received=T0 + 40))
        await engine.settled(14)

    assert before == 2  # the answer, and that Kaia listens
    after = [shown.text for shown in engine.gallery.shown[before:]]
    assert len(after) == 4
    assert "and now?" in after[1]
    assert "3 questions within an hour" in after[2]
    assert after[0] == after[3]


async def test_it_is_told_once_also_as_the_hour_moves_on(store: Store) -> None:
    turning = {"caps": Caps(turns_per_hour=2)}
    async with Engine(store, turning=turning).at_work() as engine:
        for number, minute in enumerate((0, 30, 31, 61, 92)):
            await engine.inbox.receive(said("why?", received=T0 + minute * 60))
            await engine.settled(number + 1)

    kinds = [type(shown.outcome) for shown in engine.gallery.shown]
    assert kinds == [Answer, Answer, Notice, Answer]


async def test_thanks_closes_and_a_press_is_heard_above_the_cap_too(store: Store) -> None:
    turning = {"caps": Caps(turns_per_hour=1)}
    async with Engine(store, turning=turning).at_work() as engine:
        await engine.inbox.receive(said("why?", received=T0))
        await engine.inbox.receive(said("Thanks!", received=T0 + 1))
        await engine.inbox.receive(press(received=T0 + 2))
        await engine.settled(3)

    answer, closed, off = engine.gallery.shown
    assert isinstance(answer.outcome, Answer)
    assert isinstance(closed.outcome, Closed)
    assert not isinstance(off.outcome, Decided)
    assert "switched off" in off.text


@pytest.mark.parametrize(("cap", "asked"), [(220, 2), (219, 2), (110, 1), (None, 3)])
async def test_above_the_tokens_of_a_day_answers_are_worded_by_rule_and_say_why(
    store: Store, cap: int | None, asked: int
) -> None:
    turning = {"caps": Caps(daily_tokens=cap)}
    stand_in = ScriptedAssistant(label="builtin")
    async with Engine(store, fallback=stand_in, turning=turning).at_work() as engine:
        for number in range(3):
            await engine.inbox.receive(said("why?", thread=f"{number}.0"))
            await engine.settled(number + 1)

    assert len(engine.assistant.asked) == asked
    last = engine.gallery.shown[-1].outcome
    assert isinstance(last, Answer)
    if cap is not None:
        assert last.source == "builtin"
        assert f" of {cap} tokens are used up for today" in last.caveat
        assert "00:00 UTC" in last.caveat
        assert "KAIA_DAILY_TOKENS" in last.caveat


@pytest.mark.parametrize("error", [ModelTimedOut, TurnTimedOut, TurnLostItsWay])
@pytest.mark.parametrize("has_stand_in", [True, False])
async def test_two_good_calls_and_then_an_error_count_too(
    store: Store, error: type[KaiaError], has_stand_in: bool
) -> None:
    model = ScriptedAssistant(errors=[error("Too late.")], calls=2)
    stand_in = ScriptedAssistant(label="builtin") if has_stand_in else None
    async with Engine(store, model, stand_in).at_work() as engine:
        await engine.inbox.receive(said("why?"))
        await engine.settled(1)

    is_stood_in_for = has_stand_in and error is not TurnLostItsWay
    assert isinstance(engine.gallery.shown[0].outcome, Answer if is_stood_in_for else Failure)
    assert await store.tokens_on(time.time()) == 220


async def test_what_a_stopped_question_used_counts(store: Store) -> None:
    model = ScriptedAssistant(gate=asyncio.Event(), calls=2)
    async with Engine(store, model).at_work() as engine:
        await engine.inbox.receive(said("why?"))
        await engine.gallery.until(lambda: bool(engine.gallery.steps))
        await engine.inbox.receive(said("stop", addressed=False))
        await engine.settled(2)

    assert await store.tokens_on(time.time()) == 220


async def test_within_a_turn_the_model_is_asked_no_more_once_the_tokens_are_used_up(
    store: Store,
) -> None:
    model, stand_in = ScriptedAssistant(calls=3), ScriptedAssistant(label="builtin", calls=3)
    turning = {"caps": Caps(daily_tokens=200)}
    async with Engine(store, model, stand_in, turning=turning).at_work() as engine:
        await engine.inbox.receive(said("why?"))
        await engine.settled(1)

    [shown] = engine.gallery.shown
    assert isinstance(shown.outcome, Answer)
    assert shown.outcome.source == "builtin"
    assert "220 of 200 tokens are used up for today" in shown.outcome.caveat
    assert await store.tokens_on(time.time()) == 220


async def test_the_next_day_the_model_is_asked_again(url: str) -> None:
    clock = Clock()
    store = await Store.open(url, exclusive=True, clock=clock)
    turning = {"caps": Caps(daily_tokens=100), "clock": clock}
    stand_in = ScriptedAssistant(label="builtin")
    async with Engine(store, fallback=stand_in, turning=turning).at_work() as engine:
        for number, moment in enumerate((0, 43_199, 43_200)):
            clock.now = 1_700_049_600.0 + moment
            await engine.inbox.receive(said("why?"))
            await engine.settled(number + 1)
    await store.close()

    sources = [s.outcome.source for s in engine.gallery.shown if isinstance(s.outcome, Answer)]
    assert sources == ["scripted", "builtin", "scripted"]


async def test_where_no_model_is_configured_there_is_no_cap(store: Store) -> None:
    turning = {"caps": Caps(daily_tokens=1)}
    async with Engine(store, turning=turning).at_work() as engine:
        for number in range(2):
            await engine.inbox.receive(said("why?", thread=f"{number}.0"))
            await engine.settled(number + 1)

    assert len(engine.assistant.asked) == 2


async def test_an_export_reads_the_cluster_and_so_counts_also_after_the_close_out(
    store: Store,
) -> None:
    turning = {"caps": Caps(turns_per_hour=2)}
    async with Engine(store, turning=turning).at_work() as engine:
        for second, words in enumerate(("why?", "Thanks!", *["export"] * 3)):
            told = said(words, received=T0 + second, addressed=words == "why?")
            await engine.inbox.receive(told)
            await engine.settled(second + 1)

    shown = engine.gallery.shown
    assert [type(each.outcome) for each in shown] == [Answer, Closed, Notice, Notice]
    assert "There is no `export` here" in shown[2].text
    assert "2 questions within an hour" in shown[3].text
